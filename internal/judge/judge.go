// Package judge has an implementation judged in every way that mpcheck has: by a run of the
// cases, by the specification of what the passing ones showed, and by fuzzing.
package judge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/traces"
	"github.com/mpcheck/mpcheck/traces/format"
)

// A Subject is an implementation: a command that speaks the protocol.
type Subject struct {
	Name    string
	Command []string
	Env     []string // beyond that of this process, as NAME=VALUE
	// Files of known deviations, "" for none, as mpcheck run --known reads them: of the cases, and
	// of what passing cases show. The trace of a case in the second one must be forbidden.
	Known, Forbidden string
	// Without are claims that fuzzed programs make no use of: what is known of them spoils whatever comes after.
	Without []string
	// Unsteady: its process ends of itself now and then. A case that was an error is run once more, alone; if it is none
	// then, that is unsure.
	Unsteady bool
}

// Options tell how much is judged.
type Options struct {
	Program string        // mpcheck
	Flags   []string      // of mpcheck run, such as --select CLEAN
	Fuzz    time.Duration // 0 for none; rounded to milliseconds
	Seed    uint64        // of the first programs; each time that something is found the next one is taken
	Keep    string        // existing folder for what accuses
	Reports string        // existing folder for the report of the run, under the name of the subject; "" for none
}

// A Finding is what one subject gave. Accused and Unsure have a line each for what convicts and
// for what could not be judged.
type Finding struct {
	Cases, Known, Traces, Undecided, Programs int
	Accused, Unsure                           []string
	// Judged counts the cases of each area, CLEAN and others, that were applicable.
	Judged map[string]int
	// Shown has what cases saw of what the documents leave open, as CLAUSE BEHAVIOUR. Nil for nothing.
	Shown map[string]bool
}

func (f Finding) String() string {
	text := fmt.Sprintf("%d cases, %d of them known deviations, %d traces judged (%d undecided), %d programs fuzzed, accused %d times",
		f.Cases, f.Known, f.Traces, f.Undecided, f.Programs, len(f.Accused))
	for _, line := range slices.Concat(f.Accused, f.Unsure) {
		text += "\n    " + line
	}
	return text
}

// Judge judges a subject. An error says why it was not judged whole.
func (s Subject) Judge(ctx context.Context, o Options) (f Finding, err error) {
	dir, err := os.MkdirTemp("", "judge-")
	if err != nil {
		return f, err
	}
	defer os.RemoveAll(dir)
	if err := f.run(ctx, s, o, dir); err != nil {
		return f, err
	}
	return f, f.fuzz(ctx, s, o)
}

// Deviations reads a list of known deviations; the list of no file is empty.
func Deviations(path string) ([]verdict.Deviation, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return verdict.ReadDeviations(file, path)
}

// report is what is read of mpcheck run --json.
type report struct {
	Partial bool
	Stale   []struct{ ID, Reason string }
	Cases   []reportCase
}

type reportCase struct {
	ID, Verdict, Message, Reason, Seen string
	Observed                           []struct{ Clause, Behaviour string }
}

func (f *Finding) run(ctx context.Context, s Subject, o Options, dir string) error {
	path := filepath.Join(dir, "report.json")
	args := slices.Concat([]string{"run", "--json", path, "--traces", dir}, o.Flags)
	if s.Known != "" {
		args = append(args, "--known", s.Known)
	}
	out, code, err := s.mpcheck(ctx, o, args...)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if code > 3 || err != nil {
		return fmt.Errorf("the run ended with %d: %s", code, out)
	}
	var r report
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("reading the report of the run: %w", err)
	}
	if r.Partial || len(r.Cases) == 0 {
		return fmt.Errorf("the report is partial or has no cases: %s", out)
	}
	if o.Reports != "" {
		if err := os.WriteFile(filepath.Join(o.Reports, s.Name+".json"), text, 0o644); err != nil {
			return err
		}
	}
	return f.read(ctx, s, o, r, dir)
}

