package wire

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// greet says hello and opens s1; the outermost frame f1 has been entered when it returns.
func (s *script) greet() (enter *message) {
	s.wantResult(s.ask(1, "hello", `{"contract":"v1","harness":"test"}`), string(encode(newFake().hand)))
	s.wantResult(s.ask(2, "open", `{"system":"s1","seed":"1"}`), "{}")
	return s.expect("enter")
}

func TestServeRefuses(t *testing.T) {
	h, served := harness(t, newFake())
	h.wantError(h.ask(1, "open", `{"system":"s1","seed":"1"}`), codeRequest, "want hello first")
	h.greet()
	for _, x := range []struct {
		method, params string
		code           int
		want           string
	}{
		{"start", `{}`, codeMethod, `unknown method "start"`},
		{"open", `{"system":"s2","seed":"1"}`, codeRequest, "s1 is still open"},
		{"open", `{"system":"s1","seed":"1"}`, codeRequest, "used before"},
		{"open", `{"system":"s2","seed":1}`, codeParams, `"seed":"DECIMAL"`},
		{"open", `{"system":"s2","seed":"-1"}`, codeParams, `"seed":"DECIMAL"`},
		{"open", `{"seed":"1"}`, codeParams, `"system":NAME`},
		{"close", `{"system":"s2"}`, codeParams, `unknown system "s2"`},
		{"close", `[]`, codeParams, `want {"system":NAME}`},
		{"call", `{"system":"s1","frame":"f2","op":"eq","args":[],"keys":[]}`, codeParams, `unknown frame "f2"`},
		{"call", `{"system":"s1","frame":"root","op":"eq","args":[],"keys":[]}`, codeParams, `unknown frame "root"`},
		{"call", `{"system":"s2","frame":"f1","op":"eq","args":[],"keys":[]}`, codeParams, `unknown system "s2"`},
		{"call", `{"system":"s1","frame":"f1","oper":"eq"}`, codeParams, `unknown field "oper"`},
		{"call", `{"system":"s1","frame":"f1","op":"eq","args":[false],"keys":[]}`, codeParams, "value 0: false is no Lisp value"},
		{"call", `{"system":"s1","frame":"f1","op":"eq","args":[],"keys":[["a"]]}`, codeParams, `["name",value]`},
		{"call", `{"system":"s1","frame":"f1","op":"eq","args":[],"keys":[["a",false]]}`, codeParams, "keyword :a"},
		{"call", `{"system":"s1","frame":"f1","op":"funcall","args":[[1,{"callback":0}]],"keys":[]}`, codeParams, "numbered from 1"},
		{"call", `{"system":"s1","frame":"f1","op":"funcall","args":[],"keys":[["a",{"callback":-1}]]}`, codeParams, "numbered from 1"},
	} {
		h.wantError(h.ask(7, x.method, x.params), x.code, x.want)
	}
	h.wantResult(h.ask(8, "call", `{"system":"s1","frame":"f1","op":"eq","args":[1,1],"keys":[]}`), `{"status":"returned","values":[true]}`)
	h.wantResult(h.ask(9, "bye", `{}`), "{}")
	if err := <-served; err != nil {
		t.Errorf("Serve = %v", err)
	}
}

func TestServeAnswersMalformedLines(t *testing.T) {
	h, served := harness(t, newFake())
	enter := h.greet()
	for _, line := range []string{"hello?", "{}", `{"jsonrpc":"2.0","id":55,"result":{}}`} {
		h.send(line)
		if m := h.next(); isID(m.ID) || m.Error == nil || m.Error.Code != codeParse {
			t.Errorf("%s was answered with %+v", line, m)
		}
	}
	h.result(enter, `{"values":[false]}`)
	if m := h.next(); isID(m.ID) || m.Error == nil || !strings.Contains(m.Error.Message, "the answer to enter callback 0") {
		t.Errorf("bad values were answered with %+v", m)
	}
	h.send(`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"what?"}}`)
	if err := <-served; err == nil || !strings.Contains(err.Error(), "what?") {
		t.Errorf("Serve = %v", err)
	}
}

func TestServeRefusesASecondCallOnAFrame(t *testing.T) {
	h, _ := harness(t, newFake())
	h.greet()
	h.send(`{"jsonrpc":"2.0","id":10,"method":"call","params":{"system":"s1","frame":"f1","op":"pause","args":[1],"keys":[]}}`)
	h.wantError(h.ask(11, "call", `{"system":"s1","frame":"f1","op":"eq","args":[1,1],"keys":[]}`), codeRequest, "already has an open operation, pause")
	// The first is still open, and the connection lives.
	h.wantResult(h.ask(12, "ping", "{}"), "{}")
	h.send(`{"jsonrpc":"2.0","id":13,"method":"abort","params":{"system":"s1"}}`)
	answers := map[string]string{}
	for range 2 {
		m := h.next()
		answers[string(m.ID)] = string(m.Result)
	}
	if answers["10"] != `{"status":"aborted"}` || answers["13"] != "{}" {
		t.Errorf("answers = %v", answers)
	}
}

