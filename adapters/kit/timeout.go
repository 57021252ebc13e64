package kit

import (
	"context"
	"math"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// A Timeout is a limit on a wait; the zero value is none.
type Timeout struct {
	Limited bool
	After   time.Duration
}

// Forever is no limit.
var Forever = Timeout{}

// Within is a limit.
func Within(after time.Duration) Timeout { return Timeout{true, after} }

// Context is ctx, done also once the time is out. The caller calls cancel. Where the limit is 0 it is done from the start, while what is
// there already has to be taken all the same: a select takes either of two cases that are ready, so look before you wait.
func (t Timeout) Context(ctx context.Context) (within context.Context, cancel context.CancelFunc) {
	if !t.Limited {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, t.After)
}

// TimeoutOf reads a timeout argument in seconds, which what names in an error: nil, or a non-negative real number of seconds.
// One too long for a time.Duration, some 290 years, is as good as none.
func (s *System) TimeoutOf(what string, v spec.Value) (Timeout, error) {
	if !spec.Truth(v) {
		return Forever, nil
	}
	seconds, ok := spec.Seconds(v)
	if ok && seconds < 0 && s.decide.NegativeIsZero || !ok && s.decide.NonRealIsZero {
		return Timeout{Limited: true}, nil
	}
	if !ok || math.IsNaN(seconds) || seconds < 0 {
		return Forever, TypeError(what, v, "a non-negative real number or nil")
	}
	if seconds >= math.MaxInt64/float64(time.Second) {
		return Forever, nil
	}
	return Timeout{true, time.Duration(math.Ceil(seconds * float64(time.Second)))}, nil
}
