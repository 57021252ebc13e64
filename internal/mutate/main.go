// Mutate changes the source of adapters/native, and of the kit that it is built on, one place at a time and asks of each mutant whether
// anything notices: the cases, by run --fail-fast, where none fails a while of fuzz, and last the
// packages' own tests. What survives must stand in survivors.txt with a reason.
//
//	mutate                 the sample of 150 that seed 1 picks
//	mutate -sample 0       every mutant
//	mutate -list           the mutants, none of them judged
//	mutate -plant          public bugs of this field instead, planted in native
//	mutate -plant -dir FOLDER -bugs FILE -- COMMAND    the bugs of a file, planted in an adapter in any language
//
// Results are kept in a file as they come, so that a run which was interrupted goes on. The tree is
// never touched: a mutant is built with go build -overlay. Exit code: 0 every survivor is listed;
// 1 one is not, or an entry of the list is stale; 2 wrong usage, or nothing could be judged;
// 130 interrupted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are the command line's.
type options struct {
	root, dir         string // the module, and the packages in it that are mutated, separated by commas
	sample, jobs      int
	seed              uint64
	results, listed   string
	timeout, fuzz     time.Duration
	only, files       string
	cases             string
	listOnly, retryOn bool
	plant             bool
	bugs              string   // the file that has them; empty for native's own
	start             []string // the command line of an adapter that has such a file
}

// dirs are the packages: native, and those beside it.
func (o options) dirs() []string { return strings.Split(o.dir, ",") }

// inAnyLanguage tells whether bugs are planted in an adapter that a command line starts, and not in native.
func (o options) inAnyLanguage() bool { return len(o.start) > 0 }

func main() {
	var o options
	flag.StringVar(&o.root, "root", ".", "root of the module")
	flag.StringVar(&o.dir, "dir", "adapters/native,adapters/kit", "the packages that are mutated, below the root, separated by commas")
	flag.IntVar(&o.sample, "sample", 150, "how many mutants; 0 is all")
	flag.Uint64Var(&o.seed, "seed", 1, "of the sample")
	flag.IntVar(&o.jobs, "jobs", 2, "mutants judged side by side")
	flag.StringVar(&o.results, "results", "bin/mutate.jsonl", "where results are kept")
	flag.StringVar(&o.listed, "survivors", "internal/mutate/survivors.txt", "the checked list of survivors")
	flag.DurationVar(&o.timeout, "timeout", 8*time.Second, "limit of run for one operation")
	flag.DurationVar(&o.fuzz, "fuzz", time.Minute, "how long a mutant that run did not fail is fuzzed; 0 is not at all")
	flag.StringVar(&o.only, "only", "", "only mutants whose key contains this text")
	flag.StringVar(&o.files, "files", "", "only mutants of these files, as A.go,kit/B.go")
	flag.StringVar(&o.cases, "select", "", "run only the cases that match, as A,B of mpcheck run --select: to look into some mutants")
	flag.BoolVar(&o.listOnly, "list", false, "list the mutants and judge none")
	flag.BoolVar(&o.retryOn, "again", false, "judge survivors again although nothing has changed")
	flag.BoolVar(&o.plant, "plant", false, "judge bugs that are planted on purpose instead, those of native or of -bugs, or of these those of -only")
	flag.StringVar(&o.bugs, "bugs", "", "with -plant: the file of bugs of the adapter in -dir, which the command line after -- starts")
	flag.Parse()
	o.start = flag.Args()
	if o.inAnyLanguage() != (o.bugs != "") || o.bugs != "" && !o.plant {
		fmt.Fprintln(os.Stderr, "mutate: -plant -bugs FILE takes the command line of the adapter after --, and nothing else does")
		os.Exit(2)
	}
	if o.sample < 0 || o.jobs < 1 {
		fmt.Fprintln(os.Stderr, "mutate: -sample from 0 and -jobs from 1 on; mutate -h lists the flags")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code, err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
	}
	os.Exit(code)
}

func run(ctx context.Context, o options) (code int, err error) {
	if o.plant {
		j, err := newJudge(ctx, o)
		if err != nil {
			return 2, err
		}
		defer j.Close()
		return j.plantAll(ctx, o.only)
	}
	all, err := mutantsOf(o.root, o.dirs()...)
	if err != nil {
		return 2, err
	}
	list, err := readSurvivors(o.path(o.listed))
	if err != nil {
		return 2, err
	}
	chosen := sampled(all, o.seed, o.sample, func(m Mutant) bool {
		return strings.Contains(m.Key(), o.only) && (o.files == "" || slices.Contains(strings.Split(o.files, ","), m.File))
	})
	if o.listOnly {
		for _, m := range chosen {
			fmt.Println(m.Key())
		}
		fmt.Printf("%d of %d mutants\n", len(chosen), len(all))
		return 0, nil
	}
	if len(chosen) == 0 {
		return 2, fmt.Errorf("no mutant of %d is one of -only and -files", len(all))
	}
	known, err := openResults(o.path(o.results))
	if err != nil {
		return 2, err
	}
	defer known.Close()
	j, err := newJudge(ctx, o)
	if err == nil {
		defer j.Close()
		err = j.all(ctx, chosen, known)
	}
	switch {
	case ctx.Err() != nil:
		fmt.Printf("interrupted; what was judged is in %s, and the same command goes on from there\n", o.results)
		return 130, nil
	case err != nil:
		return 2, err
	}
	if !summary(os.Stdout, all, chosen, known, list) {
		return 1, errors.New("the list of survivors is not up to date: " + o.listed)
	}
	return 0, nil
}
