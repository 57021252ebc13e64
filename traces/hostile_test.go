package traces

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces/format"
)

var (
	theTest  = spec.Ref{ID: "test", Type: "process"}
	otherBox = spec.Ref{ID: "other", Type: "mailbox"}
)

// Traces that a broken adapter or an editor may write are judged like others, or not at all: what a
// label says is taken for what it is.
func TestOddTraces(t *testing.T) {
	yes, no := spec.Value(spec.True{}), spec.Value(spec.Nil{})
	read := func(s *scene, frame int, values ...spec.Value) {
		s.call(frame, "mailbox-read", []any{nil, 0}, theBox)
		s.ret(frame, values...)
	}
	for name, c := range map[string]struct {
		play func(s *scene)
		want Verdict
	}{
		"an argument is missing": {func(s *scene) {
			s.call(0, "pid-state", nil)
			s.ret(0, spec.Nil{})
		}, Forbidden},
		"arguments of a child's operation are missing": {func(s *scene) {
			s.call(0, "child-tell", nil, "child", spec.Keyword("join-group"))
			s.ret(0, spec.Nil{})
		}, Forbidden},
		"code begins in what is no process": {func(s *scene) {
			s.add(spec.Label{Kind: spec.EnterLabel, Frame: 3, Process: theCode, Callback: 1})
		}, Undecided},
		"code begins on nobody's thread": {func(s *scene) {
			s.add(spec.Label{Kind: spec.EnterLabel, Frame: 3, Callback: 1})
			s.call(3, "mailbox-read", nil, theBox)
		}, Undecided},
		"a process is said to be its own mailbox": {func(s *scene) {
			s.call(0, "process-mailbox", nil, theTest)
			s.ret(0, theTest)
		}, Forbidden},
		"an operation without a rule": {func(s *scene) {
			s.call(0, "process-send", nil, theTest, 1)
			s.ret(0, yes)
			s.call(0, "of-a-later-version", nil)
			s.ret(0, no)
			s.call(0, "process-wait-for-event", nil)
			s.ret(0, spec.Int(7))
		}, Undecided},
		"an operation without a rule that was not called": {func(s *scene) {
			s.call(0, "of-a-later-version", nil)
			s.add(spec.Label{Kind: spec.ReturnLabel, Return: spec.Return{Status: spec.Absent}})
			s.send(0, 1)
			read(s, 0, spec.Int(1), yes)
		}, Allowed},
		"an operation without a rule ends after the test": {func(s *scene) {
			s.send(0, 1)
			s.call(1, "of-a-later-version", nil)
			s.call(2, "mailbox-read", nil, theBox)
			s.send(0, 2)
			s.add(spec.Label{Kind: spec.LeaveLabel})
			s.add(spec.Label{Kind: spec.GoneLabel, Frame: 1})
			s.ret(2, spec.Int(1), yes)
		}, Undecided},
		"nil is sent, and a read has found nothing": {func(s *scene) {
			read(s, 0, no, no)
			s.call(1, "mailbox-send", nil, theBox, 1)
			s.call(2, "mailbox-send", nil, theBox, nil)
			s.call(0, "mailbox-count", nil, theBox)
			s.ret(0, spec.Int(2))
			s.ret(1, yes)
			s.ret(2, yes)
			read(s, 0, spec.Int(1), yes)
			read(s, 0, no, yes)
		}, Allowed},
		"nil is sent and lost": {func(s *scene) {
			read(s, 0, no, no)
			s.send(0, 1)
			s.call(0, "mailbox-send", nil, theBox, nil)
			s.ret(0, yes)
			read(s, 0, spec.Int(1), yes)
			read(s, 0, no, no)
		}, Forbidden},
		"a limit without end": {func(s *scene) {
			for i := range 2 * manyCalls {
				s.call(0, "mailbox-send-limited", nil, theBox, i, math.MaxInt64)
				s.ret(0, yes)
				read(s, 0, spec.Int(i), yes)
			}
		}, Allowed},
	} {
		for _, virtual := range []bool{true, false} {
			s := newScene(2, 8)
			c.play(s)
			if r := Check(s.labels, CheckOptions{Virtual: virtual}); r.Verdict != c.want {
				t.Errorf("%s, virtual %v: %s, want %s\n%s", name, virtual, r.Verdict, c.want, r.Text(s.labels))
			}
		}
	}
}

