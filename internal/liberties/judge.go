package main

import (
	"bytes"
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
	"sync"
	"syscall"
	"time"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/traces"
)

// A finding is what one subject gave.
type finding struct {
	cases, traces, undecided, programs int
	accused                            []string // what accuses, a line each
	unsure                             []string // what could not be judged
	shown                              map[string]bool
	err                                error
}

// judge judges the subjects, some at a time, and returns the exit code: 1 where one was accused.
func judge(ctx context.Context, o options, command []string) (int, error) {
	all, err := subjects(o, command)
	if err != nil {
		return 2, err
	}
	if err := os.MkdirAll(o.keep, 0o755); err != nil {
		return 2, err
	}
	began, findings := time.Now(), make([]finding, len(all))
	for i := range findings {
		findings[i].err = errors.New("not begun")
	}
	share := o.fuzz * time.Duration(o.beside) / time.Duration(len(all))
	var running sync.WaitGroup
	var saying sync.Mutex
	next, done := make(chan int), 0
	for range o.beside {
		running.Go(func() {
			for i := range next {
				findings[i] = all[i].judged(ctx, o, share)
				saying.Lock()
				done++
				findings[i].say(fmt.Sprintf("[%d/%d] %s", done, len(all), all[i].name))
				saying.Unlock()
			}
		})
	}
	for i := range all {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	running.Wait()
	return summary(all, findings, time.Since(began)), ctx.Err()
}

func (f finding) say(name string) {
	fmt.Printf("%s: %d cases, %d traces, %d undecided, %d programs, accused %d times\n", name, f.cases, f.traces, f.undecided, f.programs, len(f.accused))
	for _, line := range slices.Concat(f.accused, f.unsure) {
		fmt.Println("    " + line)
	}
	if f.err != nil {
		fmt.Println("    not judged whole:", f.err)
	}
}

// summary writes the sums, and what no subject showed although it claims to, where a case
// observes it.
func summary(all []subject, findings []finding, took time.Duration) int {
	var sum finding
	accused, broken, claimed, shown := 0, 0, map[string]bool{}, map[string]bool{}
	for i, f := range findings {
		sum.cases, sum.traces, sum.programs = sum.cases+f.cases, sum.traces+f.traces, sum.programs+f.programs
		sum.undecided += f.undecided
		if len(f.accused) > 0 {
			accused++
		}
		if f.err != nil {
			broken++
		}
		for _, behaviour := range all[i].shows {
			clause, key, _ := strings.Cut(behaviour, " ")
			if key != "" && hasCase(clause) && unseen[behaviour] == "" && f.err == nil {
				claimed[behaviour] = true
				shown[behaviour] = shown[behaviour] || f.shown[behaviour]
			}
		}
	}
	var missing []string
	for behaviour := range claimed {
		if !shown[behaviour] {
			missing = append(missing, behaviour)
		}
	}
	if slices.Sort(missing); len(missing) > 0 {
		fmt.Printf("claimed, and seen by no case: %s\n", strings.Join(missing, ", "))
	}
	fmt.Printf("%d implementations: %d cases run, %d traces judged (%d undecided), %d programs fuzzed in %.0f s; not judged whole: %d; accused: %d\n",
		len(all), sum.cases, sum.traces, sum.undecided, sum.programs, took.Seconds(), broken, accused)
	if accused+broken+len(missing) > 0 {
		return 1
	}
	return 0
}

func hasCase(clause string) bool {
	return slices.ContainsFunc(conformance.Cases(), func(k *conformance.Case) bool { return slices.Contains(k.Witnesses(), clause) })
}

// judged puts the cases to the subject, has what the passing ones showed judged by the
// specification, and fuzzes.
func (s subject) judged(ctx context.Context, o options, fuzzing time.Duration) (f finding) {
	dir, err := os.MkdirTemp("", "liberties-")
	if err != nil {
		return finding{err: err}
	}
	defer os.RemoveAll(dir)
	f.shown = map[string]bool{}
	report := filepath.Join(dir, "report.json")
	run := []string{"run", "--jobs", strconv.Itoa(o.jobs), "--json", report, "--traces", dir}
	if o.own {
		run = append(run, s.ownCases()...)
	}
	out, code, err := s.mpcheck(ctx, o, run...)
	if info, statErr := os.Stat(report); err == nil && (statErr != nil || info.Size() == 0) {
		err = fmt.Errorf("run wrote no report and ended with %d: %s", code, bytes.TrimSpace(out))
	}
	if err == nil {
		err = f.read(s, o, report, dir)
	}
	if err == nil && fuzzing > 0 {
		err = f.fuzz(ctx, s, o, fuzzing)
	}
	f.err = err
	return f
}

// ownCases selects the cases of the clauses that the subject is about, or any where none has one.
func (s subject) ownCases() (flags []string) {
	for _, behaviour := range s.shows {
		if clause, _, _ := strings.Cut(behaviour, " "); hasCase(clause) {
			flags = append(flags, "--select", clause)
		}
	}
	if flags == nil {
		flags = []string{"--select", "PROC-CREATE-1"}
	}
	return flags
}

// read reads the report of a run, and judges the traces of what passed.
func (f *finding) read(s subject, o options, report, dir string) error {
	text, err := os.ReadFile(report)
	if err != nil {
		return err
	}
	var run struct {
		Partial bool
		Cases   []struct {
			ID, Verdict, Message, Reason, Seen string
			Observed                           []struct{ Clause, Behaviour string }
		}
	}
	if err := json.Unmarshal(text, &run); err != nil {
		return err
	}
	if run.Partial || len(run.Cases) == 0 {
		return errors.New("the report is partial or has no cases")
	}
	for _, k := range run.Cases {
		for _, seen := range k.Observed {
			f.shown[seen.Clause+" "+seen.Behaviour] = true
		}
		name := strings.ReplaceAll(k.ID, "/", "_")
		switch k.Verdict {
		case "not-applicable":
			continue
		case "pass", "observed":
			if err := f.replay(s, o, filepath.Join(dir, name+".trace"), k.ID); err != nil {
				return err
			}
		case "inconclusive":
			f.unsure = append(f.unsure, fmt.Sprintf("%s is inconclusive: %s", k.ID, k.Reason))
		default:
			kept, err := keep(s, o, filepath.Join(dir, name+".trace"))
			if err != nil {
				return err
			}
			f.accused = append(f.accused, fmt.Sprintf("%s: %s %s; seen %s (%s)", k.ID, k.Verdict, k.Message+k.Reason, k.Seen, kept))
		}
		f.cases++
	}
	return nil
}

func (f *finding) replay(s subject, o options, path, id string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	trace, err := traces.Read(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	report := trace.Check()
	f.traces++
	switch report.Verdict {
	case traces.Undecided:
		f.undecided++
	case traces.Forbidden:
		kept, err := keep(s, o, path)
		if err != nil {
			return err
		}
		f.accused = append(f.accused, fmt.Sprintf("%s: its trace is forbidden (%s)", id, kept))
	}
	return nil
}

// keep copies what accuses into the folder for it, named after the subject.
func keep(s subject, o options, path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	kept := filepath.Join(o.keep, strings.ReplaceAll(s.name, " ", "-")+"_"+filepath.Base(path))
	return kept, os.WriteFile(kept, text, 0o644)
}

var programs = regexp.MustCompile(`: (\d+) programs?, `)

// fuzz spends its share on invented programs. Another seed for each subject.
func (f *finding) fuzz(ctx context.Context, s subject, o options, share time.Duration) error {
	seed := o.seed
	for _, c := range s.name {
		seed = seed*31 + uint64(c)
	}
	out, code, err := s.mpcheck(ctx, o, "fuzz", "--for", share.Round(time.Millisecond).String(), "--seed", strconv.FormatUint(seed%1_000_000, 10))
	if err != nil {
		return err
	}
	if m := programs.FindSubmatch(out); m != nil {
		f.programs, _ = strconv.Atoi(string(m[1]))
	}
	switch code {
	case 0:
	case 1:
		kept := filepath.Join(o.keep, strings.ReplaceAll(s.name, " ", "-")+"_fuzz.txt")
		f.accused = append(f.accused, "fuzz found something forbidden ("+kept+")")
		return os.WriteFile(kept, out, 0o644)
	default:
		f.unsure = append(f.unsure, fmt.Sprintf("fuzz ended with %d: %s", code, bytes.TrimSpace(out)))
	}
	return nil
}

// mpcheck runs one of its commands on the subject. Ctrl-C reaches it too, and it clears up.
func (s subject) mpcheck(ctx context.Context, o options, args ...string) (out []byte, code int, err error) {
	command := exec.CommandContext(ctx, o.mpcheck, slices.Concat(args, []string{"--"}, s.command)...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGINT) }
	command.WaitDelay = 20 * time.Second
	if s.env != "" {
		command.Env = append(os.Environ(), s.env)
	}
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
