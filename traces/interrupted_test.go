package traces

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A signal may be noticed late: each that came of a child, however long ago, interrupts at most one wait of a
// process (REAP-WAIT-3).
func TestALateSignalInterruptsAWait(t *testing.T) {
	fails := func(a answer) { a.fails() }
	isNil := func(a answer) { a.is(nil, nil, nil) }
	reaped := func(s *stage) {
		s.child(1)
		s.tells(1, "kill", 9)
		s.does(0, "reap-os-subprocess").is(9, pid(1), 9)
	}
	stopped := func(s *stage) {
		s.child(1)
		s.tells(1, "kill", 19)
		s.tells(1, "kill", 18)
		s.tells(1, "kill", 9)
		s.does(0, "reap-os-subprocess").is(9, pid(1), 9)
	}
	waitedFor := func(s *stage) { s.does(0, "run-shell-command", "exit 3").is(3) }
	for _, test := range []struct {
		what   string
		before func(*stage)
		ends   func(answer)
		waits  int
		expect Verdict
	}{
		{"nothing has ended", func(*stage) {}, isNil, 1, Forbidden},
		{"a child was reaped", reaped, isNil, 1, Allowed},
		{"a child was reaped", reaped, fails, 1, Allowed},
		{"a child was reaped", reaped, isNil, 2, Forbidden},
		{"a child was stopped, continued and reaped", stopped, isNil, 3, Allowed},
		{"a child was stopped, continued and reaped", stopped, isNil, 4, Forbidden},
		{"a command was waited for", waitedFor, isNil, 1, Allowed},
		{"a command was waited for", waitedFor, isNil, 2, Forbidden},
	} {
		s := newStage()
		test.before(s)
		s.child(2)
		for range test.waits {
			test.ends(s.does(0, "reap-os-subprocess", key.Pid(pid(2))))
		}
		s.tells(2, "exit", 0)
		s.does(0, "reap-os-subprocess").is(0, pid(2), nil)
		s.leaves(0)
		if r := Check(s.labels, CheckOptions{AdapterPID: model.AdapterPID}); r.Verdict != test.expect {
			t.Errorf("%s, then %d waits are interrupted: %s\n%s", test.what, test.waits, r.Text(s.labels), strings.Join(Render(s.labels, nil), "\n"))
		}
	}
}

// Processes that have ended, dead or not yet, double no states while others wait for a child and for a command.
func TestWaitsForChildrenAreFewStates(t *testing.T) {
	s := newStage()
	const rounds = 8
	for i := range rounds {
		n := i + 1
		child := ref("child", n)
		s.does(0, "child-prepare").is(child, fmt.Sprint("exec ", n))
		s.does(0, "run-shell-command", fmt.Sprint("exec ", n), key.Wait(false)).is(nil, nil, pid(n))
		s.does(0, "child-await", child, spec.Keyword("ready")).is(pid(n))
		waiter, caller := 10+2*i, 11+2*i
		s.spawn(waiter)
		s.spawn(caller)
		reap := s.does(waiter, "reap-os-subprocess", key.Pid(-1))
		command := s.does(caller, "run-shell-command", "exit 3")
		s.does(0, "pid-state", pid(n)).is(spec.Keyword("alive"), model.AdapterPID, model.AdapterPID)
		command.is(3)
		s.does(0, "child-tell", child, spec.Keyword("exit"), 7).is(true)
		reap.is(7, pid(n), nil)
		s.leaves(caller)
		s.leaves(waiter)
	}
	s.leaves(0)
	if r := Check(s.labels, CheckOptions{AdapterPID: model.AdapterPID}); r.Verdict != Allowed || r.States > 100*rounds {
		t.Errorf("%d rounds: %s", rounds, r.Text(s.labels))
	}
}
