package native

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// process is one Lisp process: a goroutine and what the documents attach to it.
type process struct {
	sys    *system
	ref    spec.Ref
	id     int
	name   string     // for people
	title  spec.Value // what process-name tells
	starts any        // the function it was started with: a Ref's ID or a symbol, for get-process

	priority int64
	normal   int64 // what change-priority :default goes back to
	mailbox  *mailbox
	internal bool // it is marked as an internal server

	terminate  terminateMethod
	forces     []*time.Timer // those that kill it
	interrupts []interrupt   // that it has yet to take

	thread        bool // it is none, but what code runs on that no process runs
	phase         phase
	begun         bool
	scope         scope
	top           *frame        // the innermost frame
	asked         bool          // to die
	killed        bool          // before it began, or since
	stopped       bool          // it halts until it is unstopped or killed
	toStop        *time.Timer   // the stop that was asked for and has yet to come
	thoughStopped int           // interrupts around its code that run although it is stopped
	rests         bool          // it is a foreign thread's, which makes no call
	behind        bool          // its life goes on without the goroutine that is in its code (leaveBehind)
	left          chan struct{} // closed when that code is left
	cleanups      []cleanup
	ran           []cleanup // those that the cleanup phase has run or is running
	late          int       // forms that run although it is dead (decisions.runsOnDead)
	joiners       waiters   // those that wait for its end, or its beginning
	bound         []binding // its dynamic bindings, the innermost last
	outside       int       // how many of them there were when its cleanups began

	woken    chan struct{} // holds one wakeup
	blocked  bool          // it waits, and nothing has woken it
	waitsFor string
}

// phase is a part of a process's life.
type phase uint8

const (
	living   phase = iota // created; its function runs or is unwound
	cleaning              // its registered cleanups run
	cleaned               // they have run
	dead
)

// newProcess makes a process that is alive and listed from now on; mu is held.
func (s *system) newProcess(title spec.Value, starts any) *process {
	s.born++
	p := &process{sys: s, id: s.born, title: title, starts: starts, woken: make(chan struct{}, 1)}
	if text, ok := s.text(title); ok {
		p.name = text
	} else {
		p.name = title.String()
	}
	p.ref = s.name("process", p)
	s.processes = append(s.processes, p)
	s.running.Add(1)
	if s.decide.mailboxAtBirth {
		p.makeMailbox()
	}
	return p
}

// makeMailbox makes a mailbox for a process that has none, which reads it.
func (p *process) makeMailbox() {
	p.mailbox = p.sys.newMailbox(p.name)
	p.mailbox.reader = p.ref
}

// run lives the process's life on the calling goroutine. The later phases are deferred, so
// that they happen even where a Func ends its goroutine. A nil fn leaves at once by an error.
func (p *process) run(code spec.Callback, fn spec.Func, args []spec.Value) {
	s := p.sys
	defer s.running.Done()
	defer p.end()
	if p != s.main {
		dawdle(s.decide.begins)
	}
	first := &frame{sys: s, proc: p, code: code}
	s.mu.Lock()
	p.standStill()
	// PROC-KILL-8: killed before it began, its function never runs.
	p.begun = !s.closed && !p.behind && (!p.killed || s.decide.unbegunEnters)
	begun := p.begun
	if begun {
		p.top, first.unwound = first, p.killed
		p.joiners.wake()
	}
	s.mu.Unlock()
	if begun && fn != nil {
		first.run(fn, args)
	}
}

// end is the rest of the life of a process that has left its function, unless that is lived
// without this goroutine.
func (p *process) end() {
	s := p.sys
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.behind {
		return
	}
	defer p.die()
	p.standStill()
	if p.begun || !s.decide.unbegunLeaves {
		p.cleanUp()
	}
}

// die ends the process's life: it leaves the list, and joiners and senders are told; mu is held.
func (p *process) die() {
	s := p.sys
	p.phase = dead
	p.callOffStop()
	for _, timer := range p.forces {
		timer.Stop()
	}
	s.processes = slices.DeleteFunc(s.processes, func(q *process) bool { return q == p })
	p.joiners.wake()
	s.calmer()
	s.died()
}

// processRunFunction creates a process (PROC-CREATE-1 to -12). The function must name code
// in the caller; the process begins on its own.
func processRunFunction(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	if s.isSingle() && (s.decide.beforehand == beforehandRefused || s.image.unusable) {
		return nil, simpleError("%s: multiprocessing doesn't run", c.Op)
	}
	if s.isSingle() && s.decide.beforehand == beforehandStarts {
		if err := f.begin(startup{}); err != nil {
			return nil, err
		}
	}
	bound, err := f.firstBindings()
	if err != nil {
		return nil, err
	}
	title, err := s.newName(c.Args[0])
	if err != nil {
		return nil, err
	}
	p, fn, code, err := s.makeProcess(title, f.proc.priorityByDefault(), c)
	if err != nil && (err == errAbsent || !s.decide.faultsInProcess) {
		return nil, err
	}
	if p == nil { // what is wrong ends the process that finds it
		p = s.newProcess(title, nil)
	}
	p.bound = bound
	if s.isSingle() {
		s.image.held = append(s.image.held, func() { go p.run(code, fn, c.Args[3:]) })
		return one(p.ref), nil
	}
	go p.run(code, fn, c.Args[3:])
	if most := s.decide.creatorWaits; most > 0 {
		f.wait("the end of the new process", timeout{true, most}, func() bool { return p.phase == dead }, &p.joiners)
	}
	return one(p.ref), nil
}

