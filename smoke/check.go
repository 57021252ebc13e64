package smoke

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// DefaultLimit is how long an adapter has for each answer.
const DefaultLimit = 10 * time.Second

// Options say what to check.
type Options struct {
	// Command is what Start starts, for the report.
	Command []string
	// Start starts an adapter, of which each step may need a fresh one.
	Start func() (Process, error)
	// Limit is how long it has for each answer; 0 means [DefaultLimit]. To its answer to hello it
	// has twice as long, for it may have to be compiled.
	Limit time.Duration
	// Progress, where not nil, is told of each step that was tried, as it ended.
	Progress func(Result)
}

// step is one rule of the protocol. It panics with a fault, or returns what it did; what begins with
// leftOut was not done.
type step struct {
	name, rule string
	run        func(c *check, t *talk) string
	// last says that the process has ended, or is of no use, after it.
	last bool
	// basic says that without it no other step means anything.
	basic bool
}

const leftOut = "left out: "

// notTried begins the reason of a step after one without which none means anything.
const notTried = "not tried: it takes what "

// steps are in an order in which each takes what was tried before.
var steps = []step{
	{"handshake", "hello is answered by a handshake that names only what there is, once and for all; ping is answered by {}, at once", handshake, false, true},
	{"pid", "pid is the adapter's own process, seen from the harness: both are in one pid namespace", pid, false, false},
	{"frames", "open enters callback 0 in a process; a call is answered by its outcome; finish and close are answered; frames are never named twice", frames, false, true},
	{"literals", "every kind of literal is read, and written as it was", literals, false, false},
	{"identity", "whoever makes an object names it: one name is one object for the system's life; symbols are interned", identity, false, false},
	{"nested-frames", "a frame may be entered while an operation is open, on the same process, and is answered by its values", nested, false, false},
	{"enter-overtakes", "enter may overtake the answer to the operation that made the process, and names the same process", overtaking, false, false},
	{"waiting", "the reader executes nothing: ping and abort are answered while an operation waits", waiting, false, false},
	{"reading", "both sides always read: neither waits to read until it has written", reading, false, false},
	{"kills", "a killed thread tears no line; an operation on a dead frame is always answered, with gone", kills, false, false},
	{"images", "a launched Lisp attaches by the name of its image, and is served on its own connection until close", images, false, false},
	{"unknown", "an operation that isn't offered is answered with absent, an unknown method with an error", unknown, false, false},
	{"garbage", "a line that can't be read is answered with an error whose id is null, and a blank one is skipped", garbage, false, false},
	{"kit", "each operation of the kit does what docs/operations.md says", nil, true, false},
	{"bye", "bye is answered by {}; then the adapter ends", bye, true, false},
	{"end-of-input", "the adapter ends when its input ends, whatever waits", endOfInput, true, false},
}

// Names lists the steps.
func Names() []string {
	var names []string
	for _, s := range steps {
		names = append(names, s.name)
	}
	return names
}

// check is a run of the steps.
type check struct {
	ctx   context.Context
	opts  Options
	limit time.Duration
	hello spec.Handshake // of the first process
}

// Check runs the steps. Each goes on with the process of the step before, where that left it sound.
// The report is partial where ctx has ended. No error is the harness's: one that a command can't be
// started is the first step's.
func Check(ctx context.Context, opts Options) *Report {
	c := &check{ctx: ctx, opts: opts, limit: opts.Limit}
	if c.limit <= 0 {
		c.limit = DefaultLimit
	}
	report := &Report{Format: 1, Command: append([]string{}, opts.Command...), Steps: []Result{}}
	var t *talk
	end := func(grace time.Duration) error {
		if t == nil {
			return nil
		}
		err := t.process.End(grace)
		t = nil
		return err
	}
	for _, s := range steps {
		if ctx.Err() != nil {
			report.Partial = true
			break
		}
		began := time.Now()
		result := Result{Step: s.name, Rule: s.rule}
		if s.run == nil {
			_ = end(0)
			c.kit(&result)
		} else {
			c.attempt(&result, s, &t)
			if result.Outcome == Failed || s.last {
				if err := end(0); err != nil && result.Outcome != Failed {
					result.Outcome, result.Faults = Failed, []Fault{{Came: brief(err.Error()), Want: "an adapter that can be ended with all that it started"}}
				}
			}
		}
		result.Seconds = time.Since(began).Seconds()
		if ctx.Err() != nil {
			report.Partial = true
			break
		}
		report.Steps = append(report.Steps, result)
		if opts.Progress != nil {
			opts.Progress(result)
		}
		if s.basic && result.Outcome == Failed {
			report.leaveOut(s.name)
			break
		}
	}
	report.Adapter = c.hello
	_ = end(0)
	return report
}

// leaveOut notes the steps that are left, which the failed one makes meaningless. Nobody is told of each: [Report.Summary] says it once.
func (r *Report) leaveOut(failed string) {
	for _, s := range steps[len(r.Steps):] {
		r.Steps = append(r.Steps, Result{Step: s.name, Rule: s.rule, Outcome: LeftOut, Reason: notTried + failed + " is about"})
	}
}

// attempt runs a step, on a fresh process where there is none.
func (c *check) attempt(result *Result, s step, t **talk) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case fault:
			if *t != nil {
				r.Lines = (*t).lines[max(0, len((*t).lines)-mostLines):]
				r.Wrote = (*t).process.Wrote()
			}
			result.Outcome, result.Faults = Failed, []Fault{r.Fault}
		case error:
			if !errors.Is(r, c.ctx.Err()) || c.ctx.Err() == nil {
				panic(r)
			}
		default:
			panic(r)
		}
	}()
	if *t == nil {
		process, err := c.opts.Start()
		if err != nil {
			panic(fault{Fault{Sent: strings.Join(c.opts.Command, " "), Came: brief(err.Error()), Want: "an adapter that starts"}})
		}
		*t = newTalk(c.ctx, process, c.limit)
		(*t).hello = (*t).greet()
		if c.hello.Contract == "" {
			c.hello = (*t).hello
		}
	}
	reason := s.run(c, *t)
	result.Outcome = OK
	if why, is := strings.CutPrefix(reason, leftOut); is {
		result.Outcome, reason = LeftOut, why
	}
	result.Reason = reason
}

// lacks says which of the operations the adapter doesn't claim, "" where it claims all.
func (c *check) lacks(operations ...string) string {
	i := slices.IndexFunc(operations, func(op string) bool { return !c.hello.Offers(op) })
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("%sthe adapter doesn't claim %s", leftOut, operations[i])
}

func (c *check) virtual() bool { return c.hello.Clock == spec.Virtual }

// simple issues an operation that returns at once, whichever is claimed; false where none is.
func (c *check) simple(t *talk, frame string) bool {
	for _, call := range []struct {
		op   string
		args []any
	}{
		{"eq", []any{spec.Keyword("a"), spec.Keyword("a")}}, {"make-cell", []any{nil}}, {"make-log", nil}, {"make-gate", nil},
		{"make-mailbox", nil}, {"get-current-process", nil},
	} {
		if c.hello.Offers(call.op) {
			t.do(frame, call.op, call.args...)
			return true
		}
	}
	return false
}
