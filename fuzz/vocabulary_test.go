package fuzz

import (
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// unspoken are the words of the operations table that no generated program uses, with the reason.
var unspoken = map[string]string{
	"ignore-child-signals":                "what becomes of children then is left open: little of such a program could be judged",
	"pid-state":                           "what the operating system says of a process depends on nothing that the specification has",
	"predicate :recording":                "how often a wait function is evaluated is left open, and with it what this one notes",
	"run-shell-command :error-output":     "children of programs do nothing but end: where their output goes is asked by cases",
	"run-shell-command :input":            "children of programs do nothing but end",
	"run-shell-command :output":           "children of programs do nothing but end",
	"run-shell-command :separate-streams": "children of programs do nothing but end",
	"with-other-threads-disabled":         "where its body waits for another process nothing goes on any more",
}

// Every kind of object, designator, predicate, keyword and literal in the operations table is used
// by a generated program, or stands in the list.
func TestProgramsUseTheVocabulary(t *testing.T) {
	var used spec.Usage
	sim := refimpl.New(refimpl.Options{})
	v := &Inventor{Seed: 1}
	for range 2000 {
		p := v.Next()
		used.Begin()
		sys, err := sim.Open(t.Context(), spec.SystemConfig{Recorder: &used})
		if err != nil {
			t.Fatal(err)
		}
		_ = sys.Run(func(f spec.Frame) { program.Run(sys, f, p) }) // it may be stuck: what it calls counts
		if _, err := sys.Close(); err != nil {
			t.Fatal(err)
		}
	}
	there := map[string]bool{}
	for _, word := range used.Words() {
		there[word] = true
	}
	words := spec.Vocabulary()
	for word, op := range words {
		outside := op != nil && (op.Capability == spec.Image || op.Area == "INIT") // a program is the code of one image
		switch reason := unspoken[word]; {
		case there[word] && reason != "":
			t.Errorf("%s is used, and listed: %s", word, reason)
		case !there[word] && reason == "" && !outside:
			t.Errorf("no program uses %s", word)
		}
	}
	for word := range unspoken {
		if _, ok := words[word]; !ok {
			t.Errorf("%s is listed, but is no word of the table", word)
		}
	}
}
