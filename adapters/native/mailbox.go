package native

import (
	"fmt"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// mailbox is a queue of objects, first in, first out. Its size is the number that fits
// without growing; it never shrinks (MBOX-SIZE-1, -2).
type mailbox struct {
	ref     spec.Ref
	name    string
	size    int
	made    int      // the size it was made with
	reader  spec.Ref // the process that made it, where make-mailbox did
	objects []spec.Value
	readers kit.Waiters // woken by an object
	senders kit.Waiters // woken by room
}

// defaultSize is the size of a mailbox made without :size (MBOX-MAKE-3).
const defaultSize = 16

func (s *system) newMailbox(name string) *mailbox {
	size := defaultSize
	if s.decide.defaultSize != nil {
		size = s.decide.defaultSize()
	}
	return s.newMailboxOf(size, name)
}

func (s *system) newMailboxOf(size int, name string) *mailbox {
	if s.decide.rounded != nil {
		size = s.decide.rounded(size)
	}
	m := &mailbox{name: name, size: size, made: size}
	m.ref = s.Name("mailbox", m)
	return m
}

// HasMail implements [kit.Mailbox].
func (m *mailbox) HasMail() bool { return len(m.objects) > 0 }

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
		size := 2 * m.size
		if s.decide.grown != nil {
			size = s.decide.grown(m.size)
		}
		m.size = min(max(size, len(m.objects)+1), limit)
	}
	m.objects = append(m.objects, v)
	m.readers.Wake()
	s.Changed()
}

// take removes the oldest object.
func (s *system) take(m *mailbox) (spec.Value, bool) {
	if len(m.objects) == 0 {
		return spec.Nil{}, false
	}
	v := m.objects[0]
	m.objects[0] = nil
	m.objects = m.objects[1:]
	if s.decide.shrunk != nil {
		m.size = s.decide.shrunk(m)
	}
	m.senders.Wake()
	return v, true
}

// roomFor tells whether an object can be added under a limit, which bounds growth only:
// room that exists stays usable (MBOX-LIM-1, -3). Limit 0 leaves none ([decisions].oddLimit).
func (m *mailbox) roomFor(limit int) bool { return limit > 0 && len(m.objects) < max(m.size, limit) }

// makeMailbox makes an empty mailbox (MBOX-MAKE-1). A size must be positive.
func makeMailbox(f *frame, c spec.Call) ([]spec.Value, error) {
	name := ""
	if v := kit.Keyword(c, "name"); spec.Truth(v) {
		text, ok := f.sys.Text(v)
		if !ok {
			text = v.String()
		}
		name = text
	}
	var m *mailbox
	if v := kit.Keyword(c, "size"); spec.Truth(v) {
		size, err := f.sys.sizeOf(v)
		if err != nil {
			return nil, err
		}
		m = f.sys.newMailboxOf(size, name)
	} else {
		m = f.sys.newMailbox(name)
	}
	m.reader = f.proc.ref
	return kit.One(m.ref), nil
}

// sizeOf reads a size: a positive integer (MBOX-MAKE-3).
func (s *system) sizeOf(v spec.Value) (int, error) {
	n, ok := v.(spec.Int)
	if ok && n < 0 && s.decide.negativeSize {
		n = 0
	}
	switch {
	case ok && n == 0 && s.decide.zeroWorks:
		return 0, nil
	case !ok || n < 1 || n > maxSize:
		return 0, kit.TypeError("the size", v, "a positive integer")
	}
	return int(n), nil
}

// onMailbox makes the operations whose first argument is a mailbox (MBOX-ARG-1).
func onMailbox(perform func(f *frame, m *mailbox, c spec.Call) ([]spec.Value, error)) operation {
	return func(f *frame, c spec.Call) ([]spec.Value, error) {
		m, err := f.sys.mailboxOf(c.Args[0])
		switch {
		case err == nil:
			return perform(f, m, c)
		case f.sys.decide.notMailbox != nil:
			return f.sys.decide.notMailbox()
		}
		return nil, err
	}
}

// mailboxSend adds without waiting (MBOX-SEND-1 to -3).
func mailboxSend(f *frame, m *mailbox, c spec.Call) ([]spec.Value, error) {
	f.sys.put(m, c.Args[1], maxSize)
	if f.sys.decide.sent != nil {
		return f.sys.decide.sent()
	}
	return kit.One(c.Args[1]), nil
}

