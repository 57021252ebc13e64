//go:build cgo

package native

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/adapters/native/foreign"
	"github.com/mpcheck/mpcheck/spec"
)

// Foreign threads, of C. One that calls in has a process, which lives on it through the outermost callable and its cleanups;
// whether the next call finds that process or another is left open (CLEAN-FOR-5): native makes another.

var foreignOperations = map[string]operation{
	"make-foreign-thread":    makeForeignThread,
	"call-on-foreign-thread": callOnForeignThread,
	"call-foreign":           callForeign,
	"foreign-thread-note":    foreignThreadNote,
	"foreign-thread-log":     foreignThreadLog,
}

// A foreignThread is one thread of C.
type foreignThread struct {
	sys  *system
	c    *foreign.Thread
	busy bool // it is about a call
	idle kit.Waiters
	last *process // that it has had
}

// close ends the thread once it is idle: see [system.Close].
func (t *foreignThread) Close() error {
	go t.c.Close() // callables end only now
	return nil
}

func makeForeignThread(f *frame, _ spec.Call) ([]spec.Value, error) {
	c, err := foreign.Start()
	if err != nil {
		return nil, &spec.Condition{Type: spec.OutOfResources, Message: err.Error()}
	}
	t := &foreignThread{sys: f.sys, c: c}
	f.sys.AtClose(t)
	return kit.One(f.sys.Name("foreign-thread", t)), nil
}

func foreignOf(s *system, v spec.Value) (*foreignThread, error) {
	return kit.Lookup[*foreignThread](s.System, "foreign-thread", v)
}

// A foreignCall is one of an outermost callable.
type foreignCall struct {
	t      *foreignThread
	p      *process // once the thread is inside
	code   spec.Callback
	values []spec.Value
	over   bool
	waits  kit.Waiters
}

// callOnForeignThread has the thread call code in, once it is idle, and waits until it has control back.
func callOnForeignThread(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	t, err := foreignOf(s, c.Args[0])
	if err != nil {
		return nil, err
	}
	code, err := s.CodeOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	if f.Wait("another call of the foreign thread to end", kit.Forever, func() bool { return !t.busy }, &t.idle) != kit.Held {
		return nil, nil
	}
	t.busy = true
	call := &foreignCall{t: t, code: code}
	s.Go(func() {
		t.c.Call(call.inside)
		call.back()
	})
	f.Wait("the code that the foreign thread runs", kit.Forever, func() bool { return call.over }, &call.waits)
	return call.values, nil
}

// inside is what the thread calls in: it lives a process through the code and its cleanups.
func (call *foreignCall) inside() {
	s := call.t.sys
	s.Lock()
	if s.IsClosed() {
		s.Unlock()
		return
	}
	p := call.t.enter()
	call.p = p
	first := frameOf(p.First(call.code))
	p.standStill()
	var err error
	if len(p.bound) == 0 {
		p.bound, err = first.firstBindings() // BIND-10
	}
	// Where a form is an error nobody is there to take the restart.
	begun := !s.IsClosed() && err == nil && (!p.killed || s.decide.unbegunEnters)
	if p.begun = begun; begun {
		p.SetTop(first.Frame)
		if p.killed {
			p.Unwind()
		}
		p.joiners.Wake()
	}
	fn := s.Func(call.code)
	s.Unlock()
	var values []spec.Value
	complete := false
	if begun {
		values, complete = first.Run(fn, nil)
	}
	s.Lock()
	defer s.Unlock()
	if complete {
		call.values = values
	} else {
		call.values = kit.One(spec.Nil{})
	}
	if p.IsBehind() {
		return
	}
	p.standStill()
	others := p.setAside()
	p.cleanUp()
	p.cleanups = append(p.cleanups, others...)
}

// enter is the process of a call that begins; the monitor is held.
func (t *foreignThread) enter() *process {
	s, p := t.sys, t.last
	again := p != nil && (p.Resting || p.phase == dead && s.decide.foreignReturns && !p.IsBehind())
	if !again {
		p = s.newProcess(spec.String(fmt.Sprintf("foreign-%d", s.born+1)), nil)
		t.last = p
		return p
	}
	if p.phase == dead {
		s.processes = append(s.processes, p)
		p.Lives()
		p.asked, p.killed = false, false
	}
	p.phase, p.Resting, p.begun = living, false, false
	if s.decide.foreignAgain {
		for _, ran := range p.ran {
			if !slices.ContainsFunc(p.cleanups, func(entry cleanup) bool { return s.Equal(entry.form, ran.form) }) {
				p.cleanups = append(p.cleanups, ran)
			}
		}
	}
	p.ran = nil
	return p
}

// setAside takes the forms out that other processes have registered, where those don't run at the end of a call; the monitor is held.
func (p *process) setAside() (others []cleanup) {
	if !p.sys.decide.foreignOwnOnly {
		return nil
	}
	p.cleanups = slices.DeleteFunc(p.cleanups, func(entry cleanup) bool {
		if entry.ofOther {
			others = append(others, entry)
		}
		return entry.ofOther
	})
	return others
}

// back is what is done once the thread has control back.
func (call *foreignCall) back() {
	t := call.t
	s := t.sys
	s.Lock()
	defer s.Unlock()
	if p := call.p; p != nil && !p.IsBehind() {
		p.outside = 0
		p.SetTop(nil)
		if !s.decide.foreignBound {
			p.bound = nil
		}
		if s.decide.foreignRests && !p.killed {
			p.phase, p.Resting = living, true
			s.Calmer()
		} else {
			p.die()
		}
	}
	t.busy, call.over = false, true
	t.idle.Wake()
	call.waits.Wake()
}

// callForeign has C call code in, on the thread that calls.
func callForeign(f *frame, c spec.Call) (values []spec.Value, err error) {
	code, err := f.sys.CodeOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	foreign.Inside(func() { values, _ = f.Call(code, nil) })
	return values, nil
}

// mostNoted is the greatest integer that a log takes.
const mostNoted = 1_000_000

func foreignThreadNote(f *frame, c spec.Call) ([]spec.Value, error) {
	t, err := foreignOf(f.sys, c.Args[0])
	if err != nil {
		return nil, err
	}
	n, ok := c.Args[1].(spec.Int)
	if !ok || n < 0 || n > mostNoted {
		return nil, kit.TypeError("the note", c.Args[1], "an integer from 0 to 1000000")
	}
	t.c.Note(int32(n))
	return kit.One(spec.True{}), nil
}

func foreignThreadLog(f *frame, c spec.Call) ([]spec.Value, error) {
	t, err := foreignOf(f.sys, c.Args[0])
	if err != nil {
		return nil, err
	}
	var items []spec.Value
	for _, n := range t.c.Log() {
		switch n {
		case foreign.Called:
			items = append(items, spec.Keyword("call"))
		case foreign.Back:
			items = append(items, spec.Keyword("back"))
		default:
			items = append(items, spec.Int(n))
		}
	}
	return kit.One(spec.NewList(items...)), nil
}
