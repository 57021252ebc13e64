package cases

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Program is a helper child that the system under test runs as an external program.
type Program struct {
	Child
	// Path is its name, absolute. Executed with whatever arguments and environment it is the child, and tells what those were.
	Path spec.String
	// Process is the object that start returned, nil before.
	Process spec.Value
}

// deed is a step of what a program does of itself: while run is open nobody may be needed for it.
type deed struct {
	word      string
	arguments []any
}

func does(word string, arguments ...any) deed { return deed{word, arguments} }

// exits is the last step of a program that ends of itself.
func exits(code int) deed { return does("exit", code) }

// Prepared makes a program that does these things, one after the other, once it is run.
func (p *P) Prepared(plan ...deed) Program {
	prepared := p.ChildPrepare()
	path, ok := prepared.Nth(2).(spec.String)
	if prepared.Nth(2) == spec.Value(spec.Nil{}) {
		p.c.NotApplicable("nothing can be run in the folders for temporary files, which are mounted noexec: set TMPDIR to one in which programs run")
	}
	if !ok {
		p.c.breaks(fmt.Errorf("the harness prepared a child that is no program: %s", prepared))
	}
	program := Program{Child: Child{ref: prepared.Nth(0)}, Path: path}
	for _, step := range plan {
		p.ChildPlan(program.ref, spec.Keyword(step.word), step.arguments...)
	}
	return program
}

// redirected gives all three redirections, then further keywords. What they default to is left open (EXT-IO-9).
func redirected(input, output, err any, more ...any) []any {
	return append([]any{key.Input(input), key.Output(output), key.Error(err)}, more...)
}

// apart is a program by itself: it reads from a null stream and what it writes is discarded.
func apart(more ...any) []any { return redirected(nil, nil, nil, more...) }

var stream = spec.Keyword("stream") // the redirection to a stream that start makes

// instead is For where p names no clause yet.
func (p *P) instead(clause string) *P {
	if p.Frame.(checked).clause != "" {
		return p
	}
	return p.For(clause)
}

// named is the clause that p names, or this one.
func (p *P) named(clause string) string {
	if own := p.Frame.(checked).clause; own != "" {
		return own
	}
	return clause
}

// Runs runs a program that exits with that code of itself, and expects the code. A call that doesn't return is charged
// to the clause that p names, else to that about the call.
func (p *P) Runs(program Program, code int, args []any, keys ...any) Program {
	r := p.instead("EXT-RUN-1").Run(program.Path, spec.Of(args), keys...)
	program = p.ran(program)
	p.Expect(p.stateOf(program.PID)).For("EXT-RUN-1").To(BeEnded(), "run returns only when the program has ended")
	p.Expect(r).For("EXT-RUN-2").To(BeResult(code), "run returns the exit status of the program")
	return program
}

// ran expects that a program was run.
func (p *P) ran(program Program) Program {
	return p.isThere(program, p.named("EXT-RUN-1"), spec.NewCall("run", nil, program.Path, nil))
}

func (p *P) isThere(program Program, clause string, call spec.Call) Program {
	ready := p.For(clause).Try().ChildAwait(program.ref, spec.Keyword("ready"))
	if ready.Status != spec.Returned {
		p.c.neverHappened(clause, call, ready)
	}
	program.PID = ready.Primary()
	return program
}

// Starts starts a program in the background, and returns once it runs.
func (p *P) Starts(program Program, args []any, keys ...any) Program {
	clause := p.named("EXT-START-1")
	r := p.For(clause).Try().Start(program.Path, spec.Of(args), keys...)
	p.Expect(r).For(clause).NotTo(SignalError(), "start returns")
	p.Expect(r).For(clause).To(BeTrue(), "start returns a process object")
	program.Process = r.Primary()
	return p.isThere(program, clause, spec.NewCall("start", nil, program.Path, nil))
}

// Started prepares and starts a program that is by itself, and goes on until it is told otherwise.
func (p *P) Started(plan ...deed) Program { return p.Starts(p.Prepared(plan...), nil, apart()...) }

