package traces

import (
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces/format"
)

// What the documents leave open of how a process ends doesn't hide that it doesn't: a process that waits
// is killed, and goes on waiting until nothing can happen any more.
func TestSilenceOfAKilledProcess(t *testing.T) {
	for name, before := range map[string]func(*stage){
		"nothing": func(*stage) {},
		"a cleanup": func(s *stage) {
			s.function(2)
			s.does(1, "ensure-process-cleanup", fn(2)).is(true)
		},
		"an unwind-protect": func(s *stage) {
			s.does(1, "unwind-protect", spec.Callback(3), spec.Callback(4))
			s.enters(11, 1, 3)
		},
		"both": func(s *stage) {
			s.function(2)
			s.does(1, "ensure-process-cleanup", fn(2)).is(true)
			s.does(1, "unwind-protect", spec.Callback(3), spec.Callback(4))
			s.enters(11, 1, 3)
		},
	} {
		for _, killed := range []bool{false, true} {
			s := newStage()
			s.virtual = true
			s.spawn(1)
			s.gate(1)
			before(s)
			frame, want := 1, Allowed
			if name == "an unwind-protect" || name == "both" {
				frame = 11
			}
			s.does(frame, "gate-wait", gate(1))
			if killed {
				s.does(0, "process-kill", proc(1)).is(nil)
				want = Forbidden
			}
			s.rests()
			s.leaves(0)
			trace := &format.Trace{Labels: s.labels, Header: format.Header{Format: format.Version, Adapter: "by hand", Clock: spec.Virtual}}
			if r := CheckTrace(trace); r.Verdict != want {
				t.Errorf("with %s, killed %v, should be %s: %s", name, killed, want, r.Text(trace.Labels))
			}
		}
	}
}

// An operation that has done its part doesn't answer while code runs in its midst, or while its process is stopped: a silence
// then accuses nobody. Where nothing holds it up the answer would have come.
func TestSilenceOfAnAnswerThatIsHeldUp(t *testing.T) {
	sends := func(s *stage) { // process 1 has put an object into a mailbox, and has yet to answer
		s.box(1)
		s.does(1, "mailbox-send", mailbox(1), 7)
		s.does(0, "mailbox-read", mailbox(1)).is(7, true)
	}
	waitsIn := func(s *stage, frame int) {
		s.enters(frame, 1, 9)
		s.does(frame, "gate-wait", gate(1))
	}
	for name, test := range map[string]struct {
		play func(*stage)
		want Verdict
	}{
		"nothing holds it up": {sends, Forbidden},
		"nothing holds its own interrupt up": {func(s *stage) {
			s.does(1, "process-interrupt", proc(1), fn(9))
			s.runs(11, 1, 9)
		}, Forbidden},
		"its own interrupt": {func(s *stage) {
			s.does(1, "process-interrupt", proc(1), fn(9))
			waitsIn(s, 11)
		}, Allowed},
		"another's interrupt": {func(s *stage) {
			sends(s)
			s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
			waitsIn(s, 11)
		}, Allowed},
		"an interrupt, of a read": {func(s *stage) {
			s.box(1)
			s.does(1, "mailbox-read", mailbox(1))
			s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
			waitsIn(s, 11)
			s.does(0, "mailbox-send", mailbox(1), 7).is(7)
		}, Allowed},
		"a stop, of a read": {func(s *stage) {
			s.box(1)
			s.does(1, "mailbox-read", mailbox(1))
			s.does(0, "process-stop", proc(1)).is(true)
			s.does(0, "mailbox-send", mailbox(1), 7).is(7)
		}, Allowed},
		"a stop, of a read that answers later": {func(s *stage) {
			s.box(1)
			read := s.does(1, "mailbox-read", mailbox(1))
			s.does(0, "process-stop", proc(1)).is(true)
			s.does(0, "mailbox-send", mailbox(1), 7).is(7)
			s.add(spec.Label{Kind: spec.QuietLabel})
			s.does(0, "process-unstop", proc(1)).is(true)
			read.is(7, true)
		}, Allowed},
		"an interrupt, of a read that answers later": {func(s *stage) {
			s.box(1)
			read := s.does(1, "mailbox-read", mailbox(1))
			s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
			waitsIn(s, 11)
			s.does(0, "mailbox-send", mailbox(1), 7).is(7)
			s.add(spec.Label{Kind: spec.QuietLabel})
			s.does(0, "gate-open", gate(1)).is(nil)
			answer{s, 11}.is(nil)
			s.leaves(11)
			read.is(7, true)
		}, Allowed},
		"nothing, of a read": {func(s *stage) {
			s.box(1)
			s.does(1, "mailbox-read", mailbox(1))
			s.does(0, "mailbox-send", mailbox(1), 7).is(7)
		}, Forbidden},
		"an interrupt, of a send": {func(s *stage) {
			s.box(1)
			s.does(1, "mailbox-send", mailbox(1), 7)
			s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
			waitsIn(s, 11)
		}, Allowed},
		"a stop": {func(s *stage) {
			sends(s)
			s.does(0, "process-stop", proc(1)).is(true)
		}, Allowed},
		"a stop that is over": {func(s *stage) {
			sends(s)
			s.does(0, "process-stop", proc(1)).is(true)
			s.does(0, "process-unstop", proc(1)).is(true)
		}, Forbidden},
	} {
		s := newStage()
		s.spawn(1)
		s.gate(1)
		s.gate(2)
		s.function(9)
		test.play(s)
		s.does(0, "gate-wait", gate(2))
		s.lag = 6 * time.Second
		s.add(spec.Label{Kind: spec.QuietLabel})
		if r := Check(s.labels, CheckOptions{AdapterPID: 1000, Settled: true}); r.Verdict != test.want {
			t.Errorf("held up by %s: %v, want %v: %s", name, r.Verdict, test.want, r.Text(s.labels))
		}
	}
}
