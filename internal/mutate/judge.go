package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// A judge builds mutants and puts them to the harness, which is built from the tree as it is.
type judge struct {
	options
	temp    string
	harness string
	digest  string // of the harness and of the package's tests
}

func (o options) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(o.root, name)
}

func newJudge(ctx context.Context, o options) (*judge, error) {
	temp, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return nil, err
	}
	j := &judge{options: o, temp: temp, harness: filepath.Join(temp, "mpcheck")}
	if out, err := j.build(ctx, j.harness, ""); err != nil {
		j.Close()
		return nil, fmt.Errorf("building the harness: %w\n%s", err, out)
	}
	if err := j.prepared(ctx); err != nil {
		j.Close()
		return nil, err
	}
	return j, nil
}

// prepared looks whether the package's own tests can judge, which they can't where they fail anyway.
func (j *judge) prepared(ctx context.Context) error {
	harness, err := digest(j.harness)
	if err != nil {
		return err
	}
	tests, err := j.testsDigest()
	if err != nil {
		return err
	}
	j.digest = harness + tests
	if j.plant {
		return nil
	}
	outcome, by, err := j.testsSay(ctx, "", j.temp)
	if err == nil && outcome != Survived {
		err = fmt.Errorf("the tests of %s fail as it is: %s", j.dir, by)
	}
	return err
}

// Close removes what was built.
func (j *judge) Close() error { return os.RemoveAll(j.temp) }

func digest(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return digestOf(text), nil
}

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// build makes an mpcheck, with an overlay or "".
func (j *judge) build(ctx context.Context, to, overlay string) ([]byte, error) {
	args := []string{"build", "-trimpath", "-buildvcs=false", "-o", to}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	c := j.command(ctx, "go", append(args, "./cmd/mpcheck")...)
	c.Dir = j.root
	return c.CombinedOutput()
}

// command is a child in a process group of its own, so that a mutant which signals its group
// reaches nobody else; it is interrupted when the context ends, and clears up after itself.
func (j *judge) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	ownGroup(c)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = 20 * time.Second
	return c
}

// all judges the mutants that the results don't decide, several side by side.
func (j *judge) all(ctx context.Context, chosen []Mutant, known *results) error {
	work := make(chan Mutant)
	var (
		running sync.WaitGroup
		mu      sync.Mutex
		done    int
		fault   error
	)
	tell := func(m Mutant, r Result, again string) {
		mu.Lock()
		defer mu.Unlock()
		done++
		fmt.Printf("%d/%d %s%s %.0f s  %s:%d  %s  %s\n", done, len(chosen), r.Outcome, again, r.Seconds, m.File, m.Line, m.Key(), r.By)
	}
	for range j.jobs {
		running.Go(func() {
			for m := range work {
				source, err := digest(m.source)
				if r, ok := known.get(m.Key()); ok && err == nil && j.decided(r, source) {
					tell(m, r, ", as before")
					continue
				}
				var r Result
				if err == nil {
					r, err = j.judge(ctx, m)
				}
				if ctx.Err() != nil {
					return
				}
				r.Source = source
				if err == nil {
					err = known.add(r)
				}
				if err != nil {
					mu.Lock()
					fault = errors.Join(fault, fmt.Errorf("%s: %w", m.Key(), err))
					mu.Unlock()
					continue
				}
				tell(m, r, "")
			}
		})
	}
	for _, m := range chosen {
		select {
		case work <- m:
		case <-ctx.Done():
		}
	}
	close(work)
	running.Wait()
	return fault
}

// decided tells whether a result still counts.
func (j *judge) decided(r Result, source string) bool {
	if r.Source != source {
		return false
	}
	return r.Outcome == Killed || r.Outcome == NotBuilt || r.Judge == j.digest && !j.retryOn
}

// judge builds a mutant, and asks the cases, then the fuzzer, and last the package's own tests. The error is of this tool.
func (j *judge) judge(ctx context.Context, m Mutant) (Result, error) {
	text, err := m.Text()
	if err != nil {
		return Result{}, err
	}
	return j.judgeTexts(ctx, m.Key(), map[string]string{m.source: text})
}

