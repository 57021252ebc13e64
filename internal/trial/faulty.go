package trial

import (
	"context"

	"github.com/mpcheck/mpcheck/spec"
)

// Wrap makes an adapter of which each frame is what wrap makes of a right one.
func Wrap(right spec.Adapter, wrap func(f spec.Frame, outermost bool) spec.Frame) spec.Adapter {
	return wrapped{right, wrap}
}

type wrapped struct {
	spec.Adapter
	wrap func(f spec.Frame, outermost bool) spec.Frame
}

func (a wrapped) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	sys, err := a.Adapter.Open(ctx, cfg)
	return wrappedSystem{sys, a}, err
}

type wrappedSystem struct {
	spec.System
	adapter wrapped
}

func (s wrappedSystem) Register(fn spec.Func) spec.Callback {
	return s.System.Register(func(f spec.Frame, args []spec.Value) []spec.Value {
		return fn(s.adapter.wrap(f, false), args)
	})
}

func (s wrappedSystem) Run(test func(spec.Frame)) error {
	return s.System.Run(func(f spec.Frame) { test(s.adapter.wrap(f, true)) })
}

// An Answer answers a call in the place of a frame, or leaves that to the frame.
type Answer func(f spec.Frame, call spec.Call) (spec.Return, bool)

// replaced is a frame of which some operations are answered by another hand.
type replaced struct {
	spec.ProcessFrame
	answer Answer
}

func (r replaced) Do(call spec.Call) spec.Return {
	if ret, ok := r.answer(r.ProcessFrame, call); ok {
		return ret
	}
	return r.ProcessFrame.Do(call)
}

// Answering is a frame that is right but for what answer answers.
func Answering(f spec.Frame, answer Answer) spec.Frame {
	return replaced{f.(spec.ProcessFrame), answer}
}

// Replacing makes an adapter that is right but for what answer answers.
func Replacing(right spec.Adapter, answer Answer) spec.Adapter {
	return Wrap(right, func(f spec.Frame, _ bool) spec.Frame { return Answering(f, answer) })
}

// Forever is an operation that never returns, as far as the frame goes.
func Forever(f spec.Frame) spec.Return {
	gate := f.Do(spec.Call{Op: "make-gate"}).Primary()
	return f.Do(spec.Call{Op: "gate-wait", Args: []spec.Value{gate}})
}
