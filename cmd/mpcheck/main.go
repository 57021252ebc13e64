// Command mpcheck checks implementations of Lisp-style processes against their documents.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/conformance/cases"
)

func main() {
	remote.Main()
	keepPipeErrors()
	code := mpcheck(interruptible(context.Background()), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	temporary.removeAll()
	os.Exit(code)
}

// Exit codes beside those of [conformance.Report.ExitCode].
const (
	exitFound       = 1
	exitUsage       = 2
	exitUndecided   = 3
	exitInterrupted = 130
	exitBrokenPipe  = 141 // as of a program that SIGPIPE ends
)

// exitError carries an exit code; a nil err has been reported already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// run is the whole command: main is wiring around it.
func mpcheck(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:   "mpcheck",
		Short: "Does an implementation of Lisp-style processes behave as documented?",
		Long: `mpcheck puts conformance cases to an implementation of Lisp-style processes: processes
with mailboxes, cleanups and dependents, reaping of children of the operating system,
external programs. A case that fails names the sentence that is broken, what it allows,
what came instead, and the command that shows it again.`,
		Example: `  mpcheck run                                   the built-in implementation in Go
  mpcheck run --adapter refimpl --schedules all the simulator, under every schedule
  mpcheck run -- ./my-adapter --some-flag       yours
  mpcheck smoke -- ./my-adapter                 is its plumbing sound?
  mpcheck explain CLEAN-DUP-7                   what a clause says, and where it stands`,
		Version:       cases.Version(),
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("unknown command %q: `mpcheck --help` lists those there are", args[0])
			}
			return cmd.Help()
		},
		Args: cobra.ArbitraryArgs,
	}
	root.SetArgs(args)
	root.SetIn(stdin)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	written := &output{Writer: stdout, lost: cancel}
	root.SetOut(written)
	stderr = &output{Writer: stderr, lost: func() {}}
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%w", err) })
	root.AddCommand(runCommand(), listCommand(), explainCommand(), serveCommand(), exploreCommand(), mutantsCommand(), replayCommand(), fuzzCommand(),
		diffCommand(), matrixCommand(), smokeCommand(), initCommand(), manCommand())
	completions(root)
	internal(root)
	err := root.ExecuteContext(ctx)
	if isBrokenPipe(written.err) {
		return exitBrokenPipe
	}
	if err == nil && written.err != nil {
		err = &exitError{exitUndecided, fmt.Errorf("writing to standard output: %w", written.err)}
	}
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && interrupted(err) {
		return exitInterrupted
	}
	code := exitUndecided
	var coded *exitError
	if errors.As(err, &coded) {
		code, err = coded.code, coded.err
	}
	if err != nil {
		fmt.Fprintln(stderr, "mpcheck:", err)
	}
	return code
}

// internal lists the commands that remote.Main has already run where they were meant, so
// that help can say what they are for.
func internal(root *cobra.Command) {
	for word, short := range map[string]string{
		"keeper": "(internal) run an adapter and end whatever it leaves behind",
		"child":  "(internal) be a helper child of a system under test",
	} {
		root.AddCommand(&cobra.Command{Use: word, Short: short, Hidden: true, DisableFlagParsing: true,
			RunE: func(*cobra.Command, []string) error { return usage("%s is started by mpcheck itself", word) }})
	}
}
