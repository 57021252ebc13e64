package main

import (
	"os"
	"regexp"
	"testing"

	"github.com/mpcheck/mpcheck/spec/program"
)

// The example of the documentation is what it says: a whole program.
func TestProgramOfTheDocumentation(t *testing.T) {
	text, err := os.ReadFile("../../docs/traces.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(text, -1)
	if len(examples) != 1 {
		t.Fatalf("docs/traces.md has %d programs, want 1", len(examples))
	}
	p, err := program.Parse(examples[0][1])
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(); err != nil {
		t.Error(err)
	}
}
