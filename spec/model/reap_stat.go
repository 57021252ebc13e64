package model

import "github.com/mpcheck/mpcheck/spec"

// How the end of a child is told.

// The ways to tell of an end by signal n beside its number in the third value:
// n, -n, 128 + n, 0, and in an open state any integer, the third value being n. A normal
// end is told by the exit code, or throughout by the wait word, code times 256, unless
// the adapter's profile has the code.
const (
	statusWayCount = 5
	statusAnother  = statusWayCount - 1

	statusCode = 0
	statusWord = 1
)

var (
	signalWays = []int{0, 1, 2, 3}
	normalWays = []int{statusCode}
	wordWays   = []int{statusWord}
	eitherWays = []int{statusCode, statusWord}
	allWays    = []int{0, 1, 2, 3, statusAnother}
)

// tellsWaitWords tells whether a status may be told by its wait word, as REAP-STAT-1 accepts: where what wants the
// exit code is not judged.
func (cfg Config) tellsWaitWords() bool { return cfg.Judges != nil && !cfg.Judges("REAP-STAT-5") }

func (s *State) statusWays(f, c ID) []int {
	code, signal := s.get(c, childStatus)&0xffff, s.get(c, childStatus)>>16
	_, told := s.foretoldNumber(f)
	switch {
	case signal != 0 && s.open && told && s.get(f, frameForetoldCount) > 2:
		return allWays
	case signal != 0:
		return signalWays
	case !s.waitWords || code == 0 || s.decided(stickyStatus) == first:
		return normalWays
	case s.decided(stickyStatus) == second:
		return wordWays
	}
	return eitherWays
}

// status returns the first value and the third.
func (s *State) status(r *reaping, c ID, way int) (status, signal spec.Value) {
	code, n := int(s.get(c, childStatus)&0xffff), int(s.get(c, childStatus)>>16)
	switch {
	case n != 0:
		r.citeValue(s, 0, "REAP-STAT-3")
		r.citeValue(s, 2, "REAP-STAT-4")
		if way == statusAnother {
			return s.u.Value(s.learned(r.f)), spec.Int(n)
		}
		return spec.Int([statusAnother]int{n, -n, 128 + n, 0}[way]), spec.Int(n)
	case way == statusWord:
		r.citeValue(s, 0, "REAP-STAT-1")
		s.decide(stickyStatus, second)
		return spec.Int(code << 8), spec.Nil{}
	case s.waitWords && code != 0:
		s.decide(stickyStatus, first)
	}
	r.citeValue(s, 0, "REAP-STAT-1", "REAP-STAT-5")
	return spec.Int(code), spec.Nil{}
}
