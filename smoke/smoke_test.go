//go:build linux

package smoke

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/abreast"
	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/refimpl"
)

// This test binary is its own adapters and keepers.
func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	remote.Main(map[string]func([]string) int{
		"serve-faulty": serveFaulty,
		"serve-simulator": func([]string) int {
			if err := wire.ServeInherited(context.Background(), refimpl.New(refimpl.Options{})); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
			return 0
		},
	})
	abreast.Tests()
	os.Exit(m.Run())
}

func smoked(t *testing.T, limit time.Duration, command ...string) *Report {
	t.Helper()
	return smokedUntil(t, "", limit, command...)
}

// smokedUntil leaves out what comes after a step, where one is named.
func smokedUntil(t *testing.T, last string, limit time.Duration, command ...string) *Report {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	return Check(ctx, Options{
		Progress: func(r Result) {
			if r.Step == last {
				cancel()
			}
		},
		Command: command, Limit: limit,
		Start: func() (Process, error) { return remote.StartRaw(remote.Options{Command: command}) },
	})
}

func self(t *testing.T, args ...string) []string {
	t.Helper()
	path, err := remote.Self()
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{path}, args...)
}

func text(r *Report) string {
	var b strings.Builder
	for _, s := range r.Steps {
		s.Text(&b, true)
	}
	r.Summary(&b)
	return b.String()
}

// How long an adapter has for an answer in these tests, and where it is known not to give one.
const (
	patience = 20 * time.Second
	hanging  = 4 * time.Second
)

func TestSoundAdaptersPass(t *testing.T) {
	liberties, err := filepath.Abs(filepath.Join("..", "adapters", "python", "liberties.py"))
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		command []string
		leftOut string
	}{
		"native":    {self(t, "serve-faulty"), ""},
		"simulator": {self(t, "serve-simulator"), "pid images"},
		"python":    {[]string{"python3", liberties}, "images"},
		"one page":  {[]string{"python3", onePage(t)}, "images"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(x.command[0]); err != nil {
				t.Skip(err)
			}
			r := smoked(t, patience, x.command...)
			var left []string
			for _, s := range r.Steps {
				if s.Outcome == LeftOut {
					left = append(left, s.Step)
				}
			}
			if r.ExitCode() != 0 || len(r.Steps) != len(Names()) || strings.Join(left, " ") != x.leftOut {
				t.Errorf("left out: %q, want %q\n%s", left, x.leftOut, text(r))
			}
		})
	}
}

// onePage is the program of docs/write-an-adapter.md.
func onePage(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "docs", "adapter.py"))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// What docs/write-an-adapter.md says of its program: the cases about mailboxes give a verdict, and where
// it is broken as the page says, the verdict is the one that stands there.
func TestTheOnePageProgramIsJudged(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip(err)
	}
	source, err := os.ReadFile(onePage(t))
	if err != nil {
		t.Fatal(err)
	}
	broken := bytes.Replace(source, []byte("items.pop(0)"), []byte("items.pop()"), 1)
	if bytes.Equal(broken, source) {
		t.Fatal("it has no pop(0) to be changed")
	}
	stack := filepath.Join(t.TempDir(), "stack.py")
	if err := os.WriteFile(stack, broken, 0o644); err != nil {
		t.Fatal(err)
	}
	chosen, err := cases.Select(cases.All(), []string{"MBOX"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{onePage(t): "pass", stack: "fail"} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			pool, err := remote.NewPool(t.Context(), remote.Options{Command: []string{"python3", path}})
			if err != nil {
				t.Fatal(err)
			}
			all, err := run.Execute(t.Context(), run.Config{Adapter: pool, Cases: chosen, Seed: 1})
			if err := errors.Join(err, pool.Close()); err != nil {
				t.Fatal(err)
			}
			said := map[string]string{}
			for _, k := range all.Cases {
				said[k.ID] = k.Verdict.String()
				if path != stack && k.Verdict >= verdict.Known {
					t.Errorf("%s", report.Explain(caseOf(t, k.ID), k))
				}
			}
			if got := said["MBOX-SEND-1/several-senders"]; got != want || path != stack && all.Summary["pass"] < 5 {
				t.Errorf("%s: MBOX-SEND-1/several-senders is %s, want %s; %v", filepath.Base(path), got, want, all.Summary)
			}
			if got := said["MBOX-ARG-1/observed"]; got != "observed" { // what it claims it answers, whatever it is given
				t.Errorf("%s: MBOX-ARG-1/observed is %s", filepath.Base(path), got)
			}
		})
	}
}

func caseOf(t *testing.T, id string) *cases.Case {
	t.Helper()
	chosen, err := cases.Select(cases.All(), []string{id}, nil)
	if err != nil || len(chosen) != 1 {
		t.Fatal(id, err)
	}
	return chosen[0]
}

