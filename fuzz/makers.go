package fuzz

import (
	"fmt"
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// A maker makes a step that calls one operation.
type maker struct {
	op   string
	make func(g *generator) program.Step
	// worth, where not nil, is how much the operation can do where it stands: from 1 to
	// worthMuch.
	worth func(g *generator) int
	where place
}

// A place is where a step must not stand.
type place uint8

const (
	notNested place = 1 << iota // it runs code: programs nest one deep
	notTest                     // it would end the test
	notForm                     // it might call the form that it stands in, without end
	notDeep                     // it runs code, within other code too, but no deeper
	ownForm                     // it gives its own process a form: not to the test one that fails
)

// fits tells whether the step may stand where the generator is.
func (m maker) fits(g *generator) bool {
	return !(m.where&notNested != 0 && g.nested || m.where&notDeep != 0 && g.depth > 1 || m.where&notForm != 0 && g.inForm || m.where&notTest != 0 && g.inTest ||
		m.where&ownForm != 0 && g.inTest && g.formFails)
}

const worthMuch = 3

// worthIf is much where something is there to be done.
func worthIf(there bool) int {
	if there {
		return worthMuch
	}
	return 1
}

// Operations lists those that programs may call, in alphabetical order: the families', and what
// every program has around them.
func Operations() []string {
	set := map[string]bool{}
	for _, op := range []string{
		"make-gate", "make-log", "make-cell", "make-mailbox", "make-function", "gate-wait", "gate-open", "pause",
		"process-run-function", "child-prepare", "child-plan", "file-prepare", "start", "open-file-stream",
		"make-string-input-stream", "make-string-output-stream", "run-shell-command", "log-read", "new", "defun", "invoke-restart",
		"make-foreign-thread",
	} {
		set[op] = true
	}
	for _, all := range makers {
		for _, m := range all {
			set[m.op] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// send notes that something goes to a mailbox.
func (g *generator) send(m spec.Value) spec.Value {
	g.mail[m.(spec.Ref).ID]++
	return m
}

// mailbox names one; with weights rather one to which something is sent.
func (g *generator) mailbox() spec.Value {
	return g.rather("m", g.mailboxes, func(m string) bool { return g.mail[m] > 0 })
}

// process names one; with weights rather one that is not asked to end.
func (g *generator) process() spec.Value {
	return g.rather("p", g.processes, func(p string) bool { return !g.ending[p] })
}

// ended names a process; with weights rather one that is asked to end.
func (g *generator) ended() spec.Value {
	return g.rather("p", g.processes, func(p string) bool { return g.ending[p] })
}

// ends notes that a process or child is asked to end.
func (g *generator) ends(v spec.Value) spec.Value {
	g.ending[v.(spec.Ref).ID] = true
	return v
}

// child names a child, pid its process id.
func (g *generator) child() spec.Value {
	return g.rather("child", max(g.children, 1), func(c string) bool { return !g.ending[c] })
}

func (g *generator) pid() spec.Value {
	return g.rather("pid", max(g.children, 1), func(pid string) bool { return g.ending["child"+pid[len("pid"):]] })
}

// rather names one of n; with weights those that are good come first.
func (g *generator) rather(kind string, n int, good func(string) bool) spec.Value {
	if g.w == nil {
		return g.name(kind, n)
	}
	worths := make([]int, n)
	for i := range worths {
		worths[i] = worthIf(good(fmt.Sprintf("%s%d", kind, i)))
	}
	return program.Named(fmt.Sprintf("%s%d", kind, g.choose(worths)))
}

// anyMail tells whether something is sent to any of the mailboxes.
func anyMail(g *generator) int { return worthIf(len(g.mail) > 0) }

// anyEnds tells whether a process or child of a kind is asked to end.
func anyEnds(kind string) func(g *generator) int {
	return func(g *generator) int {
		for name := range g.ending {
			if len(name) > len(kind) && name[:len(kind)] == kind {
				return worthMuch
			}
		}
		return 1
	}
}

// on makes a step that calls an operation on one object.
func on(op string, object func(g *generator) spec.Value) func(g *generator) program.Step {
	return func(g *generator) program.Step { return call(op, nil, object(g)) }
}

// plain makes a step that calls an operation without arguments.
func plain(op string) maker {
	return maker{op: op, make: func(*generator) program.Step { return call(op, nil) }}
}

// ofMailbox is an operation that only asks something of a mailbox.
func ofMailbox(op string) maker { return maker{op: op, make: on(op, (*generator).mailbox)} }

// running is an operation that runs two blocks.
func running(op string) maker {
	return maker{op: op, where: notNested, make: func(g *generator) program.Step {
		body := g.code()
		return call(op, nil, body, g.code())
	}}
}

var makers map[Family][]maker

// The table refers to code that refers to it.
func init() {
	makers = map[Family][]maker{
		Mailboxes: mailboxMakers,
		Sends:     sendMakers,
		Cleanups:  cleanupMakers,
		Kills:     killMakers,
		Children:  childMakers,
		Lists:     listMakers,
		Objects:   objectMakers,
		Programs:  programMakers,
		Bindings:  bindingMakers,
		Foreign:   foreignMakers,
		Events:    eventMakers,
	}
}
