package kit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// An Operation executes one operation, on the goroutine of the process that called it and with the monitor held. The arguments have been
// checked for their number and the names of keywords. An error is signalled to the caller, as what it is where it is or wraps a
// [*spec.Condition], as a simple-error otherwise; [ErrAbsent] says that the operation isn't offered in that form. What may wait is a
// [Frame.Wait], a [Frame.Outside] or a [Frame.Call]; nothing else may wait.
type Operation func(f *Frame, c spec.Call) ([]spec.Value, error)

// An Implementation is what is to be judged: its operations, and what it says of itself. All but Name and Operations may be left out.
type Implementation struct {
	Name    string
	Version string   // of what is judged; "1" where it is left out
	Profile []string // the manual pages that it follows, as "lispworks-8:MBOX": without one MUST clauses alone are judged

	// Operations are its own, by their names in docs/operations.md. Beside them the kit's own are offered, and, where
	// process-run-function isn't among its own, [Processes]; one of a name that the kit has is used instead of that.
	Operations map[string]Operation
	// Keywords are those which it has of the keywords that are claimed apart, as "make-mailbox :size".
	Keywords []string
	// Native are the operations and keywords that the host itself has, and which are merely called here: a verdict about them is one
	// about the host. All others are claimed as composed. Those of the kit need no claim.
	Native []string
	// Without are operations and keywords that are not offered.
	Without []string

	// Open is called with each new system before anything runs in it, without the monitor. Where it fails what it has begun is ended.
	Open func(*System) error
	// Poll is how often who waits for mail looks by itself (see [Mailbox]): 5 ms where it is 0, never where it is negative.
	Poll time.Duration

	Hooks     Hooks
	Decisions Decisions
}

// Hooks have an implementation take part in what the kit does, where it has processes of its own that can be stopped, interrupted, cleaned
// up. Each may be nil, and is called with the monitor held.
type Hooks struct {
	// Outermost makes the process of the outermost frame. live lives its life on the calling goroutine, without the monitor: it runs fn in
	// the first frame of t and returns once the process has ended.
	Outermost func(s *System) (t *Thread, live func(fn spec.Func))
	// NewThread is told of each thread that is no process.
	NewThread func(*Thread)
	// Instead answers in place of an operation, where it reports true, whatever is claimed: for what is wrong on purpose. The monitor may be
	// anybody's: it must be safe for concurrent use.
	Instead func(spec.Call) (spec.Return, bool)
	// Check checks a call instead of [CheckCall].
	Check func(*System, spec.Call) *spec.Condition
	// Before is called before an operation is performed, and After before it answers; code may run then.
	Before, After func(*Frame)
	// Waiting is called whenever a waiting operation would look. It then doesn't look where that holds, and asks again where something
	// has happened meanwhile, as after an interrupt.
	Waiting func(*Frame) (holds, again bool)
	// Unhandled is told of an error that signal-error signals and nobody handles. The process leaves all of its frames within to, nil for
	// all that there are.
	Unhandled func(f *Frame, condition *spec.Condition) (to *Frame)
	// BeforeForm is called before the cleanup form of an unwind-protect runs.
	BeforeForm func(*Frame)
	// Closing is called as a system is closed: the threads have been told, and not yet come to their ends. It returns how many children of
	// the operating system are left beside those of [System.Started].
	Closing func(*System) (children int)
	// Closed is called once all goroutines of the system have ended.
	Closed func(*System)
}

// New makes the adapter of an implementation. It is safe for concurrent use, and so are its systems; two systems share nothing of the
// kit's. An error says that a claim names nothing that there is.
func New(i Implementation) (spec.Adapter, error) {
	a := i.adapter()
	var err error
	a.handshake, err = i.handshake(a.operations)
	return a, err
}

// NewClaiming makes one that claims h instead, whether or not that is true: for what is wrong on purpose.
func NewClaiming(h spec.Handshake, i Implementation) spec.Adapter {
	a := i.adapter()
	a.handshake = h
	return a
}

