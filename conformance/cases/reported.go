package cases

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What the answers of reap-os-subprocess and os-wait must be.

// nothingToReap checks the precondition of every case about reaping: the image has no
// children of its own. Where it has, nothing can be concluded. What is neither a child nor
// the answer for one is the implementation's fault; so is it where the answer for a pid that nobody has is that one
// runs: then the same answer for all says nothing of children.
func (c *C) nothingToReap() {
	first := c.For("REAP-NOHANG-1").ReapOsSubprocess(key.Wait(false))
	_, status := first.Nth(0).(spec.Int)
	running := !spec.Truth(first.Nth(0)) && spec.Eql(first.Nth(1), spec.Int(-1))
	if running {
		nobody := c.For("REAP-NOHANG-1").Try().ReapOsSubprocess(key.Pid(unusedPID), key.Wait(false))
		if !spec.Truth(nobody.Primary()) {
			c.Expect(nobody.Nth(1)).For("REAP-NOHANG-1").NotTo(BeEql(unusedPID), "no child runs that has a pid which nobody has")
		}
	}
	if running || status && namesChild(first) {
		c.Inconclusive("before the first child reaping answered %s: the implementation has children of its own", first)
	}
	c.Expect(first).For("REAP-NOHANG-1").To(ReturnFirst(nil, nil), "without children reaping returns nil and nil")
}

// ReapOsSubprocess is the operation. Whatever the case makes of the answer, a status comes with
// the pid of a child.
func (p *P) ReapOsSubprocess(more ...any) spec.Return {
	return p.namesItsChild(p.API.ReapOsSubprocess(more...))
}

// OsWait is the operation, looked at like [P.ReapOsSubprocess].
func (p *P) OsWait(more ...any) spec.Return { return p.namesItsChild(p.API.OsWait(more...)) }

// namesItsChild expects that an answer which has a status names a child: no pid is below 1.
// Where the case asks without a child to report, the answer should have been that there is none.
func (p *P) namesItsChild(r spec.Return) spec.Return {
	_, status := r.Nth(0).(spec.Int)
	if _, integer := r.Nth(1).(spec.Int); !status || !integer || namesChild(r) {
		return r
	}
	clause, why := "REAP-EXIT-1", "a status comes with the pid of the child, and no child has a pid below 1"
	charged := p.Frame.(checked).clause
	nobody := len(p.c.Ledger.Under(preparedBefore)) <= len(p.c.Ledger.Under(reapedBefore))
	if nobody {
		clause, why = "REAP-NOHANG-1", "without such children reaping returns nil and nil: no child has a pid below 1"
		if slices.Contains([]string{"REAP-NONE-1", "REAP-NONE-2"}, charged) {
			clause = charged
		}
	}
	p.Expect(r).For(clause).To(matcher{"no status, or the pid of a child", func(any) (bool, error) { return false, nil }}, "%s", why)
	return r
}

// namesChild tells whether the second value can be the pid of a child.
func namesChild(r spec.Return) bool {
	pid, ok := r.Nth(1).(spec.Int)
	return ok && pid >= 1
}

// Reports calls reap-os-subprocess and expects that it reports one of these children, which
// have ended or will. It returns which; clause is charged where it reports none of them.
func (p *P) Reports(clause string, among []Child, keys ...any) Child {
	return p.reports(p.For(clause).ReapOsSubprocess(keys...), clause, among, keys)
}

// ReportsAtLast is Reports of a child that still runs, which the call waits for.
func (p *P) ReportsAtLast(clause string, child Child, keys ...any) Child {
	return p.reports(p.For(clause).waitsThrough(0, keys...), clause, []Child{child}, keys)
}

func (p *P) reports(answer spec.Return, clause string, among []Child, keys []any) Child {
	for _, keyword := range keys {
		if keyword, ok := keyword.(spec.Key); ok && keyword.Name == "pid" {
			if pid, ok := keyword.Value.(spec.Int); ok && pid > 0 && spec.Truth(answer.Primary()) && !spec.Eql(answer.Primary(), pid) {
				p.Expect(answer.Nth(1)).For("REAP-SEL-3").To(BeEql(pid), "only the child with that pid is considered")
			}
		}
	}
	return p.reported(answer, clause, among...)
}

// waitsThrough waits for a child. The signal of another may interrupt that, so that the call answers nil or is an
// error (REAP-WAIT-3): of one that ends meanwhile, or of one that has long been reaped, since nothing says how soon
// a signal is noticed. So each that was started before sends one, and so many more come of what else happens:
// of commands, and of children that stop and go on.
func (p *P) waitsThrough(signals int, keys ...any) spec.Return {
	return p.through(signals, func(p *P) spec.Return { return p.ReapOsSubprocess(keys...) })
}

// through calls again what was interrupted, a while later: while a wait is open that may suspend all others nobody
// is spoken to, and whoever else waited has yet to be.
func (p *P) through(signals int, wait func(p *P) spec.Return) spec.Return {
	others := len(p.c.Ledger.Under(startedBefore)) - 1
	for range others + signals {
		if answer := wait(p.Try()); answer.Status != spec.Signalled && spec.Truth(answer.Primary()) {
			return answer
		}
		p.lull()
	}
	return wait(p)
}

