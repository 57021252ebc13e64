package cases

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var updateIDs = flag.Bool("update-ids", false, "append new cases to testdata/ids.txt; nothing is ever taken out")

const idsFile = "testdata/ids.txt"

// lost lists what breaks the promise of docs/stability.md: every id that ever was is a case, or is
// known to be retired; none was given to another; and what took its place is there.
func lost(ever, now []string, retired []Retirement) (faults []string) {
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	was := map[string]bool{}
	for i, r := range retired {
		was[r.ID] = true
		switch {
		case slices.Contains(now, r.ID):
			bad("%s is retired and a case: an id is never used again", r.ID)
		case !slices.Contains(ever, r.ID):
			bad("%s is retired and never was a case", r.ID)
		case r.Why == "" || r.Version == "":
			bad("%s is retired without a version and a reason", r.ID)
		case slices.ContainsFunc(retired[:i], func(other Retirement) bool { return other.ID == r.ID }):
			bad("%s is retired twice", r.ID)
		}
		for _, by := range r.By {
			later := slices.ContainsFunc(retired[i+1:], func(other Retirement) bool { return other.ID == by })
			if !slices.Contains(now, by) && !later {
				bad("%s is said to take the place of %s, and is no case", by, r.ID)
			}
		}
	}
	for _, id := range ever {
		if !slices.Contains(now, id) && !was[id] {
			bad("%s is no case any more: ids are never renamed; say in conformance/cases/retired.go what became of it", id)
		}
	}
	for _, id := range now {
		if !slices.Contains(ever, id) {
			bad("%s is new: go test ./conformance/cases -run TestCaseIDsStay -update-ids", id)
		}
	}
	return faults
}

func everID(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(idsFile)
	if err != nil && !*updateIDs {
		t.Fatal(err)
	}
	return strings.Fields(string(data))
}

func TestCaseIDsStay(t *testing.T) {
	ever := everID(t)
	var now []string
	for _, k := range All() {
		now = append(now, k.ID)
	}
	if *updateIDs {
		for _, id := range now {
			if !slices.Contains(ever, id) {
				ever = append(ever, id)
			}
		}
		slices.Sort(ever)
		if err := os.WriteFile(idsFile, []byte(strings.Join(ever, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, fault := range lost(ever, now, Retirements) {
		t.Error(fault)
	}
	if len(ever) < 300 {
		t.Errorf("%s has only %d ids: it has every one that ever was", idsFile, len(ever))
	}
}

func TestLostIDsAreFound(t *testing.T) {
	ever, now := []string{"A-1/a", "A-1/b", "A-1/c"}, []string{"A-1/a", "A-1/b"}
	gone := Retirement{ID: "A-1/c", Version: "v2.0.0", By: []string{"A-1/b"}, Why: "it showed the same"}
	with := func(change func(r *Retirement)) []Retirement {
		r := gone
		change(&r)
		return []Retirement{r}
	}
	for _, x := range []struct {
		name    string
		now     []string
		retired []Retirement
		want    string
	}{
		{"retired", now, []Retirement{gone}, ""},
		{"vanished", now, nil, "A-1/c is no case any more"},
		{"used again", ever, []Retirement{gone}, "A-1/c is retired and a case"},
		{"twice", now, []Retirement{gone, gone}, "A-1/c is retired twice"},
		{"no successor", now, with(func(r *Retirement) { r.By = []string{"A-1/d"} }), "A-1/d is said to take the place"},
		{"no reason", now, with(func(r *Retirement) { r.Why = "" }), "without a version and a reason"},
		{"never was", now, with(func(r *Retirement) { r.ID = "A-1/x" }), "A-1/x is retired and never was"},
		{"new", append(ever, "A-1/d"), nil, "A-1/d is new"},
		{"successor retired later", []string{"A-1/a"}, []Retirement{gone, {ID: "A-1/b", Version: "v3.0.0", By: []string{"A-1/a"}, Why: "too"}}, ""},
	} {
		got := strings.Join(lost(ever, x.now, x.retired), "\n")
		if got == "" != (x.want == "") || !strings.Contains(got, x.want) {
			t.Errorf("%s: got %q, want %q", x.name, got, x.want)
		}
	}
}
