package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/replay"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

type fuzzFlags struct {
	adapter, mutant string
	duration        time.Duration
	jobs            int
	seed            uint64
	programs        int
	program         string
	timeout         time.Duration
	startTimeout    time.Duration
	traces, known   string
	keepGoing       bool
	verbose         bool
	without         []string
}

// isClaim tells whether an adapter may claim that: an operation, or a keyword of one that is claimed apart.
func isClaim(claim string) bool {
	name, _, _ := strings.Cut(claim, " ")
	op := spec.LookupOp(name)
	return op != nil && (claim == name || slices.Contains(op.Extras, claim))
}

func fuzzCommand() *cobra.Command {
	var f fuzzFlags
	cmd := &cobra.Command{
		Use:   "fuzz [flags] [-- COMMAND ARGS...]",
		Short: "Invent programs, run them, and judge what they show by the specification",
		Long: `Invent small programs, run each on an implementation, and ask of its trace whether the
specification has a run that shows it. The first program that it hasn't is cut down to the few
steps that matter, and shown with what is allowed, what was seen, and the clauses.

Programs rather call what can do something where it stands, and what has not been seen yet: of
the simulator clauses and acts that took no part, of another implementation operations that no
program has called. The last lines count what was reached.

With --keep-going it goes on, and shows the first finding of each kind: by the clause that is named first, or by the
same operation where it names none. One that may well have the cause of one that is shown has a line, and
is shown with -v. --for bounds all, the cutting too. What is listed by --known is counted and passed over. Where what
is known of an operation spoils whatever comes after it, --without leaves it out of all programs.

With --program one program is run, several times in real time, and judged: the JSON of docs/traces.md,
as --traces writes it.

On virtual time the same seed finds the same program, with the same schedule. On a real
implementation timing is its own: the same seed invents the same programs, and what depends on
a race may take several runs to show again.

Exit code: 0 nothing was found; 1 a program was; 3 the adapter broke, or nothing could be
judged; 2 wrong usage; 130 interrupted.`,
		Example: `  mpcheck fuzz --for 30s
  mpcheck fuzz --adapter refimpl --mutant first-sends-race
  mpcheck fuzz --for 10m --seed 7 -- ./my-adapter
  mpcheck fuzz --for 10m --keep-going --traces out -- ./my-adapter
  mpcheck fuzz --for 10m --without run --without "start :status-hook" -- ./my-adapter
  mpcheck fuzz --program out/program-17.json -- ./my-adapter`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) > 0 && cmd.ArgsLenAtDash() != 0:
				return usage("unexpected argument %q: the adapter's command follows --, as in mpcheck fuzz -- ./my-adapter", args[0])
			case len(args) > 0 && (cmd.Flags().Changed("adapter") || f.mutant != ""):
				return usage("a command after -- and --adapter or --mutant exclude each other")
			case f.duration <= 0:
				return usage("--for %v: want a positive duration such as 60s", f.duration)
			case cmd.Flags().Changed("jobs") && len(args) == 0 && (f.adapter == "refimpl" || f.mutant != ""):
				return usage("--jobs is for other implementations: what the next program of the simulator is depends on what the one before has reached")
			case cmd.Flags().Changed("jobs") && f.jobs < 1:
				return usage("--jobs %d: want a positive number", f.jobs)
			case f.programs < 0:
				return usage("--programs %d: want a number from 0 on", f.programs)
			case f.timeout <= 0:
				return usage("--timeout %v: want a positive duration such as 5s", f.timeout)
			case f.startTimeout <= 0:
				return checkStartTimeout(f.startTimeout)
			case f.program != "" && len(f.without) > 0:
				return usage("--program runs the program as it is: --without is for those that are invented")
			case f.program != "" && (f.keepGoing || cmd.Flags().Changed("programs") || cmd.Flags().Changed("jobs")):
				return usage("--program runs one program: --keep-going, --programs and --jobs are for those that are invented")
			}
			if i := slices.IndexFunc(f.without, func(claim string) bool { return !isClaim(claim) }); i >= 0 {
				return usage("--without %q: no such operation, and nothing that is claimed apart of one: docs/operations.md lists them", f.without[i])
			}
			return f.run(cmd, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.adapter, "adapter", "native", "built-in implementation: "+strings.Join(adapterNames(), ", "))
	flags.StringVar(&f.mutant, "mutant", "", "break one rule of the simulator: `ID` of a mutant (with --adapter refimpl)")
	flags.DurationVar(&f.duration, "for", time.Minute, "go on for that long; where --programs is given and this isn't, until they are done")
	flags.IntVar(&f.programs, "programs", 0, "stop after `N` programs; 0 is no bound")
	flags.IntVar(&f.jobs, "jobs", 0, "`N` adapters side by side (default as for mpcheck run)")
	flags.StringVar(&f.program, "program", "", "run the program in `FILE`, or that of a token, instead of inventing some")
	flags.DurationVar(&f.timeout, "timeout", fuzz.HangLimit, "limit for one operation, and for nothing to happen, in real time")
	startTimeout(flags, &f.startTimeout)
	flags.StringVar(&f.traces, "traces", "", "write the program of each finding and its trace into `DIR`")
	flags.StringVar(&f.known, "known", "", "`FILE` of findings that are known: a clause or operation a line, then the reason")
	flags.StringArrayVar(&f.without, "without", nil, "leave the operation `OP` out of programs, or what is claimed apart, as \"start :status-hook\"; repeatable")
	flags.BoolVar(&f.keepGoing, "keep-going", false, "go on after a finding, and show one of each kind")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show all that is wrong in a program, not the first thing, and findings that may follow from others")
	flags.Uint64Var(&f.seed, "seed", 1, "of the programs and, on virtual time, the schedules")
	return cmd
}