// What process-status answers with.
var (
	running  = spec.Keyword("running")
	stopped  = spec.Keyword("stopped")
	exited   = spec.Keyword("exited")
	signaled = spec.Keyword("signaled")
)

// statusOf asks for the status. That process-status returns, and one of four keywords, is held against the clauses about that.
func (p *P) statusOf(program Program) spec.Return {
	r := p.For("EXT-STAT-9").Try().ProcessStatus(program.Process)
	p.Expect(r).For("EXT-START-4").NotTo(SignalError(), "process-status is defined for what start returned")
	p.Expect(r).For("EXT-STAT-1").To(onValue("one of :running, :stopped, :signaled, :exited", func(v spec.Value) bool {
		return slices.Contains([]spec.Value{running, stopped, signaled, exited}, v)
	}), "the first value is one of four keywords")
	return r
}

// showsEnd tells whether a status is that of a program which has ended.
func showsEnd(status spec.Return) bool {
	return status.Primary() == exited || status.Primary() == signaled
}

// Shown waits until a program has ended and process-status shows it, and returns what that shows. That the program
// ends is charged to the clause that p names.
func (p *P) Shown(program Program) spec.Return {
	ended := p.instead("EXT-START-1").Try().ChildAwait(program.ref, spec.Keyword("ended"))
	if ended.Status != spec.Returned {
		p.c.neverHappened(p.named("EXT-START-1"), spec.NewCall("start", nil, program.Path, nil), ended)
	}
	return p.asksForEnd(program)
}

// asksForEnd asks for the status of a program that ends, and nothing else, until that shows the end. Only where it doesn't,
// it is made sure that the program has ended.
func (p *P) asksForEnd(program Program) (seen spec.Return) {
	ended := func() {
		if program.ref != nil {
			p.Try().ChildAwait(program.ref, spec.Keyword("ended"))
		}
	}
	p.untilPast("EXT-STAT-10", "process-status shows that the program has ended", ended, func() bool {
		seen = p.statusOf(program)
		return showsEnd(seen)
	})
	return seen
}

// ShowsExit is Shown of a program that exits with the code.
func (p *P) ShowsExit(program Program, code int) {
	p.Expect(p.Shown(program)).For("EXT-STAT-3").To(ReturnFirst(exited, code), "after a normal end the status is :exited and the exit code")
}

// ShowsSignal is Shown of a program that a signal ends.
func (p *P) ShowsSignal(program Program, signal int) {
	p.Expect(p.Shown(program)).For("EXT-STAT-4").To(ReturnFirst(signaled, signal), "after an end by signal the status is :signaled and its number")
}

// argumentsOf are the arguments that a program was run with.
func (p *P) argumentsOf(program Program) spec.Value { return p.Tell(program.Child, "argv").Primary() }

// environmentOf are the entries NAME=VALUE of the environment that a program was run with.
func (p *P) environmentOf(program Program) (entries []string) {
	items, _ := spec.Items(p.Tell(program.Child, "environ").Primary())
	for _, item := range items {
		text, _ := item.(spec.String)
		entries = append(entries, string(text))
	}
	return entries
}

// valueIn is what getenv finds in an environment: the value of the first entry of that name.
func valueIn(environment []string, name string) spec.Value {
	for _, entry := range environment {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return spec.String(value)
		}
	}
	return spec.Nil{}
}

// inputOf is what a program has read by :read so far.
func (p *P) inputOf(program Program) spec.Value { return p.Tell(program.Child, "input").Primary() }

// File is one that a case has the harness prepare.
type File struct {
	// Path is its name, absolute.
	Path spec.String
	ref  spec.Value
}

// NewFile prepares a file: with the text, or, without one, a name under which there is none yet.
func (p *P) NewFile(text ...any) File { return p.file(p.FilePrepare(text...)) }

func (p *P) file(r spec.Return) File {
	path, _ := r.Nth(1).(spec.String)
	return File{Path: path, ref: r.Nth(0)}
}