// Each fault of plumbing is named at its step, and by none before. Where an adapter hangs the steps
// after it may meet that too; else no other step accuses: make test asks that of each third fault, make race of all.
func TestPlantedFaultsAreNamedAtTheirStep(t *testing.T) {
	for i, name := range slices.Sorted(maps.Keys(plumbings)) {
		p, last := plumbings[name], ""
		if i%tier.Of(1, 3, 1) > 0 {
			last = p.step
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limit := patience
			if p.hangs {
				limit = hanging
			}
			r := smokedUntil(t, last, limit, self(t, "serve-faulty", name)...)
			var failed []string
			for _, s := range r.Steps {
				if s.Outcome != Failed {
					continue
				}
				failed = append(failed, s.Step)
				for _, f := range s.Faults {
					if f.Came == "" || f.Want == "" || f.Sent == "" && s.Step != "kit" {
						t.Errorf("a fault that doesn't say what was sent, came, and should have come: %+v", f)
					}
				}
			}
			if len(failed) == 0 || failed[0] != p.step || len(failed) > 1 && !p.hangs || r.ExitCode() != 1 {
				t.Errorf("failed: %q, want %s, exit code %d\n%s", failed, p.step, r.ExitCode(), text(r))
			}
		})
	}
}

func TestEveryStepHasAFaultThatItFinds(t *testing.T) {
	found := map[string]bool{}
	for _, p := range plumbings {
		found[p.step] = true
	}
	for _, name := range Names() {
		if !found[name] {
			t.Errorf("no planted fault is one of step %s", name)
		}
	}
}

func TestAnAdapterThatIsNone(t *testing.T) {
	for name, x := range map[string]struct {
		command []string
		came    string
	}{
		"not there":     {[]string{"./no-such-adapter"}, "no-such-adapter"},
		"ends":          {[]string{"sh", "-c", "echo sorry >&2; exit 3"}, "exit status 3"},
		"talks":         {[]string{"sh", "-c", "echo hello there >&4; cat <&3 >/dev/null"}, "hello there"},
		"half a line":   {[]string{"sh", "-c", `printf '{"jsonrpc":"2.0"' >&4`}, `{"jsonrpc":"2.0"`},
		"moves cursors": {[]string{"sh", "-c", `printf '\033[2Jok\n' >&4; cat <&3 >/dev/null`}, `\x1b[2Jok`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := smoked(t, patience, x.command...)
			if len(r.Steps) != len(Names()) || r.Steps[1].Outcome != LeftOut || r.Steps[0].Outcome != Failed || !strings.Contains(r.Steps[0].Faults[0].Came, x.came) {
				t.Errorf("want %q in what came\n%s", x.came, text(r))
			}
			if strings.ContainsRune(text(r), '\x1b') {
				t.Errorf("the text moves the cursor: %q", text(r))
			}
		})
	}
}

// What a handshake says of itself is cut, and what can't be seen in it escaped, as in every report.
func TestLongNamesAreCut(t *testing.T) {
	const hello = `"contract":"v1","version":"\u001b[2J","capabilities":["core"],"profile":[],"operations":{},"clock":"real","granularityMs":1`
	r := smoked(t, patience, "sh", "-c", `read -r line <&3
name=$(head -c 1000000 /dev/zero | tr '\0' n)
printf '{"jsonrpc":"2.0","id":1,"result":{"name":"%s","pid":%d,%s}}\n' "$name" $$ '`+hello+`' >&4
read -r line <&3
echo '{"jsonrpc":"2.0","id":2,"result":{}}' >&4
read -r line <&3`)
	var b strings.Builder
	for _, s := range r.Steps[:1] {
		s.Text(&b, true)
	}
	r.Summary(&b)
	if b.Len() > 4000 || !strings.Contains(b.String(), "nnn... (1000") || strings.ContainsRune(b.String(), '\x1b') {
		t.Errorf("%d bytes:\n%.3000q", b.Len(), b.String())
	}
}

func TestReportReadsBack(t *testing.T) {
	r := smoked(t, patience, self(t, "serve-faulty", "unknown-capability")...)
	var data bytes.Buffer
	if err := r.WriteJSON(&data); err != nil {
		t.Fatal(err)
	}
	var read Report
	if err := json.Unmarshal(data.Bytes(), &read); err != nil || !reflect.DeepEqual(read.Steps, r.Steps) {
		t.Errorf("%v: read %+v", err, read)
	}
}

func TestCancelledStepsArePartial(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	command := self(t, "serve-faulty", "reader-executes")
	r := Check(ctx, Options{
		Command: command, Limit: patience,
		Start: func() (Process, error) { return remote.StartRaw(remote.Options{Command: command}) },
		Progress: func(r Result) {
			if r.Step == "enter-overtakes" { // the next one hangs
				time.AfterFunc(100*time.Millisecond, cancel)
			}
		},
	})
	if !r.Partial || len(r.Steps) != 7 || r.ExitCode() != 3 {
		t.Errorf("exit code %d\n%s", r.ExitCode(), text(r))
	}
}
