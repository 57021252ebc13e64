package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
)

// shownBy tells which liberties claim to show a behaviour, given as CLAUSE KEY.
func shownBy(behaviour string) (ids []string) {
	for _, l := range native.Liberties {
		if slices.Contains(l.Shows, behaviour) {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

// Each behaviour that the catalogue lists for a SILENT clause which has a case is shown by
// native, by a liberty, or there is a reason why not.
func TestEveryBehaviourIsShown(t *testing.T) {
	for _, clause := range spec.Clauses().Clauses {
		if clause.Level != spec.Silent || !hasCase(cases.All(), clause.ID) || clause.Capability == spec.Foreign && !hasForeign {
			continue
		}
		for _, b := range clause.Behaviours {
			behaviour := clause.ID + " " + b.Key
			shown := slices.Contains(own, behaviour) || len(shownBy(behaviour)) > 0
			reason, excused := unshown[behaviour]
			switch {
			case shown && excused:
				t.Errorf("%s is shown, and there is a reason why it isn't: %s", behaviour, reason)
			case !shown && !excused:
				t.Errorf("%s is shown neither by native nor by a liberty: write one, or a reason why there can be none", behaviour)
			}
		}
	}
}

// What is said to be shown stands in the catalogue.
func TestWhatIsShownExists(t *testing.T) {
	listed := func(behaviour string) bool {
		id, key, _ := strings.Cut(behaviour, " ")
		clause := spec.Clauses().Lookup(id)
		return clause != nil && (key == "" || slices.ContainsFunc(clause.Behaviours, func(b spec.Behaviour) bool { return b.Key == key }))
	}
	said := slices.Clone(own)
	for _, l := range native.Liberties {
		said = append(said, l.Shows...)
		if len(l.Shows) == 0 || !strings.HasSuffix(l.Story, ".") {
			t.Errorf("liberty %s shows %v: %q", l.ID, l.Shows, l.Story)
		}
	}
	for behaviour := range unshown {
		said = append(said, behaviour)
	}
	for behaviour := range unseen {
		said = append(said, behaviour)
		if len(shownBy(behaviour)) == 0 {
			t.Errorf("no liberty claims %s, which need not be seen", behaviour)
		}
	}
	for _, behaviour := range said {
		if !listed(behaviour) {
			t.Errorf("%s stands in no list of the catalogue", behaviour)
		}
	}
}

// Ids are words, and no two liberties share one.
func TestLibertyIDs(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range native.Liberties {
		if seen[l.ID] || strings.ToLower(l.ID) != l.ID || strings.ContainsAny(l.ID, " ,") {
			t.Errorf("liberty %q", l.ID)
		}
		seen[l.ID] = true
		if _, ok := native.LibertyByID(l.ID); !ok {
			t.Errorf("liberty %q isn't found", l.ID)
		}
	}
	if _, err := native.NewLiberal("no-such-liberty"); err == nil {
		t.Error("a liberty that doesn't exist is taken")
	}
}

// Dealt into hands, each liberty is in one of them.
func TestHandsHoldEveryLiberty(t *testing.T) {
	held := map[string]int{}
	for _, hand := range hands(options{mpcheck: "mpcheck", hands: 5, seed: 1}) {
		for id := range strings.SplitSeq(hand.Command[len(hand.Command)-1], ",") {
			held[id]++
		}
	}
	for _, l := range native.Liberties {
		if held[l.ID] != 1 {
			t.Errorf("liberty %s is in %d hands", l.ID, held[l.ID])
		}
	}
	if len(held) != len(native.Liberties) {
		t.Errorf("%d liberties are dealt, there are %d", len(held), len(native.Liberties))
	}
}

// The sets of the implementation in Python are read: a name and the choices, no name twice.
func TestSetsOfStrangers(t *testing.T) {
	all, err := strangers("../../adapters/python/sets.txt", []string{"python3", "liberties.py"})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, s := range all {
		if names[s.Name] || len(s.Env) != 1 || !strings.HasPrefix(s.Env[0], "C=") {
			t.Errorf("set %q: %q", s.Name, s.Env)
		}
		names[s.Name] = true
	}
	if len(all) < 26 {
		t.Errorf("%d sets were read", len(all))
	}
}

// undefined prints the names that a file of Python uses and that nothing in it gives a meaning.
const undefined = `
import ast, builtins, sys
for path in sys.argv[1:]:
    tree, known = ast.parse(open(path).read()), set(dir(builtins)) | {"__file__", "__name__"}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)): known.add(node.name)
        elif isinstance(node, ast.arg): known.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load): known.add(node.id)
        elif isinstance(node, ast.alias): known.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name: known.add(node.name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in known: print("%s:%d: %s" % (path, node.lineno, node.id))
`

// A name that is not there shows in Python only when it is used, as a process that is gone.
func TestPythonHasItsNames(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here")
	}
	files := []string{"../../docs/adapter.py"}
	for _, folder := range []string{"", "mp/", "mpcheck_kit/"} {
		found, err := filepath.Glob("../../adapters/python/" + folder + "*.py")
		if err != nil || len(found) == 0 {
			t.Fatalf("no file of Python is read in %q: %v", folder, err)
		}
		files = append(files, found...)
	}
	out, err := exec.Command(python, append([]string{"-c", undefined}, files...)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("names without a meaning, or an error (%v):\n%s", err, out)
	}
}
