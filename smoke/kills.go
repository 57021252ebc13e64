package smoke

import (
	"fmt"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// The loop of kills: rounds of them, each victim busy with at most so many operations. Answers are
// long, the better to be torn.
const (
	killRounds = 120
	mostWork   = 100
	longAnswer = 3000
)

func kills(c *check, t *talk) string {
	if why := c.lacks("process-run-function", "make-function", "process-kill", "make-cell", "cell-get", "pause"); why != "" {
		return why
	}
	e := t.open()
	k := &killing{c: c, outer: e.Frame}
	k.script = newScript(t, k.began)
	k.fn = t.ref(e.Frame, "make-function", spec.Callback(1))
	k.inner = t.ref(e.Frame, "make-function", spec.Callback(2))
	k.cell = t.ref(e.Frame, "make-cell", strings.Repeat("0123456789", longAnswer/10))
	if c.lacks("make-gate", "gate-wait") == "" {
		k.gate = t.ref(e.Frame, "make-gate")
	}
	k.round(0)
	k.until(func() bool { return k.rounds == killRounds && k.live == 0 },
		"the answer to each call, and gone for every frame of a process that was killed")
	c.simple(t, e.Frame)
	t.ping()
	t.leave(e)
	t.finish()
	if k.gone == 0 {
		return leftOut + "process-kill ended no process, so that nothing can be said"
	}
	return fmt.Sprintf("%d kills, %d of frames that were in use, %d operations", killRounds, k.gone, k.work)
}

type killing struct {
	*script
	c           *check
	outer       string
	fn, inner   spec.Ref
	cell        spec.Ref
	gate        spec.Value // nil where there are none
	rounds      int
	live, gone  int // frames of victims that are in use, and those that were killed
	work        int
	beganRounds int
}

// round starts a process, gives it a moment, and kills it.
func (k *killing) round(n int) {
	if n == killRounds {
		// What has begun late is over soon, or was never entered.
		k.issue(k.outer, "pause", func(spec.Return) { k.rounds = n }, 0.05)
		return
	}
	k.issue(k.outer, "process-run-function", func(r spec.Return) {
		p, ok := r.Primary().(spec.Ref)
		if r.Status != spec.Returned || !ok {
			k.fail(k.last, "the outcome of process-run-function: "+r.String(), "the process that it made")
		}
		k.issue(k.outer, "pause", func(spec.Return) {
			k.issue(k.outer, "process-kill", func(r spec.Return) {
				if r.Status == spec.Gone || r.Status == spec.Aborted {
					k.fail(k.last, "the outcome "+r.Status.String(), "a kill of another process that leaves the one which calls it alone")
				}
				k.round(n + 1)
			}, p)
		}, 0.0005*float64(n%8))
	}, fmt.Sprint("victim ", n), nil, k.fn, n)
}

// began is the function of a victim, or of one's callback.
func (k *killing) began(e entered) {
	k.live++
	switch {
	case e.Callback == 2:
		k.busy(e, 0)
	case e.Callback != 1 || e.Process == nil:
		k.fail(k.last, e.line, "enter of callback 1 or 2, in a process")
	default:
		k.beganRounds++
		switch k.beganRounds % 3 {
		case 0:
			k.busy(e, 0)
		case 1:
			k.wait(e)
		default:
			if k.c.hello.Offers("funcall") {
				k.issue(e.Frame, "funcall", func(r spec.Return) { k.after(e, r, func() { k.over(e) }) }, k.inner)
			} else {
				k.busy(e, 0)
			}
		}
	}
}

// busy issues one operation after the other, until the process is killed or has done enough.
func (k *killing) busy(e entered, n int) {
	if n == mostWork {
		k.over(e)
		return
	}
	k.work++
	k.issue(e.Frame, "cell-get", func(r spec.Return) {
		if text, ok := r.Primary().(spec.String); r.Status == spec.Returned && (!ok || len(text) != longAnswer) {
			k.fail(k.last, r.String(), "the text of %d characters that is in the cell", longAnswer)
		}
		k.after(e, r, func() { k.busy(e, n+1) })
	}, k.cell)
}

// wait has the victim wait until it is killed.
func (k *killing) wait(e entered) {
	then := func(r spec.Return) { k.after(e, r, func() { k.over(e) }) }
	if k.gate != nil {
		k.issue(e.Frame, "gate-wait", then, k.gate)
	} else {
		k.issue(e.Frame, "pause", then, 1)
	}
}

// after goes on unless the process is gone: then each later operation must be gone too.
func (k *killing) after(e entered, r spec.Return, goOn func()) {
	switch r.Status {
	case spec.Returned:
		goOn()
	case spec.Gone:
		k.gone++
		k.issue(e.Frame, "cell-get", func(r spec.Return) {
			if r.Status != spec.Gone {
				k.fail(k.last, "the outcome "+r.Status.String()+" on frame "+e.Frame, `{"status":"gone"}, as before: the frame is dead`)
			}
			k.over(e)
		}, k.cell)
	default:
		k.fail(k.last, "the outcome "+r.Status.String()+": "+r.String(), "that it returns, or is gone with its process")
	}
}

func (k *killing) over(e entered) {
	k.leave(e)
	k.live--
}
