package cases

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/mpcheck/mpcheck/spec"
)

// Expect begins an assertion about a Return, a Value or any Go value. It fails the case
// and ends the code of the frame that makes it.
func (p *P) Expect(actual any) *Assertion {
	return &Assertion{p: p, c: p.c, actual: actual, clause: p.c.theCase.Clause(), process: p.Frame.(checked).process()}
}

// Assertion is an expectation that is being written down.
type Assertion struct {
	p       *P
	c       *C
	actual  any
	clause  string
	process spec.Ref // that makes it
}

// For charges a failure to another clause than the one that the case is named after.
func (a *Assertion) For(clause string) *Assertion {
	a.clause = clause
	return a
}

// To asserts that the matcher matches; why says what the expectation means, for the report.
func (a *Assertion) To(m types.GomegaMatcher, why string, args ...any) { a.check(m, false, why, args) }

// NotTo asserts that the matcher doesn't match.
func (a *Assertion) NotTo(m types.GomegaMatcher, why string, args ...any) {
	a.check(m, true, why, args)
}

func (a *Assertion) check(m types.GomegaMatcher, not bool, why string, args []any) {
	fail := func(message string, _ ...int) {
		allowed, seen := message, describe(a.actual)
		if d, ok := m.(interface{ Allowed() string }); ok {
			allowed = d.Allowed()
			if not {
				allowed = "anything but " + allowed
			}
		}
		cause := a.c.caused(a.process, a.actual)
		a.c.charge(a.p.narrowed(a.clause), allowed, seen, fmt.Sprintf(why, args...), cause)
	}
	expect := gomega.NewGomega(fail).Expect(a.actual)
	if not {
		expect.NotTo(m)
	} else {
		expect.To(m)
	}
}

// charge fails the case on account of a clause.
func (c *C) charge(clause, allowed, seen, message string, cause *Cause) {
	c.end(func() {
		c.shown.Failure = &Failure{Clause: clause, Step: c.step, Allowed: allowed, Seen: seen, Message: message, Cause: cause}
	})
}

// tooLate is like charge, where only time speaks for the failure: on a real clock the machine may be slow.
func (c *C) tooLate(clause, allowed, seen, message string) {
	c.end(func() {
		c.shown.Failure = &Failure{Clause: clause, Step: c.step, Allowed: allowed, Seen: seen, Message: message, Timed: c.handshake.Clock == spec.Real}
	})
}

// neverHappened fails the case for what the harness has waited for in vain.
func (c *C) neverHappened(clause string, call spec.Call, r spec.Return) {
	c.end(func() {
		c.shown.Hung = c.hang(clause)
		c.shown.Failure = &Failure{Clause: clause, Step: c.step, Allowed: call.String() + " returns", Seen: r.String(),
			Message: "what the harness awaited did not come about", Cause: c.shown.Hung.Cause(c.calls.issued), Timed: c.handshake.Clock == spec.Real}
	})
}

func describe(x any) string {
	switch x := x.(type) {
	case fmt.Stringer:
		return x.String()
	case []spec.Value:
		return spec.NewList(x...).String()
	}
	return fmt.Sprint(x)
}

// valueOf is the value that a matcher looks at: a Return's primary value, or the value.
func valueOf(actual any) (spec.Value, error) {
	switch x := actual.(type) {
	case spec.Return:
		if x.Status != spec.Returned {
			return nil, fmt.Errorf("the operation did not return")
		}
		return x.Primary(), nil
	case spec.Value:
		return x, nil
	}
	panic(fmt.Sprintf("a matcher for Lisp values was given a %T", actual)) // the case's author is at fault
}

// matcher is a Gomega matcher over Lisp values that can say what it allows.
type matcher struct {
	allowed string
	match   func(actual any) (bool, error)
}

func (m matcher) Allowed() string                { return m.allowed }
func (m matcher) Match(actual any) (bool, error) { return m.match(actual) }
func (m matcher) FailureMessage(actual any) string {
	return fmt.Sprintf("allowed: %s\nseen: %s", m.allowed, describe(actual))
}
func (m matcher) NegatedFailureMessage(actual any) string {
	return fmt.Sprintf("allowed: anything but %s\nseen: %s", m.allowed, describe(actual))
}

func onValue(allowed string, match func(v spec.Value) bool) types.GomegaMatcher {
	return matcher{allowed, func(actual any) (bool, error) {
		v, err := valueOf(actual)
		return err == nil && match(v), err
	}}
}

// BeNil matches nil, false in Lisp.
func BeNil() types.GomegaMatcher {
	return onValue("nil", func(v spec.Value) bool { return !spec.Truth(v) })
}

// BeTrue matches every value but nil.
func BeTrue() types.GomegaMatcher { return onValue("a true value", spec.Truth) }

// BeEql matches by cl:eql: the same object, the same number of the same type.
func BeEql(want any) types.GomegaMatcher {
	return onValue(spec.Of(want).String(), func(v spec.Value) bool { return spec.Eql(v, spec.Of(want)) })
}

// BeEqual matches by cl:equal: lists and strings by their content.
func BeEqual(want any) types.GomegaMatcher {
	return onValue(spec.Of(want).String(), func(v spec.Value) bool { return spec.Equal(v, spec.Of(want)) })
}

// ReturnFirst matches a return whose first values are these by cl:equal; missing values
// are nil, further ones ignored.
func ReturnFirst(want ...any) types.GomegaMatcher {
	words := make([]string, len(want))
	for i, w := range want {
		words[i] = spec.Of(w).String()
	}
	return matcher{strings.Join(words, ", "), func(actual any) (bool, error) {
		r, ok := actual.(spec.Return)
		if !ok || r.Status != spec.Returned {
			return false, fmt.Errorf("the operation did not return")
		}
		for i, w := range want {
			if !spec.Equal(r.Nth(i), spec.Of(w)) {
				return false, nil
			}
		}
		return true, nil
	}}
}

// SignalError matches an operation that signalled an error.
func SignalError() types.GomegaMatcher {
	return matcher{"an error", func(actual any) (bool, error) {
		r, ok := actual.(spec.Return)
		return ok && r.Status == spec.Signalled, nil
	}}
}
