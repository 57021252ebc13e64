// Copyright the mpcheck authors. SPDX-License-Identifier: MIT

package main

import (
	"context"
	"sync"
)

// YOURS: this file stands where your library belongs. Remove it, import yours, and have main.go call that.

// A Mailbox is an unbounded queue, first in, first out. It is safe for concurrent use.
type Mailbox struct {
	mu      sync.Mutex
	objects []any
	changed chan struct{} // closed and replaced by each Send
}

func NewMailbox() *Mailbox { return &Mailbox{changed: make(chan struct{})} }

// Send adds an object, and wakes who waits for one.
func (m *Mailbox) Send(object any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.objects = append(m.objects, object)
	close(m.changed)
	m.changed = make(chan struct{})
}

// Receive takes the oldest object, for which it waits until ctx is done; ok is false then. What is there is taken whatever ctx says.
func (m *Mailbox) Receive(ctx context.Context) (object any, ok bool) {
	for {
		m.mu.Lock()
		if len(m.objects) > 0 {
			object, m.objects = m.objects[0], m.objects[1:]
			m.mu.Unlock()
			return object, true
		}
		changed := m.changed
		m.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, false
		}
	}
}

// Peek is the oldest object, which stays there; ok is false where there is none.
func (m *Mailbox) Peek() (object any, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.objects) == 0 {
		return nil, false
	}
	return m.objects[0], true
}

// Len is how many there are.
func (m *Mailbox) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.objects)
}