func (f *fuzzFlags) run(cmd *cobra.Command, command []string) (err error) {
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	keep, err := f.keep()
	if err != nil {
		return err
	}
	given, err := f.given(cmd)
	if err != nil {
		return err
	}
	adapters, covered, err := f.open(ctx, command, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	adapter := adapters[0]
	defer func() {
		if closeErr := closeAdapters(adapters); err == nil && closeErr != nil {
			err = &exitError{exitUndecided, fmt.Errorf("ending the adapter: %w", closeErr)}
		}
	}()
	limited := ctx
	if f.programs == 0 || cmd.Flags().Changed("for") {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, f.duration)
		defer cancel()
	}
	if given != nil {
		return f.runProgram(limited, out, adapter, given, keep)
	}
	p := newProgress(cmd.ErrOrStderr(), 0)
	began := time.Now()
	search := &fuzz.Search{Adapter: adapter, Beside: adapters[1:], Seed: f.seed, Programs: f.programs, Limit: f.timeout, Without: f.without, Pass: keep.pass, Coverage: covered, Progress: func(t fuzz.Tally) {
		p.note(fmt.Sprintf("%d programs, %.0f a second", t.Programs, float64(t.Programs)/time.Since(began).Seconds()))
	}}
	found, tally, err := search.Find(limited)
	p.clear()
	if err != nil {
		if ctx.Err() != nil {
			return &exitError{exitInterrupted, nil}
		}
		return &exitError{exitUndecided, fmt.Errorf("running this program:\n%s%w", found.Program, err)}
	}
	fmt.Fprintf(out, "%s: %s, %s, %d undecided, %.1f s, seed %d\n",
		adapter.Handshake().Name, plural(tally.Programs, "program"), plural(tally.Runs, "run"), tally.Undecided, time.Since(began).Seconds(), f.seed)
	if tally.Hung > 0 {
		fmt.Fprintf(out, "%s hung for %v although something could go on, and not again when repeated alone: nothing is said of that\n", plural(tally.Hung, "program"), fuzz.HangLimit)
	}
	fuzzed(out, adapter.Handshake(), covered, tally)
	keep.text(out)
	if found != nil {
		keep.found = append(keep.found, found)
	}
	var shown []*fuzz.Failure
	for _, found := range keep.inOrder() {
		p.note(fmt.Sprintf("cutting program %d down", found.Number))
		small := f.shrink(limited, adapter, found)
		p.clear()
		if i := slices.IndexFunc(shown, small.Follows); i >= 0 && !f.verbose {
			fmt.Fprintf(out, "program %d may follow from what program %d shows: -v shows it\n\n", found.Number, shown[i].Number)
		} else {
			f.show(out, adapter, found, small, command)
			of := *small
			of.Number = found.Number
			shown = append(shown, &of)
		}
		if err := keep.write(adapter.Handshake(), found, small); err != nil {
			return &exitError{exitUndecided, err}
		}
	}
	switch {
	case len(keep.found) > 0:
		return &exitError{exitFound, nil}
	case ctx.Err() != nil:
		return &exitError{exitInterrupted, nil}
	case !judgeable(tally):
		return &exitError{exitUndecided, errors.New("nothing could be judged: no operation of the implementation ever returned, only those that the harness needs; does its handshake claim what it has?")}
	case tally.Runs == tally.Undecided:
		return &exitError{exitUndecided, errors.New("no program could be judged")}
	}
	fmt.Fprintln(out, "nothing was found that the specification forbids")
	return nil
}

// judgeable tells whether anything but the kit and the harness itself ever answered.
func judgeable(t fuzz.Tally) bool {
	for name := range t.Returned {
		if op := spec.LookupOp(name); op != nil && !op.Is(spec.Kit) && !op.Is(spec.ByHarness) {
			return true
		}
	}
	return false
}

