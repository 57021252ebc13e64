package main

import (
	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// completions has the shell complete what flags and arguments may be. The scripts are those of
// cobra: mpcheck completion bash, zsh, fish, powershell.
func completions(root *cobra.Command) {
	for _, c := range root.Commands() {
		for flag, words := range map[string]func() []string{
			"select": patterns, "skip": patterns, "adapter": adapterNames,
			"lang":     languages,
			"profile":  func() []string { return spec.Profiles },
			"strategy": func() []string { return []string{"random", "pct", "dfs", "dpor"} },
			"mutant": func() (ids []string) {
				for _, m := range model.Mutants {
					ids = append(ids, string(m.Mutant))
				}
				return ids
			},
			"liberty": func() (ids []string) {
				for _, l := range native.Liberties {
					ids = append(ids, l.ID)
				}
				return ids
			},
		} {
			if c.Flags().Lookup(flag) == nil {
				continue
			}
			// The error is about a flag that there isn't.
			_ = c.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				return words(), cobra.ShellCompDirectiveNoFileComp
			})
		}
		if c.Name() == "explain" {
			c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
				if len(args) > 0 {
					return nil, cobra.ShellCompDirectiveNoFileComp
				}
				words := patterns()
				for _, op := range spec.Ops {
					words = append(words, op.Name)
				}
				for _, m := range model.Mutants {
					words = append(words, string(m.Mutant))
				}
				for _, l := range native.Liberties {
					words = append(words, l.ID)
				}
				return words, cobra.ShellCompDirectiveNoFileComp
			}
		}
	}
}

// patterns are what --select may be, apart from globs.
func patterns() []string {
	words := append([]string{}, cases.Families()...)
	for _, c := range spec.Clauses().Clauses {
		words = append(words, c.ID)
	}
	for _, k := range cases.All() {
		words = append(words, k.ID)
	}
	return words
}