// judgeTexts is judge for files that are changed, by path.
func (j *judge) judgeTexts(ctx context.Context, key string, texts map[string]string) (r Result, err error) {
	began := time.Now()
	r = Result{Key: key, Judge: j.digest}
	defer func() { r.Seconds = time.Since(began).Seconds() }()
	dir, err := os.MkdirTemp(j.temp, "mutant-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	command, err := j.made(ctx, texts, dir)
	if err != nil || command == nil {
		r.Outcome = NotBuilt
		return r, err
	}
	ask := []func() (Outcome, string, error){func() (Outcome, string, error) { return j.cases(ctx, command, dir) }}
	if j.fuzz > 0 {
		ask = append(ask, func() (Outcome, string, error) { return j.fuzzed(ctx, command) })
	}
	if !j.plant { // A bug is to be named, and these name no clause.
		ask = append(ask, func() (Outcome, string, error) { return j.testsSay(ctx, filepath.Join(dir, overlayFile), dir) })
	}
	r.Outcome = Survived
	for _, one := range ask {
		outcome, by, err := one()
		switch {
		case err != nil:
			return r, err
		case outcome == Survived:
			continue
		case r.By != "": // Errors before count too: by is not alone.
			by = r.By + "; " + by
		}
		if r.Outcome, r.By = outcome, by; outcome == Killed {
			return r, nil
		}
	}
	return r, nil
}

// made makes a mutant, and returns the command line that starts it; nil for one that doesn't compile.
func (j *judge) made(ctx context.Context, texts map[string]string, dir string) (command []string, err error) {
	if j.inAnyLanguage() {
		return j.copied(texts, dir)
	}
	binary, err := j.buildMutant(ctx, texts, dir)
	if err != nil || binary == "" {
		return nil, err
	}
	return []string{binary, "serve", "--adapter", "native"}, nil
}

// overlayFile is where a mutant's directory says what replaces what.
const overlayFile = "overlay.json"

// buildMutant returns "" for a mutant that doesn't compile.
func (j *judge) buildMutant(ctx context.Context, texts map[string]string, dir string) (string, error) {
	replace := map[string]string{}
	for path, text := range texts {
		changed := filepath.Join(dir, fmt.Sprintf("%d-%s", len(replace), filepath.Base(path)))
		if err := os.WriteFile(changed, []byte(text), 0o644); err != nil {
			return "", err
		}
		source, err := filepath.Abs(path)
		if err != nil {
			return "", err
		}
		replace[source] = changed
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	config := filepath.Join(dir, overlayFile)
	if err := os.WriteFile(config, overlay, 0o644); err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "mutant")
	out, err := j.build(ctx, binary, config)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if j.plant {
			return "", fmt.Errorf("it does not compile:\n%s", out)
		}
		return "", nil
	}
	return binary, err
}

// The longest that run may take, and how much longer than asked fuzz may: it shrinks what it found.
const (
	longestRun = 10 * time.Minute
	longerFuzz = 3 * time.Minute
)

// cases runs the suite until something fails. What it can't do in time is an error of the mutant.
func (j *judge) cases(ctx context.Context, command []string, dir string) (Outcome, string, error) {
	limited, cancel := context.WithTimeout(ctx, longestRun)
	defer cancel()
	report := filepath.Join(dir, "report.json")
	args := []string{"run", "--fail-fast", "--jobs", "4", "--timeout", j.timeout.String(), "--json", report}
	if j.options.cases != "" {
		for _, pattern := range strings.Split(j.options.cases, ",") {
			args = append(args, "--select", pattern)
		}
	}
	c := j.command(limited, j.harness, append(append(args, "--"), command...)...)
	var said bytes.Buffer
	c.Stderr = &said
	code, err := exitOf(c.Run())
	if err != nil && limited.Err() == nil {
		return "", "", err
	}
	if ctx.Err() != nil {
		return "", "", ctx.Err()
	}
	by, err := decisive(report)
	switch {
	case code == 0 && err == nil:
		return Survived, "", nil
	case code == 1 && err == nil:
		return Killed, by, nil
	case err != nil:
		by = "run: " + line(said.String())
	}
	return Errors, by, nil
}

// exitOf is the exit code of a command that ran; the error is that it could not.
func exitOf(err error) (int, error) {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return exit.ExitCode(), nil
	}
	return 0, err
}

// decisive reads a report and says which case decided it: the first that failed, else the first
// that could not be judged.
func decisive(report string) (string, error) {
	text, err := os.ReadFile(report)
	if err != nil {
		return "", err
	}
	var r struct {
		Cases []struct {
			ID, Verdict, Message, Reason string
			Failure                      struct{ Clause string }
		}
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return "", err
	}
	for _, verdict := range []string{"fail", "error", "inconclusive"} {
		for _, c := range r.Cases {
			if c.Verdict == verdict {
				return fmt.Sprintf("%s of %s: %s", verdict, c.ID, line(c.Failure.Clause+" "+c.Message+c.Reason)), nil
			}
		}
	}
	return "", nil
}

// fuzzed fuzzes a mutant for a while.
func (j *judge) fuzzed(ctx context.Context, command []string) (Outcome, string, error) {
	limited, cancel := context.WithTimeout(ctx, j.fuzz+longerFuzz)
	defer cancel()
	c := j.command(limited, j.harness, append([]string{"fuzz", "--for", j.fuzz.String(), "--jobs", "4", "--"}, command...)...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	code, err := exitOf(c.Run())
	if err != nil && limited.Err() == nil {
		return "", "", err
	}
	if ctx.Err() != nil {
		return "", "", ctx.Err()
	}
	switch code {
	case 0:
		return Survived, "", nil
	case 1:
		return Killed, "fuzz: " + named(out.String()), nil
	}
	return Errors, "fuzz: " + line(lastLine(out.String())), nil
}

// named is the line of fuzz's report that names the clauses of its finding.
func named(report string) string {
	for _, l := range strings.Split(report, "\n") {
		if strings.HasPrefix(strings.TrimSpace(l), "clause") {
			return strings.Join(strings.Fields(l), " ")
		}
	}
	return "a program"
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
