package smoke

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// script is several frames at a time: what comes is handed to whom it concerns, in the order in
// which it comes, so that it fits adapters with threads and those without.
type script struct {
	*talk
	then  map[string]func(spec.Return) // what goes on, by the request that is answered
	begin func(e entered)              // code has begun
}

func newScript(t *talk, begin func(e entered)) *script {
	return &script{talk: t, then: map[string]func(spec.Return){}, begin: begin}
}

// issue calls an operation and goes on with its outcome.
func (s *script) issue(frame, op string, then func(r spec.Return), args ...any) {
	s.then[s.call(frame, op, args...)] = then
}

// until handles what comes until it is so.
func (s *script) until(so func() bool, want string, args ...any) {
	text := fmt.Sprintf(want, args...)
	for !so() {
		for len(s.enters) == 0 && len(s.ready()) == 0 {
			s.take(s.oldest(), text)
		}
		for _, id := range s.ready() {
			then := s.then[id]
			delete(s.then, id)
			r := s.parsed(s.answers[id])
			delete(s.answers, id)
			then(r)
		}
		for len(s.enters) > 0 {
			e := s.enters[0]
			s.enters = s.enters[1:]
			s.begin(e)
		}
		if m, ok := s.answers["null"]; ok {
			s.fail(s.last, "an error that answers no request: "+m.Refused, "%s", text)
		}
	}
}

