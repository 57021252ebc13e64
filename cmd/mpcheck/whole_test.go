package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// mostNotTestable is how many clauses that demand something may be beyond any case, and mostOfArea how many of one area.
const (
	mostNotTestable = 20
	mostOfArea      = 4
)

// said is what a command that succeeds writes.
func said(t *testing.T, args ...string) []byte {
	t.Helper()
	out, faults, code := command(t, args...)
	if code != 0 {
		t.Fatalf("mpcheck %s ends with %d: %s%s", strings.Join(args, " "), code, out, faults)
	}
	return []byte(out)
}

// Each clause that demands something is witnessed by a case that passes on the simulator, and of each that demands nothing a
// behaviour is recorded which the catalogue lists; but for few, with their reasons. On native the package conformance looks at
// that.
func TestClausesAreWitnessed(t *testing.T) {
	t.Parallel()
	var listing report.Listing
	if err := json.Unmarshal(said(t, "list", "--json"), &listing); err != nil {
		t.Fatal(err)
	}
	results := filepath.Join(t.TempDir(), "results.json")
	said(t, "run", "--adapter", "refimpl", "--schedules", "8", "--json", results)
	ran, err := readReport(t.Context(), results)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]verdict.Result{}
	for _, r := range ran.Cases {
		byID[r.ID] = r
	}
	notTestable, all := map[string]int{}, 0
	for _, c := range listing.Clauses {
		area, _, _ := strings.Cut(c.ID, "-")
		if c.Level == spec.Note || spec.Clauses().Lookup(c.ID).Capability == spec.GUI {
			continue
		}
		if c.NotTestable != "" {
			notTestable[area]++
			if c.Level != spec.Silent {
				all++
			}
			continue
		}
		if !slices.ContainsFunc(c.Cases, func(id string) bool { return byID[id].Shows(spec.Clauses().Lookup(c.ID)) }) {
			t.Errorf("%s, %s: none of its cases shows it on the simulator: %v", c.ID, c.Level, c.Cases)
		}
	}
	if all > mostNotTestable {
		t.Errorf("%d clauses are not testable", all)
	}
	for area, n := range notTestable {
		if n > mostOfArea {
			t.Errorf("%d clauses of %s are not testable", n, area)
		}
	}
}
