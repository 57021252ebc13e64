package script

import "github.com/mpcheck/mpcheck/spec"

// tearDown is the label at which the harness may have begun to end the system because it had given the
// run up; all labels where it had not. A test that comes to its end leaves its frame. One that
// doesn't was given up, or the trace was cut off: some time after the test's last label, and before the
// first operation that is then said never to return. From there on nothing can be learned.
func tearDown(labels []spec.Label) int {
	last := -1
	for i, l := range labels {
		if l.Frame == 0 && l.Kind < spec.QuietLabel {
			last = i
		}
	}
	if last < 0 || labels[last].Kind == spec.LeaveLabel || labels[last].Kind == spec.EnterLabel {
		return len(labels)
	}
	for i := last + 1; i < len(labels); i++ {
		if labels[i].Kind == spec.GoneLabel {
			return i
		}
	}
	return len(labels)
}
