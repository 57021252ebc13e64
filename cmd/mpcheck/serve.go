package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/adapters/wire"
)

func serveCommand() *cobra.Command {
	var adapter, mutant, listen string
	var liberties []string
	cmd := &cobra.Command{
		Use:   "serve --adapter NAME",
		Short: "Be an adapter: serve a built-in implementation to a harness",
		Long: `Serve a built-in implementation by the protocol of docs/protocol.md, on the descriptors
that the environment names in MPCHECK_IN and MPCHECK_OUT. A harness starts this command:

  mpcheck run -- mpcheck serve --adapter refimpl --mutant forced-move-ignored

The impostors are wrong on purpose: no case may pass on them. A mutant does what is forbidden,
and a case must fail on it. A liberty is its twin: native then does what the documents allow
and it doesn't do by itself, and everything must pass:

  mpcheck run -- mpcheck serve --liberty cleanups-first
  mpcheck fuzz -- mpcheck serve --liberty last-come,answers-told-late

mpcheck list --liberties shows them, mpcheck explain CLAUSE the mutants and liberties of a clause.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(liberties) > 0 && (adapter != "native" || mutant != "") {
				return usage("--liberty is for native: use it with --adapter native, or without --adapter")
			}
			implementation, err := builtIn(adapter, mutant, nil)
			if len(liberties) > 0 {
				implementation, err = liberal(liberties)
			}
			if err != nil {
				return err
			}
			if listen != "" {
				return serveAt(cmd.Context(), listen, implementation)
			}
			err = wire.ServeInherited(cmd.Context(), implementation)
			var missing *wire.InheritError
			if errors.As(err, &missing) {
				return usage("%w", missing)
			}
			if err != nil {
				return &exitError{exitUndecided, fmt.Errorf("serving %s: %w", adapter, err)}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&adapter, "adapter", "native", "implementation to serve")
	cmd.Flags().StringVar(&mutant, "mutant", "", "break one rule of the simulator: `ID` of a mutant, as mpcheck explain names them")
	cmd.Flags().StringVar(&listen, "listen", "", "serve whoever connects to this `ADDRESS`, as unix:/tmp/adapter.sock, one after the other: mpcheck run --connect")
	cmd.Flags().StringSliceVar(&liberties, "liberty", nil, "have native take a liberty: `ID` as mpcheck list --liberties names them (repeatable, or separated by commas)")
	return cmd
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("unexpected argument %q: see mpcheck %s --help", args[0], cmd.Name())
	}
	return nil
}
