package cases

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// opened is an operation that the code of a case has issued, until it returns. One that is
// aborted stays open: it never returned.
type opened struct {
	call    spec.Call
	op      *spec.Op
	process spec.Ref // zero where the frame names none
	test    bool     // the process is the test's own
	since   time.Time
}

// latest is the last operation of the system under test that a process has had an answer from.
type latest struct {
	call spec.Call
	ret  spec.Return
}

// ledgerOfCalls is what a case knows of its operations; the case's mu guards it.
type ledgerOfCalls struct {
	self   spec.Ref // the test's process
	open   []*opened
	latest map[spec.Ref]latest // by process
	names  map[spec.Ref]string // of the processes that the case has made
	gates  map[spec.Ref]bool   // opened ones
	issued int                 // operations of the system under test
}

// opens notes that an operation is issued.
func (c *C) opens(f checked, call spec.Call, op *spec.Op) *opened {
	o := &opened{call: call, op: op, process: f.process(), since: time.Now()}
	c.mu.Lock()
	defer c.mu.Unlock()
	o.test = f.root || o.process != spec.Ref{} && o.process == c.calls.self
	if o.tested() {
		c.calls.issued++
	}
	c.calls.open = append(c.calls.open, o)
	return o
}

// process is the process that runs the frame's code.
func (f checked) process() spec.Ref {
	ref, _ := spec.ProcessOf(f.Frame).(spec.Ref)
	return ref
}

// closes notes how it has ended.
func (c *C) closes(o *opened, r spec.Return) {
	if r.Status == spec.Aborted {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l := &c.calls
	if i := slices.Index(l.open, o); i >= 0 {
		l.open = slices.Delete(l.open, i, i+1)
	}
	if r.Status != spec.Returned && r.Status != spec.Signalled {
		return
	}
	if l.latest == nil {
		l.latest, l.names, l.gates = map[spec.Ref]latest{}, map[spec.Ref]string{}, map[spec.Ref]bool{}
	}
	switch {
	case o.tested():
		l.latest[o.process] = latest{o.call, r}
		if ref, ok := r.Primary().(spec.Ref); ok && o.call.Op == "process-run-function" {
			if name, ok := o.call.Arg(0).(spec.String); ok {
				l.names[ref] = string(name)
			}
		}
	case o.call.Op == "gate-open":
		if ref, ok := o.call.Arg(0).(spec.Ref); ok {
			l.gates[ref] = true
		}
	}
}

// tested tells whether it is an operation of the system under test.
func (o *opened) tested() bool { return o.op != nil && !o.op.Is(spec.Kit) && !o.op.Is(spec.ByHarness) }

// who names the process of an operation; mu is held.
func (c *C) who(o *opened) string {
	switch name := c.calls.names[o.process]; {
	case o.test:
		return "the test's process"
	case o.process == spec.Ref{}:
		return "a foreign thread"
	case name != "":
		return fmt.Sprintf("process %q %s", name, o.process)
	default:
		return "process " + o.process.String()
	}
}

// short is the operation in words that aren't too many.
func (o *opened) short() string {
	const most = 120
	text := []rune(o.call.String())
	if len(text) > most {
		return string(text[:most]) + "...)"
	}
	return string(text)
}

// innermost is the operation that the test's own process is in, nil for none; mu is held.
func (c *C) innermost() *opened {
	for _, o := range slices.Backward(c.calls.open) {
		if o.test {
			return o
		}
	}
	return nil
}

// elsewhere are the operations of the system under test that other processes are in; mu is held.
func (c *C) elsewhere() (open []*opened) {
	for _, o := range c.calls.open {
		if !o.test && o.tested() {
			open = append(open, o)
		}
	}
	return open
}

// inTheWay says which operations are open, those that hang first; mu is held. Waits of the kit
// are named too: who waits at a gate can't do what is awaited.
func (c *C) inTheWay() string {
	var hang, wait []string
	for _, o := range c.calls.open {
		switch {
		case o.tested():
			hang = append(hang, c.who(o)+" hangs in "+o.short())
		case !o.test && o.op != nil && !o.op.Is(spec.RunsCode):
			wait = append(wait, c.who(o)+" is in "+o.short())
		}
	}
	return strings.Join(append(hang, wait...), "; ")
}
