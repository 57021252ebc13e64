package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/conformance/cases"
)

// The examples of the help texts name flags, cases and mutants that there are.
func TestExamplesOfHelp(t *testing.T) {
	commands := map[string]func() *cobra.Command{
		"run": runCommand, "list": listCommand, "explain": explainCommand, "serve": serveCommand,
		"explore": exploreCommand, "mutants": mutantsCommand, "replay": replayCommand, "fuzz": fuzzCommand,
		"diff": diffCommand, "matrix": matrixCommand, "smoke": smokeCommand, "man": manCommand,
	}
	for _, from := range commands {
		for line := range strings.Lines(from().Example) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
			words := strings.Fields(line)
			if len(words) < 2 || words[0] != "mpcheck" || commands[words[1]] == nil {
				t.Errorf("%q is no command", line)
				continue
			}
			if err := commands[words[1]]().ParseFlags(words[2:]); err != nil {
				t.Errorf("%s: %v", line, err)
			}
			for _, m := range regexp.MustCompile(`--select '?([^ ']+)`).FindAllStringSubmatch(line, -1) {
				if chosen, err := cases.Select(cases.All(), m[1:], nil); err != nil || len(chosen) == 0 {
					t.Errorf("%s: %d cases, %v", line, len(chosen), err)
				}
			}
			for _, m := range regexp.MustCompile(`--mutant ([^ ]+)`).FindAllStringSubmatch(line, -1) {
				if _, err := mutantByID(m[1]); err != nil {
					t.Errorf("%s: %v", line, err)
				}
			}
		}
	}
}
