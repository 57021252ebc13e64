package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/internal/abreast"
)

// peers are further adapters that this binary is, where there are any.
var peers map[string]func(args []string) int

func TestMain(m *testing.M) {
	// A race build that exits 0 sleeps a second first, and this one starts itself often.
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	if os.Getenv("MPCHECK_TEST_IMPATIENT") != "" {
		helloTimeout, pingTimeout = 4*time.Second, 2*time.Second
	}
	// This test binary is the command, its adapters, keepers and helper children.
	remote.Main(map[string]func([]string) int{"serve": func(args []string) int {
		return mpcheck(context.Background(), append([]string{"serve"}, args...), os.Stdin, os.Stdout, os.Stderr)
	}}, peers)
	abreast.Tests()
	testscript.Main(m, map[string]func(){"mpcheck": main})
}

func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":          exits,
			"token":          token,
			"mpcheck_serves": listening,
		},
		RequireExplicitExec: true,
	})
}

// token sets TOKEN to the last token on the standard output of the program before.
func token(ts *testscript.TestScript, neg bool, args []string) {
	all := regexp.MustCompile(`mpc3-[0-9a-f]{8}-[A-Za-z0-9_-]+`).FindAllString(ts.ReadFile("stdout"), -1)
	if neg || len(args) > 0 || len(all) == 0 {
		ts.Fatalf("no token on standard output")
	}
	ts.Setenv("TOKEN", all[len(all)-1])
}

// exits CODE PROGRAM ARGS... runs a program and demands its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		code = exitCode(err)
	}
	if code != args[0] {
		ts.Fatalf("%v exited with %s, want %s", args[1:], code, args[0])
	}
}

// A command is what mpcheck, in a process of its own, says and ends with. Within the tests' process it would at its end take what
// descends from other tests for what an adapter has left running, and kill it.
func command(t *testing.T, args ...string) (out, faults string, code int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Args[0] = "mpcheck" // by which testscript.Main knows the part to play
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}
