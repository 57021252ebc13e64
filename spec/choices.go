package spec

// Choices answers every choice that a run makes: schedules, generated programs, shuffles.
// A seeded generator, a recorded list, a depth-first enumerator and fuzz bytes implement
// it, so that random, replayed, exhaustive and coverage-guided runs share one path.
// A Choices is used by one goroutine at a time.
type Choices interface {
	// Choose returns a number from 0 to n-1. It isn't called with n < 2.
	Choose(n int) int
}

// Seeded returns a generator whose numbers depend on seed alone: the same on every
// machine and with every version of Go (splitmix64, reduced by multiplication).
func Seeded(seed uint64) Choices { return &splitmix{seed} }

type splitmix struct{ state uint64 }

func (s *splitmix) next() uint64 {
	s.state += 0x9e3779b97f4a7c15
	z := s.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (s *splitmix) Choose(n int) int {
	// The bias of this reduction is below n/2^32, and n is small.
	return int(s.next() >> 32 * uint64(n) >> 32)
}

// Pick asks c where there is something to choose and answers 0 where there isn't.
func Pick(c Choices, n int) int {
	if n < 2 {
		return 0
	}
	return c.Choose(n)
}

// Shuffle permutes items in place by Fisher and Yates.
func Shuffle[T any](c Choices, items []T) {
	for i := len(items) - 1; i > 0; i-- {
		j := Pick(c, i+1)
		items[i], items[j] = items[j], items[i]
	}
}
