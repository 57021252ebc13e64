package kit

import (
	"math/rand/v2"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// Decisions are what the documents leave open in what the kit does, and how long it may take over it. The zero value is the kit's way;
// they are for an implementation that is many right ones at once. Each delay is the most that something is late, drawn anew each time.
type Decisions struct {
	Enters   time.Duration // code that is entered is told of
	Returns  time.Duration // an answer is told
	Goners   time.Duration // and the answer of an operation that is gone
	Timeouts time.Duration // a wait notices that its time is out
	Alarms   time.Duration // between two wakeups for nothing

	HandsOver    func([]*Waiter) // MBOX-LIM-7, MBOX-READ-5: sorts those that wait in the order of their turns
	AnswersFirst bool            // MBOX-READ-6: a wait that was granted answers, and the kill takes the next operation

	NegativeIsZero bool       // SEND-TMO-4
	NonRealIsZero  bool       // SEND-TMO-4
	Continued      spec.Value // SEND-DEAD-3: the value of an operation that was continued; nil: nil
}

// AtMost draws a delay.
func AtMost(most time.Duration) time.Duration {
	if most <= 0 {
		return 0
	}
	return rand.N(most)
}

// Dawdle lets some time pass, at most so much. The monitor isn't held.
func Dawdle(most time.Duration) {
	if most > 0 {
		time.Sleep(AtMost(most))
	}
}
