package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

type mutantFlags struct {
	sel  []string
	full bool
	json string
}

func mutantsCommand() *cobra.Command {
	var f mutantFlags
	cmd := &cobra.Command{
		Use:   "mutants",
		Short: "Do the cases notice when a rule is broken on purpose?",
		Long: `Run the cases on simulators with one rule of the specification broken, each in turn. A
mutant is killed where a case fails, and named where the failure is charged to a clause that
the mutant violates. The cases that witness its clauses run first; without --full the rest is
left out once one has named it. Each case is put to a mutant under all schedules, at sizes for
which there are few enough; the cases are run at full size, under 32 schedules, where that has
not killed and named it.

With --select only the mutants are run that the selected cases are there to kill: those that violate
the clause which such a case is named after, or one of which all witnesses are selected.

Exit code: 0 all killed; 1 a mutant survives; 3 nothing was run; 2 wrong usage;
130 interrupted.`,
		Example: `  mpcheck mutants
  mpcheck mutants --full --json mutants.json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.sel, "select", nil, "only cases that match `PATTERN` (repeatable); mpcheck run --help says what it may be")
	flags.BoolVar(&f.full, "full", false, "run all cases against each mutant and list every killer")
	flags.StringVar(&f.json, "json", "", "write the result as JSON to `FILE`, - for standard output")
	return cmd
}

// mutantResults is the JSON form of mutants --json.
type mutantResults struct {
	Mutants []*mutantResult `json:"mutants"`
}

type mutantResult struct {
	ID      string   `json:"id"`
	Clauses []string `json:"clauses"`
	Killed  bool     `json:"killed"`
	Killers []string `json:"killers"`
	// Named: a killer's failure was charged to one of Clauses.
	Named bool `json:"named"`
}

func (f *mutantFlags) run(cmd *cobra.Command) error {
	ctx, stdout, stderr := cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr()
	chosen, err := cases.Select(cases.All(), f.sel, nil)
	if err != nil {
		return usage("%w", err)
	}
	output, err := createReport(ctx, "--json", f.json)
	if err != nil {
		return err
	}
	defer output.abandon()
	if len(chosen) == 0 {
		return &exitError{exitUndecided, errors.New("no case matches: nothing can kill a mutant")}
	}
	mutants := mutantsOf(chosen)
	if len(mutants) == 0 {
		return &exitError{exitUndecided, errors.New("no mutant is one that the selected cases are there to kill: nothing was run")}
	}
	all, err := f.kill(ctx, mutants, chosen, newProgress(stderr, len(mutants)))
	if err != nil {
		return &exitError{exitUndecided, err}
	}
	if err := output.write(stdout, func(w io.Writer) error { return spec.WriteJSON(w, all) }); err != nil {
		return err
	}
	var people io.Writer = stdout
	if output.stdout {
		people = stderr
	}
	survivors := all.text(people)
	if left := len(model.Mutants) - len(mutants); left > 0 {
		fmt.Fprintf(people, "left out: %s that other cases are there to kill\n", plural(left, "mutant"))
	}
	switch {
	case ctx.Err() != nil:
		return &exitError{exitInterrupted, nil}
	case survivors > 0:
		return &exitError{exitFound, nil}
	}
	return nil
}

// mutantsOf are those that cases are meant to kill, all of them together all. A case that also
// witnesses a clause is one of several that kill the clause's mutants, and alone needn't.
func mutantsOf(chosen []*cases.Case) []model.MutantInfo {
	if len(chosen) == len(cases.All()) {
		return model.Mutants
	}
	meant := map[string]bool{}
	for _, k := range chosen {
		for _, id := range k.Witnesses() {
			meant[id] = true
		}
	}
	for _, k := range cases.All() {
		if !slices.Contains(chosen, k) {
			for _, id := range k.Witnesses() {
				delete(meant, id)
			}
		}
	}
	for _, k := range chosen {
		meant[k.Clause()] = true
	}
	var of []model.MutantInfo
	for _, m := range model.Mutants {
		if slices.ContainsFunc(m.Clauses, func(id string) bool { return meant[id] }) {
			of = append(of, m)
		}
	}
	return of
}

// witnesses tells whether a case witnesses a clause that a mutant violates.
func witnesses(k *cases.Case, m model.MutantInfo) bool {
	return slices.ContainsFunc(k.Witnesses(), func(id string) bool { return slices.Contains(m.Clauses, id) })
}

// kill puts the cases to the mutants, as many side by side as there are processors. What
// ctx cut short is left out.
func (f *mutantFlags) kill(ctx context.Context, mutants []model.MutantInfo, cases []*cases.Case, p *progress) (*mutantResults, error) {
	results := make([]*mutantResult, len(mutants))
	names := make([]string, len(mutants))
	for i, m := range mutants {
		names[i] = string(m.Mutant)
	}
	err := sideBySide(ctx, names, p, func(i int) (err error) {
		results[i], err = f.killOne(ctx, mutants[i], cases)
		return err
	})
	return &mutantResults{slices.DeleteFunc(results, func(r *mutantResult) bool { return r == nil })}, err
}

// mutantSteps ends a run on a mutant that goes in circles: the largest case takes a fraction
// of it, and a circle that makes objects would fill the memory.
const mutantSteps = 2_000_000

// killOne runs the cases on one mutant; nil means that ctx ended before.
func (f *mutantFlags) killOne(ctx context.Context, m model.MutantInfo, chosen []*cases.Case) (*mutantResult, error) {
	ordered := slices.Clone(chosen)
	slices.SortStableFunc(ordered, func(a, b *cases.Case) int {
		switch {
		case witnesses(a, m) == witnesses(b, m):
			return 0
		case witnesses(a, m):
			return -1
		}
		return 1
	})
	broken := refimpl.New(refimpl.Options{Mutant: m.Mutant, StepLimit: mutantSteps})
	result := &mutantResult{ID: string(m.Mutant), Clauses: append([]string{}, m.Clauses...), Killers: []string{}}
	explored := run.Config{
		Adapter: broken, Cases: ordered, Seed: 1, TrustKit: true, Sizes: cases.ExploreSizes, Schedules: defaultSchedules["states"],
		Enumerate: func() run.Enumerator { return refimpl.NewDepthFirst() },
		Explore:   refimpl.Explorer{Mutant: m.Mutant, Way: refimpl.EveryState, StepLimit: mutantSteps, StateLimit: maxStates}.Explore,
	}
	seeded := run.Config{Adapter: broken, Cases: ordered, Seed: 1, TrustKit: true}
	for _, cfg := range []run.Config{explored, seeded} {
		if result.Killed && (f.full || result.Named) {
			break
		}
		session, err := run.NewSession(cfg)
		if err != nil {
			return nil, fmt.Errorf("mutant %s: %w", m.Mutant, err)
		}
		for _, k := range ordered {
			if ctx.Err() != nil {
				return nil, nil
			}
			if r := session.Run(ctx, k); r.Verdict == verdict.Fail {
				result.Killed = true
				if !slices.Contains(result.Killers, k.ID) {
					result.Killers = append(result.Killers, k.ID)
				}
				result.Named = result.Named || slices.Contains(m.Clauses, r.Failure.Clause)
			}
			if result.Named && !f.full {
				break
			}
		}
	}
	return result, nil
}

// text writes a line a mutant and the sums, and returns how many survive.
func (all *mutantResults) text(w io.Writer) (survivors int) {
	named := 0
	for _, m := range all.Mutants {
		state := "survives"
		switch {
		case m.Named:
			state = "named"
			named++
		case m.Killed:
			state = "killed"
		default:
			survivors++
		}
		killers := m.Killers
		if len(killers) > 3 {
			killers = append(slices.Clone(killers[:3]), fmt.Sprintf("and %d more", len(killers)-3))
		}
		fmt.Fprintf(w, "%-9s %-36s %s", state, m.ID, strings.Join(m.Clauses, ", "))
		if len(killers) > 0 {
			fmt.Fprintf(w, ": %s", strings.Join(killers, ", "))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%s: %d killed, %d of them by a clause that it violates, %d survive\n",
		plural(len(all.Mutants), "mutant"), len(all.Mutants)-survivors, named, survivors)
	return survivors
}
