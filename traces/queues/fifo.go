package queues

import (
	"cmp"
	"math"
	"slices"
)

// A Message is the life of one object in a mailbox, in positions of whatever orders events:
// when its send was called and returned, and the same of the read that took it. A send that
// never returned, or a read that isn't known, has [Never]; the object is one of a kind.
type Message struct {
	SendCall, SendReturn int
	ReadCall, ReadReturn int
}

// Never is a position after all others.
const Never = math.MaxInt

// A Disorder is why a history of messages is none of a queue: the reads of two of them, or one
// that was read before it was sent.
type Disorder struct {
	// First was sent before Second, and Second was read before First, or First never; for a
	// message that was read too early the two are the same. Indices of the messages.
	First, Second int
}

// CheckFIFO tells whether a queue could have had this history: whether each operation can be
// given an instant between its call and its return so that what is read is always the oldest.
// For objects that are one of a kind that is a matter of pairs (Bouajjani, Emmi, Enea and Hamza,
// 2018): no read ends before its send begins, and where one send ends before another begins, the
// read of the second doesn't end before that of the first begins. lossy says that what was not
// read may have been taken by a reader that never returned. The time is that of sorting.
func CheckFIFO(messages []Message, lossy bool) *Disorder {
	bySend, byReturn := make([]int32, 0, len(messages)), make([]int32, 0, len(messages))
	for i, m := range messages {
		if m.ReadReturn < m.SendCall {
			return &Disorder{i, i}
		}
		bySend = append(bySend, int32(i))
		if m.SendReturn != Never && !(lossy && m.ReadReturn == Never) {
			byReturn = append(byReturn, int32(i))
		}
	}
	slices.SortFunc(bySend, func(a, b int32) int { return cmp.Compare(messages[a].SendCall, messages[b].SendCall) })
	slices.SortFunc(byReturn, func(a, b int32) int { return cmp.Compare(messages[a].SendReturn, messages[b].SendReturn) })
	// latest is, of the messages whose send has ended, the one whose read begins last.
	latest, next := int32(-1), 0
	for _, b := range bySend {
		for next < len(byReturn) && messages[byReturn[next]].SendReturn < messages[b].SendCall {
			if a := byReturn[next]; latest < 0 || messages[a].ReadCall > messages[latest].ReadCall {
				latest = a
			}
			next++
		}
		if latest >= 0 && messages[b].ReadReturn < messages[latest].ReadCall {
			return &Disorder{int(latest), int(b)}
		}
	}
	return nil
}
