package spec

import "time"

// Label is one observable event of a run. Labels of one frame are in its own order; labels
// of different frames are in the order in which the harness saw them.
type Label struct {
	Kind LabelKind
	// Frame is the number of the frame, 0 for the outermost, in order of entering.
	Frame int
	// Process is the frame's process where Kind is Enter, nil on a foreign thread.
	Process Value
	// Image is the number of the image in which the code of the frame runs, where Kind is Enter: 0 is the
	// first, which the harness opened.
	Image int
	// Callback is the Func that was entered, and Args what it was entered with.
	Callback Callback
	Args     []Value
	// Call is the operation where Kind is CallLabel.
	Call Call
	// Return is the outcome where Kind is ReturnLabel, and what the Func returned where it is
	// LeaveLabel.
	Return Return
	// At is the time since the system was opened: virtual, or the harness's.
	At time.Duration
}

// LabelKind says what happened.
type LabelKind uint8

// The kinds of labels. GoneLabel is an operation that never returned because its process
// unwound. On virtual time there are two more, which belong to no frame: QuietLabel where
// nothing can happen until time passes, ClockLabel where the clock moved to At.
const (
	CallLabel LabelKind = iota
	ReturnLabel
	GoneLabel
	EnterLabel
	LeaveLabel
	QuietLabel
	ClockLabel
)

// Recorder is told every label of a run. Record is called by one goroutine at a time, which
// may be the one that the run depends on: it must not wait for an operation, nor issue one.
type Recorder interface{ Record(Label) }
