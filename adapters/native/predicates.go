package native

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// never is the wait function that isn't there.
func never() bool { return false }

// waitFunctionOf reads an optional wait function; nil is one that never holds.
func (f *frame) waitFunctionOf(v spec.Value) (func() bool, error) {
	if !spec.Truth(v) {
		return never, nil
	}
	return f.predicateOf(v)
}

// predicateOf reads a predicate. The result is evaluated by
// the process of f, under the monitor, whenever a cell or a mailbox changes: it is then
// both the waiting process and the evaluating one (PROC-CUR-3). What it names is
// checked here, once: objects live as long as their system.
func (f *frame) predicateOf(v spec.Value) (func() bool, error) {
	p, err := spec.ParsePredicate(v)
	if err != nil {
		return nil, typeError("the predicate", v, err.Error())
	}
	if err := f.sys.checkPredicate(p); err != nil {
		return nil, err
	}
	return func() bool {
		held, err := p.Eval(evaluator{f})
		return held && err == nil
	}, nil
}

func (s *system) checkPredicate(p spec.Predicate) (err error) {
	switch p.Kind {
	case "cell-is", "cell-not":
		_, err = lookup[*cell](s, "cell", p.Ref)
	case "has-mail":
		_, err = s.mailboxOf(p.Ref)
	case "recording":
		_, err = lookup[*log](s, "log", p.Ref)
	}
	for i := 0; err == nil && i < len(p.Parts); i++ {
		err = s.checkPredicate(p.Parts[i])
	}
	return err
}

// evaluator answers a predicate's questions on behalf of a frame; mu is held.
type evaluator struct{ f *frame }

func (e evaluator) CellValue(ref spec.Ref) (spec.Value, error) {
	c, err := lookup[*cell](e.f.sys, "cell", ref)
	if err != nil {
		return spec.Nil{}, err
	}
	return c.value, nil
}

func (e evaluator) HasMail(ref spec.Ref) (bool, error) {
	m, err := e.f.sys.mailboxOf(ref)
	return err == nil && len(m.objects) > 0, err
}

func (e evaluator) Record(ref spec.Ref) error {
	l, err := lookup[*log](e.f.sys, "log", ref)
	if err == nil {
		self := e.f.self()
		l.entries = append(l.entries, spec.NewList(self, self))
	}
	return err
}

// await waits until a predicate holds: t, or nil where the time ran out first. It is
// woken by every change of a cell or mailbox, so it misses none that lasts.
func await(f *frame, c spec.Call) ([]spec.Value, error) {
	return f.await(c.Args[0], c.Args[1])
}

func (f *frame) await(predicate, within spec.Value) ([]spec.Value, error) {
	holds, err := f.predicateOf(predicate)
	if err != nil {
		return nil, err
	}
	limit, err := f.sys.timeoutOf("the timeout", within)
	if err != nil {
		return nil, err
	}
	how := f.wait(fmt.Sprintf("%s to hold", predicate), limit, holds, &f.sys.predicate)
	return one(spec.Bool(how == held)), nil
}

// processWait returns once its wait function holds (PROC-WAIT-1).
func processWait(f *frame, c spec.Call) ([]spec.Value, error) {
	return f.await(c.Args[1], spec.Nil{})
}

func processWaitWithTimeout(f *frame, c spec.Call) ([]spec.Value, error) {
	return f.await(c.Args[2], c.Args[1])
}

// pause lets time pass.
func pause(f *frame, c spec.Call) ([]spec.Value, error) {
	limit, err := f.sys.timeoutOf("the time", c.Args[0])
	if err != nil {
		return nil, err
	}
	f.wait("time to pass", limit, never)
	return one(spec.Nil{}), nil
}
