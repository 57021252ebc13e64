package native

import (
	"slices"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// system is what native has of a system beside the kit. The monitor guards every field.
type system struct {
	*kit.System

	globals map[spec.Symbol]spec.Value // the global values of symbols
	methods map[string]spec.Callback   // of general-handle-event, by what new makes
	image   *launched                  // what a launched image knows of itself, nil in the first; constant

	processes []*process // those not dead, in order of creation
	born      int

	programs []*program    // of run and start, not yet reaped
	starting int           // children may be there that are in no list yet
	watching bool          // somebody looks after programs
	quit     chan struct{} // closed with the system

	children    []*child // not yet reaped, in order of starting
	childEvents kit.Waiters
	ends        int  // of children that were noticed as they ended
	ignoresEnds bool // of children: whoever ends is reaped

	decide    decisions // constant
	liberties []string  // by which it decides so; constant
	reaping   *process  // others are held while it reaps (decisions.holdsOthers)
	alone     *process  // others stand still while it runs with other threads disabled
}

// extend gives a system of the kit what native has of it.
func extend(k *kit.System, d decisions, liberties []string) {
	k.Own = &system{
		System: k, decide: d, liberties: liberties,
		globals: symbolsAtFirst(),
		methods: map[string]spec.Callback{},
		quit:    make(chan struct{}),
	}
}

func systemOf(k *kit.System) *system { return k.Own.(*system) }

// A frame is one of the kit, with what native has of its system and process.
type frame struct {
	*kit.Frame
	sys  *system
	proc *process
}

func frameOf(k *kit.Frame) *frame {
	p := k.Thread().Own.(*process)
	return &frame{k, p.sys, p}
}

// onFrame has a function of native's be one of the kit.
func onFrame(do func(*frame)) func(*kit.Frame) {
	return func(k *kit.Frame) { do(frameOf(k)) }
}

// hooks are where native takes part in what the kit does.
var hooks = kit.Hooks{
	Outermost: func(k *kit.System) (*kit.Thread, func(spec.Func)) {
		p := systemOf(k).newProcess(spec.String("outermost"), nil)
		return p.Thread, func(fn spec.Func) { p.run(0, fn, nil) }
	},
	NewThread: func(t *kit.Thread) {
		t.Own = &process{Thread: t, sys: systemOf(t.System()), name: t.Label(), begun: true}
	},
	Check:      func(k *kit.System, c spec.Call) *spec.Condition { return systemOf(k).checkArguments(c) },
	Before:     onFrame((*frame).before),
	After:      onFrame((*frame).after),
	Waiting:    func(k *kit.Frame) (holds, again bool) { return frameOf(k).waiting() },
	BeforeForm: onFrame((*frame).beforeForm),
	Unhandled:  func(k *kit.Frame, condition *spec.Condition) *kit.Frame { return frameOf(k).unhandled(condition) },
	Closing:    func(k *kit.System) (children int) { return systemOf(k).closing() },
	Closed:     func(k *kit.System) { systemOf(k).reapChildren() },
}

// before holds a process up that is stopped, has it take interrupts, and wait while another reaps.
func (f *frame) before() {
	if f.proc.standStill(); f.Over() {
		return
	}
	if !f.sys.decide.interruptsOnlyWaits {
		if f.takeInterrupts(); f.Over() {
			return
		}
	}
	if f.sys.reaping != nil {
		f.Wait("another process to reap a child", kit.Forever, func() bool { return true })
	}
}

func (f *frame) after() {
	if f.sys.decide.interruptsBeforeEnd {
		f.takeInterrupts()
	}
}

// waiting tells whether a process that waits doesn't look, and whether it has taken an interrupt.
func (f *frame) waiting() (holds, again bool) {
	s, p := f.sys, f.proc
	switch {
	case s.reaping != nil && s.reaping != p: // REAP-WAIT-2: suspended, it doesn't look.
		return true, false
	case f.interruptible(): // PROC-INT-1
		f.takeInterrupts()
		return false, true
	}
	return p.isBesideAlone() || p.isStopped() && !s.decide.waitsEnd, false // PROC-STOP-1
}

// closing ends what the system has beside its threads, and counts the children that are left.
func (s *system) closing() (children int) {
	children = len(s.children)
	for _, p := range s.processes {
		p.callOffStop()
	}
	s.killChildren()
	close(s.quit)
	return children
}

func (s *system) processOf(v spec.Value) (*process, error) {
	return kit.Lookup[*process](s.System, "process", v)
}

func (s *system) mailboxOf(v spec.Value) (*mailbox, error) {
	return kit.Lookup[*mailbox](s.System, "mailbox", v)
}

// identity is what a function was called by, comparable.
func identity(v spec.Value) any {
	switch v := v.(type) {
	case spec.Ref:
		return v.ID
	case spec.Symbol:
		return v
	}
	return nil
}

// current is the process of the frame.
func (f *frame) current(c spec.Call) (*process, error) {
	if !f.proc.IsProcess() {
		return nil, kit.SimpleError("%s: this thread is no process", c.Op)
	}
	return f.proc, nil
}

// without is a list without one element.
func without[T comparable](list []T, x T) []T {
	return slices.DeleteFunc(list, func(y T) bool { return x == y })
}
