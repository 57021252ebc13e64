package refimpl

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A Strategy is a [spec.Choices] that looks at what it chooses among. Given as the Choices of a
// system, the simulator asks it for each act.
type Strategy interface {
	spec.Choices
	// Pick returns the index of the act that happens next. acts is not empty, and is the
	// scheduler's.
	Pick(s *model.State, acts []model.Act) int
	// End is told that the run is over, with the acts that were possible still.
	End(s *model.State, acts []model.Act)
}

// Thread is who acts: a process, a child, or the clock, which is 0.
func Thread(a model.Act) model.ID {
	if a.Kind == model.Obey {
		return a.Frame
	}
	return a.Process
}
