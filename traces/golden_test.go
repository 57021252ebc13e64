package traces_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/internal/places"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces"
	"github.com/mpcheck/mpcheck/traces/format"
)

var (
	update = flag.Bool("update", false, "write the expected reports anew")
	record = flag.Bool("record", false, "record the golden traces anew, from the simulator, its mutants and native")
)

// The golden traces: each file opens with the story that it tells, and its report stands
// beside it. What is rejected has an accepted twin, the same case without the fault.
func TestGoldenTraces(t *testing.T) {
	if *record {
		recordGolden(t)
	}
	folders := map[string]traces.Verdict{"accepted": traces.Allowed, "rejected": traces.Forbidden, "undecided": traces.Undecided}
	total := 0
	for folder, want := range folders {
		files, err := filepath.Glob(filepath.Join("testdata", folder, "*.trace"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no traces: %v", folder, err)
		}
		for _, path := range files {
			total++
			trace := read(t, path)
			if trace.Header.Story == "" || trace.Header.Expect != want {
				t.Errorf("%s: story %q, expects %q", path, trace.Header.Story, trace.Header.Expect)
			}
			report := traces.CheckTrace(trace)
			if report.Verdict != want {
				t.Errorf("%s: %s", path, report.Text(trace.Labels))
				continue
			}
			beside := strings.TrimSuffix(path, ".trace") + ".report"
			text := report.Text(trace.Labels)
			if *update || *record {
				if err := os.WriteFile(beside, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if expected, err := os.ReadFile(beside); err != nil || string(expected) != text {
				t.Errorf("%s: the report is not that of %s (-update writes it): %v\n%s", path, beside, err, text)
			}
		}
	}
	if total < 120 {
		t.Errorf("%d golden traces, want at least 120", total)
	}
}

// A branch that only states take in which the oracle judges others is taken where a golden trace is judged.
func TestGoldenTracesTakeOpenBranches(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*", "*.trace"))
	if err != nil {
		t.Fatal(err)
	}
	var taken []model.Branch
	for _, path := range files {
		trace := read(t, path)
		taken = append(taken, traces.CitedBranches(trace.Labels, traces.OptionsOf(trace.Header))...)
	}
	for _, b := range places.Load().Unreached(taken, model.RuledClauses()) {
		if cases.UnreachedBranches[b.String()] == cases.OnlyOpen {
			t.Errorf("the branch %q of %s is said to be shown by a golden trace, and none takes it", b, b.Place)
		}
	}
}

// What was released is judged as it was then, too.
func TestReleasedTracesAreJudgedAsEver(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("format", "testdata", "formats", "*.trace"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no traces: %v", err)
	}
	for _, path := range files {
		trace := read(t, path)
		if report := traces.CheckTrace(trace); report.Verdict != trace.Header.Expect {
			t.Errorf("%s is judged otherwise:\n%s", path, report.Text(trace.Labels))
		}
	}
}

func read(t *testing.T, path string) *format.Trace {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	trace, err := format.Read(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return trace
}

// longest is the number of labels up to which a trace is worth reading.
const longest = 80

func recordGolden(t *testing.T) {
	for _, folder := range []string{"accepted", "rejected"} {
		old, _ := filepath.Glob(filepath.Join("testdata", folder, "*"))
		for _, path := range old {
			// What is written down by hand, and what strangers showed, can't be recorded.
			if name := filepath.Base(path); !strings.HasPrefix(name, "open_") && !strings.HasPrefix(name, "stranger_") {
				os.Remove(path)
			}
		}
		os.MkdirAll(filepath.Join("testdata", folder), 0o755)
	}
	twins := map[string]bool{}
	for n, m := range model.Mutants {
		if n%2 == 1 {
			continue
		}
		for _, theCase := range conformance.Cases() {
			if !slices.ContainsFunc(theCase.Witnesses(), func(id string) bool { return slices.Contains(m.Clauses, id) }) {
				continue
			}
			trace, verdict := one(t, theCase, refimpl.New(refimpl.Options{Mutant: m.Mutant, StepLimit: 20_000}))
			if verdict != conformance.Fail || len(trace.Labels) > longest {
				continue
			}
			trace.Header.Story = fmt.Sprintf("%s: %s. The case %s: %s", m.Mutant, m.What, theCase.ID, theCase.Story)
			trace.Header.Expect = traces.Forbidden
			keep(t, "rejected", string(m.Mutant), trace)
			if !twins[theCase.ID] {
				twins[theCase.ID] = true
				twin, _ := one(t, theCase, refimpl.New(refimpl.Options{}))
				twin.Header.Story, twin.Header.Expect = theCase.Story, traces.Allowed
				keep(t, "accepted", strings.ReplaceAll(theCase.ID, "/", "_"), twin)
			}
			break
		}
	}
	real := 0
	for _, theCase := range conformance.Cases() {
		if !strings.HasPrefix(theCase.ID, "MBOX") && !strings.HasPrefix(theCase.ID, "CLEAN-DUP") || real == 20 {
			continue
		}
		trace, verdict := one(t, theCase, native.New())
		if verdict == conformance.Pass && len(trace.Labels) <= longest && traces.CheckTrace(trace).Verdict == traces.Allowed {
			real++
			trace.Header.Story, trace.Header.Expect = "On native, in real time: "+theCase.Story, traces.Allowed
			keep(t, "accepted", "native_"+strings.ReplaceAll(theCase.ID, "/", "_"), trace)
		}
	}
}

// one runs a case once and returns its trace.
func one(t *testing.T, theCase *conformance.Case, a spec.Adapter) (*format.Trace, conformance.Verdict) {
	t.Helper()
	var text bytes.Buffer
	cfg := conformance.Config{
		Seed: 1, Schedules: 1, Sizes: conformance.ExploreSizes, Cases: []*conformance.Case{theCase}, Adapter: a,
		Tape: func(h spec.Handshake, id string, seed uint64) (spec.Recorder, func(conformance.Verdict)) {
			text.Reset()
			h.PID = min(h.PID, model.AdapterPID) // of no interest beyond one machine
			return format.NewWriter(&text, format.NewHeader(h, id, seed)), nil
		},
	}
	report, err := conformance.Execute(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	trace, err := format.Read(&text)
	if err != nil {
		t.Fatal(err)
	}
	return trace, report.Cases[0].Verdict
}

func keep(t *testing.T, folder, name string, trace *format.Trace) {
	t.Helper()
	trace.Header.Specification = "" // it says nothing to a test, and changes often
	file, err := os.Create(filepath.Join("testdata", folder, name+".trace"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := trace.Write(file); err != nil {
		t.Fatal(err)
	}
}
