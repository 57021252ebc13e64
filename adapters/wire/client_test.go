package wire

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// wantBroken checks that err is a *spec.Broken that says each of the words.
func wantBroken(t *testing.T, err error, words ...string) {
	t.Helper()
	var broken *spec.Broken
	if !errors.As(err, &broken) {
		t.Fatalf("error = %#v, want a *Broken", err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error = %q, want %q in it", err, w)
		}
	}
}

func TestGreeting(t *testing.T) {
	hand := newFake().hand
	for name, x := range map[string]struct {
		play func(a *script)
		want string
	}{
		"no answer": {func(a *script) { a.drain() }, "want an answer to hello within"},
		"closed":    {func(a *script) { a.next() }, "closed its output before bye"},
		"an error": {func(a *script) {
			a.next()
			a.send(`{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"go away"}}`)
			a.drain()
		}, "go away"},
		"not a handshake": {func(a *script) { a.result(a.next(), `{"nam":"x"}`); a.drain() }, `unknown field "nam"`},
		"other contract": {func(a *script) {
			h := hand
			h.Contract = "v9"
			a.result(a.next(), string(encode(h)))
			a.drain()
		}, `this mpcheck speaks "v1"`},
		"other text": {func(a *script) { a.next(); a.send("Welcome to Lisp"); a.drain() }, "Welcome to Lisp"},
	} {
		t.Run(name, func(t *testing.T) {
			opts := Options{}
			if name == "no answer" {
				opts.HelloTimeout = shortWatchdog
			}
			_, err := scripted(t, opts, x.play)
			wantBroken(t, err, "greeting the adapter", x.want)
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		r, _ := io.Pipe()
		if _, err := NewClient(ctx, r, io.Discard, Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v", err)
		}
	})
}

// What an adapter may not send, and the words of the error that says so.
func TestMalformedMessages(t *testing.T) {
	enter := func(params string) string {
		return `{"jsonrpc":"2.0","id":9,"method":"enter","params":` + params + `}`
	}
	answer := func(result string) string { return `{"jsonrpc":"2.0","id":3,"result":` + result + `}` }
	for name, x := range map[string]struct{ line, want string }{
		"no JSON":            {`; loading foo.lisp`, "want one JSON-RPC object a line"},
		"half":               {`{"jsonrpc":"2.0","id":3,"result":`, "want one JSON-RPC object a line"},
		"two in one":         {answer("{}") + answer("{}"), "more text after it"},
		"a batch":            {`[]`, "want one JSON-RPC object a line"},
		"other bytes":        {"{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":\"\xe9\"}", "want UTF-8"},
		"half a surrogate":   {answer(`{"status":"returned","values":["\ud83d"]}`), "half a surrogate pair"},
		"old version":        {`{"id":3,"result":{}}`, `want "jsonrpc":"2.0"`},
		"unknown member":     {`{"jsonrpc":"2.0","id":3,"results":{}}`, `unknown field "results"`},
		"neither":            {`{"jsonrpc":"2.0","id":3}`, "want a method, a result or an error"},
		"both":               {`{"jsonrpc":"2.0","id":3,"result":{},"error":{"code":1,"message":"x"}}`, "got both"},
		"request and answer": {`{"jsonrpc":"2.0","id":3,"method":"enter","result":{}}`, "got both in one"},
		"a notification":     {`{"jsonrpc":"2.0","method":"enter","params":{}}`, "no notifications"},
		"no id":              {`{"jsonrpc":"2.0","id":null,"result":{}}`, "want the id of the request"},
		"unknown id":         {`{"jsonrpc":"2.0","id":77,"result":{}}`, "want an answer to an open request"},
		"text id":            {`{"jsonrpc":"2.0","id":"3","result":{}}`, "want an answer to an open request"},
		"answered before":    {`{"jsonrpc":"2.0","id":2,"result":{}}`, "want an answer to an open request"},
		"a complaint":        {`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"say again"}}`, "say again"},
		"refused":            {`{"jsonrpc":"2.0","id":3,"error":{"code":-32603,"message":"no way"}}`, "calling (eq 1 1): want a result, got an error -32603: no way"},
		"no status":          {answer(`{}`), `want a status (returned, signalled, gone, absent or aborted), got ""`},
		"unknown status":     {answer(`{"status":"killed"}`), `got "killed"`},
		"no values":          {answer(`{"status":"returned"}`), "[] if there are none"},
		"false":              {answer(`{"status":"returned","values":[false]}`), "send null for nil"},
		"a plain float":      {answer(`{"status":"returned","values":[1,0.5]}`), "value 1: malformed number"},
		"no condition":       {answer(`{"status":"signalled"}`), "want a condition"},
		"a condition":        {answer(`{"status":"gone","condition":{"type":"error","message":"x"}}`), "only where the status is signalled"},
		"values of gone":     {answer(`{"status":"gone","values":[1]}`), "only where the status is returned"},
		"misspelt":           {answer(`{"status":"returned","value":[1]}`), `unknown field "value"`},
		"values no list":     {answer(`{"status":"returned","values":7}`), `want a list in member "values", got JSON's number`},
		"callback no number": {enter(`{"system":"s1","frame":"f2","callback":"0","process":null,"args":[]}`), `want an integer in member "callback", got JSON's string`},
		"frame no text":      {enter(`{"system":"s1","frame":2,"callback":0,"process":null,"args":[]}`), `want a text in member "frame", got JSON's number`},
		"no outcome":         {answer(`[7]`), "want an object, got JSON's array"},
		"unknown method":     {`{"jsonrpc":"2.0","id":9,"method":"log","params":{}}`, `want enter, got the method "log"`},
		"unknown callback":   {enter(`{"system":"s1","frame":"f2","callback":5,"process":null,"args":[]}`), "(0 to 0), got 5"},
		"negative callback":  {enter(`{"system":"s1","frame":"f2","callback":-1,"process":null,"args":[]}`), "got -1"},
		"no callback":        {enter(`{"system":"s1","frame":"f2","process":null,"args":[]}`), "want a callback"},
		"no frame":           {enter(`{"system":"s1","callback":0,"process":null,"args":[]}`), "want a frame"},
		"no args":            {enter(`{"system":"s1","frame":"f2","callback":0,"process":null}`), "want args"},
		"bad process":        {enter(`{"system":"s1","frame":"f2","callback":0,"process":{"ref":""},"args":[]}`), "the process: a reference needs a name"},
		"outermost again":    {enter(`{"system":"s1","frame":"f2","callback":0,"process":null,"args":[]}`), "want callback 0 once"},
		"frame name again":   {enter(`{"system":"s1","frame":"f1","callback":0,"process":null,"args":[]}`), "never used before"},
		"unknown system":     {enter(`{"system":"s7","frame":"f2","callback":0,"process":null,"args":[]}`), `unknown system "s7"`},
	} {
		t.Run(name, func(t *testing.T) {
			c := mustScripted(t, Options{}, func(a *script) {
				a.begin()
				a.expectCall("eq")
				a.send(x.line)
				a.drain()
			})
			s := open(t, c, spec.SystemConfig{})
			err := s.Run(func(f spec.Frame) {
				for range 2 {
					if got := f.Do(call("eq", 1, 1)); got.Status != spec.Aborted {
						t.Errorf("eq = %v", got)
					}
				}
			})
			wantBroken(t, err, x.want)
			if left, err := s.Close(); err != nil || !left.Unclean || c.Healthy() {
				t.Errorf("Close = %+v, %v; healthy %v", left, err, c.Healthy())
			}
		})
	}
}

func TestErrorsQuoteShortened(t *testing.T) {
	c := mustScripted(t, Options{}, func(a *script) {
		a.begin()
		a.expectCall("eq")
		a.send("((((" + strings.Repeat("x", 100_000))
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{})
	err := s.Run(func(f spec.Frame) { f.Do(call("eq", 1, 1)) })
	wantBroken(t, err, "((((xxx", "(100004 bytes)")
	if len(err.Error()) > 1000 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func TestOversizedLine(t *testing.T) {
	c := mustScripted(t, Options{Done: make(chan struct{})}, func(a *script) {
		a.begin()
		a.expectCall("eq")
		part := strings.Repeat("x", 1<<20)
		for range MaxLine/len(part) + 1 {
			io.WriteString(a.out, part)
		}
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{})
	err := s.Run(func(f spec.Frame) { f.Do(call("eq", 1, 1)) })
	wantBroken(t, err, "too long", "67108864")
}

func TestDeadAdapter(t *testing.T) {
	t.Run("end of output", func(t *testing.T) {
		c := mustScripted(t, Options{}, func(a *script) { a.begin(); a.next() })
		s := open(t, c, spec.SystemConfig{})
		wantBroken(t, s.Run(func(f spec.Frame) { f.Do(call("eq", 1, 1)) }), "closed its output before bye")
		if left, err := s.Close(); err != nil || !left.Unclean || c.Healthy() {
			t.Errorf("Close = %+v, %v", left, err)
		}
	})
	t.Run("in the middle of a message", func(t *testing.T) {
		c := mustScripted(t, Options{}, func(a *script) { a.begin(); a.next(); io.WriteString(a.out, `{"jsonrpc":`) })
		s := open(t, c, spec.SystemConfig{})
		wantBroken(t, s.Run(func(f spec.Frame) { f.Do(call("eq", 1, 1)) }), "want a line feed", `{\"jsonrpc\":`)
	})
	t.Run("exit with a status", func(t *testing.T) {
		done := make(chan struct{})
		opts := Options{Done: done, Exit: func() error { return errors.New("exit status 3") }}
		c := mustScripted(t, opts, func(a *script) { a.begin(); a.next(); a.out.Close(); close(done) })
		s := open(t, c, spec.SystemConfig{})
		wantBroken(t, s.Run(func(f spec.Frame) { f.Do(call("eq", 1, 1)) }), "its process ended: exit status 3")
	})
	t.Run("exit, with a child that holds the output", func(t *testing.T) {
		done := make(chan struct{})
		opts := Options{Done: done, Exit: func() error { return nil }, PingTimeout: shortPing}
		c := mustScripted(t, opts, func(a *script) { a.begin(); a.next(); close(done); a.drain() })
		s := open(t, c, spec.SystemConfig{})
		wantBroken(t, s.Run(func(f spec.Frame) { f.Do(call("eq", 1, 1)) }), "its process ended: exit status 0")
	})
	t.Run("end of output, and it goes on", func(t *testing.T) {
		opts := Options{Done: make(chan struct{}), PingTimeout: shortPing}
		c := mustScripted(t, opts, func(a *script) { a.begin(); a.next(); a.out.Close() })
		s := open(t, c, spec.SystemConfig{})
		wantBroken(t, s.Run(func(f spec.Frame) { f.Do(call("eq", 1, 1)) }), "its process still runs")
	})
	t.Run("between systems", func(t *testing.T) {
		done := make(chan struct{})
		c := mustScripted(t, Options{Done: done}, func(a *script) { a.hello(); a.out.Close(); close(done) })
		<-c.conn.down
		_, err := c.Open(context.Background(), spec.SystemConfig{})
		wantBroken(t, err, "its process ended")
	})
	t.Run("before close", func(t *testing.T) {
		c := mustScripted(t, Options{}, func(a *script) {
			a.begin()
			a.next()
			a.result(a.expect("finish"), "{}")
			a.expect("close")
		})
		s := open(t, c, spec.SystemConfig{})
		if err := s.Run(func(spec.Frame) {}); err != nil {
			t.Fatal(err)
		}
		left, err := s.Close()
		wantBroken(t, err, "closing system s1", "closed its output")
		if !left.Unclean || c.Healthy() {
			t.Errorf("Close = %+v", left)
		}
	})
}

func TestNoOutermostFrame(t *testing.T) {
	c := mustScripted(t, Options{PingTimeout: shortPing}, func(a *script) {
		a.hello()
		a.result(a.expect("open"), "{}")
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{Watchdog: shortWatchdog})
	wantBroken(t, s.Run(func(spec.Frame) {}), "want an enter of callback 0")
	s.Close()
}

func TestCloseIsNotAnswered(t *testing.T) {
	closed, answered := make(chan struct{}), make(chan struct{})
	c := mustScripted(t, Options{PingTimeout: shortPing}, func(a *script) {
		a.begin()
		a.next()
		a.result(a.expect("finish"), "{}")
		a.expect("close")
		<-closed
		a.enter(2, "f2", 1) // of a thread that can't be ended: answered, and nothing run
		a.wantResult(a.next(), `{"values":[]}`)
		close(answered)
		a.result(a.expect("bye"), "{}")
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{Watchdog: shortWatchdog})
	s.Register(func(spec.Frame, []spec.Value) []spec.Value { t.Error("run"); return nil })
	if err := s.Run(func(spec.Frame) {}); err != nil {
		t.Fatal(err)
	}
	left, err := s.Close()
	close(closed)
	<-answered
	wantBroken(t, err, "want an answer to close within")
	if !left.Unclean || c.Healthy() {
		t.Errorf("Close = %+v", left)
	}
}

// An adapter may wait for a thread that nothing ends: a short limit for operations is none for close.
func TestCloseHasTheTimeOfAPing(t *testing.T) {
	for _, x := range []struct{ watchdog, ping, want time.Duration }{
		{shortWatchdog, 0, 5 * time.Second}, {shortWatchdog, time.Minute, time.Minute}, {time.Hour, time.Minute, time.Hour},
	} {
		c := mustScripted(t, Options{PingTimeout: x.ping}, func(a *script) {
			a.begin()
			a.next()
			a.result(a.expect("finish"), "{}")
			a.result(a.expect("close"), `{"processes":1,"children":0,"unclean":true}`)
			a.drain()
		})
		s := open(t, c, spec.SystemConfig{Watchdog: x.watchdog})
		if got := s.(*system).closeLimit(); got != x.want {
			t.Errorf("watchdog %v, ping %v: %v, want %v", x.watchdog, x.ping, got, x.want)
		}
		if err := s.Run(func(spec.Frame) {}); err != nil {
			t.Error(err)
		}
		if left, err := s.Close(); err != nil || !left.Unclean {
			t.Errorf("Close = %+v, %v", left, err)
		}
	}
}

// A Func gets its frame as soon as the adapter enters it, while the operation that made the
// process is still open.
func TestEnterOvertakesTheCreator(t *testing.T) {
	rec := &labels{}
	c := mustScripted(t, Options{}, func(a *script) {
		a.begin()
		creator := a.expectCall("process-run-function")
		a.enter(2, "f2", 1)
		a.result(a.expectCall("eq"), `{"status":"returned","values":[true]}`)
		a.next() // the answer to enter
		a.result(creator, `{"status":"returned","values":[{"ref":"p2","type":"process"}]}`)
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{Recorder: rec})
	body := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		return f.Do(call("eq", 1, 1)).Values
	})
	if err := s.Run(func(f spec.Frame) { f.Do(call("process-run-function", "p", nil, body)) }); err != nil {
		t.Fatal(err)
	}
	if left, err := s.Close(); err != nil || left.Unclean {
		t.Errorf("Close = %+v, %v", left, err)
	}
	want := `0 enter 0 on foreign
0 call (process-run-function "p" nil #<callback 1>)
1 enter 1 on foreign
1 call (eq 1 1)
1 return t
1 leave
0 return #<process p2>
0 leave`
	if got := strings.Join(rec.take(), "\n"); got != want {
		t.Errorf("labels:\n%s\nwant:\n%s", got, want)
	}
}

// waitFor looks until cond holds; the test's own time limit ends a wait in vain.
func waitFor(cond func() bool) {
	for !cond() {
		time.Sleep(time.Millisecond)
	}
}
