package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces"
)

type exploreFlags struct {
	sel       []string
	schedules int
	strategy  string
	mutant    string
	depth     int
	seed      uint64
	json      string
	checkAll  bool
	workers   int
	program   string
	verbose   bool
}

// How many schedules of a case are run where --schedules is silent; of states, how many ends of runs are come to.
var defaultSchedules = map[string]int{"states": 1_000_000, "random": 1000, "pct": 1000, "dfs": 1_000_000, "dpor": 20000}

func exploreCommand() *cobra.Command {
	var f exploreFlags
	cmd := &cobra.Command{
		Use:   "explore",
		Short: "Run each case under many schedules of the simulator, or all",
		Long: `Run each case on the simulator under many schedules, by a strategy:

  states  all schedules there are, but what begins in a state that was visited before is left
          out, and orders of acts that don't matter to each other: all that can be seen, the
          quickest way. States are counted instead of schedules
  random  one enabled act after the other, evenly
  pct     random priorities with --depth - 1 random drops: finds a bug that needs that many
          orderings to be right among n processes and k acts with a probability of at least
          1/(n k^(depth-1)) a run
  dfs     all schedules there are, depth first, up to a number
  dpor    as dfs, but of schedules that differ only in the order of acts which don't matter to
          each other one: what can be seen is the same, in fewer runs. With --mutant nobody knows
          which orders matter to the broken rule: outcomes may be missed

What the code of a case does after the same answers is learned once, so that it needn't be run
under each schedule (dpor does that). One run of each kind that is found is run as it is anywhere,
by its schedule, and that gives the verdict. Each hundredth run is repeated by the code, and the
first hundred; with --check-all each. Code that turns out to depend on more than the answers it
got - a Go variable that processes share, a clock - is said to, and run under each schedule.

Cases are explored side by side, each by one worker, so that the same run is shown each time. With
--workers several share the schedules of a case: what can be seen is the same, which run of a kind
comes first is not. It pays for dfs; by states each worker visits most of them.

Says of each case how many were run, whether these were all, the worst verdict, and how many
clauses of the specification took part; then how much of the specification the cases reached
together - its clauses, and its acts: an operation's effect, its giving up when its time is
over, the steps of processes and children - and, where all were selected or with -v, what they did
not reach.

The simulator is right by definition: a case that fails is a false alarm, or the
specification has a fault. With --mutant a rule of it is broken on purpose, and what is asked is
which schedules show it.

A case that does not pass is shown with the command that repeats the very run, on any machine:
mpcheck replay TOKEN.

With --program it is not the cases but one program given as data, as fuzz prints a token of: all
its schedules, each judged by the specification, and all its states. docs/traces.md has the format
of a file. A schedule that ends in a deadlock, where nothing can happen any more, is judged like
any other and changes no exit code: deadlocks are counted and one is shown, since the program may
mean to wait for ever.

Exit code: 0 none failed; 1 a case failed, or a schedule of the program is forbidden; 3 an error or
an inconclusive case, nothing that could be judged, or not all schedules of the program were run;
2 wrong usage; 130 interrupted.`,
		Example: `  mpcheck explore
  mpcheck explore --strategy dfs --check-all
  mpcheck explore --select SEND-LIM-5 --strategy random --schedules 5000 --seed 7
  mpcheck explore --select SEND-MB-4 --strategy pct --mutant first-sends-race
  mpcheck explore --program mpc3-...`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("schedules") && f.schedules < 1 {
				return usage("--schedules %d: want a positive number", f.schedules)
			}
			if f.program != "" {
				for _, other := range []string{"select", "strategy", "depth", "seed", "json", "verbose", "check-all", "workers"} {
					if cmd.Flags().Changed(other) {
						return usage("--program doesn't go with --%s: all schedules of the program are explored", other)
					}
				}
				return f.runProgram(cmd)
			}
			return f.run(cmd)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.sel, "select", nil, "only cases that match `PATTERN` (repeatable); mpcheck run --help says what it may be")
	flags.IntVar(&f.schedules, "schedules", 0, fmt.Sprintf("at most `N` schedules per case (default %d, dfs and states %d, dpor %d)",
		defaultSchedules["random"], defaultSchedules["dfs"], defaultSchedules["dpor"]))
	flags.StringVar(&f.strategy, "strategy", "states", "which schedules: states, random, pct, dfs or dpor")
	flags.BoolVar(&f.checkAll, "check-all", false, "repeat each run by the code of the case")
	flags.IntVar(&f.workers, "workers", 1, "search each case with `N` workers: pays for a case with many schedules (dfs)")
	flags.StringVar(&f.mutant, "mutant", "", "break one rule of the simulator: `ID` of a mutant, as mpcheck explain names them")
	flags.StringVar(&f.program, "program", "", "explore a program: a `FILE` that has one as JSON, or a token")
	flags.IntVar(&f.depth, "depth", 3, "how many orderings a bug may need (pct)")
	flags.Uint64Var(&f.seed, "seed", 1, "first seed of the random schedules, and of what a case shuffles")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "with --select too, list what of the specification was not reached")
	flags.StringVar(&f.json, "json", "", "write the result as JSON to `FILE`, - for standard output")
	return cmd
}

