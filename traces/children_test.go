package traces

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
)

// gaveUp: the harness no longer waits.
func (a answer) gaveUp() {
	a.s.add(spec.Label{Kind: spec.ReturnLabel, Frame: a.frame, Return: spec.Signal("timeout", "gave up")})
}

// What a child was told and the harness no longer waits for, it may do later, once, or never; and nothing else.
func TestChildrenObeyLate(t *testing.T) {
	child := ref("child", 1)
	tells := func(s *stage, words ...any) answer { return s.does(0, "child-tell", append([]any{child}, words...)...) }
	for name, test := range map[string]struct {
		play func(s *stage)
		want Verdict
	}{
		"never": {func(s *stage) {
			tells(s, word("exit"), 7).gaveUp()
			s.does(0, "pid-state", pid(1)).is(word("alive"), model.AdapterPID, model.AdapterPID)
			tells(s, word("exit"), 3).is(true)
			s.does(0, "reap-os-subprocess", key.Pid(-1)).is(3, pid(1), nil)
		}, Allowed},
		"later": {func(s *stage) {
			tells(s, word("exit"), 7).gaveUp()
			s.does(0, "pid-state", pid(1)).is(word("alive"), model.AdapterPID, model.AdapterPID)
			s.does(0, "reap-os-subprocess", key.Pid(-1)).is(7, pid(1), nil)
			tells(s, word("exit"), 3).fails()
		}, Allowed},
		"otherwise": {func(s *stage) {
			tells(s, word("exit"), 7).gaveUp()
			s.does(0, "reap-os-subprocess", key.Pid(-1)).is(8, pid(1), nil)
		}, Forbidden},
		"the second of two": {func(s *stage) {
			tells(s, word("exit"), 7).gaveUp()
			tells(s, word("exit"), 8).gaveUp()
			s.does(0, "reap-os-subprocess", key.Pid(-1)).is(8, pid(1), nil)
		}, Allowed},
		"of more than are kept": {func(s *stage) {
			for range 2 * model.MostToldLate {
				tells(s, word("exit"), 7).gaveUp()
			}
			s.does(0, "reap-os-subprocess", key.Pid(-1)).is(7, pid(1), nil)
		}, Allowed},
		"while others are suspended": {func(s *stage) {
			s.spawn(3)
			reap := s.does(3, "reap-os-subprocess", key.Pid(-1))
			tells(s, word("exit"), 7).gaveUp()
			reap.is(7, pid(1), nil)
			s.leaves(3)
		}, Allowed},
	} {
		s := newStage()
		s.does(0, "child-prepare").is(child, "exec 1")
		s.does(0, "run-shell-command", "exec 1", key.Wait(false)).is(nil, nil, pid(1))
		s.does(0, "child-await", child, word("ready")).is(pid(1))
		test.play(s)
		s.leaves(0)
		if r := Check(s.labels, CheckOptions{AdapterPID: model.AdapterPID}); r.Verdict != test.want {
			t.Errorf("%s: %v, want %v\n%s", name, r.Verdict, test.want, r.Text(s.labels))
		}
	}
}

// Of what becomes of a command whose streams somebody has the specification knows nothing, and accuses nobody.
func TestCommandsWithStreamsAreNotFollowed(t *testing.T) {
	for _, virtual := range []bool{false, true} {
		s := newStage()
		s.virtual = virtual
		s.does(0, "child-prepare").is(ref("child", 1), "exec 1")
		s.does(0, "run-shell-command", "exec 1", key.Wait(false), key.Output("/nowhere/file")).is(nil, nil, pid(1))
		s.leaves(0)
		want := map[bool]Verdict{false: Undecided, true: Forbidden}[virtual] // the simulator refuses it
		if r := Check(s.labels, CheckOptions{AdapterPID: model.AdapterPID, Virtual: virtual}); r.Verdict != want {
			t.Errorf("virtual %v: %v, want %v\n%s", virtual, r.Verdict, want, r.Text(s.labels))
		}
	}
}
