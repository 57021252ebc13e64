package native

import (
	"fmt"
	"math"
	"strings"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// maxSize bounds the size of a mailbox, far above what memory holds, so that doubling it
// can't overflow.
const maxSize = math.MaxInt / 4

// interactivePriority is what :change-priority t sets, the number that the samples in the
// manuals show for interactive tools; the documents give none (SEND-PRI-4).
const interactivePriority = 60_000_000

// limitOf reads a limit: a positive integer (SEND-LIM-2, -3).
func (s *system) limitOf(v spec.Value) (limit int, limited bool, err error) {
	switch v := v.(type) {
	case spec.Int:
		if v > 0 {
			return int(min(v, maxSize)), true, nil
		}
	case spec.BigInt:
		if v.String()[0] != '-' {
			return maxSize, true, nil
		}
	}
	if s.decide.oddLimit != nil {
		limit, limited = s.decide.oddLimit()
		return limit, limited, nil
	}
	return 0, false, kit.TypeError("the limit", v, "a positive integer")
}

// changedPriority is the priority that a send gives its target: :default, also when
// absent, goes back to the one it was created with or set to by change-process-priority.
func (s *system) changedPriority(p *process, c spec.Call) (int64, error) {
	v, given := c.Key("change-priority")
	if !given {
		v = spec.Keyword("default")
	}
	switch x := v.(type) {
	case spec.Nil:
		return p.priority, nil
	case spec.True:
		if s.decide.prioritySentT != nil {
			return s.decide.prioritySentT(p), nil
		}
		return interactivePriority, nil
	case spec.Symbol:
		if x.Package == "KEYWORD" && strings.EqualFold(x.Name, "default") {
			if s.decide.priorityDefault != nil {
				return s.decide.priorityDefault(p), nil
			}
			return p.normal, nil
		}
	case spec.Int:
		return int64(x), nil
	}
	if s.decide.oddChangeIgnored {
		return p.priority, nil
	}
	return 0, kit.TypeError("change-priority", v, "a fixnum, nil, t or :default")
}

// processSend queues an object in the mailbox of a process, making one where there is
// none (SEND-Q-1 to -6, SEND-MB-1 to -5). With a limit it is a limited send, given up when
// the process dies; without one the timeout isn't looked at (SEND-TMO-1). A send that fails
// leaves the priority alone (SEND-PRI-5), and a dead process gets neither the object
// nor a mailbox (SEND-DEAD-1 to -8).
func processSend(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	p, err := s.targetOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	if _, err := s.changedPriority(p, c); err != nil {
		return nil, err
	}
	limit, within, limited := maxSize, kit.Forever, false
	if v := kit.Keyword(c, "limit"); spec.Truth(v) {
		if limit, limited, err = s.limitOf(v); err != nil {
			return nil, err
		}
		if within, err = s.TimeoutOf("the timeout", kit.Keyword(c, "timeout")); err != nil {
			return nil, err
		}
	}
	noError := !spec.Truth(kit.Keyword(c, "error-if-dead-p"))
	added, refused := false, s.deadForSend(p)
	if p.mailbox == nil && (!refused || s.decide.mailboxOfDead) {
		p.makeMailbox()
	}
	switch {
	case refused:
		if limited && within.Limited && noError && s.decide.deadWaitsOut {
			f.Wait("the time of a send to a dead process", within, kit.Never)
		}
	case limited:
		added = f.sendLimited(p.mailbox, c.Args[1], limit, within,
			func() bool { return p.phase == dead && !s.decide.outlivesTarget }, &p.joiners)
		refused = !added && p.phase == dead && !s.decide.deathIsFalse
	default:
		s.put(p.mailbox, c.Args[1], maxSize)
		added = true
	}
	if added || s.decide.failedSendChanges {
		// It was checked above, and is computed now for the time of the effect.
		p.priority, _ = s.changedPriority(p, c)
	}
	if refused && !noError {
		return nil, &spec.Condition{
			Type: "simple-error", Continuable: true,
			Message: "process-send: " + p.ref.String() + " is dead",
		}
	}
	return kit.One(spec.Bool(added)), nil
}

// targetOf reads the first argument of a send (SEND-ARG-1).
func (s *system) targetOf(v spec.Value) (*process, error) {
	if name, ok := s.Text(v); ok && s.decide.designators {
		if found := s.findName(name); spec.Truth(found) {
			v = found
		}
	}
	return s.processOf(v)
}

// deadForSend tells whether a send takes a process for dead (SEND-DEAD-5).
func (s *system) deadForSend(p *process) bool {
	switch p.phase {
	case living:
		return p.asked && s.decide.askedAsDead || !p.begun && s.decide.newAsDead
	case dead:
		return true
	}
	return s.decide.cleaningAsDead
}

// processWaitForEvent reads the current process's own mailbox, which it makes where there
// is none (EVENT-PWE-1 to -3).
func processWaitForEvent(f *frame, c spec.Call) ([]spec.Value, error) {
	if len(c.Args) > 0 { // EVENT-PWE-3
		m, err := f.sys.mailboxOf(c.Args[0])
		if err != nil {
			return nil, err
		}
		return mailboxWaitForEvent(f, m, c)
	}
	p, err := f.current(c)
	if err != nil {
		return nil, err
	}
	if p.mailbox == nil {
		p.makeMailbox()
	}
	return mailboxWaitForEvent(f, p.mailbox, c)
}

// mailboxWaitForEvent takes the oldest object; it returns nil at once with a true no-hang-p,
// and as soon as the wait function holds while there is no object (EVENT-MWE-1 to -5). It
// never interprets the object (EVENT-INT-1).
func mailboxWaitForEvent(f *frame, m *mailbox, c spec.Call) ([]spec.Value, error) {
	enough, err := f.WaitFunction(kit.Keyword(c, "wait-function"))
	if err != nil {
		return nil, err
	}
	within := kit.Forever
	if spec.Truth(kit.Keyword(c, "no-hang-p")) || f.sys.isSingle() { // EVENT-MWE-6
		within = kit.Timeout{Limited: true}
	}
	if f.sys.decide.enoughOnly && !within.Limited && spec.Truth(kit.Keyword(c, "wait-function")) { // EVENT-MWE-4
		f.Wait(fmt.Sprintf("the wait function on mailbox %s", m), kit.Forever, enough, f.sys.Predicates())
		within = kit.Timeout{Limited: true}
	}
	v, _ := f.receive(m, within, enough, f.sys.Predicates())
	return kit.One(v), nil
}
