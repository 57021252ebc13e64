package fuzz

import (
	"context"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces"
)

func TestTokensRepeatARunExactly(t *testing.T) {
	ctx := context.Background()
	for _, b := range planted[:6] {
		sim := refimpl.New(refimpl.Options{Mutant: b.mutant})
		found, _, err := (&Search{Adapter: sim, Programs: 20_000}).Find(ctx)
		if err != nil || found == nil {
			t.Fatal(err)
		}
		f, err := OnSimulator(sim, 40)(ctx, found.Program)
		if err != nil || f == nil {
			continue // it shows under the schedule that found it only
		}
		token, err := NewToken(ctx, f, b.mutant)
		if err != nil {
			t.Fatal(err)
		}
		read, err := ParseToken(token.String())
		if err != nil {
			t.Fatal(err)
		}
		run, differs, err := read.Replay(ctx)
		if err != nil || differs != "" || run.Report.Verdict != traces.Forbidden {
			t.Fatalf("%s: %v, differs %q", b.mutant, err, differs)
		}
		if got, want := run.Report.Text(run.Labels), f.Report.Text(f.Labels); got != want {
			t.Errorf("%s: the run is another:\n%s\nwas\n%s", b.mutant, got, want)
		}
	}
}

func TestBadTokens(t *testing.T) {
	token := (&Token{Program: Generate(&Bytes{}, nil), Mutant: model.QueueIsStack}).String()
	for text, want := range map[string]string{
		"x":                                  "begins with",
		"mpc1-":                              "checksum",
		token[:len(token)-3]:                 "damaged",
		strings.Replace(token, "-", "-0", 1): "checksum",
	} {
		if _, err := ParseToken(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: got %v, want %q", text, err, want)
		}
	}
	// A schedule that is not the program's is told.
	read, err := ParseToken(token)
	if err != nil {
		t.Fatal(err)
	}
	read.Deviations = []refimpl.Deviation{{Step: 0, Choice: 40, Of: 41}}
	if _, differs, err := read.Replay(context.Background()); err != nil || !strings.Contains(differs, "step 0 was a choice of 40 among 41") {
		t.Errorf("got %q, %v", differs, err)
	}
}
