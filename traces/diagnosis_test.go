package traces

import (
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// A journal diagnoses the run that it has recorded: of one that is right nothing, nor of one that it could not keep.
func TestJournalDiagnoses(t *testing.T) {
	run := func(read int, pauses int) (clauses, lines []string) {
		var j Journal
		s := newScene(1, 1)
		for range pauses {
			s.call(0, "cell-get", nil, spec.Ref{ID: "c", Type: "cell"})
		}
		s.send(0, 5)
		s.call(0, "mailbox-read", nil, theBox)
		s.ret(0, spec.Int(read), spec.True{})
		for _, l := range s.labels {
			j.Record(l)
		}
		return j.Diagnose(spec.Handshake{Clock: spec.Virtual, Profile: spec.Profiles})
	}
	if clauses, lines := run(5, 0); clauses != nil || lines != nil {
		t.Errorf("of a run that is right it says %v, %v", clauses, lines)
	}
	clauses, lines := run(6, 0)
	if !slices.Contains(clauses, "MBOX-READ-1") || len(clauses) > mostClauses {
		t.Errorf("it names %v", clauses)
	}
	if text := strings.Join(lines, "\n"); !strings.Contains(text, "mailbox-read ...) => 6, t") || !strings.Contains(text, "allowed 5, t") {
		t.Errorf("it says\n%s", text)
	}
	if clauses, lines := run(6, likeLabels); clauses != nil || lines != nil {
		t.Errorf("of a run that is too long it says %v, %v", clauses, lines)
	}
}
