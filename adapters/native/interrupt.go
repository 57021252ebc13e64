package native

import (
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Interrupting a process (PROC-INT-1): it takes what it is interrupted with before its next operation, and in its waits.

// interruptDecisions are those about when an interrupt is taken, and in what.
type interruptDecisions struct {
	interrupts           time.Duration // process-interrupt has it come so much later
	interruptsBeforeEnd  bool          // it is taken before an operation answers that has been done, too
	interruptsOnlyWaits  bool          // it is taken in waits alone
	newestInterruptFirst bool          // of several the latest is taken first
	interruptsBlocked    bool          // its code runs with interrupts blocked
	interruptsInCleanups bool          // it is taken in cleanup forms, too
	interruptsStopped    bool          // a process that is stopped in a wait takes it
	interruptOfDead      reply         // what process-interrupt does of a dead process
	localTerminatorTold  bool          // a local terminator is called with its process
}

// interrupt is code that a process has yet to call.
type interrupt struct {
	code spec.Callback
	args []spec.Value
}

// processInterrupt answers t.
func processInterrupt(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	p, err := s.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	code, err := s.FunctionOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	if p.phase == dead && s.decide.interruptOfDead != nil {
		return s.decide.interruptOfDead()
	}
	p.interrupt(interrupt{code, c.Args[2:]})
	return kit.One(spec.True{}), nil
}

// interrupt has the process take an interrupt when it may; the monitor is held.
func (p *process) interrupt(i interrupt) {
	s := p.sys
	comes := func() {
		if s.decide.newestInterruptFirst {
			p.interrupts = slices.Insert(p.interrupts, 0, i)
		} else {
			p.interrupts = append(p.interrupts, i)
		}
		p.Wake()
	}
	if s.decide.interrupts == 0 {
		comes()
		return
	}
	time.AfterFunc(s.decide.interrupts, func() {
		s.Lock()
		defer s.Unlock()
		if !s.IsClosed() && p.phase != dead {
			comes()
		}
	})
}

// interruptible tells whether an operation that is open in the frame may be interrupted now; the monitor is held.
func (f *frame) interruptible() bool {
	s, p := f.sys, f.proc
	switch {
	case len(p.interrupts) == 0 || p.Top() != f.Frame || f.Over() || p.IsBehind():
		return false
	case p.phase == dead || p.phase != living && !s.decide.interruptsInCleanups:
		return false
	case p.scope.blocked > 0 || s.reaping != nil || s.alone != nil && s.alone != p:
		return false
	}
	return !p.standsStill() || s.decide.interruptsStopped
}

// takeInterrupts calls what the process of a frame is interrupted with, while it may be interrupted; the monitor is held, but not
// while the code runs. The frame may be over afterwards.
func (f *frame) takeInterrupts() {
	for f.interruptible() {
		i, p := f.proc.interrupts[0], f.proc
		p.interrupts = p.interrupts[1:]
		f.takeInterrupt(i)
	}
}

func (f *frame) takeInterrupt(i interrupt) {
	p, d := f.proc, &f.sys.decide
	if d.interruptsBlocked {
		p.scope.blocked++
		defer p.leaveScope()
	}
	if p.stopped {
		p.thoughStopped++
		defer func() { p.thoughStopped-- }()
	}
	f.Call(i.code, i.args)
}
