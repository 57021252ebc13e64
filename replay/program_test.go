package replay

import (
	"context"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

func TestTokensRepeatRunsOfPrograms(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	repeated := 0
	for _, mutant := range []model.Mutant{"kill-ignored", "first-sends-race", "lost-in-race", "reported-twice", "signalled-is-nil"} {
		sim := refimpl.New(refimpl.Options{Mutant: mutant})
		found, _, err := (&fuzz.Search{Adapter: sim, Programs: 20_000}).Find(ctx)
		if err != nil || found == nil {
			t.Fatal(err)
		}
		f, err := fuzz.OnSimulator(sim, 40)(ctx, found.Program)
		if err != nil || f == nil {
			continue // it shows under the schedule that found it only
		}
		f = f.Explained()
		token, err := OfProgram(ctx, f.Program, mutant, &refimpl.Recorded{List: f.Choices})
		if err != nil {
			t.Fatal(err)
		}
		run := again(t, token.String())
		if run.Differs != "" || run.Report.Verdict != traces.Forbidden {
			t.Fatalf("%s: differs %q", mutant, run.Differs)
		}
		if got, want := run.Report.Text(run.Labels), f.Report.Text(f.Labels); got != want {
			t.Errorf("%s: the run is another:\n%s\nwas\n%s", mutant, got, want)
		}
		repeated++
	}
	if repeated < 3 {
		t.Errorf("only %d runs were repeated", repeated)
	}
}

// again reads a token as a person passes it on, and repeats its run.
func again(t *testing.T, text string) *Run {
	t.Helper()
	token, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	run, err := token.Replay(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestBadTokens(t *testing.T) {
	whole := &Token{Program: fuzz.Generate(&fuzz.Bytes{}, nil), Mutant: "queue-is-stack"}
	token := whole.String()
	for text, want := range map[string]string{
		"x":                                  "a token begins with mpc3-",
		"mpc1-00000000-abc":                  "the token is of form mpc1, and mpcheck devel reads form mpc3: repeat it with the mpcheck that printed it",
		"mpc4-00000000-abc":                  "the token is of form mpc4",
		"mpc3-":                              "checksum: part of it is missing",
		token[:len(token)-3]:                 "damaged",
		token[:len(token)/2]:                 "damaged",
		strings.Replace(token, "-", "-0", 1): "checksum: part of it is missing",
		(&Token{}).String():                  "a program or a case",
		(&Token{Program: whole.Program, Mutant: "none-such"}).String(): `of the mutant "none-such", which there is not here`,
	} {
		_, err := Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: got %v, want %q", text, err, want)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%.30q: more than one line: %v", text, err)
		}
	}
	// A schedule that is not the program's is told.
	read, err := Parse(token)
	if err != nil {
		t.Fatal(err)
	}
	read.Deviations = []refimpl.Deviation{{Step: 0, Choice: 40, Of: 41}}
	run, err := read.Replay(context.Background())
	if err != nil || !strings.Contains(run.Differs, "step 0 was a choice of 40 among 41") {
		t.Errorf("got %+v, %v", run, err)
	}
}

// A token may be of a program that never ends: its run does.
func TestTokenOfAnEndlessProgram(t *testing.T) {
	p, err := program.Parse([]byte(`{"blocks": [
		[{"call": {"op": "unwind-protect", "args": [{"callback": 1}, {"callback": 1}]}}],
		[{"call": {"op": "unwind-protect", "args": [{"callback": 1}, {"callback": 1}]}}]]}`))
	if err != nil {
		t.Fatal(err)
	}
	token, err := Parse((&Token{Program: p}).String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := token.Replay(context.Background()); err == nil || !strings.Contains(err.Error(), "frames open at a time") {
		t.Errorf("repeated with %v", err)
	}
}

// A token says of which mpcheck it is, so that whoever can't repeat its run knows by which to.
func TestTokensNameTheirOrigin(t *testing.T) {
	token := &Token{Specification: "0123456789ab", Version: "v1.2.3", Program: fuzz.Generate(&fuzz.Bytes{}, nil)}
	read, err := Parse(token.String())
	if err != nil {
		t.Fatal(err)
	}
	if got := read.Origin(); got != "mpcheck v1.2.3, specification 0123456789ab" {
		t.Errorf("got %q", got)
	}
	made, err := OfProgram(context.Background(), token.Program, "", &refimpl.Recorded{})
	if err != nil || made.Version == "" || made.Specification == "" {
		t.Errorf("got %+v, %v", made, err)
	}
}
