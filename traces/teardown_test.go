package traces

import "testing"

// A run that was given up: what its system shows while the harness ends it says nothing.
func TestTearDownIsNotJudged(t *testing.T) {
	for name, play := range map[string]func(s *stage){
		"after the test's last operation": func(s *stage) {
			s.waiting(1)
			s.does(0, "make-gate").is(gate(8))
			answer{s, 1}.gone()
		},
		"during the test's last operation": func(s *stage) {
			s.waiting(1)
			s.gate(8)
			s.does(0, "gate-wait", gate(8))
			answer{s, 1}.gone()
		},
		"with a form of unwind-protect, and a cleanup": func(s *stage) {
			s.protected()
			s.does(0, "make-gate").is(gate(8))
			answer{s, 10}.gone()
			s.runs(20, 1, 11)
			answer{s, 1}.gone()
			s.runs(21, 1, 2, proc(1))
		},
	} {
		s := newStage()
		play(s)
		if r := Check(s.labels, CheckOptions{}); r.Verdict != Allowed || r.Judged != len(s.labels) {
			t.Errorf("%s: %d labels judged\n%s", name, r.Judged, r.Text(s.labels))
		}
		// Where the test goes on it has not been given up.
		s.does(0, "make-log").is(ref("log", 1))
		s.leaves(0)
		if name == "during the test's last operation" {
			continue // it has an operation open
		}
		if r := Check(s.labels, CheckOptions{}); r.Verdict != Forbidden {
			t.Errorf("%s, and the test goes on: %s", name, r.Text(s.labels))
		}
	}
	// What is before it is judged.
	s := newStage()
	s.waiting(1)
	s.does(0, "process-alive-p", proc(1)).is(nil)
	answer{s, 1}.gone()
	if r := Check(s.labels, CheckOptions{}); r.Verdict != Forbidden {
		t.Error(r.Text(s.labels))
	}
}
