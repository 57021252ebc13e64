package native

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// mailbox is a queue of objects, first in, first out. Its size is the number that fits
// without growing; it never shrinks (MBOX-SIZE-1, -2).
type mailbox struct {
	ref     spec.Ref
	name    string
	size    int
	objects []spec.Value
	readers waiters // woken by an object
	senders waiters // woken by room
}

// defaultSize is the size of a mailbox made without :size (MBOX-MAKE-3).
const defaultSize = 16

func (s *system) newMailbox(name string) *mailbox {
	m := &mailbox{name: name, size: defaultSize}
	m.ref = s.name("mailbox", m)
	return m
}

func (m *mailbox) String() string {
	if m.name == "" {
		return m.ref.String()
	}
	return fmt.Sprintf("%s %q", m.ref, m.name)
}

// put queues an object, growing the mailbox where it is full: to double its size, but not
// beyond limit, which must leave room (MBOX-SEND-1, -2, MBOX-LIM-2).
func (s *system) put(m *mailbox, v spec.Value, limit int) {
	if len(m.objects) >= m.size {
		m.size = min(2*m.size, limit)
	}
	m.objects = append(m.objects, v)
	m.readers.wake()
	s.predicate.wake()
}

// take removes the oldest object.
func (m *mailbox) take() (spec.Value, bool) {
	if len(m.objects) == 0 {
		return spec.Nil{}, false
	}
	v := m.objects[0]
	m.objects[0] = nil
	m.objects = m.objects[1:]
	m.senders.wake()
	return v, true
}

// roomFor tells whether an object can be added under a limit, which bounds growth only:
// room that exists stays usable (MBOX-LIM-1, -3).
func (m *mailbox) roomFor(limit int) bool { return len(m.objects) < max(m.size, limit) }

// makeMailbox makes an empty mailbox (MBOX-MAKE-1). A size must be positive.
func makeMailbox(f *frame, c spec.Call) ([]spec.Value, error) {
	m := &mailbox{size: defaultSize}
	if v := keyword(c, "size"); spec.Truth(v) {
		n, ok := v.(spec.Int)
		if !ok || n < 1 || n > maxSize {
			return nil, typeError("the size", v, "a positive integer")
		}
		m.size = int(n)
	}
	if v := keyword(c, "name"); spec.Truth(v) {
		text, ok := f.sys.text(v)
		if !ok {
			text = v.String()
		}
		m.name = text
	}
	m.ref = f.sys.name("mailbox", m)
	return one(m.ref), nil
}

// mailboxSend adds without waiting (MBOX-SEND-1 to -3).
func mailboxSend(f *frame, c spec.Call) ([]spec.Value, error) {
	m, err := f.sys.mailboxOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	f.sys.put(m, c.Args[1], maxSize)
	return one(c.Args[1]), nil
}

// mailboxSendLimited adds where there is room, or where the mailbox may grow, and else
// waits for room until the time runs out or the wait function holds (MBOX-LIM-1 to -7).
func mailboxSendLimited(f *frame, c spec.Call) ([]spec.Value, error) {
	m, err := f.sys.mailboxOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	limit, err := limitOf(c.Args[2])
	if err != nil {
		return nil, err
	}
	within, err := timeoutOf("the timeout", c.Arg(3))
	if err != nil {
		return nil, err
	}
	enough, err := f.waitFunctionOf(c.Arg(5))
	if err != nil {
		return nil, err
	}
	return one(spec.Bool(f.sendLimited(m, c.Args[1], limit, within, enough, &f.sys.predicate))), nil
}

// sendLimited is the limited send of mailbox-send-limited and process-send (SEND-LIM-4):
// it tells whether it added the object. enough, evaluated where there is no room, gives
// the wait up; it may depend on what the lists are woken for.
func (f *frame) sendLimited(m *mailbox, v spec.Value, limit int, within timeout, enough func() bool, lists ...*waiters) bool {
	added := false
	f.wait(fmt.Sprintf("room in mailbox %s", m), within, func() bool {
		if added = m.roomFor(limit); added {
			f.sys.put(m, v, limit)
		}
		return added || enough()
	}, append(lists, &m.senders)...)
	return added
}

// mailboxRead removes the oldest object, waiting for one (MBOX-READ-1 to -6).
func mailboxRead(f *frame, c spec.Call) ([]spec.Value, error) {
	m, err := f.sys.mailboxOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	within, err := timeoutOf("the timeout", c.Arg(2))
	if err != nil {
		return nil, err
	}
	v, read := f.receive(m, within, never)
	return []spec.Value{v, spec.Bool(read)}, nil
}

// receive takes the oldest object, waiting until the time runs out or enough holds.
func (f *frame) receive(m *mailbox, within timeout, enough func() bool, lists ...*waiters) (v spec.Value, received bool) {
	v = spec.Nil{}
	f.wait(fmt.Sprintf("an object in mailbox %s", m), within, func() bool {
		v, received = m.take()
		return received || enough()
	}, append(lists, &m.readers)...)
	return v, received
}

func mailboxPeek(f *frame, c spec.Call) ([]spec.Value, error) {
	m, err := f.sys.mailboxOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	if len(m.objects) == 0 {
		return []spec.Value{spec.Nil{}, spec.Nil{}}, nil
	}
	return []spec.Value{m.objects[0], spec.True{}}, nil
}

// mailboxWait waits for an object and leaves it there (MBOX-WAIT-1).
func mailboxWait(f *frame, c spec.Call) ([]spec.Value, error) {
	m, err := f.sys.mailboxOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	within, err := timeoutOf("the timeout", c.Arg(2))
	if err != nil {
		return nil, err
	}
	found := f.wait(fmt.Sprintf("mailbox %s to hold an object", m), within,
		func() bool { return len(m.objects) > 0 }, &m.readers)
	return one(spec.Bool(found == held)), nil
}

// ofMailbox makes the operations that ask one thing of a mailbox (MBOX-PRED-1,
// MBOX-SIZE-1, MBOX-FULL-1).
func ofMailbox(ask func(*mailbox) spec.Value) operation {
	return func(f *frame, c spec.Call) ([]spec.Value, error) {
		m, err := f.sys.mailboxOf(c.Args[0])
		if err != nil {
			return nil, err
		}
		return one(ask(m)), nil
	}
}

func processMailbox(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	if p.mailbox == nil {
		return one(spec.Nil{}), nil
	}
	return one(p.mailbox.ref), nil
}

// setProcessMailbox is (setf process-mailbox); nil takes the mailbox away (MBOX-PM-1).
func setProcessMailbox(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	var m *mailbox
	if spec.Truth(c.Args[1]) {
		if m, err = f.sys.mailboxOf(c.Args[1]); err != nil {
			return nil, err
		}
	}
	p.mailbox = m
	return one(c.Args[1]), nil
}
