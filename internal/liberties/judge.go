package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/internal/judge"
)

// A finding is what one subject gave, and why it was not judged whole.
type finding struct {
	judge.Finding
	err error
}

// judgeAll judges the subjects, some at a time, and returns the exit code: 1 where one was accused.
func judgeAll(ctx context.Context, o options, command []string) (int, error) {
	all, err := subjects(o, command)
	if err != nil {
		return 2, err
	}
	chosen, err := cases.Select(cases.All(), o.patterns(), nil)
	if err != nil {
		return 2, err
	}
	if err := os.MkdirAll(o.keep, 0o755); err != nil {
		return 2, err
	}
	began, findings := time.Now(), make([]finding, len(all))
	for i := range findings {
		findings[i].err = errors.New("not begun")
	}
	share := o.fuzz * time.Duration(o.beside) / time.Duration(len(all))
	var running sync.WaitGroup
	var saying sync.Mutex
	next, done := make(chan int), 0
	for range o.beside {
		running.Go(func() {
			for i := range next {
				findings[i].Finding, findings[i].err = all[i].Judge(ctx, all[i].options(o, share))
				saying.Lock()
				done++
				fmt.Printf("[%d/%d] %s: %s\n", done, len(all), all[i].Name, findings[i].Finding)
				if err := findings[i].err; err != nil {
					fmt.Println("    not judged whole:", err)
				}
				saying.Unlock()
			}
		})
	}
	for i := range all {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	running.Wait()
	return summary(all, findings, chosen, time.Since(began)), ctx.Err()
}

// patterns are those of -select, none where it isn't given: all cases.
func (o options) patterns() []string {
	if o.cases == "" {
		return nil
	}
	return []string{o.cases}
}

// summary writes the sums, and what no subject showed although it claims to, where one of the cases
// observes it.
func summary(all []subject, findings []finding, chosen []*cases.Case, took time.Duration) int {
	var sum judge.Finding
	accused, broken, claimed, shown := 0, 0, map[string]bool{}, map[string]bool{}
	for i, f := range findings {
		sum.Cases, sum.Traces, sum.Programs = sum.Cases+f.Cases, sum.Traces+f.Traces, sum.Programs+f.Programs
		sum.Undecided += f.Undecided
		if len(f.Accused) > 0 {
			accused++
		}
		if f.err != nil {
			broken++
		}
		for _, behaviour := range all[i].shows {
			clause, key, _ := strings.Cut(behaviour, " ")
			if key != "" && hasCase(chosen, clause) && unseen[behaviour] == "" && f.err == nil {
				claimed[behaviour] = true
				shown[behaviour] = shown[behaviour] || f.Shown[behaviour]
			}
		}
	}
	var missing []string
	for behaviour := range claimed {
		if !shown[behaviour] {
			missing = append(missing, behaviour)
		}
	}
	if slices.Sort(missing); len(missing) > 0 {
		fmt.Printf("claimed, and seen by no case: %s\n", strings.Join(missing, ", "))
	}
	fmt.Printf("%d implementations: %d cases run, %d traces judged (%d undecided), %d programs fuzzed in %.0f s; not judged whole: %d; accused: %d\n",
		len(all), sum.Cases, sum.Traces, sum.Undecided, sum.Programs, took.Seconds(), broken, accused)
	if accused+broken+len(missing) > 0 {
		return 1
	}
	return 0
}

func hasCase(among []*cases.Case, clause string) bool {
	return slices.ContainsFunc(among, func(k *cases.Case) bool { return slices.Contains(k.Witnesses(), clause) })
}

// options are those of judging the subject, with its share of fuzzing and seeds of its own.
func (s subject) options(o options, fuzzing time.Duration) judge.Options {
	flags := []string{"--jobs", strconv.Itoa(o.jobs)}
	switch {
	case o.own:
		flags = append(flags, s.ownCases()...)
	case o.cases != "":
		flags = append(flags, "--select", o.cases)
	}
	seed := o.seed
	for _, c := range s.Name {
		seed = seed*31 + uint64(c)
	}
	return judge.Options{Program: o.mpcheck, Flags: flags, Fuzz: fuzzing, Seed: seed % 1_000_000, Keep: o.keep}
}

// ownCases selects the cases of the clauses that the subject is about, or any where none has one.
func (s subject) ownCases() (flags []string) {
	for _, behaviour := range s.shows {
		if clause, _, _ := strings.Cut(behaviour, " "); hasCase(cases.All(), clause) {
			flags = append(flags, "--select", clause)
		}
	}
	if flags == nil {
		flags = []string{"--select", "PROC-CREATE-1"}
	}
	return flags
}
