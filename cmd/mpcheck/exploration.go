package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// exploration is the result of explore; its JSON form is that of explore --json.
type exploration struct {
	Strategy string          `json:"strategy"`
	Mutant   string          `json:"mutant,omitempty"`
	Seed     uint64          `json:"seed"`
	Partial  bool            `json:"partial"`
	Cases    []*exploredCase `json:"cases"`
	// Clauses of the specification that took part in any case, and acts that happened.
	Clauses []string `json:"clauses"`
	Acts    []string `json:"acts"`
	// Unreached is the rest of the specification.
	Unreached unreached `json:"unreached"`

	selected bool // not all cases were explored
	verbose  bool // what was not reached is listed all the same
}

type unreached struct {
	Clauses []string       `json:"clauses"`
	Acts    []unreachedAct `json:"acts"`
}

// unreachedAct has a reason where none of all cases reaches it.
type unreachedAct struct {
	Act    string `json:"act"`
	Reason string `json:"reason"`
}

// covers notes what the cases reached together.
func (e *exploration) covers(all *refimpl.Coverage) {
	acts, clauses := all.Unreached()
	e.Clauses, e.Acts = append([]string{}, all.Clauses()...), []string{}
	e.Unreached = unreached{append([]string{}, clauses...), []unreachedAct{}}
	for _, a := range all.Acts() {
		e.Acts = append(e.Acts, a.String())
	}
	for _, a := range acts {
		e.Unreached.Acts = append(e.Unreached.Acts, unreachedAct{a.String(), cases.Unreached[a.String()]})
	}
}

type exploredCase struct {
	ID         string          `json:"id"`
	Executions int             `json:"executions"`
	States     int             `json:"states,omitempty"` // that were visited, by the strategy of that name
	Exhaustive bool            `json:"exhaustive"`
	Verdict    verdict.Verdict `json:"verdict"`
	Seed       uint64          `json:"seed"` // of the worst run
	Seconds    float64         `json:"seconds"`
	Message    string          `json:"message"`
	Note       string          `json:"note,omitempty"`
	Repro      string          `json:"repro"`
	Replay     string          `json:"replay,omitempty"` // repeats the worst run
	// Waits is who waited for whom where the worst run came to a deadlock, and Dot the same for
	// Graphviz.
	Waits spec.WaitGraph `json:"waits,omitempty"`
	Dot   string         `json:"dot,omitempty"`
	// Clauses of the specification that took part.
	Clauses []string `json:"clauses"`

	kase   *cases.Case
	result verdict.Result
}

func newExploredCase(k *cases.Case, r verdict.Result, clauses []string) *exploredCase {
	e := &exploredCase{
		ID: r.ID, Executions: r.Schedules, Exhaustive: r.Exhaustive, Verdict: r.Verdict, Seed: r.Seed, Seconds: r.Seconds,
		States: r.States, Note: r.Note, Message: r.Message + r.Reason, Repro: r.Repro, Replay: r.Replay, Clauses: append([]string{}, clauses...), kase: k, result: r,
	}
	if r.Failure != nil && len(r.Failure.Waits) > 0 {
		e.Waits, e.Dot = r.Failure.Waits, r.Failure.Waits.DOT()
	}
	return e
}

func (e *exploration) writeJSON(w io.Writer) error { return spec.WriteJSON(w, e) }

// text writes a line a case, those that did not pass in full, and the sums.
func (e *exploration) text(w io.Writer) {
	text := report.Text{W: w, Colour: colourful(w)}
	executions, states, exhaustive := 0, 0, 0
	count := map[verdict.Verdict]int{}
	for _, k := range e.Cases {
		// Of those drawn at random nobody knows whether they are all, or some of them the same.
		which := e.Strategy
		switch {
		case k.Exhaustive:
			which = "all"
			exhaustive++
		case e.Strategy != "random" && e.Strategy != "pct":
			which = "of more"
		}
		n, thing := k.Executions, "schedule"
		if k.States > 0 {
			n, thing = k.States, "state"
		}
		if n != 1 {
			thing += "s"
		}
		fmt.Fprintf(w, "%-40s %8d %-9s  %-7s  %-14s %3d clauses\n", k.ID, n, thing, which, k.Verdict, len(k.Clauses))
		executions += k.Executions
		states += k.States
		count[k.Verdict]++
	}
	for _, k := range e.Cases {
		if k.Verdict >= verdict.Inconclusive {
			text.Result(k.kase, k.result)
		}
		if k.Note != "" {
			fmt.Fprintf(w, "%s: %s\n", k.ID, k.Note)
		}
	}
	verdicts := ""
	for v := verdict.Fail; v != verdict.NotApplicable; v-- {
		if count[v] > 0 {
			verdicts += fmt.Sprintf("%d %s, ", count[v], v)
		}
	}
	gone := plural(executions, "schedule")
	if states > 0 {
		gone = plural(states, "state")
	}
	fmt.Fprintf(w, "%s: %s%s, %d exhaustive\n", plural(len(e.Cases), "case"), verdicts, gone, exhaustive)
	e.coverage(w)
	if e.Partial {
		fmt.Fprintln(w, "The exploration was cut short: this is part of the result.")
	}
}

// coverage writes how much of the specification was reached, and what wasn't.
func (e *exploration) coverage(w io.Writer) {
	reached(w, len(e.Clauses), len(e.Unreached.Clauses), len(e.Acts), len(e.Unreached.Acts))
	if e.selected {
		fmt.Fprint(w, "; not all cases were selected")
		if !e.verbose {
			// Most of a long list would be what nobody has asked for.
			fmt.Fprintln(w, ": -v lists what was not reached")
			return
		}
	}
	fmt.Fprintln(w)
	if len(e.Unreached.Clauses) > 0 {
		listed(w, "clauses not reached", e.Unreached.Clauses)
	}
	var unexplained []string
	for _, a := range e.Unreached.Acts {
		if a.Reason == "" {
			unexplained = append(unexplained, a.Act)
		}
	}
	if len(unexplained) > 0 {
		listed(w, "acts not reached", unexplained)
	}
	for _, a := range e.Unreached.Acts {
		if a.Reason != "" {
			fmt.Fprintf(w, "  act not reached by any case: %s (%s)\n", a.Act, a.Reason)
		}
	}
}

// reached writes how much of the specification was, in numbers of clauses and acts that were and
// that weren't.
func reached(w io.Writer, clauses, otherClauses, acts, otherActs int) {
	fmt.Fprintf(w, "reached %d of the %d clauses that the specification has rules for, and %d of its %d acts",
		clauses, clauses+otherClauses, acts, acts+otherActs)
}

// listed writes words after a title, lines of about a hundred characters.
func listed(w io.Writer, title string, words []string) {
	line := "  " + title + ": "
	for i, word := range words {
		if i < len(words)-1 {
			word += ", "
		}
		if len(line)+len(word) > 100 {
			fmt.Fprintln(w, strings.TrimRight(line, " "))
			line = "    "
		}
		line += word
	}
	fmt.Fprintln(w, line)
}

// exitCode is 1 with a failure, 3 where something was not decided, else 0.
func (e *exploration) exitCode() int {
	judged, undecided := false, e.Partial
	for _, k := range e.Cases {
		switch k.Verdict {
		case verdict.Fail:
			return exitFound
		case verdict.Error, verdict.Inconclusive:
			undecided = true
		case verdict.Pass, verdict.Observed:
			judged = true
		}
	}
	if undecided || !judged {
		return exitUndecided
	}
	return 0
}