// mailboxSendLimited adds where there is room, or where the mailbox may grow, and else
// waits for room until the time runs out or the wait function holds (MBOX-LIM-1 to -7).
func mailboxSendLimited(f *frame, m *mailbox, c spec.Call) ([]spec.Value, error) {
	limit, limited, err := f.sys.limitOf(c.Args[2])
	if err != nil {
		return nil, err
	}
	if !limited {
		f.sys.put(m, c.Args[1], limit)
		return kit.One(spec.True{}), nil
	}
	within, err := f.sys.TimeoutOf("the timeout", c.Arg(3))
	if err != nil {
		return nil, err
	}
	enough, err := f.WaitFunction(c.Arg(5))
	if err != nil {
		return nil, err
	}
	return kit.One(spec.Bool(f.sendLimited(m, c.Args[1], limit, within, enough, f.sys.Predicates()))), nil
}

// sendLimited is the limited send of mailbox-send-limited and process-send (SEND-LIM-4):
// it tells whether it added the object. enough, evaluated where there is no room, gives
// the wait up; it may depend on what the lists are woken for.
func (f *frame) sendLimited(m *mailbox, v spec.Value, limit int, within kit.Timeout, enough func() bool, lists ...*kit.Waiters) bool {
	added := false
	add := func() bool {
		if added = m.roomFor(limit); added {
			f.sys.put(m, v, limit)
		}
		return added
	}
	ended := f.Wait(fmt.Sprintf("room in mailbox %s", m), within, func() bool {
		if f.sys.decide.enoughFirst && enough() {
			return true
		}
		return add() || enough()
	}, append(lists, &m.senders)...)
	if ended == kit.Over && f.Unwound() && !added && f.sys.decide.killTakes {
		add()
	}
	return added
}

// mailboxRead removes the oldest object, waiting for one (MBOX-READ-1 to -6).
func mailboxRead(f *frame, m *mailbox, c spec.Call) ([]spec.Value, error) {
	within, err := f.sys.TimeoutOf("the timeout", c.Arg(2))
	if err != nil {
		return nil, err
	}
	v, read := f.receive(m, within, kit.Never)
	return []spec.Value{v, spec.Bool(read)}, nil
}

// receive takes the oldest object, waiting until the time runs out or enough holds.
func (f *frame) receive(m *mailbox, within kit.Timeout, enough func() bool, lists ...*kit.Waiters) (v spec.Value, received bool) {
	v = spec.Nil{}
	ended := f.Wait(fmt.Sprintf("an object in mailbox %s", m), within, func() bool {
		v, received = f.sys.take(m)
		return received || enough()
	}, append(lists, &m.readers)...)
	if ended == kit.Over && f.Unwound() && !received && f.sys.decide.killTakes {
		f.sys.take(m)
	}
	return v, received
}

func mailboxPeek(_ *frame, m *mailbox, _ spec.Call) ([]spec.Value, error) {
	if len(m.objects) == 0 {
		return []spec.Value{spec.Nil{}, spec.Nil{}}, nil
	}
	return []spec.Value{m.objects[0], spec.True{}}, nil
}

// mailboxWait waits for an object and leaves it there (MBOX-WAIT-1).
func mailboxWait(f *frame, m *mailbox, c spec.Call) ([]spec.Value, error) {
	within, err := f.sys.TimeoutOf("the timeout", c.Arg(2))
	if err != nil {
		return nil, err
	}
	found := f.Wait(fmt.Sprintf("mailbox %s to hold an object", m), within,
		func() bool { return len(m.objects) > 0 }, &m.readers)
	return kit.One(spec.Bool(found == kit.Held)), nil
}

// ofMailbox makes the operations that ask one thing of a mailbox (MBOX-PRED-1,
// MBOX-SIZE-1, MBOX-FULL-1).
func ofMailbox(ask func(*mailbox) spec.Value) operation {
	return onMailbox(func(_ *frame, m *mailbox, _ spec.Call) ([]spec.Value, error) { return kit.One(ask(m)), nil })
}

// mailboxSize tells the whole of the size (MBOX-SIZE-2).
func mailboxSize(f *frame, m *mailbox, _ spec.Call) ([]spec.Value, error) {
	if f.sys.decide.roomLeft {
		return kit.One(spec.Int(max(0, m.size-len(m.objects)))), nil
	}
	return kit.One(spec.Int(m.size)), nil
}

// mailboxReader is the process that made the mailbox: of LispWorks before 6.1 (MBOX-MAKE-2).
func mailboxReader(f *frame, m *mailbox, _ spec.Call) ([]spec.Value, error) {
	if f.sys.decide.readers && m.reader.ID != "" {
		return kit.One(m.reader), nil
	}
	return kit.One(spec.Nil{}), nil
}

func processMailbox(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	if p.mailbox == nil || f.sys.decide.mailGone && p == f.proc && p.phase == cleaning {
		return kit.One(spec.Nil{}), nil
	}
	return kit.One(p.mailbox.ref), nil
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
	return kit.One(c.Args[1]), nil
}