// reported is the second half of Reports. What is wrong with an answer decides which
// sentence it breaks.
func (p *P) reported(r spec.Return, clause string, among ...Child) Child {
	status, pid := r.Nth(0), r.Nth(1)
	_, integer := status.(spec.Int)
	for _, child := range among {
		if spec.Eql(pid, child.PID) {
			if !spec.Truth(status) && p.stateOf(pid) == spec.Keyword("alive") {
				p.Expect(r).For(clause).To(BeExitStatus(child.Code), "the child is reported once it has ended")
			}
			p.Expect(r).For("REAP-EXIT-1").To(BeTrue(), "nil is no status: it would say that the child still runs")
			for _, other := range among {
				if other.Code != child.Code && spec.Eql(status, spec.Int(other.Code)) {
					p.Expect(r).For("REAP-EXIT-2").To(BeExitStatus(child.Code), "status and pid are those of one child")
				}
			}
			p.Expect(r).For("REAP-STAT-1").To(BeExitStatus(child.Code), "the first value is the status of the child")
			p.c.Ledger.Add(reapedBefore, pid)
			return child
		}
	}
	p.notAgain(r)
	for _, child := range among {
		if spec.Eql(status, child.PID) {
			p.Expect(r).For("REAP-EXIT-1").To(ReturnFirst(child.Code, child.PID), "first comes the status, then the pid")
		}
	}
	state := p.stateOf(pidAt(r, 1))
	another := isIn(pid, spec.NewList(p.c.Ledger.Under(startedBefore)...))
	switch {
	case another:
		// A child, with a status of its own, that was not to be considered.
	case integer && state == spec.Keyword("absent"):
		clause = "REAP-EXIT-1" // no child's pid at all
	case slices.ContainsFunc(among, func(child Child) bool { return child.collected }):
		clause = "REAP-ZOMB-1" // what collected it has lost it
	case !integer && p.allGone(among):
		clause = "REAP-EXIT-2" // a call that reported another took these too
	}
	p.Expect(r.Nth(1)).For(clause).To(beOneOf(among), "a child that has ended is reported, with its own pid")
	return Child{}
}

// Headings of the ledger: under them stand the children that were prepared, and the pids of those that
// were started, and reported.
const (
	preparedBefore = "prepared before"
	startedBefore  = "started before"
	reapedBefore   = "reported before"
)

// notAgain expects that an answer reports no child that was reported before.
func (p *P) notAgain(r spec.Return) {
	if !spec.Truth(r.Primary()) {
		return
	}
	for _, pid := range p.c.Ledger.Under(reapedBefore) {
		p.Expect(r.Nth(1)).For("REAP-EXIT-3").NotTo(BeEql(pid), "a child is reported once")
	}
}

// pidAt is the value at index i where it can be a pid, else one that nobody has.
func pidAt(r spec.Return, i int) spec.Value {
	if pid, ok := r.Nth(i).(spec.Int); ok {
		return pid
	}
	return spec.Int(unusedPID)
}

func (p *P) allGone(children []Child) bool {
	for _, child := range children {
		if p.stateOf(child.PID) != spec.Keyword("absent") {
			return false
		}
	}
	return true
}

func beOneOf(among []Child) types.GomegaMatcher {
	var pids []spec.Value
	for _, child := range among {
		pids = append(pids, child.PID)
	}
	return onValue("one of "+spec.NewList(pids...).String(), func(v spec.Value) bool {
		for _, pid := range pids {
			if spec.Eql(v, pid) {
				return true
			}
		}
		return false
	})
}

// NoneLeft expects that no child at all is left, neither running nor unreaped: with wait nil,
// or with the keys given.
func (p *P) NoneLeft(keys ...any) {
	clause := "REAP-NOHANG-1"
	for _, keyword := range keys {
		if keyword, ok := keyword.(spec.Key); ok && keyword.Name == "wait" && spec.Truth(keyword.Value) {
			clause = "REAP-NONE-1"
		}
	}
	if len(keys) == 0 {
		keys = []any{key.Wait(false)}
	}
	r := p.For(clause).ReapOsSubprocess(keys...)
	p.notAgain(r)
	p.Expect(r).For(clause).To(ReturnFirst(nil, nil), "no child is left that is running or unreaped")
}

// Considers expects that reaping without waiting considers children that run, and none that
// has ended: nil and the pid argument.
func (p *P) Considers(argument any, keys ...any) {
	r := p.For("REAP-NOHANG-4").ReapOsSubprocess(append(keys, key.Wait(false))...)
	p.notAgain(r)
	p.Expect(r).For("REAP-NOHANG-3").To(ReturnFirst(nil, argument), "the second value is the pid argument")
}

// Ignores expects that reaping considers no child, although there are some; clause is the
// one that says why.
func (p *P) Ignores(clause string, keys ...any) {
	r := p.For(clause).ReapOsSubprocess(keys...)
	p.notAgain(r)
	p.Expect(r).For(clause).To(ReturnFirst(nil, nil), "no child is considered")
}

// BeExitStatus matches the first value of a normal end: the exit code, or the wait word
// (REAP-STAT-1).
func BeExitStatus(code int) types.GomegaMatcher {
	return onValue(fmt.Sprintf("%d, or %d as a wait word", code, code<<8), func(v spec.Value) bool {
		return spec.Eql(v, spec.Int(code)) || spec.Eql(v, spec.Int(code<<8))
	})
}
