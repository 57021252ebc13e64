// Package quiet starts a helper child over with a Go runtime that sends itself no signals.
//
// The runtime preempts goroutines by SIGURG, unless its environment says otherwise when it begins: a child that
// reports each signal that arrives could not tell one of the runtime's from one that somebody sent. It is done
// while the program is still initialized, as early as this package's few imports allow: all that a
// large program does before main would be done twice otherwise, which is most of what a helper child costs.
package quiet

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
)

// The first arguments by which this program is told that it is a helper child: started by its command, or by
// the kernel as the interpreter of a script.
const (
	ChildWord   = "child"
	ProgramWord = "child-program"
)

// mark is put first into the environment. What is behind the comma, which nobody reads, makes it
// recognizable as ours.
const mark = "GODEBUG=asyncpreemptoff=1,mpcheckchild=1"

var (
	given []string
	fault error
)

// Environ returns the environment that the system under test gave to this helper child, duplicates
// included, or why it couldn't start over.
func Environ() ([]string, error) { return given, fault }

func init() {
	if len(os.Args) > 1 && slices.Contains([]string{ChildWord, ProgramWord}, os.Args[1]) {
		if given, fault = read(); fault == nil {
			fault = startOver()
		}
	}
}

// read reads the environment from /proc, because os.Environ drops duplicates.
func read() ([]string, error) {
	text, err := os.ReadFile("/proc/self/environ")
	if err != nil || len(text) == 0 {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(string(text), "\x00"), "\x00"), nil
}

// startOver returns once the runtime is quiet. The process stays the same, its id and its parent too.
func startOver() error {
	if len(given) > 0 && given[0] == mark {
		given = given[1:]
		return nil
	}
	self, err := os.Executable()
	if err == nil {
		err = syscall.Exec(self, os.Args, append([]string{mark}, given...))
	}
	return fmt.Errorf("starting over with a quiet runtime: %w", err)
}
