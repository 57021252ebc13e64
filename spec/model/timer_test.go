package model

import "testing"

// A timer outlives who set it, rings at its time and no other, and can be set anew, stopped and taken back.
func TestTimer(t *testing.T) {
	s := newScene(t)
	p, f := s.begins()
	a, b := s.timer(s.u.Name(p, 1, KindTimer), p), s.timer(s.u.Name(p, 2, KindTimer), p)
	if again := s.timer(s.u.Name(p, 1, KindTimer), p); again != a {
		t.Errorf("the timer of one name is %d and %d", a, again)
	}
	s.setTimer(a, 0)
	s.setTimer(b, 500)
	if !s.rings(a) || s.rings(b) {
		t.Error("a timer rings at once, or doesn't where it should")
	}
	s.stopTimer(a)
	s.Leave(f, nil, nil) // the process ends, its timers go on
	tick := func() bool {
		t.Helper()
		for _, act := range Enabled(s.State, nil) {
			if act.Kind == Die {
				Apply(s.State, act, nil)
			}
		}
		for _, act := range Enabled(s.State, nil) {
			if act.Kind == Tick {
				Apply(s.State, act, nil)
				return true
			}
		}
		return false
	}
	if !tick() || s.Now() != 500 || !s.rings(b) || s.rings(a) {
		t.Errorf("at %d: rings %v and %v", s.Now(), s.rings(a), s.rings(b))
	}
	var log UndoLog
	before := s.Hash()
	s.begin(&log)
	s.setTimer(a, 10)
	if s.Hash() == before {
		t.Error("the hash doesn't tell a timer that is set")
	}
	s.Revert(&log)
	if s.Hash() != before || tick() {
		t.Error("a timer that was taken back still rings")
	}
}