func (f *Finding) read(ctx context.Context, s Subject, o Options, r report, dir string) error {
	forbidden, err := Deviations(s.Forbidden)
	if err != nil {
		return err
	}
	for _, entry := range r.Stale {
		f.Accused = append(f.Accused, fmt.Sprintf("%s is stale in the list of known deviations: %s", entry.ID, entry.Reason))
	}
	f.Shown, f.Judged = map[string]bool{}, map[string]int{}
	for _, k := range r.Cases {
		for _, seen := range k.Observed {
			f.Shown[seen.Clause+" "+seen.Behaviour] = true
		}
		path := filepath.Join(dir, strings.ReplaceAll(k.ID, "/", "_")+".trace")
		switch k.Verdict {
		case "not-applicable":
			continue
		case "pass", "observed":
			if err := f.replay(s, o, forbidden, path, k.ID); err != nil {
				return err
			}
		case "known":
			f.Known++
		case "inconclusive":
			f.Unsure = append(f.Unsure, fmt.Sprintf("%s is inconclusive: %s", k.ID, k.Message+k.Reason))
		case "error":
			if s.Unsteady {
				_, code, err := s.mpcheck(ctx, o, "run", "--select", k.ID)
				if err != nil {
					return err
				}
				if code == 0 {
					f.Unsure = append(f.Unsure, fmt.Sprintf("%s was an error once, and then none: %s", k.ID, k.Message+k.Reason))
					break
				}
			}
			fallthrough
		default:
			f.Accused = append(f.Accused, fmt.Sprintf("%s: %s %s; seen %s%s", k.ID, k.Verdict, k.Message+k.Reason, k.Seen, kept(s, o, path)))
		}
		f.Cases++
		area, _, _ := strings.Cut(k.ID, "-")
		f.Judged[area]++
	}
	return nil
}

// replay asks the specification about the trace of a case that passed.
func (f *Finding) replay(s Subject, o Options, forbidden []verdict.Deviation, path, id string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	trace, err := format.Read(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	f.Traces++
	said := traces.CheckTrace(trace).Verdict
	listed := slices.ContainsFunc(forbidden, func(d verdict.Deviation) bool { return d.ID == id })
	switch {
	case said == traces.Undecided:
		f.Undecided++
	case said == traces.Forbidden && listed:
		f.Known++
	case said == traces.Forbidden:
		f.Accused = append(f.Accused, id+": its trace is forbidden"+kept(s, o, path))
	case listed:
		f.Accused = append(f.Accused, id+": its trace is allowed now, and is listed as forbidden")
	}
	return nil
}

// in is where something of the subject is kept in a folder.
func (s Subject) in(folder, name string) string {
	return filepath.Join(folder, strings.ReplaceAll(s.Name, " ", "-")+"_"+name)
}

// kept copies what accuses into the folder for it, and says where it is.
func kept(s Subject, o Options, path string) string {
	text, err := os.ReadFile(path)
	if err == nil {
		path = s.in(o.Keep, filepath.Base(path))
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		return fmt.Sprintf(" (not kept: %v)", err)
	}
	return " (" + path + ")"
}

var programs = regexp.MustCompile(`: (\d+) programs?, `)

// fuzz spends its time on invented programs, and goes on after it has found something.
func (f *Finding) fuzz(ctx context.Context, s Subject, o Options) error {
	ends := time.Now().Add(o.Fuzz)
	for seed := o.Seed; ; seed++ {
		left := time.Until(ends).Round(time.Millisecond)
		if left <= 0 || seed != o.Seed && left < time.Second { // too short to begin again
			return nil
		}
		args := []string{"fuzz", "--for", left.String(), "--seed", strconv.FormatUint(seed, 10)}
		for _, claim := range s.Without {
			args = append(args, "--without", claim)
		}
		out, code, err := s.mpcheck(ctx, o, args...)
		if err != nil {
			return err
		}
		if m := programs.FindSubmatch(out); m != nil {
			n, _ := strconv.Atoi(string(m[1]))
			f.Programs += n
		}
		switch code {
		case 0:
			return nil
		case 1:
			path := s.in(o.Keep, fmt.Sprintf("fuzz-%d.txt", seed))
			if err := os.WriteFile(path, out, 0o644); err != nil {
				return err
			}
			f.Accused = append(f.Accused, "fuzz found something forbidden ("+path+")")
		default:
			return fmt.Errorf("fuzz ended with %d: %s", code, out)
		}
	}
}

// mpcheck runs one of its commands on the subject. Ctrl-C reaches it too, and it clears up.
func (s Subject) mpcheck(ctx context.Context, o Options, args ...string) (out []byte, code int, err error) {
	command := exec.CommandContext(ctx, o.Program, slices.Concat(args, []string{"--"}, s.Command)...)
	command.Env = append(os.Environ(), s.Env...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGINT) }
	command.WaitDelay = 20 * time.Second
	out, err = command.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return out, 0, ctx.Err()
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return out, exit.ExitCode(), nil
	}
	return out, 0, err
}