// fuzzed writes what the programs have reached.
func fuzzed(out io.Writer, h spec.Handshake, covered *refimpl.Coverage, t fuzz.Tally) {
	if covered != nil {
		acts, clauses := covered.Unreached()
		reached(out, len(covered.Clauses()), len(clauses), len(covered.Acts()), len(acts))
		fmt.Fprintln(out)
		return
	}
	of := slices.DeleteFunc(slices.Clone(fuzz.Operations()), func(op string) bool { return !fuzz.Offers(h, op) })
	returned := slices.DeleteFunc(slices.Clone(of), func(op string) bool { return !t.Returned[op] })
	fmt.Fprintf(out, "%d of the %d operations that programs call, of those that it offers, have returned\n", len(returned), len(of))
}

// open starts what is to be fuzzed, several side by side. The simulator runs in this process: its
// programs take microseconds, and what they cover of the specification is seen, on which the next
// one depends.
func (f *fuzzFlags) open(ctx context.Context, command []string, stderr io.Writer) ([]spec.Adapter, *refimpl.Coverage, error) {
	if len(command) == 0 && (f.adapter == "refimpl" || f.mutant != "") {
		covered := &refimpl.Coverage{}
		adapter, err := builtIn(f.adapter, f.mutant, covered)
		return []spec.Adapter{adapter}, covered, err
	}
	n := (&runFlags{adapter: f.adapter, jobs: f.jobs}).jobsFor(command, math.MaxInt)
	adapters, err := openAdapters(ctx, opening{name: f.adapter, command: command, n: n, within: f.startTimeout, stderr: stderr})
	return adapters, nil, err
}

// How often a smaller program is run before it counts as one that doesn't fail.
const (
	schedulesOfCut = 40
	repeatsOfCut   = 5
)

// longestCut is how long a failure on real time is cut down: where cuts hang, each costs the time that something may hang.
const longestCut = time.Minute

func (f *fuzzFlags) shrink(ctx context.Context, adapter spec.Adapter, found *fuzz.Failure) *fuzz.Failure {
	if adapter.Handshake().Clock != spec.Virtual {
		ctx, cancel := context.WithTimeout(ctx, longestCut)
		defer cancel()
		return fuzz.Shrink(ctx, found, fuzz.OnReal(adapter, repeatsOfCut, f.timeout))
	}
	small := fuzz.Shrink(ctx, found, fuzz.OnSimulator(adapter, schedulesOfCut))
	if _, inProcess := adapter.(*refimpl.Simulator); inProcess {
		small = fuzz.ShrinkSchedule(ctx, small, adapter)
	}
	return small
}

// reportText is what is wrong first in a run: what comes after it mostly follows from it.
func (f *fuzzFlags) reportText(run *fuzz.Run) string {
	more := len(run.Report.Findings) - 1
	if f.verbose || more < 1 {
		return run.Report.Text(run.Labels)
	}
	first := *run.Report
	first.Findings = first.Findings[:1]
	return first.Text(run.Labels) + fmt.Sprintf("\n%s more may follow from that: -v shows all\n", plural(more, "label"))
}

func (f *fuzzFlags) show(out io.Writer, adapter spec.Adapter, found, small *fuzz.Failure, command []string) {
	fmt.Fprintf(out, "program %d shows what the specification forbids; cut from %s to %d:\n\n%s\n%s\n",
		found.Number, plural(found.Program.Steps(), "step"), small.Program.Steps(), small.Program, f.reportText(small.Run))
	again := fmt.Sprintf("%s fuzz --seed %d --programs %d", invocation(), f.seed, found.Number)
	for _, claim := range f.without {
		again += " --without" + words([]string{claim})
	}
	if adapter.Handshake().Clock == spec.Virtual {
		fmt.Fprintf(out, "again: %s", again)
	} else {
		fmt.Fprintf(out, "perhaps again, its timing being its own: %s", again)
	}
	switch {
	case len(command) > 0:
		fmt.Fprint(out, " --"+words(command))
	case f.mutant != "":
		fmt.Fprintf(out, " --adapter %s --mutant %s", f.adapter, f.mutant)
	default:
		fmt.Fprintf(out, " --adapter %s", f.adapter)
	}
	fmt.Fprintln(out)
	if _, inProcess := adapter.(*refimpl.Simulator); inProcess {
		schedule := &refimpl.Recorded{List: small.Choices}
		if token, err := replay.OfProgram(context.Background(), small.Program, model.Mutant(f.mutant), schedule); err == nil {
			fmt.Fprintf(out, "the very run: %s replay %s\n", invocation(), token)
		}
	}
}
