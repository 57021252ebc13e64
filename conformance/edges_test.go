package conformance_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// What each package of the module may import of the module. What isn't listed here needs
// a decision, not an entry.
var edges = map[string][]string{
	"spec":         {},
	"spec/key":     {"spec"},
	"spec/model":   {"spec"},
	"spec/program": {"spec"},
	"fuzz":         {"spec", "spec/key", "spec/model", "spec/program", "refimpl", "traces"},
	"refimpl":      {"spec", "spec/model", "spec/program"},
	"traces":       {"spec", "spec/model", "traces/format", "traces/queues", "traces/internal/script"},
	"replay":       {"spec", "spec/model", "spec/program", "refimpl", "traces", "traces/format", "conformance/cases", "conformance/verdict", "conformance/run", "fuzz"},

	"traces/format":          {"spec"},
	"traces/queues":          {"spec", "spec/model", "traces/internal/script"},
	"traces/internal/script": {"spec", "spec/model"},

	// The rooms of the cases: evidence goes one way, from who performs a case to who writes of it.
	"conformance/cases":              {"spec", "spec/key"},
	"conformance/verdict":            {"spec", "conformance/cases"},
	"conformance/run":                {"spec", "conformance/cases", "conformance/verdict"},
	"conformance/report":             {"spec", "conformance/cases", "conformance/verdict"},
	"conformance/report/junitreport": {"spec", "conformance/cases", "conformance/verdict"},
	"conformance":                    {"spec", "conformance/cases", "conformance/verdict", "conformance/run", "conformance/report"},
	"conformance/ginkgosuite":        {"spec", "conformance/cases", "conformance/verdict", "conformance/run", "conformance"},

	"adapters/wire":            {"spec"},
	"adapters/starter":         {},
	"adapters/gostart":         {"adapters/starter"},
	"adapters/gostart/adapter": {"spec", "adapters/kit"},
	"adapters/kit":             {"spec", "adapters/wire"},                                            // it serves what is made of it
	"adapters/native":          {"spec", "adapters/native/foreign", "adapters/kit", "adapters/wire"}, // a launched image calls back
	"adapters/native/foreign":  {},
	"adapters/internal/scenes": {"spec"}, // for tests of kit and native
	"adapters/remote":          {"spec", "adapters/wire", "adapters/remote/keeper", "adapters/remote/child", "adapters/remote/internal/proc"},
	"adapters/impostor":        {"spec", "adapters/wire", "adapters/native"}, // native lends its kit
	"adapters/python":          {"adapters/starter"},
	"adapters/lisp":            {"adapters/starter"},

	// The rooms of remote: a process started again in another part, and what the parts know alike.
	"adapters/remote/keeper": {"adapters/remote/internal/proc"},
	"adapters/remote/child":  {"spec", "adapters/remote/internal/proc", "adapters/remote/child/internal/quiet"},
	// It is initialized early only as long as it imports nothing.
	"adapters/remote/child/internal/quiet": {},
	"adapters/remote/internal/proc":        {"spec"},
	"adapters/remote/internal/proctest":    {"spec", "adapters/remote/internal/proc"},

	"internal/apigen":     {"spec"},
	"internal/docgen":     {"spec", "refimpl", "adapters/wire", "conformance/cases", "conformance/verdict", "conformance/run"},
	"internal/covergen":   {"internal/places", "spec", "spec/model", "refimpl", "conformance/cases", "conformance/run", "conformance/verdict", "fuzz"},
	"internal/steady":     {},
	"internal/mutate":     {},
	"internal/liberties":  {"spec", "conformance/cases", "adapters/native", "internal/judge"},
	"internal/judge":      {"conformance/verdict", "traces", "traces/format"},
	"internal/abreast":    {},
	"internal/citegen":    {"spec"},
	"internal/places":     {"adapters/kit", "adapters/native", "conformance/cases", "spec/model"},
	"internal/subjects":   {"internal/judge"},
	"internal/roundtrips": {"spec", "adapters/remote"},
	"internal/tier":       {},
	"internal/trial":      {"spec", "traces", "conformance/cases", "conformance/verdict", "conformance/run"},
	"internal/release":    {},
	"smoke":               {"spec", "adapters/wire", "conformance/run"},
}

// Packages that may import nothing but the standard library beside their edges.
var standardOnly = []string{"spec", "spec/key", "spec/model", "spec/program", "refimpl", "traces", "traces/format", "traces/queues", "traces/internal/script", "adapters/wire", "adapters/kit", "adapters/starter", "internal/apigen"}

const module = "github.com/mpcheck/mpcheck"

func TestImportEdges(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Standard,DepsErrors", module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if strings.HasPrefix(name, "cmd/") {
			continue // wiring may import all
		}
		allowed, known := edges[name]
		if !known {
			t.Errorf("package %s is in no list: say what it may import", name)
		}
		for _, imp := range p.Imports {
			local, isLocal := strings.CutPrefix(imp, module+"/")
			switch {
			case isLocal && !slices.Contains(allowed, local):
				t.Errorf("%s imports %s", name, local)
			case !isLocal && strings.Contains(imp, ".") && slices.Contains(standardOnly, name):
				t.Errorf("%s imports %s: it may use the standard library only", name, imp)
			}
		}
	}
}

// Importing Ginkgo puts its flags on flag.CommandLine: only what is asked for by name may.
func TestGinkgoStaysInItsSuite(t *testing.T) {
	for _, pkg := range []string{"conformance", "conformance/report/junitreport", "cmd/mpcheck", "adapters/kit", "adapters/remote", "adapters/native", "refimpl", "traces"} {
		out, err := exec.Command("go", "list", "-deps", module+"/"+pkg).Output()
		if err != nil {
			t.Fatalf("go list -deps %s: %v", pkg, err)
		}
		for dep := range strings.Lines(string(out)) {
			if strings.Contains(dep, "onsi/ginkgo") {
				t.Errorf("%s needs %s", pkg, strings.TrimSpace(dep))
			}
		}
	}
}

// Whoever makes an adapter compiles the standard library, and nothing else of others.
func TestAdaptersNeedNothingOfOthers(t *testing.T) {
	for _, pkg := range []string{"adapters/kit", "adapters/wire", "adapters/gostart/adapter"} {
		out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", module+"/"+pkg).Output()
		if err != nil {
			t.Fatalf("go list -deps %s: %v", pkg, err)
		}
		for _, dep := range strings.Fields(string(out)) {
			if !strings.HasPrefix(dep, module+"/") {
				t.Errorf("%s needs %s", pkg, dep)
			}
		}
	}
}
