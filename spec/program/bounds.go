package program

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// The bounds of one run of a program: a program may call itself without end. What somebody wrote,
// or a generator made, stays far below.
const (
	// MaxSteps is how many acts of the specification a run takes at most.
	MaxSteps = 20_000
	// MaxFrames is how many pieces of its code run, or wait for what they called, at a time.
	MaxFrames = 1_000
	// MaxParts is of how many parts, lists and what is in them, a value consists: one that is put
	// into a list twice, again and again, would soon fill the memory.
	MaxParts = 10_000
)

// Unbounded is the error of a run that left the bounds.
type Unbounded struct{ What string }

func (e *Unbounded) Error() string {
	return "a run of the program " + e.What + ": does it call itself without end?"
}

// TooLong, TooDeep and TooLarge are the errors of a run that left one of the bounds.
func TooLong() error {
	return &Unbounded{fmt.Sprintf("did not end within %d steps, which is as long as one may be", MaxSteps)}
}

// TooDeep is that of frames.
func TooDeep() error {
	return &Unbounded{fmt.Sprintf("has more than %d frames open at a time", MaxFrames)}
}

// TooLarge is that of parts.
func TooLarge() error {
	return &Unbounded{fmt.Sprintf("makes a value of more than %d parts", MaxParts)}
}

// IsLarge tells whether a value has more than [MaxParts] parts. It looks at no more of them.
func IsLarge(v spec.Value) bool { return parts(v, MaxParts) > MaxParts }

// parts counts the parts of a value, up to one more than most.
func parts(v spec.Value, most int) int {
	l, ok := v.(spec.List)
	if !ok {
		return 1
	}
	n := 1
	for _, item := range l.Items {
		if n += parts(item, most-n); n > most {
			return n
		}
	}
	if l.Dotted != nil {
		n += parts(l.Dotted, most-n)
	}
	return n
}
