package native

import (
	"math"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// maxSize bounds the size of a mailbox, far above what memory holds, so that doubling it
// can't overflow.
const maxSize = math.MaxInt / 4

// interactivePriority is what :change-priority t sets, the number that the samples in the
// manuals show for interactive tools; the documents give none (SEND-PRI-4).
const interactivePriority = 60_000_000

// limitOf reads a limit: a positive integer (SEND-LIM-2, -3).
func limitOf(v spec.Value) (int, error) {
	switch v := v.(type) {
	case spec.Int:
		if v > 0 {
			return int(min(v, maxSize)), nil
		}
	case spec.BigInt:
		if v.String()[0] != '-' {
			return maxSize, nil
		}
	}
	return 0, typeError("the limit", v, "a positive integer")
}

// changedPriority is the priority that a send gives its target: :default, also when
// absent, goes back to the one it was created with or set to by change-process-priority.
func changedPriority(p *process, c spec.Call) (int64, error) {
	v, given := c.Key("change-priority")
	if !given {
		return p.normal, nil
	}
	switch x := v.(type) {
	case spec.Nil:
		return p.priority, nil
	case spec.True:
		return interactivePriority, nil
	case spec.Symbol:
		if x.Package == "KEYWORD" && strings.EqualFold(x.Name, "default") {
			return p.normal, nil
		}
	case spec.Int:
		return int64(x), nil
	}
	return 0, typeError("change-priority", v, "a fixnum, nil, t or :default")
}

// processSend queues an object in the mailbox of a process, making one where there is
// none (SEND-Q-1 to -6, SEND-MB-1 to -5). With a limit it is a limited send, given up when
// the process dies; without one the timeout isn't looked at (SEND-TMO-1). A send that fails
// leaves the priority alone (SEND-PRI-5), and a dead process gets neither the object
// nor a mailbox (SEND-DEAD-1 to -8).
func processSend(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	p, err := s.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	if _, err := changedPriority(p, c); err != nil {
		return nil, err
	}
	limit, within, limited := maxSize, forever, false
	if v := keyword(c, "limit"); spec.Truth(v) {
		limited = true
		if limit, err = limitOf(v); err != nil {
			return nil, err
		}
		if within, err = timeoutOf("the timeout", keyword(c, "timeout")); err != nil {
			return nil, err
		}
	}
	added := false
	if p.phase != dead {
		if p.mailbox == nil {
			p.mailbox = s.newMailbox(p.name)
		}
		if limited {
			added = f.sendLimited(p.mailbox, c.Args[1], limit, within,
				func() bool { return p.phase == dead }, &p.joiners)
		} else {
			s.put(p.mailbox, c.Args[1], maxSize)
			added = true
		}
	}
	if added {
		// It was checked above, and is computed now for the time of the effect.
		p.priority, _ = changedPriority(p, c)
	} else if p.phase == dead && spec.Truth(keyword(c, "error-if-dead-p")) {
		return nil, &spec.Condition{
			Type: "simple-error", Continuable: true,
			Message: "process-send: " + p.ref.String() + " is dead",
		}
	}
	return one(spec.Bool(added)), nil
}

// processWaitForEvent reads the current process's own mailbox, which it makes where there
// is none (EVENT-PWE-1 to -3).
func processWaitForEvent(f *frame, c spec.Call) ([]spec.Value, error) {
	p := f.proc
	if p.mailbox == nil {
		p.mailbox = f.sys.newMailbox(p.name)
	}
	return f.waitForEvent(p.mailbox, c)
}

func mailboxWaitForEvent(f *frame, c spec.Call) ([]spec.Value, error) {
	m, err := f.sys.mailboxOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	return f.waitForEvent(m, c)
}

// waitForEvent takes the oldest object; it returns nil at once with a true no-hang-p, and
// as soon as the wait function holds while there is no object (EVENT-MWE-1 to -5). It
// never interprets the object (EVENT-INT-1).
func (f *frame) waitForEvent(m *mailbox, c spec.Call) ([]spec.Value, error) {
	enough, err := f.waitFunctionOf(keyword(c, "wait-function"))
	if err != nil {
		return nil, err
	}
	within := forever
	if spec.Truth(keyword(c, "no-hang-p")) {
		within = timeout{limited: true}
	}
	v, _ := f.receive(m, within, enough, &f.sys.predicate)
	return one(v), nil
}