// newName reads the name of a process to be.
func (s *system) newName(v spec.Value) (spec.Value, error) {
	title := v
	if text, ok := s.text(v); ok {
		title = spec.String(text)
	} else if s.decide.oddName != nil {
		title = s.decide.oddName(v)
	} else {
		return nil, typeError("the name", v, "a string")
	}
	if name, ok := title.(spec.String); ok && spec.Truth(s.findName(string(name))) { // PROC-CREATE-6
		switch {
		case s.decide.namesakeRefused:
			return nil, simpleError("a process is named %s already", name)
		case s.decide.namesakeRenamed:
			title = spec.String(fmt.Sprintf("%s-%d", string(name), s.born+1))
		}
	}
	return title, nil
}

// makeProcess makes what a call of process-run-function asks for, and has it begin not yet.
func (s *system) makeProcess(title spec.Value, priority int64, c spec.Call) (p *process, fn spec.Func, code spec.Callback, err error) {
	code, err = s.functionOf(c.Args[2])
	if err != nil {
		return nil, nil, 0, err
	}
	given, err := s.processKeywords(title, priority, c)
	if err != nil {
		return nil, nil, 0, err
	}
	p = s.newProcess(title, identity(c.Args[2]))
	p.internal = given.internal
	p.priority, p.normal = given.priority, given.priority
	p.mailbox = cmp.Or(given.mailbox, p.mailbox)
	p.terminate = given.terminate
	return p, s.funcOf(code), code, nil
}

// processKeywords are what the second argument of process-run-function may give.
type processKeywords struct {
	priority int64
	mailbox  *mailbox
	internal bool

	terminate terminateMethod
}

func (s *system) processKeywords(title spec.Value, priority int64, c spec.Call) (given processKeywords, err error) {
	given.priority = priority
	plist, ok := spec.Items(s.structure(c.Args[1]))
	if !ok || len(plist)%2 != 0 {
		return given, programError("the keywords %s are no property list", c.Args[1])
	}
	seen := map[string]bool{}
	for i := 0; i < len(plist); i += 2 {
		indicator, ok := plist[i].(spec.Symbol)
		if !ok || indicator.Package != "KEYWORD" {
			return given, programError("%s in the keywords is no keyword", plist[i])
		}
		if seen[indicator.Name] {
			continue // The first of two counts, as in any property list.
		}
		seen[indicator.Name] = true
		value := plist[i+1]
		switch indicator.Name {
		case "priority":
			if given.priority, err = fixnumOf("the priority", value); err != nil {
				return given, err
			}
		case "remote-terminator":
			if given.terminate.remote, err = s.terminatorOf(value); err != nil {
				return given, err
			}
		case "local-terminator":
			if given.terminate.local, err = s.terminatorOf(value); err != nil {
				return given, err
			}
		case "terminate-by-send":
			given.terminate.bySend = spec.Truth(value)
		case "mailbox":
			if given.mailbox, err = s.initialMailbox(value, title); err != nil {
				return given, err
			}
		case "internal-server":
			given.internal = spec.Truth(value)
		default:
			if !s.decide.unknownKeywords {
				return given, programError("%s knows no keyword %s", c.Op, indicator)
			}
		}
	}
	return given, nil
}

// initialMailbox is what :mailbox asks for (PROC-CREATE-10).
func (s *system) initialMailbox(v, title spec.Value) (*mailbox, error) {
	switch v.(type) {
	case spec.Nil:
		return nil, nil
	case spec.True:
		name, _ := title.(spec.String)
		return s.newMailbox(string(name)), nil
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
	within := keyword(c, "timeout")
	if seconds, ok := spec.Seconds(within); ok && seconds < 0 && f.sys.decide.negativeJoin {
		within = spec.Int(0)
	}
	limit, err := f.sys.timeoutOf("the timeout", within)
	if err != nil {
		return nil, err
	}
	if p == f.proc { // PROC-JOIN-3
		switch {
		case f.sys.decide.joinSelf != nil:
			return f.sys.decide.joinSelf()
		case !f.sys.decide.joinSelfWaits:
			return nil, simpleError("%s cannot wait for its own death", p.ref)
		}
	}
	what := fmt.Sprintf("the death of %s %q", p.ref, p.name)
	joined := f.wait(what, limit, func() bool {
		return p.phase == dead || p.phase == cleaning && f.sys.decide.joinsEarly
	}, &p.joiners)
	return one(spec.Bool(joined == held)), nil
}

func processAliveP(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	d := &f.sys.decide
	if d.aliveInside != nil && p == f.proc && p.phase == cleaning {
		return d.aliveInside()
	}
	alive := p.phase != dead
	if p.phase == living { // PROC-ALIVE-2
		alive = !(p.asked && d.askedIsDead)
	} else {
		alive = alive && !d.cleaningIsDead
	}
	return one(spec.Bool(alive)), nil
}

func getCurrentProcess(f *frame, _ spec.Call) ([]spec.Value, error) { return one(f.self()), nil }

func processName(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	if p.phase == dead && f.sys.decide.nameOfDead != nil {
		return f.sys.decide.nameOfDead()
	}
	return one(p.title), nil
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
	if p.phase == dead && f.sys.decide.priorityOfDead != nil {
		return f.sys.decide.priorityOfDead()
	}
	n, err := fixnumOf("the priority", c.Args[1])
	if err != nil && f.sys.decide.priorityAnything {
		return one(c.Args[1]), nil
	}
	if err != nil {
		return nil, err
	}
	p.priority, p.normal = n, n
	return one(c.Args[1]), nil
}
