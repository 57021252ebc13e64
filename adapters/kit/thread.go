package kit

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// A Thread is what code runs on: a process, or what is none, as that of a status hook, which no operation names and nobody can kill.
// Its goroutine executes its operations. All methods but IsProcess, Ref and Label are called with the monitor held.
type Thread struct {
	// Own is the implementation's part of it, as its process; set by whoever makes it, before anything runs on it.
	Own any
	// Resting is true while nothing runs on it that could go on, though it lives: Close neither waits for it nor counts it.
	Resting bool

	sys   *System
	ref   spec.Ref // of a process
	label string   // for people
	top   *Frame   // the innermost frame

	behind bool          // its life goes on without the goroutine that is in its code
	gone   chan struct{} // closed when that code is left

	woken    chan struct{} // holds one wakeup
	blocked  bool          // it waits, and nothing has woken it
	waitsFor string
}

// NewProcess makes a thread that is a process, known by a reference which denotes own, and alive from now on: until [Thread.Ends] it
// counts as left where the system is closed. label is for people.
func (s *System) NewProcess(label string, own any) *Thread {
	t := &Thread{sys: s, label: label, Own: own, woken: make(chan struct{}, 1)}
	t.ref = s.Name("process", own)
	t.Lives()
	return t
}

// NewThread makes a thread that is no process.
func (s *System) NewThread(label string) *Thread {
	t := &Thread{sys: s, label: label, woken: make(chan struct{}, 1)}
	t.Lives()
	if s.hooks.NewThread != nil {
		s.hooks.NewThread(t)
	}
	return t
}

// Lives has a thread that has ended live again.
func (t *Thread) Lives() { t.sys.threads = append(t.sys.threads, t) }

// Ends ends the life of a thread.
func (t *Thread) Ends() {
	s := t.sys
	s.threads = slices.DeleteFunc(s.threads, func(u *Thread) bool { return u == t })
	s.Calmer()
}

// IsProcess tells whether the thread is a process.
func (t *Thread) IsProcess() bool { return t.ref.ID != "" }

// IsMain tells whether it is the process of the outermost frame.
func (t *Thread) IsMain() bool { return t == t.sys.main }

// Ref names the process, the zero Ref what is none.
func (t *Thread) Ref() spec.Ref { return t.ref }

// Label is what people call it.
func (t *Thread) Label() string { return t.label }

// IsBehind tells whether its life goes on without the goroutine that is in its code: see [Thread.LeaveBehind].
func (t *Thread) IsBehind() bool { return t.behind }

// IsBlocked tells whether it waits, and nothing has woken it.
func (t *Thread) IsBlocked() bool { return t.blocked }

// Top is the innermost frame, nil where no code runs.
func (t *Thread) Top() *Frame { return t.top }

// SetTop makes a frame the innermost, nil for none.
func (t *Thread) SetTop(f *Frame) { t.top = f }

// First makes the frame in which the first code of a thread runs, by [Frame.Run]. It is the innermost frame from when [Thread.SetTop]
// says so.
func (t *Thread) First(code spec.Callback) *Frame { return &Frame{sys: t.sys, thread: t, code: code} }

// Root is a frame of no code, in which a thread may wait and call code where none of its own runs, as between two cleanup forms.
func (t *Thread) Root() *Frame { return &Frame{sys: t.sys, thread: t} }

// Meanwhile does something without the monitor that takes as long as another thread's life, which the goroutine lives; this one counts
// as waiting for what completes "waits for".
func (t *Thread) Meanwhile(what string, do func()) {
	t.blocked, t.waitsFor = true, what
	t.sys.mu.Unlock()
	do()
	t.sys.mu.Lock()
	t.blocked = false
}

// WakeAll has all threads look again at what they wait for.
func (s *System) WakeAll() {
	for _, t := range s.threads {
		t.Wake()
	}
}

// System is the system that the thread is of.
func (t *Thread) System() *System { return t.sys }

// OnThread runs code on a thread of its own that is no process, the goroutine that calls; the monitor isn't held. Nothing runs in a
// closed system.
func (s *System) OnThread(label string, code spec.Callback, args []spec.Value) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	t := s.NewThread(label)
	first := t.First(code)
	t.top = first
	fn := s.Func(code)
	s.mu.Unlock()
	first.Run(fn, args)
	s.mu.Lock()
	defer s.mu.Unlock()
	t.Ends()
}
