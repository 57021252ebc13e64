package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/internal/judge"
)

// The lists of deviations name cases that there are, and no case twice: one that fails is not one
// that passes with a forbidden trace. So they are true of these cases, and the adapter is there.
func TestLists(t *testing.T) {
	t.Chdir("../..")
	for _, h := range hosts {
		source := h.Command[len(h.Command)-1]
		if h.build != nil {
			source = h.build[len(h.build)-2]
		}
		if _, err := os.Stat(source); err != nil {
			t.Error(err)
		}
		seen := map[string]string{}
		for _, path := range []string{h.Known, h.Forbidden} {
			list, err := judge.Deviations(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range list {
				if !slices.ContainsFunc(cases.All(), func(k *cases.Case) bool { return k.ID == d.ID }) {
					t.Errorf("%s: there is no case %s", path, d.ID)
				}
				if seen[d.ID] != "" {
					t.Errorf("%s: %s stands in %s too", path, d.ID, seen[d.ID])
				}
				seen[d.ID] = filepath.Base(path)
			}
		}
	}
}
