package native

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// process is one Lisp process: a goroutine and what the documents attach to it.
type process struct {
	sys    *system
	ref    spec.Ref
	id     int
	name   string
	starts any // the function it was started with: a Ref's ID or a symbol, for get-process

	priority int64
	normal   int64 // what change-priority :default goes back to
	mailbox  *mailbox

	phase    phase
	top      *frame // the innermost frame
	killed   bool   // before it began, or since
	cleanups []cleanup
	joiners  waiters

	woken    chan struct{} // holds one wakeup
	blocked  bool          // it waits, and nothing has woken it
	waitsFor string
}

// phase is a part of a process's life.
type phase uint8

const (
	living   phase = iota // created; its function runs or is unwound
	cleaning              // its registered cleanups run
	dead
)

// newProcess makes a process that is alive and listed from now on; mu is held.
func (s *system) newProcess(name string, starts any) *process {
	s.born++
	p := &process{sys: s, id: s.born, name: name, starts: starts, woken: make(chan struct{}, 1)}
	p.ref = s.name("process", p)
	s.processes = append(s.processes, p)
	s.running.Add(1)
	return p
}

// run lives the process's life on the calling goroutine. The later phases are deferred, so
// that they happen even where a Func ends its goroutine.
func (p *process) run(code spec.Callback, fn spec.Func, args []spec.Value) {
	defer p.die()
	defer p.cleanUp()
	first := &frame{sys: p.sys, proc: p, code: code}
	p.sys.mu.Lock()
	begin := !p.killed && !p.sys.closed
	if begin {
		p.top = first
	}
	p.sys.mu.Unlock()
	if begin { // PROC-KILL-8: killed before it began, its function never runs.
		first.run(fn, args)
	}
}

// die ends the process's life: it leaves the list, and joiners and senders are told.
func (p *process) die() {
	s := p.sys
	s.mu.Lock()
	defer s.mu.Unlock()
	p.phase = dead
	s.processes = slices.DeleteFunc(s.processes, func(q *process) bool { return q == p })
	p.joiners.wake()
	s.calmer()
	s.running.Done()
}

// processRunFunction creates a process (PROC-CREATE-1 to -12). The function must name code
// in the caller; the process begins on its own.
func processRunFunction(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	name, ok := s.text(c.Args[0])
	if !ok {
		return nil, typeError("the name", c.Args[0], "a string")
	}
	code, err := s.functionOf(c.Args[2])
	if err != nil {
		return nil, err
	}
	var (
		priority int64
		box      *mailbox
	)
	plist, ok := spec.Items(s.structure(c.Args[1]))
	if !ok || len(plist)%2 != 0 {
		return nil, programError("the keywords %s are no property list", c.Args[1])
	}
	seen := map[string]bool{}
	for i := 0; i < len(plist); i += 2 {
		indicator, ok := plist[i].(spec.Symbol)
		if !ok || indicator.Package != "KEYWORD" {
			return nil, programError("%s in the keywords is no keyword", plist[i])
		}
		if seen[indicator.Name] {
			continue // The first of two counts, as in any property list.
		}
		seen[indicator.Name] = true
		value := plist[i+1]
		switch indicator.Name {
		case "priority":
			if priority, err = fixnumOf("the priority", value); err != nil {
				return nil, err
			}
		case "mailbox":
			if box, err = s.initialMailbox(value, name); err != nil {
				return nil, err
			}
		default:
			if spec.Claimable(c.Op + " :" + indicator.Name) {
				return nil, errAbsent
			}
			return nil, programError("%s knows no keyword %s", c.Op, indicator)
		}
	}
	p := s.newProcess(name, identity(c.Args[2]))
	p.priority, p.normal, p.mailbox = priority, priority, box
	fn, args := s.callbacks[code-1], c.Args[3:]
	go p.run(code, fn, args)
	return one(p.ref), nil
}

// initialMailbox is what :mailbox asks for (PROC-CREATE-10).
func (s *system) initialMailbox(v spec.Value, name string) (*mailbox, error) {
	switch v.(type) {
	case spec.Nil:
		return nil, nil
	case spec.True:
		return s.newMailbox(name), nil
	}
	if text, ok := s.text(v); ok {
		return s.newMailbox(text), nil
	}
	return s.mailboxOf(v)
}

// processJoin waits until the process is dead, its cleanups done (PROC-JOIN-1 to -5).
func processJoin(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	limit, err := timeoutOf("the timeout", keyword(c, "timeout"))
	if err != nil {
		return nil, err
	}
	if p == f.proc { // PROC-JOIN-3
		return nil, simpleError("%s cannot wait for its own death", p.ref)
	}
	what := fmt.Sprintf("the death of %s %q", p.ref, p.name)
	joined := f.wait(what, limit, func() bool { return p.phase == dead }, &p.joiners)
	return one(spec.Bool(joined == held)), nil
}

func processAliveP(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	return one(spec.Bool(p.phase != dead)), nil
}

func getCurrentProcess(f *frame, _ spec.Call) ([]spec.Value, error) { return one(f.proc.ref), nil }

func listAllProcesses(f *frame, _ spec.Call) ([]spec.Value, error) {
	var items []spec.Value
	for _, p := range f.sys.processes {
		items = append(items, p.ref)
	}
	return one(spec.NewList(items...)), nil
}

func processesCount(f *frame, _ spec.Call) ([]spec.Value, error) {
	return one(spec.Int(len(f.sys.processes))), nil
}

// find returns the listed process of the highest priority, the oldest of several, for
// which like holds, as a value: nil where there is none (PROC-NAME-4).
func (s *system) find(like func(*process) bool) spec.Value {
	var best *process
	for _, p := range s.processes {
		if like(p) && (best == nil || p.priority > best.priority) {
			best = p
		}
	}
	if best == nil {
		return spec.Nil{}
	}
	return best.ref
}

func (s *system) findName(name string) spec.Value {
	return s.find(func(p *process) bool { return p.name == name })
}

// getProcess takes the designators of PROC-NAME-5, and answers nil where nothing matches.
func getProcess(f *frame, c spec.Call) ([]spec.Value, error) {
	s, v := f.sys, c.Args[0]
	if name, ok := s.text(v); ok {
		return one(s.findName(name)), nil
	}
	startedWith := func(p *process) bool { return p.starts == identity(v) }
	switch v := v.(type) {
	case spec.Int:
		return one(s.find(func(p *process) bool { return p.id == int(v) })), nil
	case spec.Symbol:
		found := s.findName(v.Name)
		if !spec.Truth(found) {
			found = s.find(startedWith)
		}
		return one(found), nil
	case spec.Ref:
		switch s.objects[v.ID].(type) {
		case *process:
			return one(v), nil
		case function:
			return one(s.find(startedWith)), nil
		}
	}
	return nil, typeError("the designator", v, "a process, a name or a function")
}

func findProcessFromName(f *frame, c spec.Call) ([]spec.Value, error) {
	name, ok := f.sys.text(c.Args[0])
	if !ok {
		return nil, typeError("the name", c.Args[0], "a string")
	}
	return one(f.sys.findName(name)), nil
}

func processName(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	return one(spec.String(p.name)), nil
}

func processPriority(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	return one(spec.Int(p.priority)), nil
}

// changeProcessPriority sets a number that is kept and shown: goroutines have no
// priorities, and an SMP Lisp almost ignores them too (PROC-PRI-5 to -7).
func changeProcessPriority(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	n, err := fixnumOf("the priority", c.Args[1])
	if err != nil {
		return nil, err
	}
	p.priority, p.normal = n, n
	return one(c.Args[1]), nil
}
