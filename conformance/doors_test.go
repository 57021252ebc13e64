package conformance_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// The environment of TestDoor, which stands for an implementer's own test: a file for the
// results, and whether they come from a bubble.
const (
	doorResults = "MPCHECK_TEST_RESULTS"
	doorBubble  = "MPCHECK_TEST_BUBBLE"
	doorMutant  = "MPCHECK_TEST_MUTANT"
)

// TestDoor is run by TestDoorsAgree in processes of its own, since it may fail.
func TestDoor(t *testing.T) {
	path := os.Getenv(doorResults)
	if path == "" {
		t.Skip("a part of TestDoorsAgree")
	}
	verdicts := map[string]string{}
	opts := append(options(), conformance.WithResults(func(r verdict.Result) { verdicts[r.ID] = r.Verdict.String() }))
	t.Cleanup(func() {
		text, err := json.Marshal(verdicts)
		if err == nil {
			err = os.WriteFile(path, text, 0o644)
		}
		if err != nil {
			t.Error(err)
		}
	})
	if os.Getenv(doorBubble) == "" {
		conformance.Run(t, chosen, opts...)
		return
	}
	conformance.Run(t, func() (spec.Adapter, error) {
		if mutant := os.Getenv(doorMutant); mutant != "" {
			return refimpl.New(refimpl.Options{Mutant: model.Mutant(mutant)}), nil
		}
		return builtIn(adapterName())
	}, append(opts, conformance.InBubble())...)
}

// few are cases of three areas that are quick on every adapter.
var few = []string{"--select", "CLEAN-DUP-7", "--select", "SEND-LIM-5", "--select", "REAP-NOHANG-3"}

func TestDoorsAgree(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mpcheck := filepath.Join(dir, "mpcheck")
	if out, err := exec.Command("go", "build", "-o", mpcheck, module+"/cmd/mpcheck").CombinedOutput(); err != nil {
		t.Fatalf("building mpcheck: %v\n%s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(model.Mutants, func(m model.MutantInfo) bool { return slices.Contains(m.Clauses, "CLEAN-DUP-7") })
	mutant := string(model.Mutants[i].Mutant)

	for _, subject := range []struct {
		name, mutant string
		adapter      []string // flags of the suites
		run          []string // of mpcheck run
		worst        string
	}{
		{"native", "", []string{"--adapter", "native"}, []string{"--adapter", "native"}, "pass"},
		{"always-error", "", []string{"--adapter", "always-error"}, []string{"--adapter", "always-error"}, "fail"},
		{"mutant", mutant, []string{self, "serve", "refimpl", mutant},
			[]string{"--schedules", "1", "--", mpcheck, "serve", "--adapter", "refimpl", "--mutant", mutant}, "fail"},
	} {
		t.Run(subject.name, func(t *testing.T) {
			t.Parallel()
			file := func(name string) string { return filepath.Join(dir, subject.name+"-"+name+".json") }
			// door runs a program, which exits with an error where a case failed.
			door := func(env []string, program string, args ...string) {
				cmd := exec.Command(program, args...)
				cmd.Env = append(os.Environ(), env...)
				if out, err := cmd.CombinedOutput(); (err != nil) != (subject.worst == "fail") {
					t.Errorf("%v: %v\n%s", cmd.Args, err, out)
				}
			}
			door(nil, mpcheck, slices.Concat([]string{"run", "--json", file("run")}, few, subject.run)...)
			door(nil, self, slices.Concat([]string{"-test.run=^TestSuite$", "--json", file("ginkgo")}, few, subject.adapter)...)
			door([]string{doorResults + "=" + file("test")}, self, slices.Concat([]string{"-test.run=^TestDoor$"}, few, subject.adapter)...)
			door([]string{doorResults + "=" + file("bubble"), doorBubble + "=1", doorMutant + "=" + subject.mutant}, self,
				slices.Concat([]string{"-test.run=^TestDoor$"}, few, subject.adapter)...)

			want := reported(t, file("run"))
			if len(want) == 0 || !slices.Contains(slices.Collect(maps.Values(want)), subject.worst) {
				t.Errorf("mpcheck run gives %v, of which one should be %s", want, subject.worst)
			}
			if got := reported(t, file("ginkgo")); !maps.Equal(got, want) {
				t.Errorf("Ginkgo gives %v, mpcheck run %v", got, want)
			}
			if got := verdictsIn(t, file("test")); !maps.Equal(got, want) {
				t.Errorf("go test gives %v, mpcheck run %v", got, want)
			}
			for id := range want {
				if isPosix(id) {
					want[id] = "not-applicable"
				}
			}
			if got := verdictsIn(t, file("bubble")); !maps.Equal(got, want) {
				t.Errorf("a bubble gives %v, mpcheck run for core cases %v", got, want)
			}
		})
	}
}

func isPosix(id string) bool {
	i := slices.IndexFunc(cases.All(), func(k *cases.Case) bool { return k.ID == id })
	return slices.ContainsFunc(cases.All()[i].Witnesses(), func(c string) bool {
		return spec.Clauses().Lookup(c).Capability != spec.Core
	})
}

func reported(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	report, err := verdict.ReadReport(file)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]string{}
	for _, result := range report.Cases {
		verdicts[result.ID] = result.Verdict.String()
	}
	return verdicts
}

func verdictsIn(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]string{}
	if err := json.Unmarshal(text, &verdicts); err != nil {
		t.Fatal(err)
	}
	return verdicts
}
