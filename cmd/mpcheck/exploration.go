package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/spec"
)

// exploration is the result of explore; its JSON form is that of explore --json.
type exploration struct {
	Strategy string          `json:"strategy"`
	Mutant   string          `json:"mutant,omitempty"`
	Seed     uint64          `json:"seed"`
	Partial  bool            `json:"partial"`
	Cases    []*exploredCase `json:"cases"`
	// Clauses of the specification that took part in any case.
	Clauses []string `json:"clauses"`
}

type exploredCase struct {
	ID         string              `json:"id"`
	Executions int                 `json:"executions"`
	Exhaustive bool                `json:"exhaustive"`
	Verdict    conformance.Verdict `json:"verdict"`
	Seed       uint64              `json:"seed"` // of the worst run
	Seconds    float64             `json:"seconds"`
	Message    string              `json:"message"`
	Repro      string              `json:"repro"`
	Replay     string              `json:"replay,omitempty"` // repeats the worst run
	// Waits is who waited for whom where the worst run came to a deadlock, and Dot the same for
	// Graphviz.
	Waits spec.WaitGraph `json:"waits,omitempty"`
	Dot   string         `json:"dot,omitempty"`
	// Clauses of the specification that took part.
	Clauses []string `json:"clauses"`

	kase   *conformance.Case
	result conformance.Result
}

func newExploredCase(k *conformance.Case, r conformance.Result, clauses []string) *exploredCase {
	e := &exploredCase{
		ID: r.ID, Executions: r.Schedules, Exhaustive: r.Exhaustive, Verdict: r.Verdict, Seed: r.Seed, Seconds: r.Seconds,
		Message: r.Message + r.Reason, Repro: r.Repro, Replay: r.Replay, Clauses: append([]string{}, clauses...), kase: k, result: r,
	}
	if r.Failure != nil && len(r.Failure.Waits) > 0 {
		e.Waits, e.Dot = r.Failure.Waits, r.Failure.Waits.DOT()
	}
	return e
}

func (e *exploration) writeJSON(w io.Writer) error { return writeJSON(w, e) }

// writeJSON writes a value as this program writes JSON.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// text writes a line a case, those that did not pass in full, and the sums.
func (e *exploration) text(w io.Writer) {
	text := conformance.Text{W: w, Colour: colourful(w)}
	executions, exhaustive := 0, 0
	count := map[conformance.Verdict]int{}
	for _, k := range e.Cases {
		all := "of more"
		if k.Exhaustive {
			all = "all"
			exhaustive++
		}
		fmt.Fprintf(w, "%-40s %8d schedules  %-7s  %-14s %3d clauses\n", k.ID, k.Executions, all, k.Verdict, len(k.Clauses))
		executions += k.Executions
		count[k.Verdict]++
	}
	for _, k := range e.Cases {
		if k.Verdict >= conformance.Inconclusive {
			text.Result(k.kase, k.result)
		}
	}
	verdicts := ""
	for v := conformance.Fail; v != conformance.NotApplicable; v-- {
		if count[v] > 0 {
			verdicts += fmt.Sprintf("%d %s, ", count[v], v)
		}
	}
	fmt.Fprintf(w, "%s: %s%d schedules, %d exhaustive, %d clauses of the specification took part\n",
		plural(len(e.Cases), "case"), verdicts, executions, exhaustive, len(e.Clauses))
	if e.Partial {
		fmt.Fprintln(w, "The exploration was cut short: this is part of the result.")
	}
}

// exitCode is 1 with a failure, 3 where something was not decided, else 0.
func (e *exploration) exitCode() int {
	judged, undecided := false, e.Partial
	for _, k := range e.Cases {
		switch k.Verdict {
		case conformance.Fail:
			return exitFound
		case conformance.Error, conformance.Inconclusive:
			undecided = true
		case conformance.Pass, conformance.Observed:
			judged = true
		}
	}
	if undecided || !judged {
		return exitUndecided
	}
	return 0
}
