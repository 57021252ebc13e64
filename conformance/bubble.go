package conformance

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// inBubble runs one case, with an adapter of its own, in a bubble. Goroutines that don't end with the
// adapter make a deadlock of the bubble: they are named, once, and are an error of the first case that
// shows them.
func (p *Plan) inBubble(t *testing.T, factory Factory, k *cases.Case) (result verdict.Result) {
	var left []leftGoroutine
	judged := false
	defer func() {
		r := recover()
		switch {
		case len(left) > 0: // the bubble broke, as it had to
			if message := p.leaks.tell(left); message != "" && result.Verdict < verdict.Error {
				result = broken(k, message)
			}
		case r != nil && judged:
			result = broken(k, fmt.Sprintf("the bubble broke when its case had ended: %v: everything that an adapter starts must end when it is closed", r))
		case r != nil:
			result = broken(k, fmt.Sprintf("the bubble broke: %v", r))
		}
	}()
	synctest.Test(t, func(t *testing.T) {
		inside := *p
		// A bubble's schedule is the Go runtime's: a seed doesn't decide it.
		inside.Config.Schedules = max(1, p.Config.Schedules)
		adapter, session, err := inside.Open(func() (spec.Adapter, error) {
			adapter, err := factory()
			if err != nil {
				return nil, err
			}
			return bubbled{adapter}, nil
		})
		if err != nil {
			result = broken(k, err.Error())
		} else {
			result = session.Run(t.Context(), k)
		}
		judged = true
		if adapter != nil {
			if err := adapter.Close(); err != nil {
				result = broken(k, "ending the adapter: "+err.Error())
			}
		}
		// Time costs nothing here: what only sleeps a while ends.
		time.Sleep(bubbleRest)
		synctest.Wait()
		left = bubbleGoroutines()
	})
	return result
}

// bubbleRest is how long the goroutines of a closed adapter get to end, in virtual time.
const bubbleRest = time.Minute

// A leftGoroutine is one that is in the bubble still: what it does, and its stack.
type leftGoroutine struct{ what, stack string }

// bubbleGoroutines are those of the caller's bubble but for the caller's own and those of the testing
// package.
func bubbleGoroutines() []leftGoroutine {
	buffer := make([]byte, 1<<20)
	stacks := strings.Split(string(buffer[:runtime.Stack(buffer, true)]), "\n\n")
	own, _, _ := strings.Cut(stacks[0], "\n")
	_, bubble, in := strings.Cut(own, "synctest bubble ")
	if !in {
		return nil
	}
	var left []leftGoroutine
	for _, stack := range stacks[1:] {
		header, frames, _ := strings.Cut(stack, "\n")
		if !strings.HasSuffix(header, "synctest bubble "+bubble) || strings.Contains(frames, "testing/synctest.") {
			continue
		}
		left = append(left, leftGoroutine{place(frames), stack})
	}
	return left
}

// place is where a goroutine stands and who made it, without addresses: what two of the same code have
// in common.
func place(frames string) string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSpace(frames), "\n") {
		if at, _, ok := strings.Cut(line, " +0x"); ok && strings.HasPrefix(line, "\t") {
			lines = append(lines, strings.TrimSpace(at))
		}
	}
	return strings.Join(lines, " < ")
}

// leaks are the goroutines that cases of a run were seen to leave, by what they do. It is safe for
// concurrent use.
type leaks struct {
	mu   sync.Mutex
	seen map[string]bool
}

// Of how many goroutines the stacks are told, and how much of each.
const (
	leftInFull   = 5
	leftFrames   = 16
	framesMargin = "\n    "
)

// tell says what is left, "" where all of it has been told before.
func (l *leaks) tell(left []leftGoroutine) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	var fresh []leftGoroutine
	for _, g := range left {
		if !l.seen[g.what] {
			l.seen[g.what] = true
			fresh = append(fresh, g)
		}
	}
	if len(fresh) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s left a minute of the bubble's time after the adapter was closed (of the same ones other cases don't tell): "+
		"everything that an adapter starts must end when it is closed", spec.Plural(len(left), "goroutine"))
	for i, g := range fresh {
		if i == leftInFull {
			fmt.Fprintf(&b, "\n  and %d more", len(fresh)-i)
			break
		}
		lines := strings.Split(g.stack, "\n")
		fmt.Fprintf(&b, "\n  %s", strings.Join(lines[:min(len(lines), leftFrames)], framesMargin))
	}
	return b.String()
}

func broken(k *cases.Case, message string) verdict.Result {
	return verdict.Result{ID: k.ID, Clauses: k.Witnesses(), Verdict: verdict.Error, Observed: []cases.Observation{}, Message: message}
}

// bubbled is an adapter in a bubble: its clock is virtual whatever it takes it for, and it
// has no children.
type bubbled struct{ spec.Adapter }

// Handshake implements [spec.Adapter].
func (b bubbled) Handshake() spec.Handshake {
	h := b.Adapter.Handshake()
	h.Clock, h.Capabilities = spec.Virtual, []spec.Capability{spec.Core}
	return h
}
