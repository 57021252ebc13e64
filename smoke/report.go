package smoke

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// Report is what the steps found, in its JSON form too: `smoke --json`.
type Report struct {
	Format  int            `json:"format"` // 1
	Partial bool           `json:"partial"`
	Command []string       `json:"command"`
	Adapter spec.Handshake `json:"adapter"`
	Steps   []Result       `json:"steps"`
}

// Outcome of a step.
type Outcome string

// The outcomes. A step that is left out asks for what the adapter doesn't claim.
const (
	OK      Outcome = "ok"
	Failed  Outcome = "failed"
	LeftOut Outcome = "left-out"
)

// Result is a step as it ended.
type Result struct {
	Step string `json:"step"`
	// Rule is the sentence that the step is about.
	Rule    string  `json:"rule"`
	Outcome Outcome `json:"outcome"`
	// Reason says why it was left out, or how much was done.
	Reason  string  `json:"reason,omitempty"`
	Faults  []Fault `json:"faults,omitempty"`
	Seconds float64 `json:"seconds"`
}

// Fault is what was wrong. A step of several parts may have several.
type Fault struct {
	// Part is what of the step it is about, such as an operation of the kit; "" for all.
	Part string `json:"part,omitempty"`
	Sent string `json:"sent,omitempty"`
	Came string `json:"came"`
	Want string `json:"want"`
	// Lines are the last of the conversation, each with its direction.
	Lines []string `json:"lines,omitempty"`
	// Wrote is what the adapter last wrote to its standard output and error.
	Wrote string `json:"wrote,omitempty"`
}

// ExitCode is 1 where a step failed, 3 where the report is partial or no step could be done, else 0.
func (r *Report) ExitCode() int {
	done := false
	for _, s := range r.Steps {
		if s.Outcome == Failed {
			return 1
		}
		done = done || s.Outcome == OK
	}
	if r.Partial || !done {
		return 3
	}
	return 0
}

// WriteJSON writes the report as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	return spec.WriteJSON(w, r)
}

// Text writes a line a step, and of one that failed what was sent, what came and what should have
// come. With whole, the conversation before it is not cut.
func (s Result) Text(w io.Writer, whole bool) {
	fmt.Fprintf(w, "%-8s  %-14s %s\n", map[Outcome]string{OK: "ok", Failed: "FAILED", LeftOut: "left out"}[s.Outcome], s.Step, s.Reason)
	if s.Outcome != Failed {
		return
	}
	line := func(word, text string) {
		if text != "" {
			fmt.Fprintf(w, "    %-6s %s\n", word, strings.ReplaceAll(text, "\n", "\n           "))
		}
	}
	line("rule", s.Rule)
	for _, f := range s.Faults {
		line("part", f.Part)
		line("sent", f.Sent)
		line("came", f.Came)
		line("want", f.Want)
		lines := f.Lines
		if most := 8; !whole && len(lines) > most {
			lines = append([]string{fmt.Sprintf("(%d lines before: -v shows more)", len(lines)-most)}, lines[len(lines)-most:]...)
		}
		line("lines", strings.Join(lines, "\n"))
		line("wrote", strings.TrimPrefix(strings.ReplaceAll(f.Wrote, "\n    ", "\n"), "    "))
	}
}

// Summary writes the last line.
func (r *Report) Summary(w io.Writer) {
	count := map[Outcome]int{}
	for _, s := range r.Steps {
		count[s.Outcome]++
	}
	name := strings.TrimSpace(r.Adapter.Name + " " + r.Adapter.Version)
	if name == "" {
		name = "the adapter"
	}
	fmt.Fprintf(w, "%s: %d ok, %d failed, %d left out\n", spec.Brief(name, spec.NameLength), count[OK], count[Failed], count[LeftOut])
	failed := slices.IndexFunc(r.Steps, func(s Result) bool { return s.Outcome == Failed })
	if failed >= 0 && failed < len(r.Steps)-1 && strings.HasPrefix(r.Steps[failed+1].Reason, notTried) {
		fmt.Fprintf(w, "%d steps were not tried: each takes what %s is about.\n", len(r.Steps)-1-failed, r.Steps[failed].Step)
	}
	if r.Partial {
		fmt.Fprintln(w, "The steps were cut short: this is part of the result.")
	}
}