func (f *exploreFlags) run(cmd *cobra.Command) error {
	ctx, stdout, stderr := cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr()
	if defaultSchedules[f.strategy] == 0 {
		return usage("unknown strategy %q: want states, random, pct, dfs or dpor", f.strategy)
	}
	chosen, err := cases.Select(cases.All(), f.sel, nil)
	if err != nil {
		return usage("%w", err)
	}
	if f.workers < 1 {
		return usage("--workers %d: want a positive number", f.workers)
	}
	if f.workers > 1 && f.strategy != "dfs" && f.strategy != "states" {
		return usage("--workers goes with --strategy dfs or states: by %s the runs come one after the other", f.strategy)
	}
	if f.checkAll && f.strategy == "dpor" {
		return usage("--check-all doesn't go with --strategy dpor, which has the code of the case run each time")
	}
	if f.depth < 1 {
		return usage("--depth %d: want a positive number", f.depth)
	}
	if _, err := mutantByID(f.mutant); err != nil {
		return err
	}
	output, err := createReport(ctx, "--json", f.json)
	if err != nil {
		return err
	}
	defer output.abandon()
	result, err := f.explore(ctx, chosen, newProgress(stderr, len(chosen)))
	if err != nil {
		return &exitError{exitUndecided, err}
	}
	if err := output.write(stdout, result.writeJSON); err != nil {
		return err
	}
	var people io.Writer = stdout
	if output.stdout {
		people = stderr
	}
	result.text(people)
	switch code := result.exitCode(); {
	case ctx.Err() != nil:
		return &exitError{exitInterrupted, nil}
	case len(chosen) == 0:
		return &exitError{exitUndecided, errors.New("no case matches: nothing was explored")}
	case code != 0:
		return &exitError{code, nil}
	}
	return nil
}

// again is the command that explores a case again; flags select it, and one seed. Only the random
// strategy depends on no run before: the others have to begin as they did.
func (f *exploreFlags) again(flags string) string {
	id, rest, _ := strings.Cut(flags, " --seed ")
	words := []string{invocation(), "explore", id}
	if f.strategy != "states" {
		words = append(words, "--strategy", f.strategy)
	}
	if f.strategy == "random" {
		words = append(words, "--seed", rest)
	} else {
		words = append(words, "--seed", strconv.FormatUint(f.seed, 10))
		if f.schedules != 0 {
			words = append(words, "--schedules", strconv.Itoa(f.schedules))
		}
	}
	if f.strategy == "pct" {
		words = append(words, "--depth", strconv.Itoa(f.depth))
	}
	if f.mutant != "" {
		words = append(words, "--mutant", f.mutant)
	}
	return strings.Join(words, " ")
}

// enumerates is how the schedules of a strategy are enumerated where they are run, nil where they are drawn. All that can be
// seen is seen by states: where a rule is broken nobody knows which orders don't matter, so that each is run.
func enumerates(strategy string, mutant model.Mutant) func() run.Enumerator {
	switch {
	case strategy == "dpor", strategy == "states" && mutant == "":
		return func() run.Enumerator { return refimpl.NewDPOR() }
	case strategy == "dfs", strategy == "states":
		return func() run.Enumerator { return refimpl.NewDepthFirst() }
	}
	return nil
}

// explore runs the cases, as many side by side as there are processors.
func (f *exploreFlags) explore(ctx context.Context, chosen []*cases.Case, p *progress) (*exploration, error) {
	config := run.Config{
		TrustKit: true,
		Seed:     f.seed, Schedules: f.schedules, Sizes: cases.ExploreSizes,
		Journal: func() run.Journal { return &traces.Journal{} },
		Command: f.again, Replay: veryRun(ctx),
	}
	if f.schedules == 0 {
		config.Schedules = defaultSchedules[f.strategy]
	}
	mutant, err := mutantByID(f.mutant)
	if err != nil {
		return nil, err
	}
	options := refimpl.Options{Mutant: mutant, Record: true}
	explorer := refimpl.Explorer{Mutant: mutant, Depth: f.depth, StateLimit: maxStates, Workers: f.workers}
	if f.checkAll {
		explorer.Sample = 1
	}
	config.Enumerate = enumerates(f.strategy, mutant)
	switch f.strategy {
	case "states":
		explorer.Way = refimpl.EveryOrder
	case "random":
		explorer.Way = refimpl.Drawn
	case "pct":
		explorer.Way, options.PCTDepth = refimpl.Prioritized, f.depth
	}
	explored := make([]*exploredCase, len(chosen))
	names := make([]string, len(chosen))
	for i, k := range chosen {
		names[i] = k.ID
	}
	all := refimpl.Coverage{}
	err = sideBySide(ctx, names, p, func(i int) error {
		var covered refimpl.Coverage
		cfg := config
		cfg.Cases = chosen[i : i+1]
		options := options
		options.Coverage = &covered
		cfg.Adapter = refimpl.New(options)
		if f.strategy != "dpor" {
			explorer := explorer
			explorer.Coverage = &covered
			cfg.Explore = explorer.Explore
		}
		report, err := run.Execute(ctx, cfg)
		if err != nil || report.Partial {
			return err
		}
		all.Add(&covered)
		explored[i] = newExploredCase(chosen[i], report.Cases[0], covered.Clauses())
		return nil
	})
	result := &exploration{Strategy: f.strategy, Mutant: f.mutant, Seed: f.seed, Cases: []*exploredCase{}, selected: len(chosen) < len(cases.All()), verbose: f.verbose}
	for _, one := range explored {
		if one == nil {
			result.Partial = true
		} else {
			result.Cases = append(result.Cases, one)
		}
	}
	result.covers(&all)
	return result, err
}