// A trace that many states fit is allowed if one that is near at hand goes on to its end; where none
// does, they are given up before they fill the memory.
func TestStatesThatFitAreBounded(t *testing.T) {
	t.Parallel()
	const clients = 12
	s := newScene(2*clients, nil)
	s.call(0, "make-mailbox", nil)
	s.ret(0, otherBox)
	for n := 1; n <= clients; n++ {
		s.call(n, "mailbox-read", []any{nil, 1000}, otherBox)
		s.call(clients+n, "mailbox-send", nil, otherBox, n)
	}
	for count, want := range []Verdict{Allowed, Undecided} {
		s.call(0, "mailbox-count", nil, otherBox)
		s.ret(0, spec.Int(99*count))
		r := Check(s.labels, CheckOptions{})
		if r.Verdict != want || r.Widest > mostKept {
			t.Errorf("%s, want %s, at most %d states\n%s", r.Verdict, want, r.Widest, r.Text(s.labels))
		}
	}
}

// Of a system with many objects fewer states are kept: what they take in memory is bounded.
func TestStatesThatFitAreBoundedInBytes(t *testing.T) {
	t.Parallel()
	const clients, others = 12, 3000
	s := newScene(2*clients, nil)
	s.call(0, "make-mailbox", nil)
	s.ret(0, otherBox)
	for n := range others {
		s.call(0, "make-mailbox", nil)
		s.ret(0, spec.Ref{Type: "mailbox", ID: fmt.Sprint("further", n)})
	}
	for n := 1; n <= clients; n++ {
		s.call(n, "mailbox-read", []any{nil, 1000}, otherBox)
		s.call(clients+n, "mailbox-send", nil, otherBox, n)
	}
	s.call(0, "mailbox-count", nil, otherBox)
	s.ret(0, spec.Int(99))
	// Such a state takes more than 8 bytes for each of the further mailboxes.
	if r := Check(s.labels, CheckOptions{}); r.Verdict != Undecided || r.Widest > mostKeptBytes/(8*others) {
		t.Errorf("%s, want %s, at most %d states\n%s", r.Verdict, Undecided, r.Widest, r.Why)
	}
}

// Whatever is done to a trace, the oracle ends with a verdict.
func TestGarbledTracesAreJudged(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*/*.trace")
	if err != nil || len(files) < 100 {
		t.Fatal(len(files), err)
	}
	var golden []*format.Trace
	var donors []spec.Label // what is put into other traces
	for _, name := range files {
		in, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := format.Read(in)
		in.Close()
		if err != nil {
			t.Fatal(name, err)
		}
		golden = append(golden, tr)
		donors = append(donors, tr.Labels...)
	}
	rounds := tier.Of(4, 6, 100)
	verdicts := map[Verdict]int{}
	for round := range rounds {
		for i, tr := range golden {
			choices := spec.Seeded(uint64(round*len(golden) + i))
			labels := garble(choices, slices.Clone(tr.Labels), donors)
			o := OptionsOf(tr.Header)
			o.Budget = 3000
			func() {
				defer func() {
					if r := recover(); r != nil {
						t.Fatalf("%s, round %d: %v\n%s", files[i], round, r, text(t, labels))
					}
				}()
				verdicts[Check(labels, o).Verdict]++
			}()
		}
	}
	t.Logf("%v", verdicts)
	if verdicts[Allowed] == 0 || verdicts[Forbidden] == 0 {
		t.Errorf("the garbled traces are of one kind: %v", verdicts)
	}
}

// garble changes some labels of a trace.
func garble(choices spec.Choices, labels, donors []spec.Label) []spec.Label {
	for range 1 + choices.Choose(3) {
		l := &labels[choices.Choose(len(labels))]
		donor := donors[choices.Choose(len(donors))]
		switch choices.Choose(6) {
		case 0: // another's call or return
			if donor.Kind == l.Kind {
				l.Call, l.Return = donor.Call, donor.Return
			}
		case 1: // an argument or value of another label
			other := labels[choices.Choose(len(labels))]
			from := slices.Concat(other.Call.Args, other.Return.Values, donor.Call.Args)
			if into := slices.Concat(l.Call.Args, l.Return.Values); len(from) > 0 && len(into) > 0 {
				into[choices.Choose(len(into))] = from[choices.Choose(len(from))]
				n := len(l.Call.Args)
				l.Call.Args, l.Return.Values = into[:n:n], into[n:]
			}
		case 2: // fewer arguments, or values
			l.Call.Args = l.Call.Args[:choices.Choose(len(l.Call.Args)+1)]
			l.Return.Values = l.Return.Values[:choices.Choose(len(l.Return.Values)+1)]
		case 3:
			l.Call.Op = donor.Call.Op
		case 4:
			l.Return.Status = spec.Status(choices.Choose(5))
		case 5: // two labels change places
			i := choices.Choose(len(labels))
			*l, labels[i] = labels[i], *l
		}
	}
	return labels
}

func text(t *testing.T, labels []spec.Label) string {
	var b strings.Builder
	if err := (&format.Trace{Header: format.Header{Clock: spec.Virtual}, Labels: labels}).Write(&b); err != nil {
		t.Error(err)
	}
	return b.String()
}
