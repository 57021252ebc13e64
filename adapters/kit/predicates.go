package kit

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Never is the wait function that isn't there.
func Never() bool { return false }

// WaitFunction reads an optional wait function; nil is one that never holds.
func (f *Frame) WaitFunction(v spec.Value) (func() bool, error) {
	if !spec.Truth(v) {
		return Never, nil
	}
	return f.Predicate(v)
}

// Predicate reads a predicate. The result is evaluated by
// the process of f, under the monitor, whenever a cell or a mailbox changes: it is then
// both the waiting process and the evaluating one (PROC-CUR-3). What it names is
// checked here, once: objects live as long as their system.
func (f *Frame) Predicate(v spec.Value) (func() bool, error) {
	p, err := spec.ParsePredicate(v)
	if err != nil {
		return nil, TypeError("the predicate", v, err.Error())
	}
	if err := f.sys.checkPredicate(p); err != nil {
		return nil, err
	}
	return func() bool {
		held, err := p.Eval(evaluator{f})
		return held && err == nil
	}, nil
}

// A Mailbox is an object that predicates can ask for mail: whatever a reference denotes that is to be looked at by has-mail. It is asked
// with the monitor held, and must not wait. Whoever puts something in calls [System.Changed]; where a library's own code may do so
// without being seen here, [Implementation].Poll has waiters look by themselves.
type Mailbox interface{ HasMail() bool }

// Changed has all look again who wait for a predicate to hold.
func (s *System) Changed() { s.predicate.Wake() }

// Predicates are those who wait for a predicate to hold: a list of [Frame.Wait] for waits whose condition asks one.
func (s *System) Predicates() *Waiters { return &s.predicate }

func (s *System) checkPredicate(p spec.Predicate) (err error) {
	switch p.Kind {
	case "cell-is", "cell-not":
		_, err = Lookup[*cell](s, "cell", p.Ref)
	case "has-mail":
		_, err = Lookup[Mailbox](s, "mailbox", p.Ref)
	case "recording":
		_, err = Lookup[*log](s, "log", p.Ref)
	}
	for i := 0; err == nil && i < len(p.Parts); i++ {
		err = s.checkPredicate(p.Parts[i])
	}
	return err
}

// evaluator answers a predicate's questions on behalf of a frame; mu is held.
type evaluator struct{ f *Frame }

func (e evaluator) CellValue(ref spec.Ref) (spec.Value, error) {
	c, err := Lookup[*cell](e.f.sys, "cell", ref)
	if err != nil {
		return spec.Nil{}, err
	}
	return c.value, nil
}

func (e evaluator) HasMail(ref spec.Ref) (bool, error) {
	m, err := Lookup[Mailbox](e.f.sys, "mailbox", ref)
	return err == nil && m.HasMail(), err
}

func (e evaluator) Record(ref spec.Ref) error {
	l, err := Lookup[*log](e.f.sys, "log", ref)
	if err == nil {
		self := e.f.Self()
		l.entries = append(l.entries, spec.NewList(self, self))
	}
	return err
}

// await waits until a predicate holds: t, or nil where the time ran out first. It is
// woken by every change of a cell or mailbox, so it misses none that lasts.
func await(f *Frame, c spec.Call) ([]spec.Value, error) {
	return f.Await(c.Args[0], c.Args[1])
}

// Await does what the operation await does, of what predicate and time-out say.
func (f *Frame) Await(predicate, within spec.Value) ([]spec.Value, error) {
	holds, err := f.Predicate(predicate)
	if err != nil {
		return nil, err
	}
	limit, err := f.sys.TimeoutOf("the timeout", within)
	if err != nil {
		return nil, err
	}
	every := f.sys.decide.Alarms
	if every == 0 && asksForMail(predicate) {
		every = f.sys.poll
	}
	how := f.wait(fmt.Sprintf("%s to hold", predicate), limit, every, holds, &f.sys.predicate)
	return One(spec.Bool(how == Held)), nil
}

// asksForMail tells whether a predicate depends on what a library may change without being seen here.
func asksForMail(v spec.Value) bool {
	p, err := spec.ParsePredicate(v)
	return err == nil && hasPart(p, "has-mail")
}

func hasPart(p spec.Predicate, kind string) bool {
	return p.Kind == kind || slices.ContainsFunc(p.Parts, func(part spec.Predicate) bool { return hasPart(part, kind) })
}

// pause lets time pass.
func pause(f *Frame, c spec.Call) ([]spec.Value, error) {
	limit, err := f.sys.TimeoutOf("the time", c.Args[0])
	if err != nil {
		return nil, err
	}
	f.Wait("time to pass", limit, Never)
	return One(spec.Nil{}), nil
}
