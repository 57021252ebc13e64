package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
	"github.com/mpcheck/mpcheck/traces/format"
)

// findings are what a search has found: one of each kind, and how many were of a known one.
type findings struct {
	all   bool              // the search goes on after a finding
	known map[string]string // reasons, by clause or operation
	dir   string

	found  []*fuzz.Failure // one of each kind, with the lowest number of those that came
	times  map[string]int  // how often each kind was found
	passed map[string]int  // how often each known one was
}

// keep reads the flags that say what becomes of a finding.
func (f *fuzzFlags) keep() (*findings, error) {
	k := &findings{all: f.keepGoing, dir: f.traces, known: map[string]string{}, times: map[string]int{}, passed: map[string]int{}}
	if f.traces != "" {
		if err := os.MkdirAll(f.traces, 0o755); err != nil {
			return nil, usage("--traces: %w", err)
		}
	}
	if f.known == "" {
		return k, nil
	}
	file, err := os.Open(f.known)
	if err != nil {
		return nil, usage("--known: %w", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		what, reason, _ := strings.Cut(line, " ")
		if spec.Clauses().Lookup(what) == nil && spec.LookupOp(what) == nil {
			return nil, usage("--known %s:%d: %q is no clause and no operation", f.known, n, what)
		}
		if reason = strings.TrimSpace(reason); reason == "" {
			return nil, usage("--known %s:%d: %s has no reason: say why it deviates", f.known, n, what)
		}
		k.known[what] = reason
	}
	if err := lines.Err(); err != nil {
		return nil, usage("--known %s: %w", f.known, err)
	}
	return k, nil
}

// kind is what findings have in common that are shown once: the clause that each names first, or their operation
// where they name none.
func kind(f *fuzz.Failure) string {
	if clauses := f.Clauses(); len(clauses) > 0 {
		return clauses[0]
	}
	return f.Report.Findings[0].Op
}

// pass is [fuzz.Search].Pass.
func (k *findings) pass(f *fuzz.Failure) bool {
	for _, what := range []string{kind(f), f.Report.Findings[0].Op} {
		if k.known[what] != "" {
			k.passed[what]++
			return true
		}
	}
	if !k.all {
		return false
	}
	of := kind(f)
	k.times[of]++
	i := slices.IndexFunc(k.found, func(other *fuzz.Failure) bool { return kind(other) == of })
	switch {
	case i < 0:
		k.found = append(k.found, f)
	case f.Number < k.found[i].Number:
		k.found[i] = f
	}
	return true
}

func (k *findings) inOrder() []*fuzz.Failure {
	slices.SortFunc(k.found, func(a, b *fuzz.Failure) int { return cmp.Compare(a.Number, b.Number) })
	return k.found
}

// text says how often what was found.
func (k *findings) text(out io.Writer) {
	for _, what := range slices.Sorted(maps.Keys(k.passed)) {
		fmt.Fprintf(out, "known, %s: %s (%s)\n", what, plural(k.passed[what], "program"), k.known[what])
	}
	for _, f := range k.inOrder() {
		fmt.Fprintf(out, "found, %s: %s\n", cmp.Or(spec.BriefList(strings.Fields(kind(f)), " ", 8), "of no operation"), plural(max(1, k.times[kind(f)]), "program"))
	}
}

// write keeps a finding: its program as it was cut, and the trace of that.
func (k *findings) write(h spec.Handshake, found, small *fuzz.Failure) error {
	if k.dir == "" {
		return nil
	}
	base := filepath.Join(k.dir, fmt.Sprintf("program-%d", found.Number))
	text, err := json.MarshalIndent(small.Program, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the program: %w", err)
	}
	if err := os.WriteFile(base+".json", append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the program: %w", err)
	}
	file, err := os.Create(base + ".trace")
	if err != nil {
		return fmt.Errorf("writing the trace: %w", err)
	}
	trace := &format.Trace{Header: format.NewHeader(h, "", small.Seed), Labels: small.Labels}
	err = trace.Write(file)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}

// given is the program of --program, nil for none.
func (f *fuzzFlags) given(cmd *cobra.Command) (*program.Program, error) {
	if f.program == "" {
		return nil, nil
	}
	p, mutant, err := readProgram(cmd.Context(), f.program)
	if err != nil {
		return nil, err
	}
	if f.mutant == "" && mutant != "" && f.adapter == "refimpl" {
		f.mutant = string(mutant)
	}
	return p, nil
}

// How often a program that is given is run.
const (
	givenRuns      = 10
	givenSchedules = 100
)

// runProgram runs one program, as it stands, so often that a failure of it would probably show. One that
// hangs counts when it hangs again, given three times as long.
func (f *fuzzFlags) runProgram(ctx context.Context, out io.Writer, adapter spec.Adapter, p *program.Program, keep *findings) error {
	h := adapter.Handshake()
	runs := givenRuns
	if h.Clock == spec.Virtual {
		runs = givenSchedules
	}
	fmt.Fprintln(out, p)
	count := map[traces.Verdict]int{}
	for n := range runs {
		if ctx.Err() != nil {
			break
		}
		run, err := fuzz.ExecuteUntilQuiet(ctx, adapter, p, spec.SystemConfig{Seed: f.seed + uint64(n), Watchdog: f.timeout}, f.timeout)
		if err == nil && run.Hung {
			run, err = fuzz.ExecuteUntilQuiet(ctx, adapter, p, spec.SystemConfig{Seed: f.seed + uint64(n), Watchdog: 3 * f.timeout}, 3*f.timeout)
		}
		if err != nil {
			return &exitError{exitUndecided, fmt.Errorf("running the program: %w", err)}
		}
		count[run.Report.Verdict]++
		if run.Report.Verdict == traces.Forbidden {
			failure := &fuzz.Failure{Run: run, Seed: f.seed + uint64(n), Number: n + 1}
			fmt.Fprintf(out, "run %d:\n%s", n+1, f.reportText(run))
			if err := keep.write(h, failure, failure); err != nil {
				return &exitError{exitUndecided, err}
			}
			return &exitError{exitFound, nil}
		}
	}
	fmt.Fprintf(out, "%s: %d allowed, %d undecided\n", h.Name, count[traces.Allowed], count[traces.Undecided])
	if count[traces.Allowed] == 0 {
		return &exitError{exitUndecided, nil}
	}
	return nil
}
