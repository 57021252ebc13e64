package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The tests of the mutated package are asked last: they see what no clause asks for, and what nobody can bring about from
// outside.

// ownTests begins what is said of a mutant that they alone noticed.
const ownTests = "its own tests"

// longestTests is far more than they need, since a mutant may wait for ever.
const longestTests = time.Minute

// testsSay runs the packages' tests with an overlay, or "".
func (j *judge) testsSay(ctx context.Context, overlay, dir string) (Outcome, string, error) {
	for _, of := range j.dirs() {
		if outcome, by, err := j.testsOf(ctx, of, overlay, dir); err != nil || outcome != Survived {
			return outcome, by, err
		}
	}
	return Survived, "", nil
}

// testsOf runs those of one package.
func (j *judge) testsOf(ctx context.Context, of, overlay, dir string) (Outcome, string, error) {
	binary := filepath.Join(dir, "tests")
	args := []string{"test", "-c", "-trimpath", "-o", binary}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	c := j.command(ctx, "go", append(args, "./"+of)...)
	c.Dir = j.root
	if out, err := c.CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("building the tests of %s: %w\n%s", of, err, out)
	}
	limited, cancel := context.WithTimeout(ctx, longestTests+longestTests/2)
	defer cancel()
	c = j.command(limited, binary, "-test.failfast", "-test.timeout", longestTests.String())
	c.Dir = filepath.Join(j.root, of)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	code, err := exitOf(c.Run())
	endGroup(c) // Programs that a faulty native has left.
	switch {
	case ctx.Err() != nil:
		return "", "", ctx.Err()
	case err == nil && code == 0:
		return Survived, "", nil
	}
	said := complaint(out.String())
	if slow(said) {
		return Errors, ownTests + " took too long: " + said, nil
	}
	return Killed, ownTests + ": " + said, nil
}

// slow tells of a complaint whether time ran out in a test that had only just begun: the machine is at fault, and no test.
func slow(said string) bool {
	if !strings.Contains(said, "timed out") {
		return false
	}
	_, ran, _ := strings.Cut(said, " in Test")
	_, ran, _ = strings.Cut(ran, "(")
	took, err := time.ParseDuration(strings.TrimSuffix(ran, ")"))
	return err == nil && took < longestTests/4
}

// complaint is what a test run says of which test noticed something.
func complaint(said string) string {
	lines := strings.Split(said, "\n")
	for _, sign := range []string{"--- FAIL: ", "fatal error: ", "panic: "} {
		for n, l := range lines {
			if i := strings.Index(l, sign); i >= 0 {
				// Where time ran out the two lines after it name the test that it ran out in.
				if strings.Contains(l, "timed out") && n+2 < len(lines) {
					l += " in " + strings.TrimSpace(lines[n+2])
				}
				return line(strings.TrimPrefix(l[i:], "--- FAIL: "))
			}
		}
	}
	return "they ended early: " + line(lastLine(said))
}

// testsDigest tells one state of the package's tests from another.
func (j *judge) testsDigest() (string, error) {
	var paths []string
	for _, dir := range j.dirs() {
		of, err := filepath.Glob(filepath.Join(j.root, dir, "*_test.go"))
		if err != nil {
			return "", err
		}
		paths = append(paths, of...)
	}
	var all bytes.Buffer
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		all.Write(text)
	}
	return digestOf(all.Bytes()), nil
}
