package native

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// process is one Lisp process: a goroutine and what the documents attach to it.
type process struct {
	*kit.Thread
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

	phase         phase
	begun         bool
	scope         scope
	asked         bool        // to die
	killed        bool        // before it began, or since
	stopped       bool        // it halts until it is unstopped or killed
	toStop        *time.Timer // the stop that was asked for and has yet to come
	thoughStopped int         // interrupts around its code that run although it is stopped
	cleanups      []cleanup
	ran           []cleanup   // those that the cleanup phase has run or is running
	late          int         // forms that run although it is dead (decisions.runsOnDead)
	joiners       kit.Waiters // those that wait for its end, or its beginning
	bound         []binding   // its dynamic bindings, the innermost last
	outside       int         // how many of them there were when its cleanups began
}

// phase is a part of a process's life.
type phase uint8

const (
	living   phase = iota // created; its function runs or is unwound
	cleaning              // its registered cleanups run
	cleaned               // they have run
	dead
)

// newProcess makes a process that is alive and listed from now on; the monitor is held.
func (s *system) newProcess(title spec.Value, starts any) *process {
	s.born++
	p := &process{sys: s, id: s.born, title: title, starts: starts}
	if text, ok := s.Text(title); ok {
		p.name = text
	} else {
		p.name = title.String()
	}
	p.Thread = s.NewProcess(p.name, p)
	p.ref = p.Ref()
	s.processes = append(s.processes, p)
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
	defer p.end()
	if !p.IsMain() {
		kit.Dawdle(s.decide.begins)
	}
	first := p.First(code)
	s.Lock()
	p.standStill()
	// PROC-KILL-8: killed before it began, its function never runs.
	p.begun = !s.IsClosed() && !p.IsBehind() && (!p.killed || s.decide.unbegunEnters)
	begun := p.begun
	if begun {
		p.SetTop(first)
		if p.killed {
			p.Unwind()
		}
		p.joiners.Wake()
	}
	s.Unlock()
	if begun && fn != nil {
		first.Run(fn, args)
	}
}

// end is the rest of the life of a process that has left its function, unless that is lived
// without this goroutine.
func (p *process) end() {
	s := p.sys
	s.Lock()
	defer s.Unlock()
	if p.IsBehind() {
		return
	}
	defer p.die()
	p.standStill()
	if p.begun || !s.decide.unbegunLeaves {
		p.cleanUp()
	}
}

// die ends the process's life: it leaves the list, and joiners and senders are told; the monitor is held.
func (p *process) die() {
	s := p.sys
	p.phase = dead
	p.callOffStop()
	for _, timer := range p.forces {
		timer.Stop()
	}
	s.processes = slices.DeleteFunc(s.processes, func(q *process) bool { return q == p })
	p.joiners.Wake()
	p.Ends()
	s.died()
}

// processRunFunction creates a process (PROC-CREATE-1 to -12). The function must name code
// in the caller; the process begins on its own.
func processRunFunction(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	if s.isSingle() && (s.decide.beforehand == beforehandRefused || s.image.unusable) {
		return nil, kit.SimpleError("%s: multiprocessing doesn't run", c.Op)
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
	if err != nil && (err == kit.ErrAbsent || !s.decide.faultsInProcess) {
		return nil, err
	}
	if p == nil { // what is wrong ends the process that finds it
		p = s.newProcess(title, nil)
	}
	p.bound = bound
	if s.isSingle() {
		s.image.held = append(s.image.held, func() { s.Go(func() { p.run(code, fn, c.Args[3:]) }) })
		return kit.One(p.ref), nil
	}
	s.Go(func() { p.run(code, fn, c.Args[3:]) })
	if most := s.decide.creatorWaits; most > 0 {
		f.Wait("the end of the new process", kit.Within(most), func() bool { return p.phase == dead }, &p.joiners)
	}
	return kit.One(p.ref), nil
}

// newName reads the name of a process to be.
func (s *system) newName(v spec.Value) (spec.Value, error) {
	title := v
	if text, ok := s.Text(v); ok {
		title = spec.String(text)
	} else if s.decide.oddName != nil {
		title = s.decide.oddName(v)
	} else {
		return nil, kit.TypeError("the name", v, "a string")
	}
	if name, ok := title.(spec.String); ok && spec.Truth(s.findName(string(name))) { // PROC-CREATE-6
		switch {
		case s.decide.namesakeRefused:
			return nil, kit.SimpleError("a process is named %s already", name)
		case s.decide.namesakeRenamed:
			title = spec.String(fmt.Sprintf("%s-%d", string(name), s.born+1))
		}
	}
	return title, nil
}

// makeProcess makes what a call of process-run-function asks for, and has it begin not yet.
func (s *system) makeProcess(title spec.Value, priority int64, c spec.Call) (p *process, fn spec.Func, code spec.Callback, err error) {
	code, err = s.FunctionOf(c.Args[2])
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
	return p, s.Func(code), code, nil
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
	plist, ok := spec.Items(s.Structure(c.Args[1]))
	if !ok || len(plist)%2 != 0 {
		return given, kit.ProgramError("the keywords %s are no property list", c.Args[1])
	}
	seen := map[string]bool{}
	for i := 0; i < len(plist); i += 2 {
		indicator, ok := plist[i].(spec.Symbol)
		if !ok || indicator.Package != "KEYWORD" {
			return given, kit.ProgramError("%s in the keywords is no keyword", plist[i])
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
				return given, kit.ProgramError("%s knows no keyword %s", c.Op, indicator)
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
	if text, ok := s.Text(v); ok {
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
	within := kit.Keyword(c, "timeout")
	if seconds, ok := spec.Seconds(within); ok && seconds < 0 && f.sys.decide.negativeJoin {
		within = spec.Int(0)
	}
	limit, err := f.sys.TimeoutOf("the timeout", within)
	if err != nil {
		return nil, err
	}
	if p == f.proc { // PROC-JOIN-3
		switch {
		case f.sys.decide.joinSelf != nil:
			return f.sys.decide.joinSelf()
		case !f.sys.decide.joinSelfWaits:
			return nil, kit.SimpleError("%s cannot wait for its own death", p.ref)
		}
	}
	what := fmt.Sprintf("the death of %s %q", p.ref, p.name)
	joined := f.Wait(what, limit, func() bool {
		return p.phase == dead || p.phase == cleaning && f.sys.decide.joinsEarly
	}, &p.joiners)
	return kit.One(spec.Bool(joined == kit.Held)), nil
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
	return kit.One(spec.Bool(alive)), nil
}

func getCurrentProcess(f *frame, _ spec.Call) ([]spec.Value, error) { return kit.One(f.Self()), nil }

func processName(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	if p.phase == dead && f.sys.decide.nameOfDead != nil {
		return f.sys.decide.nameOfDead()
	}
	return kit.One(p.title), nil
}

func processPriority(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	return kit.One(spec.Int(p.priority)), nil
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
		return kit.One(c.Args[1]), nil
	}
	if err != nil {
		return nil, err
	}
	p.priority, p.normal = n, n
	return kit.One(c.Args[1]), nil
}