func TestServeAnswersDeadFrames(t *testing.T) {
	eq := func(frame string) string {
		return `{"system":"s1","frame":"` + frame + `","op":"eq","args":[1,1],"keys":[]}`
	}
	const gone = `{"status":"gone"}`
	h, served := harness(t, newFake())
	root := h.greet()
	h.send(`{"jsonrpc":"2.0","id":10,"method":"call","params":{"system":"s1","frame":"f1","op":"process-run-function","args":["p",null,{"callback":1}],"keys":[]}}`)
	var enter *message
	for range 2 { // the enter may overtake the creator's return
		if m := h.next(); m.Method == "enter" {
			enter = m
		}
	}
	h.wantResult(h.ask(11, "call", `{"system":"s1","frame":"f2","op":"current-process-kill","args":[],"keys":[]}`), gone)
	h.wantResult(h.ask(12, "call", eq("f2")), gone)
	h.result(enter, `{"values":[1]}`) // late: accepted and ignored
	h.wantResult(h.ask(13, "call", eq("f2")), gone)
	h.result(root, `{"values":[]}`)
	h.wantResult(h.ask(14, "finish", `{"system":"s1"}`), "{}")
	h.wantResult(h.ask(15, "call", eq("f1")), gone) // ended
	h.wantResult(h.ask(16, "close", `{"system":"s1"}`), `{"processes":0,"children":0,"unclean":false}`)
	h.wantResult(h.ask(17, "call", eq("f1")), gone) // of a closed system
	h.wantResult(h.ask(18, "abort", `{"system":"s1"}`), "{}")
	h.wantResult(h.ask(19, "close", `{"system":"s1"}`), `{"processes":0,"children":0,"unclean":false}`)
	h.wantResult(h.ask(20, "open", `{"system":"s2","seed":"2"}`), "{}")
	if m := h.expect("enter"); !strings.Contains(string(m.Params), `"frame":"f3"`) {
		t.Errorf("a frame name was used again: %s", m.Params)
	}
	h.wantResult(h.ask(21, "bye", "{}"), "{}")
	if err := <-served; err != nil {
		t.Errorf("Serve = %v", err)
	}
}

// close of a system that still runs aborts it first, and doesn't wait for the harness.
func TestServeClosesWhatRuns(t *testing.T) {
	h, _ := harness(t, newFake())
	h.greet()
	h.send(`{"jsonrpc":"2.0","id":10,"method":"call","params":{"system":"s1","frame":"f1","op":"pause","args":[1],"keys":[]}}`)
	h.send(`{"jsonrpc":"2.0","id":11,"method":"close","params":{"system":"s1"}}`)
	answers := map[string]string{}
	for range 2 {
		m := h.next()
		answers[string(m.ID)] = string(m.Result)
	}
	// Gone where close came before the frame had taken the call.
	if ended := answers["10"]; ended != `{"status":"aborted"}` && ended != `{"status":"gone"}` || !strings.HasPrefix(answers["11"], `{"processes":0`) {
		t.Errorf("answers = %v", answers)
	}
}

func TestServeEndsWithItsInput(t *testing.T) {
	for name, idle := range map[string]bool{"while the outermost frame waits": false, "while the harness thinks": true} {
		t.Run(name, func(t *testing.T) {
			a := newFake()
			h, served := harness(t, a)
			h.greet()
			if !idle {
				h.send(`{"jsonrpc":"2.0","id":10,"method":"call","params":{"system":"s1","frame":"f1","op":"pause","args":[1],"keys":[]}}`)
			}
			h.out.Close()
			if err := <-served; err != nil {
				t.Errorf("Serve = %v", err)
			}
			if sys := a.last(); !isClosed(sys.aborted) || !isClosed(sys.closed) {
				t.Error("the system was not aborted and closed")
			}
		})
	}
}

func TestServeIsCancelled(t *testing.T) {
	a := newFake()
	fromHarness, toAdapter := io.Pipe()
	fromAdapter, toHarness := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, a, fromHarness, toHarness) }()
	h := &script{t: t, in: newLineReader(fromAdapter, MaxLine), out: toAdapter}
	h.greet()
	cancel()
	if err := <-served; !errors.Is(err, context.Canceled) {
		t.Errorf("Serve = %v", err)
	}
	if !isClosed(a.last().closed) {
		t.Error("the system was not closed")
	}
	toAdapter.Close()
	fromAdapter.Close()
}

// empty is an adapter whose Run never enters the outermost frame.
type empty struct{ *fakeAdapter }

type emptySystem struct{ spec.System }

func (a empty) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	s, err := a.fakeAdapter.Open(ctx, cfg)
	return emptySystem{s}, err
}

func (emptySystem) Run(func(spec.Frame)) error { return errors.New("no threads here") }

func TestServeTellsOfARunThatDidNotBegin(t *testing.T) {
	s := open(t, connect(t, empty{newFake()}, Options{}), spec.SystemConfig{})
	wantBroken(t, s.Run(func(spec.Frame) {}), "ended before it entered the outermost frame", "no threads here")
}

// unspeakable calls back with what has no wire form.
type unspeakable struct{ *fakeFrame }

func (unspeakable) Process() spec.Value { return spec.String("\xff") }

func TestServeTellsOfWhatItCantSend(t *testing.T) {
	a := newFake()
	c := connect(t, a, Options{})
	s := open(t, c, spec.SystemConfig{})
	body := s.Register(func(spec.Frame, []spec.Value) []spec.Value { return nil })
	wantBroken(t, s.Run(func(f spec.Frame) {
		f.Do(call("make-function", body))
		host := a.last()
		host.funcs[0](unspeakable{&fakeFrame{sys: host}}, nil)
	}), "entering callback 1")
}
