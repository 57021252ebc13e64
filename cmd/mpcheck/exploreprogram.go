package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/replay"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

// maxProgram bounds the file of a program.
const maxProgram = 16 << 20

// maxStates of a program are visited: a few gigabytes at most.
const maxStates = 10_000_000

// runProgram explores a program given as data.
func (f *exploreFlags) runProgram(cmd *cobra.Command) error {
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	mutant, err := mutantByID(f.mutant)
	if err != nil {
		return err
	}
	p, of, err := readProgram(ctx, f.program)
	if err != nil {
		return err
	}
	if err := p.Check(); err != nil {
		return usage("--program %s: %s", shortened(f.program), spec.Brief(err.Error(), spec.LineLength))
	}
	if !cmd.Flags().Changed("mutant") {
		mutant = of
	}
	x, err := fuzz.Exhaust(ctx, p, mutant, cmp.Or(f.schedules, defaultSchedules["dpor"]), maxStates)
	if err != nil {
		return &exitError{exitUndecided, err}
	}
	fmt.Fprintln(out, p)
	if mutant != "" {
		fmt.Fprintf(out, "on the simulator with mutant %s\n", mutant)
	}
	exhausted(ctx, out, p, mutant, x)
	switch {
	case x.Verdicts[traces.Forbidden] > 0:
		return &exitError{exitFound, nil}
	case ctx.Err() != nil:
		return &exitError{exitInterrupted, nil}
	case x.Verdicts[traces.Undecided] > 0 || !x.Schedules.Complete:
		return &exitError{exitUndecided, nil}
	}
	return nil
}

// exhausted writes what the schedules of a program come to.
func exhausted(ctx context.Context, out io.Writer, p *program.Program, mutant model.Mutant, x *fuzz.Exhaustion) {
	all := func(t refimpl.SearchTally) string {
		if t.Complete {
			return "that is all"
		}
		return "there are more"
	}
	fmt.Fprintf(out, "%s, %d acts, %d visits pruned: %s\n", plural(x.States.States, "state"), x.States.Transitions, x.States.Pruned, all(x.States))
	fmt.Fprintf(out, "%s judged, one of those that differ only in the order of acts which don't matter to each other: %s\n",
		plural(x.Schedules.Executions, "schedule"), all(x.Schedules))
	fmt.Fprintf(out, "%d allowed, %d forbidden, %d undecided; %s\n",
		x.Verdicts[traces.Allowed], x.Verdicts[traces.Forbidden], x.Verdicts[traces.Undecided], plural(x.Schedules.Deadlocks, "deadlock"))
	again := func(schedule []refimpl.Deviation) {
		token, err := replay.OfProgram(context.WithoutCancel(ctx), p, mutant, &refimpl.Deviating{List: schedule})
		if err == nil {
			fmt.Fprintf(out, "the very run: %s replay %s\n", invocation(), token)
		}
	}
	if x.Schedules.Deadlocks > 0 {
		fmt.Fprintf(out, "\nnothing can happen any more\n  %s\n", strings.Join(x.Waits.Lines(), "\n  "))
		again(x.Deadlock)
	}
	if x.Forbidden != nil {
		fmt.Fprintf(out, "\n%s\n", x.Forbidden.Report.Text(x.Forbidden.Labels))
		again(x.ForbiddenBy)
	}
}

// shortened is a file's name, or the beginning of a token.
func shortened(from string) string {
	if replay.IsToken(from) && len(from) > 20 {
		return from[:20] + "..."
	}
	return shown(from)
}

// readProgram reads a program from a file or a token, which may be of a mutant.
func readProgram(ctx context.Context, from string) (*program.Program, model.Mutant, error) {
	if replay.IsToken(from) {
		token, err := replay.Parse(from)
		switch {
		case err != nil:
			return nil, "", usage("--program %s: %w", shortened(from), err)
		case token.Program == nil:
			return nil, "", usage("--program %s: the token is of a case: mpcheck explore --select %s explores that", shortened(from), token.Case.Case)
		}
		return token.Program, token.Mutant, nil
	}
	text, err := readInput(ctx, from, maxProgram)
	if err != nil {
		return nil, "", usage("--program: %w", err)
	}
	p, err := program.Parse(text)
	if err != nil {
		return nil, "", usage("--program %s: %s", shown(from), spec.Brief(err.Error(), spec.LineLength))
	}
	return p, "", nil
}