// adapter makes it, without a handshake.
func (i Implementation) adapter() *adapter {
	a := &adapter{poll: i.Poll, open: i.Open, hooks: i.Hooks, decide: i.Decisions, operations: maps.Clone(operations)}
	if a.poll == 0 {
		a.poll = 5 * time.Millisecond
	}
	a.poll = max(a.poll, 0)
	if i.Operations["process-run-function"] == nil {
		maps.Copy(a.operations, Processes())
	}
	if a.hooks.Outermost == nil {
		a.hooks.Outermost = outermost
	}
	maps.Copy(a.operations, i.Operations)
	return a
}

// handshake claims the operations, and the keywords that are claimed apart.
func (i Implementation) handshake(operations map[string]Operation) (spec.Handshake, error) {
	h := spec.Handshake{
		Contract: spec.ContractVersion, Name: i.Name, Version: i.Version, Profile: slices.Clone(i.Profile),
		Clock: spec.Real, GranularityMS: 1, PID: os.Getpid(),
	}
	if h.Version == "" {
		h.Version = "1"
	}
	claims := append(slices.Sorted(maps.Keys(operations)), i.Keywords...)
	var faults []error
	for _, name := range i.Without {
		if !slices.Contains(claims, name) {
			faults = append(faults, fmt.Errorf("%s: without %q: nothing of that name is offered", i.Name, name))
		}
	}
	claims = slices.DeleteFunc(claims, func(name string) bool { return slices.Contains(i.Without, name) })
	for _, name := range claims {
		if !spec.Claimable(name) {
			faults = append(faults, fmt.Errorf("%s: nothing that can be claimed is named %q: docs/operations.md has what there is", i.Name, name))
		}
	}
	h.Claim(spec.Composed, claims...)
	for _, name := range i.Native {
		if !h.Offers(name) {
			faults = append(faults, fmt.Errorf("%s: %q is said to be native, and isn't offered", i.Name, name))
			continue
		}
		h.Claim(spec.Native, name)
	}
	return h, errors.Join(append(faults, h.Validate())...)
}

// Main is all of the main of an adapter's program: it serves the implementation to the harness that has started the program, and ends
// the program then.
func Main(i Implementation) {
	a, err := New(i)
	if err == nil {
		err = wire.ServeInherited(context.Background(), a)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

type adapter struct {
	handshake  spec.Handshake
	operations map[string]Operation
	hooks      Hooks
	decide     Decisions
	poll       time.Duration
	open       func(*System) error

	mu     sync.Mutex
	opened []*System
	closed bool
}

// Handshake returns a copy of the caller's own.
func (a *adapter) Handshake() spec.Handshake {
	h := a.handshake
	h.Capabilities = slices.Clone(h.Capabilities)
	h.Profile = slices.Clone(h.Profile)
	h.Operations = maps.Clone(h.Operations)
	return h
}

// Open makes a system, a [*System]. Its goroutines, channels and timers are made by the goroutines that
// use it, so that it may live in a testing/synctest bubble.
func (a *adapter) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := newSystem(cfg)
	s.operations, s.handshake, s.hooks, s.decide, s.poll = a.operations, a.handshake, a.hooks, a.decide, a.poll
	s.closing = func() { a.forget(s) }
	if a.open != nil {
		if err := a.open(s); err != nil {
			s.hooks = Hooks{} // which may take for granted that it was opened
			_, fault := s.Close()
			return nil, fmt.Errorf("opening a system: %w", errors.Join(err, fault))
		}
	}
	a.mu.Lock()
	closed := a.closed
	if !closed {
		a.opened = append(a.opened, s)
	}
	a.mu.Unlock()
	if closed {
		_, fault := s.Close()
		return nil, errors.Join(fmt.Errorf("opening a system: the %s adapter is closed", a.handshake.Name), fault)
	}
	return s, nil
}

func (a *adapter) forget(s *System) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.opened = slices.DeleteFunc(a.opened, func(o *System) bool { return o == s })
}

// Close closes every system that is still open. The error joins theirs.
func (a *adapter) Close() error {
	a.mu.Lock()
	a.closed = true
	open := slices.Clone(a.opened)
	a.mu.Unlock()
	var faults []error
	for _, s := range open {
		_, err := s.Close()
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}
