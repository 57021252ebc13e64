package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/adapters/gostart"
	"github.com/mpcheck/mpcheck/adapters/lisp"
	"github.com/mpcheck/mpcheck/adapters/python"
	"github.com/mpcheck/mpcheck/adapters/starter"
)

// starters are the languages, in the order in which help names them. A further one is a line here, and a package in the folder of
// its kit that embeds its files (see package starter); TestInit tries each where what it needs is installed.
var starters = []struct {
	lang, about string
	starter     func() starter.Set
}{
	{"go", "a module on the kit, adapters/kit: mailboxes of its own stand where your library belongs", gostart.Starter},
	{"python", "one file and the kit beside it, of the standard library alone: yours stands in place of its mailboxes", python.Starter},
	{"lisp", "one file, and the kit beside it, for SBCL and ECL", lisp.Starter},
}

func languages() (names []string) {
	for _, s := range starters {
		names = append(names, s.lang)
	}
	return names
}

func initCommand() *cobra.Command {
	var lang string
	var about strings.Builder
	for _, s := range starters {
		fmt.Fprintf(&about, "  %-8s %s\n", s.lang, s.about)
	}
	cmd := &cobra.Command{
		Use:   "init --lang " + strings.Join(languages(), "|") + " DIR",
		Short: "Lay a starting adapter into a folder",
		Long: `Lay a starting adapter into a folder: it passes mpcheck smoke as it is, and mpcheck run judges it at
once. What it lacks is one place, in which you have it call what you want judged: a few mailboxes of
its own stand there and show how. All around that - messages, frames, logs, cells, what a kill does -
is there already.

The languages:

` + about.String() + `
DIR is made if need be. Nothing is written over: where a file is there already, nothing is laid.
docs/write-an-adapter.md goes on from here.`,
		Example: "  mpcheck init --lang " + starters[0].lang + " my-adapter\n" +
			"  " + strings.Join(nextLines("my-adapter", starters[0].starter()), "\n  "),
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			at := slices.Index(languages(), lang)
			switch {
			case lang == "":
				return usage("which language? --lang %s", strings.Join(languages(), ", --lang "))
			case at < 0:
				return usage("--lang %q: want %s; for any other, docs/write-an-adapter.md", lang, strings.Join(languages(), ", "))
			case len(args) == 0, args[0] == "":
				return usage("into which folder? as in mpcheck init --lang %s my-adapter", lang)
			case len(args) > 1:
				return usage("one folder, not %d: %s", len(args), strings.Join(args, " "))
			}
			set := starters[at].starter()
			paths, err := set.Lay(args[0])
			var exists *starter.ExistsError
			if errors.As(err, &exists) {
				return usage("%w", exists)
			}
			if err != nil {
				return &exitError{exitUndecided, err}
			}
			tellNext(cmd.OutOrStdout(), args[0], paths, set)
			return nil
		},
	}
	cmd.Flags().StringVar(&lang, "lang", "", "`LANGUAGE` of the adapter: "+strings.Join(languages(), ", "))
	return cmd
}

// tellNext says what was laid, and what is to be typed and written now.
func tellNext(w io.Writer, folder string, paths []string, set starter.Set) {
	for _, path := range paths {
		fmt.Fprintf(w, "laid  %s\n", path)
	}
	fmt.Fprintf(w, "\nNow type\n\n    %s\n", strings.Join(nextLines(folder, set), "\n    "))
	if set.Note != "" {
		fmt.Fprintf(w, "\n%s\n", set.Note)
	}
	fmt.Fprintf(w, "\nWhat you want judged goes into %s.\n", set.FillIn)
}

// nextLines are the command lines that come next.
func nextLines(folder string, set starter.Set) []string {
	var lines []string
	if folder = filepath.Clean(folder); folder != "." {
		if strings.HasPrefix(folder, "-") {
			folder = "./" + folder // cd would take it for an option
		}
		lines = append(lines, "cd "+shellWord(folder))
	}
	lines = append(lines, set.Prepare...)
	return append(lines, "mpcheck smoke -- "+set.Command, "mpcheck run -- "+set.Command)
}
