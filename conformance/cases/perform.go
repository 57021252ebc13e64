package cases

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// Stage is what a case is performed on.
type Stage struct {
	// System is a fresh one. Who performs a case on it closes it.
	System spec.System
	// Handshake of the adapter that has made it.
	Handshake spec.Handshake
	// Choices decide what the case shuffles.
	Choices spec.Choices
	// Watchdog limits one operation; it is positive.
	Watchdog time.Duration
	Sizes    Sizes
	// Hangs is what is known to hang, nil where nothing is cut short.
	Hangs KnownHangs
	// Kit are the operations of the adapter's kit that are known not to work.
	Kit []KitFault
}

// Sizes says at which volume a clause about volume is checked.
type Sizes string

// The sizes.
const (
	FullSizes    Sizes = "full"
	WireSizes    Sizes = "wire"
	ExploreSizes Sizes = "explore"
)

// Perform runs the case on a stage, closes the stage's system, and says what was to be seen. The run is
// given up when ctx ends: what it has shown then means nothing.
func (k *Case) Perform(ctx context.Context, on Stage) *Evidence {
	c := k.on(on)
	stop := context.AfterFunc(ctx, c.sys.Abort)
	err := c.run()
	stop()
	_, closeErr := c.sys.Close()
	// A callback of a system that was given up may still be running.
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.discarding != nil {
		c.discarding.Stop()
	}
	e := c.shown
	e.Ended = errors.Join(err, closeErr)
	e.Reached = k.Witness == "" || c.reached[k.Witness]
	e.Observed, e.Issued = slices.Clone(e.Observed), c.calls.issued
	return &e
}

// Code is the code of the case's outermost frame on a stage, for a system that runs it by its own means: where that is
// a [spec.Notebook], it is told all that a verdict depends on.
func (k *Case) Code(on Stage) func(spec.Frame) { return k.on(on).code }

func (k *Case) on(stage Stage) *C {
	c := &C{
		theCase: k, handshake: stage.Handshake, sys: stage.System, choices: stage.Choices, watchdog: stage.Watchdog.Seconds(),
		sizes: stage.Sizes, reached: map[string]bool{}, hangs: stage.Hangs, kit: stage.Kit,
	}
	c.book, _ = stage.System.(spec.Notebook)
	c.Ledger = &Ledger{book: c.book}
	return c
}

// code is what the outermost frame runs.
func (c *C) code(f spec.Frame) {
	root := checked{Frame: f, c: c, root: true}
	c.calls.self = root.process()
	c.P = &P{spec.API{Frame: root}, c}
	c.guard(func() {
		c.theCase.Run(c)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.shown.Completed = true
		c.note("completed")
	})
}

// run runs the case on a fresh system and returns the system's error, if it is not one
// that the case caused.
func (c *C) run() error {
	err := c.sys.Run(c.code)
	var stuck *spec.Stuck
	if errors.As(err, &stuck) {
		c.mu.Lock()
		defer c.mu.Unlock()
		switch {
		case c.over():
		case c.shown.Completed:
			// Nothing that the case asks for is left: no clause is about the end of the harness's own function.
			c.shown.Hung = &Hang{Operation: endOfTest, Kinds: []string{endOfTest}}
			return &spec.Broken{Doing: "waiting for the end of the test's process", Err: fmt.Errorf("the case was over, but %w", err)}
		default:
			c.stuck(stuck)
		}
		return nil
	}
	return err
}

// stuck fails the case for an operation that never returns; mu is held.
func (c *C) stuck(stuck *spec.Stuck) {
	if fault := c.kitHangs(); fault != nil {
		c.shown.Broken = fault
		return
	}
	h := c.hang("")
	message := stuck.Error()
	if h.text != "" {
		message = h.text
		if !stuck.Proven {
			message += ": that did not end before the watchdog ran out; the adapter still answers"
		}
	}
	clause, convicts := cmp.Or(c.blame, c.theCase.Clause()), true
	if o := c.innermost(); o != nil {
		clause = c.convictable(c.blame, o.call)
		if !o.tested() && isSilent(clause) {
			// What the test waits for is the doing of what it called last, or it is nobody's.
			clause = cmp.Or(sentence(c.calls.latest[c.calls.self].call, true), clause)
			convicts = !isSilent(clause)
		}
	}
	c.shown.Hung = h
	c.shown.Failure = &Failure{
		Clause: clause, Step: c.step, Timed: !stuck.Proven, Convicts: convicts,
		Allowed: "the operation returns", Seen: strings.Join(append([]string{stuck.Error()}, stuck.Waits...), "\n"),
		Message: message, Waits: stuck.Graph, Cause: h.Cause(c.calls.issued),
	}
}