// ready are the answers that came, of those that are waited for.
func (s *script) ready() []string {
	var ids []string
	for id := range s.answers {
		if s.then[id] != nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// oldest is the request that has been open for longest, else what was sent last.
func (s *script) oldest() string {
	first := 0
	for id := range s.sent {
		if n, err := strconv.Atoi(id); err == nil && (first == 0 || n < first) {
			first = n
		}
	}
	if first == 0 {
		return s.last
	}
	return s.sent[strconv.Itoa(first)]
}

func (s *script) parsed(m wire.Raw) spec.Return {
	if m.Refused != "" {
		s.fail(s.last, "an "+m.Refused, "the outcome of an operation")
	}
	r, err := wire.ParseReturn(m.Result)
	if err != nil {
		s.fail(s.last, string(m.Result), "%v", err)
	}
	return r
}

// ends demands that the process ends, and reads what it still writes.
func (t *talk) ends(after string) {
	timer := time.NewTimer(t.limit)
	defer timer.Stop()
	for {
		select {
		case <-t.process.Done():
			return
		case a := <-t.arrived:
			if a.err != nil {
				t.arrived = nil // nothing more comes
			} else {
				t.note("<-", string(a.line))
			}
		case <-timer.C:
			t.fail(after, fmt.Sprintf("its process still runs after %v", t.limit), "the end of the adapter's process")
		case <-t.ctx.Done():
			panic(t.ctx.Err())
		}
	}
}

func nested(c *check, t *talk) string {
	if why := c.lacks("make-function", "funcall"); why != "" {
		return why
	}
	const depth = 5
	e := t.open()
	fn := t.ref(e.Frame, "make-function", spec.Callback(1))
	inside := []entered{e}
	var open []string
	for n := 1; n <= depth; n++ {
		outer := inside[len(inside)-1]
		id := t.call(outer.Frame, "funcall", fn, n, "a")
		sent := t.sent[id]
		in := t.entered("enter of callback 1, which the function is, with (%d \"a\")", n)
		switch {
		case in.Callback != 1:
			t.fail(sent, in.line, "callback 1, of which the function was made")
		case in.Process == nil || !spec.Eql(in.Process, e.Process):
			t.fail(sent, in.line, "the process that called the function, %s", e.Process)
		case !spec.Equal(spec.NewList(in.Args...), spec.NewList(spec.Of(n), spec.Of("a"))):
			t.fail(sent, in.line, "the arguments %d and \"a\"", n)
		}
		c.simple(t, in.Frame)
		inside, open = append(inside, in), append(open, id)
	}
	t.ping()
	for n := depth; n >= 1; n-- {
		t.leave(inside[n], 10*n, "more")
		sent := t.last
		r := t.outcome(open[n-1])
		if r.Status != spec.Returned || !spec.Equal(r.Primary(), spec.Of(10*n)) {
			t.fail(sent, "the outcome of funcall: "+r.String(), "%d, the value of the code that it ran", 10*n)
		}
		c.simple(t, inside[n-1].Frame)
	}
	t.leave(e)
	t.finish()
	return fmt.Sprintf("%d deep", depth)
}

func overtaking(c *check, t *talk) string {
	if why := c.lacks("process-run-function", "make-function"); why != "" {
		return why
	}
	const count = 20
	e := t.open()
	fn := t.ref(e.Frame, "make-function", spec.Callback(1))
	began := map[int]entered{}
	started := map[int]spec.Value{}
	first, left := 0, 0
	same := func(n int) {
		in, entered := began[n]
		p, known := started[n]
		if entered && known && (in.Process == nil || !spec.Eql(in.Process, p)) {
			t.fail(fmt.Sprintf("process-run-function of process %d, answered with %s", n, p), in.line, "the same process in enter: %s", p)
		}
	}
	var s *script
	s = newScript(t, func(in entered) {
		n := -1
		if len(in.Args) == 1 {
			if i, ok := in.Args[0].(spec.Int); ok {
				n = int(i)
			}
		}
		switch _, twice := began[n]; {
		case in.Callback != 1, n < 0, n >= count, twice:
			s.fail(s.last, in.line, "enter of callback 1, once for each process, with its number as the only argument")
		case in.Process == nil:
			s.fail(s.last, in.line, "the process whose function this is")
		}
		began[n] = in
		if _, known := started[n]; !known {
			first++
		}
		same(n)
		if !c.hello.Offers("eq") {
			s.leave(in, n)
			left++
			return
		}
		s.issue(in.Frame, "eq", func(r spec.Return) {
			if r.Status != spec.Returned {
				s.fail(s.last, "the outcome "+r.String(), "an operation that returns in the frame of a new process")
			}
			s.leave(in, n)
			left++
		}, n, n)
	})
	waits := 0
	idle := false // the test has nothing to do but wait
	var wait func(spec.Return)
	wait = func(spec.Return) {
		waits++
		if idle = left == count || !c.hello.Offers("pause") || waits > 1000; !idle {
			s.issue(e.Frame, "pause", wait, 0.01)
		}
	}
	var start func(n int)
	start = func(n int) {
		if n == count {
			wait(spec.Return{})
			return
		}
		s.issue(e.Frame, "process-run-function", func(r spec.Return) {
			p, ok := r.Primary().(spec.Ref)
			if r.Status != spec.Returned || !ok {
				s.fail(s.last, "the outcome of process-run-function: "+r.String(), "the process that it made")
			}
			started[n] = p
			same(n)
			start(n + 1)
		}, fmt.Sprint("smoke ", n), nil, fn, n)
	}
	start(0)
	s.until(func() bool { return left == count && idle }, "enter of callback 1 for each of %d processes", count)
	t.leave(e)
	t.finish()
	return fmt.Sprintf("%d processes, of which %d were entered before they were named", count, first)
}

func waiting(c *check, t *talk) string {
	if why := c.lacks("make-gate", "gate-wait"); why != "" {
		return why
	}
	e := t.open()
	gate := t.ref(e.Frame, "make-gate")
	id := t.call(e.Frame, "gate-wait", gate)
	sent := t.sent[id]
	if !c.virtual() {
		for range 3 {
			t.ping()
		}
		if _, answered := t.answers[id]; answered {
			t.fail(sent, "an answer: "+t.outcome(id).String(), "none, as long as nobody opens the gate")
		}
		t.empty("abort", fmt.Sprintf(`{"system":%q}`, t.system))
	}
	if r := t.outcome(id); r.Status != spec.Aborted {
		t.fail(sent, "the outcome "+r.Status.String(), `{"status":"aborted"}, after abort, or where it is proven that nothing can open the gate`)
	}
	again := t.call(e.Frame, "gate-wait", gate)
	if r := t.outcome(again); r.Status != spec.Aborted && r.Status != spec.Gone {
		t.fail(t.last, "the outcome "+r.Status.String(), `{"status":"aborted"} or {"status":"gone"}, as every later operation of the outermost frame`)
	}
	t.leave(e)
	done := t.request("finish", fmt.Sprintf(`{"system":%q}`, t.system))
	if result := string(t.result(done, "{}, or that it is stuck")); result != "{}" && !(c.virtual() && strings.Contains(result, `"stuck"`)) {
		t.fail(t.last, result, "{}: the outermost frame has ended")
	}
	t.close()
	return ""
}

func reading(c *check, t *talk) string {
	// Twice what fits into the pipes and the buffers at both ends, each way.
	const count = 12_000
	t.reading.Lock()
	var ids []string
	func() {
		defer t.reading.Unlock()
		for range count {
			ids = append(ids, t.request("ping", "{}"))
		}
	}()
	for _, id := range ids {
		t.result(id, "the answer {}, to each ping")
	}
	return fmt.Sprintf("%d pings in one go", count)
}
