package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/adapters/impostor"
	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/adapters/remote"
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

// openAdapter opens the adapter of a run. All but the simulator live in processes of their
// own: waiting for any child would take those of the harness.
func openAdapter(ctx context.Context, name string, command []string) (spec.Adapter, error) {
	if len(command) == 0 {
		if err := checkAdapter(name); err != nil {
			return nil, err
		}
		if name == "refimpl" {
			return refimpl.New(refimpl.Options{}), nil
		}
		self, err := remote.Self()
		if err != nil {
			return nil, err
		}
		command = []string{self, "serve", "--adapter", name}
	}
	pool, err := remote.NewPool(ctx, remote.Options{Command: command})
	if err != nil {
		return nil, &exitError{exitUndecided, err}
	}
	return pool, nil
}

// builtIn makes an implementation in this process.
func builtIn(name, mutant string) (spec.Adapter, error) {
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
		options := refimpl.Options{}
		if mutant != "" {
			m, ok := model.MutantByID(mutant)
			if !ok {
				return nil, usage("unknown mutant %q: there are %s", mutant, strings.Join(mutantIDs(nil), ", "))
			}
			options.Mutant = m.Mutant
		}
		return refimpl.New(options), nil
	}
	return impostor.New(name)
}

// mutantIDs lists the mutants that violate a clause, or all.
func mutantIDs(clause *spec.Clause) []string {
	var ids []string
	for _, m := range model.Mutants {
		if clause == nil {
			ids = append(ids, string(m.Mutant))
		} else if slices.Contains(m.Clauses, clause.ID) {
			ids = append(ids, fmt.Sprintf("%s: %s", m.Mutant, m.What))
		}
	}
	return ids
}
