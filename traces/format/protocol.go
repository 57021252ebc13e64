package format

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// A Protocol follows the labels of a trace and refuses those that no run can show whatever the
// specification says: a return of no call, two open calls of one frame. It is of one goroutine.
type Protocol struct {
	begun map[int]bool
	open  map[int]bool
}

// NewProtocol is one that has seen no label yet.
func NewProtocol() *Protocol { return &Protocol{begun: map[int]bool{}, open: map[int]bool{}} }

// Next takes the next label; the error names the field that is wrong, and what would be right.
func (p *Protocol) Next(l spec.Label) error {
	f := l.Frame
	switch l.Kind {
	case spec.QuietLabel, spec.ClockLabel:
		return nil
	case spec.EnterLabel:
		if p.begun[f] || p.begun[-f-1] {
			return fmt.Errorf("field frame: frame %d begins a second time; frames are numbered anew each time", f)
		}
		if len(p.begun) == 0 && f != 0 {
			return fmt.Errorf("field frame: frame %d begins first; the test's own, 0, does", f)
		}
		p.begun[f] = true
		return nil
	}
	if !p.begun[f] {
		return fmt.Errorf("field frame: frame %d does not run; an enter comes first", f)
	}
	switch l.Kind {
	case spec.CallLabel:
		if p.open[f] {
			return fmt.Errorf("field frame: frame %d has an open call; its return comes before another", f)
		}
		p.open[f] = true
	case spec.ReturnLabel, spec.GoneLabel:
		if !p.open[f] {
			return fmt.Errorf("field frame: frame %d has no open call that could end", f)
		}
		delete(p.open, f)
	case spec.LeaveLabel:
		if p.open[f] {
			return fmt.Errorf("field frame: frame %d leaves with an open call", f)
		}
		delete(p.begun, f)
		p.begun[-f-1] = true // it is left, and can't begin again
	}
	return nil
}
