package refimpl

import (
	"context"

	"github.com/mpcheck/mpcheck/spec/program"
)

// Bounded says why a search through the runs of a machine has to stop: ctx has ended, or the
// current run has left the bounds of package program. It is nil while the search may go on.
func (m *Machine) Bounded(ctx context.Context) error {
	switch {
	case m.Depth() > program.MaxSteps:
		return program.TooLong()
	case m.frames > program.MaxFrames:
		return program.TooDeep()
	case m.large:
		return program.TooLarge()
	}
	if m.asked++; m.asked%64 == 0 { // looking costs more than a step
		return ctx.Err()
	}
	return nil
}
