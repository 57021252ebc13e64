package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/replay"
)

// replayAll judges traces and repeats runs, one after the other. A folder stands for the traces in it
// and below.
func replayAll(cmd *cobra.Command, args []string, whole bool) error {
	paths, err := replayable(args)
	if err != nil {
		return err
	}
	one := func(what string) error {
		if replay.IsToken(what) {
			return replayToken(cmd, what, whole)
		}
		return replayFile(cmd, what, whole)
	}
	if len(paths) == 1 && paths[0] == args[0] {
		return one(paths[0])
	}
	out := cmd.OutOrStdout()
	count := map[int]int{}
	for _, path := range paths {
		if cmd.Context().Err() != nil {
			break
		}
		fmt.Fprintln(out, briefly(path))
		err := one(path)
		code, text := exitUndecided, err
		var coded *exitError
		switch {
		case err == nil:
			code = 0
		case errors.As(err, &coded):
			code, text = coded.code, coded.err
		}
		if text != nil {
			fmt.Fprintln(cmd.ErrOrStderr(), "mpcheck:", text)
		}
		count[code]++
	}
	fmt.Fprintf(out, "\n%d of %d: %d allowed, %d forbidden, %d undecided, %d can't be read\n",
		count[0]+count[exitFound]+count[exitUndecided]+count[exitUsage], len(paths), count[0], count[exitFound], count[exitUndecided], count[exitUsage])
	if cmd.Context().Err() != nil {
		return &exitError{exitInterrupted, nil}
	}
	for _, code := range []int{exitFound, exitUsage, exitUndecided} {
		if count[code] > 0 {
			return &exitError{code, nil}
		}
	}
	return nil
}

// replayable puts the traces of a folder in its place, in the order of their names.
func replayable(args []string) ([]string, error) {
	var paths []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if replay.IsToken(arg) || err != nil || !info.IsDir() {
			paths = append(paths, arg) // what is wrong with it is told in its turn
			continue
		}
		before := len(paths)
		err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".trace") {
				paths = append(paths, path)
			}
			return err
		})
		if err != nil {
			return nil, usage("%w", err)
		}
		if len(paths) == before {
			return nil, usage("%s is a folder without traces: files of mpcheck run --traces end in .trace", arg)
		}
	}
	return paths, nil
}

// briefly is a path, or the beginning of a token.
func briefly(what string) string {
	if most := 40; replay.IsToken(what) && len(what) > most {
		return what[:most] + "..."
	}
	return what
}
