package wire

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// script is one end of a connection, played line by line by a test. Its methods report
// with Errorf: scripts run on goroutines of their own.
type script struct {
	t   testing.TB
	in  *lineReader
	out io.WriteCloser
}

// send writes lines as they are, each with its line feed.
func (s *script) send(lines ...string) {
	for _, l := range lines {
		if _, err := io.WriteString(s.out, l+"\n"); err != nil {
			return // the other end has had enough
		}
	}
}

// next reads one message; at the end of the stream it is an empty one.
func (s *script) next() *message {
	line, err := s.in.next()
	if err != nil {
		return &message{}
	}
	m, err := parseMessage(line)
	if err != nil {
		s.t.Errorf("script: %v", err)
		return &message{}
	}
	return m
}

func (s *script) expect(method string) *message {
	m := s.next()
	if m.Method != method {
		s.t.Errorf("script: want %s, got %+v", method, m)
	}
	return m
}

func (s *script) result(m *message, result string) {
	s.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, m.ID, result))
}

// expectCall reads a call of op.
func (s *script) expectCall(op string) *message {
	m := s.expect("call")
	var in callParams
	if json.Unmarshal(m.Params, &in); in.Op != op {
		s.t.Errorf("script: want a call of %s, got %s", op, m.Params)
	}
	return m
}

// enter sends an enter with that id and frame name.
func (s *script) enter(id int, frame string, callback int) {
	s.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"enter","params":{"system":"s1","frame":%q,"callback":%d,"process":null,"args":[]}}`,
		id, frame, callback))
}

// begin answers hello and open, and enters the outermost frame as f1 with the id 1.
func (s *script) begin() {
	s.hello()
	s.result(s.expect("open"), "{}")
	s.enter(1, "f1", 0)
}

func (s *script) hello() { s.result(s.expect("hello"), string(encode(newFake().hand))) }

// drain reads on until the end, and answers what ends a connection in good order.
func (s *script) drain() {
	for {
		m := s.next()
		switch m.Method {
		case "abort", "finish", "bye":
			s.result(m, "{}")
		case "close":
			s.result(m, `{"processes":0,"children":0,"unclean":false}`)
		case "":
			if m.ID == nil {
				return
			}
		}
	}
}

// scripted returns a client of an adapter that plays the script, and then closes its output.
func scripted(t *testing.T, opts Options, play func(a *script)) (*Client, error) {
	t.Helper()
	fromHarness, toAdapter := io.Pipe()
	fromAdapter, toHarness := io.Pipe()
	played := make(chan struct{})
	go func() {
		defer close(played)
		defer toHarness.Close()
		play(&script{t: t, in: newLineReader(fromHarness, MaxLine), out: toHarness})
	}()
	c, err := NewClient(context.Background(), fromAdapter, toAdapter, opts)
	t.Cleanup(func() {
		if c != nil {
			c.Close()
		}
		<-played
	})
	return c, err
}

// mustScripted is scripted for a script that greets well.
func mustScripted(t *testing.T, opts Options, play func(a *script)) *Client {
	t.Helper()
	c, err := scripted(t, opts, play)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// harness plays the harness for an adapter that is served; the server has ended when the
// test is over, without an error where it was greeted and left in good order.
func harness(t *testing.T, a spec.Adapter) (h *script, served <-chan error) {
	t.Helper()
	fromHarness, toAdapter := io.Pipe()
	fromAdapter, toHarness := io.Pipe()
	end := make(chan error, 1)
	go func() { end <- Serve(context.Background(), a, fromHarness, toHarness); toHarness.Close() }()
	t.Cleanup(func() { toAdapter.Close(); fromAdapter.Close() })
	return &script{t: t, in: newLineReader(fromAdapter, MaxLine), out: toAdapter}, end
}

// ask sends a request and reads its answer; what else comes is a mistake.
func (s *script) ask(id int, method, params string) *message {
	s.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, id, method, params))
	m := s.next()
	if string(m.ID) != fmt.Sprint(id) || m.Method != "" {
		s.t.Errorf("script: want the answer to %d (%s), got %+v", id, method, m)
	}
	return m
}

// wantResult and wantError check an answer.
func (s *script) wantResult(m *message, want string) {
	s.t.Helper()
	if m.Error != nil || string(m.Result) != want {
		s.t.Errorf("result = %s (%v), want %s", m.Result, m.Error, want)
	}
}

func (s *script) wantError(m *message, code int, want string) {
	s.t.Helper()
	if m.Error == nil || m.Error.Code != code || !strings.Contains(m.Error.Message, want) {
		s.t.Errorf("result = %s, error = %v, want error %d with %q", m.Result, m.Error, code, want)
	}
}
