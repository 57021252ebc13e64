package refimpl

import (
	"iter"

	"github.com/mpcheck/mpcheck/spec"
)

// A runner runs the code of one coroutine after another: to begin a goroutine, whose stack then has to grow, costs more than
// most code does. One that isn't used waits in the list of its owner, who has to end it.
type runner struct {
	co   *coroutine // whose code it runs, nil while it waits
	body func(spec.Frame) []spec.Value
	next func() (spec.Call, bool)
	stop func()
}

// runners are those of one owner that wait. They are used by one goroutine at a time.
type runners []*runner

// coroutine is one run by a runner.
func (rs *runners) coroutine(co *coroutine, body func(spec.Frame) []spec.Value) {
	var r *runner
	if n := len(*rs); n > 0 {
		r, *rs = (*rs)[n-1], (*rs)[:n-1]
	} else {
		r = newRunner()
	}
	r.co, r.body = co, body
	co.next = func() (spec.Call, bool) {
		call, alive := r.next()
		if r.co != nil {
			return call, alive
		}
		*rs = append(*rs, r)
		return spec.Call{}, false
	}
	// Code that is to end is let run to its end.
	co.stop = func() {
		if r.co == co {
			co.reply = spec.Return{Status: spec.Gone}
			co.next()
		}
	}
}

func newRunner() *runner {
	r := &runner{}
	r.next, r.stop = iter.Pull(func(yield func(spec.Call) bool) {
		for {
			r.co.yield = yield
			r.co.perform(r.body)
			r.co, r.body = nil, nil
			if !yield(spec.Call{}) {
				return
			}
		}
	})
	return r
}

// end ends those that wait.
func (rs *runners) end() {
	for _, r := range *rs {
		r.stop()
	}
	*rs = nil
}
