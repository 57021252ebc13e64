package protoactor

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// A mailbox is one of protoactor's, which hands its messages to an invoker, read by whoever asks: it is suspended while nobody does.
type mailbox struct {
	inner actor.Mailbox

	mu      sync.Mutex
	held    int          // sent and not yet taken
	ahead   []spec.Value // that came although nobody read
	readers []chan spec.Value
}

var _ actor.MessageInvoker = (*mailbox)(nil)

func newMailbox() *mailbox {
	m := &mailbox{inner: actor.Unbounded()()}
	m.inner.RegisterHandlers(m, actor.NewDefaultDispatcher(1))
	m.inner.Start()
	m.inner.PostSystemMessage(&actor.SuspendMailbox{})
	return m
}

// InvokeUserMessage is called by the mailbox with each message, one at a time.
func (m *mailbox) InvokeUserMessage(message any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := message.(spec.Value)
	if len(m.readers) == 0 {
		m.ahead = append(m.ahead, v)
	} else {
		m.held--
		m.readers[0] <- v
		m.readers = m.readers[1:]
	}
	if len(m.readers) == 0 {
		m.inner.PostSystemMessage(&actor.SuspendMailbox{}) // which it looks at before the next message
	}
}

func (m *mailbox) InvokeSystemMessage(any)       {}
func (m *mailbox) EscalateFailure(reason, _ any) { panic(reason) }

// HasMail lets cases wait for mail.
func (m *mailbox) HasMail() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.held > 0
}

func (m *mailbox) send(v spec.Value) {
	m.mu.Lock()
	m.held++
	m.mu.Unlock()
	var message any = v
	if !spec.Truth(v) {
		message = nil // Go's nil is what Lisp's is
	}
	m.inner.PostUserMessage(message)
}

// receive takes the oldest message, for which it waits until ctx is done. What is there is taken whatever ctx says.
func (m *mailbox) receive(ctx context.Context) (spec.Value, bool) {
	m.mu.Lock()
	if len(m.ahead) > 0 {
		defer m.mu.Unlock()
		v := m.ahead[0]
		m.ahead = m.ahead[1:]
		m.held--
		return v, true
	}
	mine := make(chan spec.Value, 1)
	m.readers = append(m.readers, mine)
	m.mu.Unlock()
	m.inner.PostSystemMessage(&actor.ResumeMailbox{})
	select {
	case v := <-mine:
		return v, true
	case <-ctx.Done():
	}
	// A message that is there is on its way to those who read; whose turn it is not gives up once none is left.
	for patience := time.NewTimer(mostPatience); ; {
		m.mu.Lock()
		i := slices.Index(m.readers, mine)
		if i >= 0 && (m.held == 0 || !waits(patience)) {
			m.readers = slices.Delete(m.readers, i, i+1)
			if len(m.readers) == 0 {
				m.inner.PostSystemMessage(&actor.SuspendMailbox{})
			}
			m.mu.Unlock()
			return spec.Nil{}, false
		}
		m.mu.Unlock()
		select {
		case v := <-mine:
			return v, true
		case <-time.After(time.Millisecond):
		}
	}
}

// mostPatience is how long a message may be on its way before it counts as lost.
const mostPatience = time.Second

func waits(patience *time.Timer) bool {
	select {
	case <-patience.C:
		return false
	default:
		return true
	}
}

func makeMailbox(f *kit.Frame, _ spec.Call) ([]spec.Value, error) {
	return kit.One(f.System().Name("mailbox", newMailbox())), nil
}

func send(f *kit.Frame, m *mailbox, c spec.Call) ([]spec.Value, error) {
	m.send(c.Args[1])
	f.System().Changed()
	return kit.One(c.Args[1]), nil
}

func read(f *kit.Frame, m *mailbox, c spec.Call) ([]spec.Value, error) {
	limit, err := f.System().TimeoutOf("the timeout", c.Arg(2))
	if err != nil {
		return nil, err
	}
	var v spec.Value
	there := false
	f.Outside("mail", func(ctx context.Context) {
		within, cancel := limit.Context(ctx)
		defer cancel()
		v, there = m.receive(within)
	})
	return []spec.Value{v, spec.Bool(there)}, nil
}

// size is what the mailbox says of itself, and what was taken out of it ahead.
func (m *mailbox) size() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.inner.UserMessageCount() + len(m.ahead)
}

func count(_ *kit.Frame, m *mailbox, _ spec.Call) ([]spec.Value, error) {
	return kit.One(spec.Int(m.size())), nil
}

func isEmpty(_ *kit.Frame, m *mailbox, _ spec.Call) ([]spec.Value, error) {
	return kit.One(spec.Bool(m.size() == 0)), nil
}

func isNotEmpty(_ *kit.Frame, m *mailbox, _ spec.Call) ([]spec.Value, error) {
	return kit.One(spec.Bool(m.size() > 0)), nil
}
