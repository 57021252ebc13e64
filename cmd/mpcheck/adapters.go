package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/mpcheck/mpcheck/adapters/impostor"
	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// adapterNames lists the built-in implementations.
func adapterNames() []string { return append([]string{"native", "refimpl"}, impostor.Names()...) }

func checkAdapter(name string) error {
	if slices.Contains(adapterNames(), name) {
		return nil
	}
	return usage("unknown adapter %q: the built-in ones are %s; a program of yours follows --, as in mpcheck run -- ./my-adapter",
		name, strings.Join(adapterNames(), ", "))
}

// What an adapter takes of the processes and threads that its user may have, with its keeper, and with the pair
// that is started ahead, and what this program takes beside them.
const (
	tasksOfAdapter = 40
	tasksOfOurs    = 12
)

// roomFor is how many of n adapters there is room for. A Go program that gets no thread ends at once, with the
// exit code of wrong usage.
func roomFor(n int) (int, error) {
	t, limited := remote.CountTasks()
	if !limited {
		return n, nil
	}
	fit := (t.Left() - tasksOfOurs) / tasksOfAdapter
	if fit < 1 {
		return 0, &exitError{exitUndecided, fmt.Errorf("an adapter and what keeps it take about %d processes and threads, and %v", tasksOfAdapter+tasksOfOurs, t)}
	}
	return min(n, fit), nil
}

// opening says which adapters are to be opened.
type opening struct {
	name    string   // of a built-in one, where there is no command
	command []string // what starts one
	n       int      // side by side
	stdio   bool
	within  time.Duration // each has to greet
	stderr  io.Writer     // is told where that takes long
}

// openAdapters opens n adapters of one kind, to run cases side by side. All but the
// simulator live in processes of their own: waiting for any child would take those of the
// harness. Once ctx has ended they get [politeGrace] to end what runs, then they are killed.
func openAdapters(ctx context.Context, o opening) ([]spec.Adapter, error) {
	command, n := o.command, o.n
	if len(command) == 0 {
		if o.name == "refimpl" {
			return slices.Repeat([]spec.Adapter{refimpl.New(refimpl.Options{Record: true})}, n), nil
		}
		self, err := remote.Self()
		if err != nil {
			return nil, err
		}
		command = []string{self, "serve", "--adapter", o.name}
	}
	n, err := roomFor(n)
	if err != nil {
		return nil, err
	}
	if err := remote.AdoptOrphans(); err != nil {
		return nil, &exitError{exitUndecided, err}
	}
	adapters, faults := make([]spec.Adapter, n), make([]error, n)
	slow := time.AfterFunc(slowStart, func() {
		fmt.Fprintf(o.stderr, "mpcheck: still waiting for the adapter to answer hello; --start-timeout gives it %v\n", o.within)
	})
	defer slow.Stop()
	var starting sync.WaitGroup
	for i := range n {
		starting.Go(func() {
			pool, err := remote.NewPool(ctx, remote.Options{Command: command, HelloTimeout: o.within, PingTimeout: pingTimeout, Stdio: o.stdio})
			if err != nil {
				faults[i] = err
				return
			}
			adapters[i] = pool
			context.AfterFunc(ctx, func() { time.AfterFunc(politeGrace, pool.Cut) })
		})
	}
	starting.Wait()
	for _, err := range faults {
		if err != nil { // they failed alike: one of them tells enough
			return nil, &exitError{exitUndecided, errors.Join(err, closeAdapters(adapters))}
		}
	}
	return adapters, nil
}

// How long adapters get to answer hello, where --start-timeout doesn't say it, and ping, 0 the default of remote; for tests
// to shorten.
var (
	helloTimeout = wire.DefaultHelloTimeout
	pingTimeout  time.Duration
)

// slowStart is after how long somebody may wonder what is waited for.
const slowStart = 5 * time.Second

// startTimeout is the flag --start-timeout.
func startTimeout(flags *pflag.FlagSet, within *time.Duration) {
	flags.DurationVar(within, "start-timeout", helloTimeout, "how long an adapter after -- may take to start and answer hello")
}

func checkStartTimeout(within time.Duration) error {
	if within <= 0 {
		return usage("--start-timeout %v: want a positive duration such as 1m", within)
	}
	return nil
}

// politeGrace is what adapters get to end the cases that an interrupt gives up.
const politeGrace = time.Second

// closeAdapters ends those that were opened, side by side, and then what an adapter that killed
// its keeper has left running.
func closeAdapters(adapters []spec.Adapter) error {
	faults := make([]error, len(adapters))
	var ending sync.WaitGroup
	for i, adapter := range adapters {
		if adapter != nil {
			ending.Go(func() { faults[i] = adapter.Close() })
		}
	}
	ending.Wait()
	switch orphans, err := remote.EndOrphans(); {
	case err != nil:
		faults = append(faults, err)
	case orphans > 0:
		faults = append(faults, fmt.Errorf("an adapter killed its keeper and left %s running; that was ended too", processes(orphans)))
	}
	return errors.Join(faults...)
}

// builtIn makes an implementation in this process. The simulator notes what it covers, where
// covered is not nil.
func builtIn(name, mutant string, covered *refimpl.Coverage) (spec.Adapter, error) {
	if err := checkAdapter(name); err != nil {
		return nil, err
	}
	if mutant != "" && name != "refimpl" {
		return nil, usage("--mutant breaks a rule of the simulator: use it with --adapter refimpl")
	}
	switch name {
	case "native":
		return native.New(), nil
	case "refimpl":
		m, err := mutantByID(mutant)
		if err != nil {
			return nil, err
		}
		return refimpl.New(refimpl.Options{Mutant: m, Coverage: covered}), nil
	}
	return impostor.New(name)
}

// mutantByID is the mutant of that id; "" is none.
func mutantByID(id string) (model.Mutant, error) {
	if id == "" {
		return "", nil
	}
	m, ok := model.MutantByID(id)
	if !ok {
		return "", usage("unknown mutant %q: there are %s", id, strings.Join(mutantIDs(), ", "))
	}
	return m.Mutant, nil
}

// mutantIDs lists all mutants.
func mutantIDs() []string {
	var ids []string
	for _, m := range model.Mutants {
		ids = append(ids, string(m.Mutant))
	}
	return ids
}

func processes(n int) string {
	if n == 1 {
		return "1 process"
	}
	return fmt.Sprintf("%d processes", n)
}
