package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/mpcheck/mpcheck/spec"
)

func TestLines(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"at once": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader,
	} {
		t.Run(name, func(t *testing.T) {
			in := newLineReader(wrap(strings.NewReader("one\n\n \r\ntwo\r\n"+long+"\nlast\n  \n")), 1<<20)
			for _, want := range []string{"one", "two", long, "last"} {
				if got, err := in.next(); err != nil || string(got) != want {
					t.Fatalf("next = %s, %v", quote(got), err)
				}
			}
			if _, err := in.next(); !errors.Is(err, io.EOF) {
				t.Errorf("at the end: %v", err)
			}
		})
	}
	t.Run("cut off", func(t *testing.T) {
		in := newLineReader(strings.NewReader("one\ntw"), 100)
		in.next()
		if _, err := in.next(); err == nil || errors.Is(err, io.EOF) || !strings.Contains(err.Error(), `"tw"`) {
			t.Errorf("= %v", err)
		}
	})
	t.Run("limit", func(t *testing.T) {
		for _, n := range []int{9, 10, 100_000} {
			in := newLineReader(strings.NewReader(strings.Repeat("x", n)+"\n"), 10)
			if _, err := in.next(); errors.Is(err, errTooLong) != (n > 9) {
				t.Errorf("%d bytes and a line feed: %v", n, err)
			}
		}
	})
	t.Run("failure", func(t *testing.T) {
		if _, err := newLineReader(iotest.ErrReader(io.ErrClosedPipe), 10).next(); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("= %v", err)
		}
	})
}

func TestLoneSurrogate(t *testing.T) {
	for text, want := range map[string]bool{
		``: false, `plain`: false, `\n\\\"`: false, `\u0041`: false, `\ud83d\ude00`: false, `a\uD83D\uDE00b`: false,
		`\ud83d`: true, `\ude00`: true, `\ude00\ud83d`: true, `\ud83dx`: true, `\ud83d\u0041`: true, `\ud83d\n`: true,
		`\\ud83d`: false, `\\\ud83d`: true, `x\u004`: false, `\`: false, `\u`: false, `ok \ud83d\ude00 \ud83d`: true,
	} {
		if got := loneSurrogate([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestFits(t *testing.T) {
	body := make([]byte, MaxLine)
	if err := fits(body); err == nil || !strings.Contains(err.Error(), "too long for the wire") {
		t.Errorf("= %v", err)
	}
	if err := fits(body[:MaxLine-1<<10]); err != nil {
		t.Error(err)
	}
}

// blockedWriter lets one Write through at a time.
type blockedWriter struct {
	gate chan struct{}
	buf  bytes.Buffer
}

func (w *blockedWriter) Write(b []byte) (int, error) {
	<-w.gate
	return w.buf.Write(b)
}

// Whoever posts never waits for the writer, and nothing is lost or torn.
func TestOutbox(t *testing.T) {
	w := &blockedWriter{gate: make(chan struct{})}
	o := newOutbox(w, func(err error) { t.Error(err) })
	go o.run()
	var want strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&want, "message %d\n", i)
		o.post(func(buf []byte) []byte { return fmt.Appendf(buf, "message %d\n", i) })
	}
	o.close()
	o.post(func(buf []byte) []byte { return append(buf, "late\n"...) })
	close(w.gate)
	<-o.done
	if w.buf.String() != want.String() {
		t.Errorf("wrote %d bytes, want %d", w.buf.Len(), want.Len())
	}
}

func TestOutboxFails(t *testing.T) {
	failed := make(chan error, 1)
	r, w := io.Pipe()
	r.Close()
	o := newOutbox(w, func(err error) { failed <- err })
	go o.run()
	o.post(func(buf []byte) []byte { return append(buf, 'x') })
	if err := <-failed; !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("= %v", err)
	}
	<-o.done
}

// rebuilt writes a message anew, as this end would; nil for a request, whose id and method are
// this end's own.
func rebuilt(m *message) []byte {
	switch {
	case m.Method != "":
		return nil
	case m.Error != nil:
		return appendError(nil, m.ID, m.Error)
	}
	return appendResult(nil, m.ID, m.Result)
}

// Whatever comes is a message or an error, and an error says something. What is written anew
// says the same, and is written so the second time too.
func FuzzMessages(f *testing.F) {
	for _, line := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"enter","params":{"system":"s1","frame":"f1","callback":0,"process":null,"args":[1,[2]]}}`,
		`{"jsonrpc":"2.0","id":1,"result":{"status":"returned","values":[null,true,{"dotted":[1,2]}]}}`,
		`{"jsonrpc":"2.0","id":1,"result":{"status":"signalled","condition":{"type":"error","message":"\ud83d"}}}`,
		`{"jsonrpc":"2.0","id":1,"result":{"stuck":{"op":"x","waits":[],"proven":true}}}`,
		`{"jsonrpc":"2.0","id":"a","result":{"broken":"why"}}`,
		`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		m, err := parseMessage(line)
		if err != nil {
			if err.Error() == "" {
				t.Error("an empty error")
			}
			return
		}
		if first := rebuilt(m); first != nil && !bytes.ContainsRune(line, '\n') {
			if bytes.IndexByte(first, '\n') != len(first)-1 {
				t.Fatalf("%q is written as %q: not one line", line, first)
			}
			m2, err := parseMessage(first[:len(first)-1])
			if err != nil {
				t.Fatalf("%q is written as %q: %v", line, first, err)
			}
			if second := rebuilt(m2); !bytes.Equal(first, second) {
				t.Fatalf("%q is written as %q, and that as %q", line, first, second)
			}
		}
		decodeEnter(m.Params)
		run, err := decodeFinish(m.Result)
		var stuck *spec.Stuck
		if err == nil && errors.As(run, &stuck) {
			if back, err := decodeFinish(encodeFinish(stuck)); err != nil || fmt.Sprintf("%+v", back) != fmt.Sprintf("%+v", run) {
				t.Fatalf("the end %+v became %+v, %v", run, back, err)
			}
		}
		if ret, err := decodeReturn(m.Result); err == nil {
			again, err := encodeReturn(ret)
			if err != nil {
				t.Fatalf("%v came in, and doesn't go out: %v", ret, err)
			}
			if back, err := decodeReturn(again); err != nil || back.String() != ret.String() {
				t.Fatalf("%v became %v, %v", ret, back, err)
			}
		}
	})
}