// textOf is what a file holds, "" where there is none.
func (p *P) textOf(f File) string {
	text, _ := p.FileText(f.ref).Primary().(spec.String)
	return string(text)
}

// holds expects that a file has exactly this text.
func (f File) holds(p *P, clause, want, why string) { p.sameText(clause, p.textOf(f), want, why) }

// comesToHold is holds of a file that may be written a while after the program has ended.
func (f File) comesToHold(p *P, clause, want, why string) {
	p.Until(clause, "the file holds "+briefly(want)+": "+why, func() bool { return p.textOf(f) == want })
}

// standard is the file that the implementation was started with, as :input, :output or :error.
func (p *P) standard(which string, text ...any) File {
	return p.file(p.StandardFile(spec.Keyword(which), text...))
}

// sameText expects a text, and shows of a long one where it begins to be another.
func (p *P) sameText(clause, seen, want, why string) {
	if seen == want {
		return
	}
	at := 0
	for at < min(len(seen), len(want)) && seen[at] == want[at] {
		at++
	}
	p.Expect(spec.String(briefly(seen))).For(clause).To(matcher{briefly(want), func(any) (bool, error) { return false, nil }},
		"%s: they differ from byte %d on, of %d and %d", why, at, len(seen), len(want))
}

func briefly(text string) string { return spec.Brief(text, 100) }

// numbered is a text of at least so many bytes in which each line is another, so that none can be missing, or come twice,
// unseen. The lines are long, since each that is read is an operation.
func numbered(bytes int) string { return numberedLines(1000, bytes) }

func numberedLines(width, bytes int) string {
	const number = 7
	var b strings.Builder
	for i := 0; b.Len() < bytes; i++ {
		fmt.Fprintf(&b, "%0*d %s\n", number, i, strings.Repeat("-", width-number-2))
	}
	return b.String()
}

// overfull is a text of lines which is more than a pipe holds. That of a search has two: each line that is read beside
// a writer multiplies the schedules.
func (c *C) overfull(full, wire int) string {
	return numberedLines(c.Size(1000, 1000, 40_000), c.Size(full, wire, 80_000))
}

// pairs is an alist of strings.
func pairs(namesAndValues ...string) spec.Value {
	var entries []spec.Value
	for pair := range slices.Chunk(namesAndValues, 2) {
		entries = append(entries, spec.List{Items: []spec.Value{spec.String(pair[0])}, Dotted: spec.String(pair[1])})
	}
	return spec.NewList(entries...)
}

// Hook makes a function to be called when a status changes. Who calls it is left open (EXT-HOOK-4): a process, or
// a thread that is none.
func (p *P) Hook(fn func(p *P, args []spec.Value)) spec.Value {
	c := p.c
	return p.MakeFunction(c.registerForeign(func(f spec.Frame, args []spec.Value) []spec.Value {
		fn(c.frame(f), args)
		return []spec.Value{spec.Nil{}}
	})).Primary()
}

// result is the exit status in what run returned: the code alone, or :exited and the code; nil for anything else.
func result(r spec.Return) spec.Value {
	switch first := r.Primary().(type) {
	case spec.Int:
		return first
	case spec.Symbol:
		if first == exited {
			return r.Nth(1)
		}
	}
	return spec.Nil{}
}

// BeResult matches what run returns of a program that exited with the code (EXT-RUN-2).
func BeResult(code int) types.GomegaMatcher {
	return matcher{fmt.Sprintf("%d, or :exited, %d", code, code), func(actual any) (bool, error) {
		r, ok := actual.(spec.Return)
		return ok && r.Status == spec.Returned && spec.Eql(result(r), spec.Int(code)), nil
	}}
}

// BeEnded matches the state of a process that runs no more.
func BeEnded() types.GomegaMatcher {
	return onValue(":zombie or :absent", func(v spec.Value) bool {
		return v == spec.ChildZombie.Keyword() || v == spec.ChildAbsent.Keyword()
	})
}
