package main

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Three producers that send values values each into a mailbox with room for room of them, and a
// consumer: to spin in Promela, to this project's machine as a program.
const (
	producers = 3
	values    = 8
	room      = 8
)

//go:embed spin/mailbox.pml
var promela []byte

// states prints how many states each visits in a second, depth first, with a set of those
// visited and without reduction.
func states() error {
	fmt.Printf("\nall states of %d producers that send %d values each through a mailbox with room for %d;\n", producers, values, room)
	fmt.Println("the numbers differ: here processes are made, begin and end by steps of their own")
	fmt.Printf("%8s %12s %12s %10s %14s\n", "", "states", "transitions", "seconds", "states/s")
	for range 3 {
		m, err := refimpl.NewMachine(mailbox(), refimpl.MachineOptions{})
		if err != nil {
			return err
		}
		began := time.Now()
		tally := (&refimpl.Search{Machine: m, Cache: true, Room: 1 << 21}).Run()
		line("mpcheck", tally.States, tally.Transitions, time.Since(began).Seconds())
		if err := spin(); err != nil {
			return err
		}
	}
	return nil
}

func line(name string, states, transitions int, seconds float64) {
	fmt.Printf("%8s %12d %12d %10.2f %14.0f\n", name, states, transitions, seconds, float64(states)/seconds)
}

func mailbox() *program.Program {
	p := &program.Program{Blocks: make([][]program.Step, 1+producers)}
	add := func(block int, name, op string, more []any, required ...any) {
		p.Blocks[block] = append(p.Blocks[block], program.Step{Name: name, Call: spec.NewCall(op, more, required...)})
	}
	add(0, "m", "make-mailbox", []any{key.Size(room)})
	for n := range producers {
		code := fmt.Sprintf("code%d", n)
		add(0, code, "make-function", nil, spec.Callback(1+n))
		add(0, "", "process-run-function", nil, "producer", nil, program.Named(code))
		for v := range values {
			add(1+n, "", "mailbox-send-limited", nil, program.Named("m"), n*values+v, room)
		}
	}
	for range producers * values {
		add(0, "", "mailbox-read", nil, program.Named("m"))
	}
	return p
}

// spin compiles the model and runs the verifier, where spin and gcc are installed.
func spin() error {
	for _, tool := range []string{"spin", "gcc"} {
		if _, err := exec.LookPath(tool); err != nil {
			fmt.Printf("%8s left out: it needs %s\n", "spin", tool)
			return nil
		}
	}
	dir, err := os.MkdirTemp("", "spin")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "mailbox.pml"), promela, 0o644); err != nil {
		return err
	}
	var out []byte
	for _, command := range []string{
		fmt.Sprintf("spin -DVALUES=%d -DROOM=%d -a mailbox.pml", values, room),
		"gcc -O2 -DNOREDUCE -DSAFETY -DMEMLIM=4096 -o pan pan.c",
		"./pan -m100000 -w24",
	} {
		words := strings.Fields(command)
		cmd := exec.Command(words[0], words[1:]...)
		cmd.Dir = dir
		if out, err = cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", command, err, out)
		}
	}
	var got [3]float64
	for i, pattern := range []string{`(\d+) states, stored`, `(\d+) transitions`, `elapsed time ([0-9.]+)`} {
		found := regexp.MustCompile(pattern).FindSubmatch(out)
		if found == nil {
			return fmt.Errorf("spin says nothing of %s:\n%s", pattern, out)
		}
		if got[i], err = strconv.ParseFloat(string(found[1]), 64); err != nil {
			return err
		}
	}
	line("spin", int(got[0]), int(got[1]), got[2])
	return nil
}
