package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Run and start: what they are given, and how a program begins.

// Slots of run and start. Those of what a redirection is given come in the order of the descriptors.
const (
	programPath slot = iota // a term
	programArgs             // a list of the arguments, as they were given
	programEnv              // the environment that was given, a list
	programFlag
	_           // notedSuspends
	programRuns // the child, once it runs
	programIn   // a term, NoTerm where none is given
	_
	_
	programIfIn // what to do where the file is there, or isn't
	_
	_
	programGetsHook
	programMade   // the process object, while its start has not returned
	programSecond // a term: the second value that it is known to return
	programSlots
)

// How a call was given: programFlag.
const (
	programReplaces = 1 << iota // the environment
	programStarts               // it is one of start
	programOptions              // one of the options of OPEN is given
	programConverts             // something is given that is no string
)

func decodeRun(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	return o.program(u, call, 0)
}

func decodeStart(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	return o.program(u, call, programStarts)
}

// runWithHook is a run that is given a status hook, of which start alone speaks: an error, it is ignored, or it is called with
// an object that nobody else sees.
func runWithHook(u *Universe, call spec.Call, o *Operation) bool {
	given := call
	call.Keys = slices.DeleteFunc(slices.Clone(call.Keys), func(k spec.Key) bool { return k.Name == "status-hook" })
	if len(call.Keys) == len(given.Keys) || spec.LookupOp(call.Op).CheckCall(call) != nil {
		return false
	}
	o.cite("EXT-RUN-9")
	o.doubts(u, &spec.Condition{Type: "program-error", Message: ":status-hook given to run"})
	if c := decodeRun(u, call, o); c != nil {
		o.fault = u.condition(*c)
	} else if hook, ok := given.Key("status-hook"); ok && callable(u, hook) {
		o.put(programGetsHook, uint64(u.Intern(hook)))
	}
	return true
}

// put sets a slot, near or far.
func (o *Operation) put(at slot, v uint64) {
	if at < nearSlots {
		o.args[at] = v
		return
	}
	o.far[at-nearSlots] = v
}

func (o *Operation) program(u *Universe, call spec.Call, flags uint64) *spec.Condition {
	path, ok := pathOf(call.Arg(0))
	if !ok {
		return wrongType("the program", call.Arg(0), "a string or a pathname")
	}
	args, ok := spec.Items(call.Arg(1))
	if !ok {
		return wrongType("the arguments", call.Arg(1), "a list")
	}
	if _, plain := call.Arg(0).(spec.String); !plain || slices.ContainsFunc(args, func(v spec.Value) bool { _, plain := v.(spec.String); return !plain }) {
		flags |= programConverts
	}
	o.put(programPath, uint64(u.Intern(path)))
	o.put(programArgs, uint64(u.Intern(spec.NewList(args...))))
	for _, k := range call.Keys {
		switch n := slices.Index(redirections, k.Name); {
		case n >= 0:
			if c := o.redirects(u, n, k.Value, flags); c != nil {
				return c
			}
		case slices.Contains(openOptions, k.Name):
			flags |= programOptions
			o.cite("EXT-IF-1")
			if !slices.Contains(openWays, k.Value) {
				return wrongType(":"+k.Name, k.Value, "one of OPEN's")
			}
			o.put(programIfIn+slot(slices.Index(openOptions, k.Name)), uint64(u.Intern(k.Value)))
		case k.Name == "environment":
			if c := o.environment(u, k.Value); c != nil {
				return c
			}
		case k.Name == "replace-environment-p" && spec.Truth(k.Value):
			flags |= programReplaces
		case k.Name == "status-hook" && spec.Truth(k.Value):
			if !callable(u, k.Value) {
				return wrongType("the status hook", k.Value, "a function designator")
			}
			o.put(programGetsHook, uint64(u.Intern(k.Value)))
		}
	}
	o.put(programFlag, flags)
	return nil
}

var (
	redirections = []string{"input", "output", "error"}
	openOptions  = []string{"if-input-does-not-exist", "if-output-exists", "if-error-exists"}
	openWays     = []spec.Value{spec.Keyword("error"), spec.Keyword("supersede"), spec.Keyword("append"), spec.Keyword("create"), spec.Nil{}}
)

// Ways of a start: how each of its redirections goes, by two bits each, see program_io.go; that there is no such program
// and nobody says so but its end; that it leads a group of its own; and those in which it isn't started.
const (
	startMissing = 1 << (iota + 6)
	startOwnGroup
	startLingers // it has started, and not returned yet
	startRefused
	startHooks   // the hook is called before the return
	startReturns // it returns now
	startOpens   // its output and error are opened before anything else is looked at
)

func startActs(s *State, act Act, out []Act) []Act {
	f := act.Frame
	if s.arg(f, programMade) != 0 {
		return s.startedActs(act, out)
	}
	act.Touches = everything
	return s.beginActsOf(act, out)
}

// beginActsOf lists the ways in which a program may begin.
func (s *State) beginActsOf(act Act, out []Act) []Act {
	f := act.Frame
	ways := []uint16{0}
	for n := range uint8(3) {
		modes := s.modes(f, n)
		before := ways
		ways = nil
		for _, way := range before {
			for mode := range modes {
				ways = append(ways, way|mode<<(2*n))
			}
		}
	}
	missing := s.programOf(Term(s.arg(f, programPath))) == 0
	ways = s.openedFirst(f, missing, ways)
	group := s.decided(stickyProgramGroup)
	for _, way := range ways {
		act.Choice = way
		if s.open && group != first || !s.open && group == second {
			act.Choice |= startOwnGroup
			out = append(out, act)
			act.Choice = way
		}
		if group == second {
			continue
		}
		out = append(out, act)
		if missing {
			act.Choice |= startMissing
			out = append(out, act)
		}
		if act.Choice = way | startLingers; s.open && s.arg(f, programGetsHook) != 0 && !missing {
			out = append(out, act)
		}
	}
	converts := s.loose.arguments && s.arg(f, programFlag)&programConverts != 0
	if act.Choice = startRefused; s.open && (s.arg(f, programFlag)&programOptions != 0 || s.givenText(f) || converts) {
		out = append(out, act)
	}
	return out
}

// openedFirst adds the ways in which a call that fails has opened its files before: where there is no such program, or no
// such input.
func (s *State) openedFirst(f ID, missing bool, ways []uint16) []uint16 {
	if !s.open || !missing && !s.inputMissing(f) || !s.namesFile(f) {
		return ways
	}
	for _, way := range ways[:len(ways):len(ways)] {
		ways = append(ways, way|startOpens)
	}
	return ways
}

// namesFile tells whether a redirection is a path.
func (s *State) namesFile(f ID) bool {
	for n := range slot(3) {
		if _, ok := pathOf(s.u.Value(Term(s.arg(f, programIn+n)))); ok {
			return true
		}
	}
	return false
}

// inputMissing tells whether a program is to read a file that isn't there.
func (s *State) inputMissing(f ID) bool {
	path, ok := pathOf(s.u.Value(Term(s.arg(f, programIn))))
	if !ok || path == nullDevice {
		return false
	}
	file := s.fileAt(s.u.Intern(path))
	return file == 0 || s.get(file, fileExists) == 0
}

// start starts a program and returns its process object.
func start(s *State, act Act) {
	f := act.Frame
	if p := ID(s.arg(f, programMade)); p != 0 {
		s.goOnStarting(act, p)
		return
	}
	c, failed := s.beginProgram(act)
	if failed {
		return
	}
	p := s.standsFor(act, c)
	if act.Choice&startMissing != 0 {
		s.set(p, programFlags, s.get(p, programFlags)|programLost)
	}
	s.cite("EXT-START-1", "EXT-START-3")
	if act.Choice&startLingers != 0 || s.law.startBlocks {
		s.note(f, programMade, uint64(p))
		return
	}
	s.returns(f, s.u.RefTerm(p))
}

// standsFor has the process object that a call has made stand for a child.
func (s *State) standsFor(act Act, c ID) ID {
	p := s.made(act, 0, KindProgram) // made with its streams
	s.set(p, programChild, uint64(c))
	s.set(p, programHook, s.arg(act.Frame, programGetsHook))
	s.set(p, programTold, statusRunning)
	s.set(p, programShown, statusRunning)
	s.set(c, childProgram, uint64(p))
	return p
}

// startedActs: what has started returns, or calls its hook before that.
func (s *State) startedActs(act Act, out []Act) []Act {
	p := ID(s.arg(act.Frame, programMade))
	act.Touches = everything
	if s.law.startBlocks && s.lives(ID(s.get(p, programChild))) {
		return out
	}
	act.Choice = startReturns
	out = append(out, act)
	if act.Choice = startHooks; s.mayCallHook(p) {
		out = append(out, act)
	}
	return out
}

func (s *State) goOnStarting(act Act, p ID) {
	if act.Choice == startHooks {
		s.cite("EXT-HOOK-7")
		s.callHookHere(act.Frame, p)
		return
	}
	s.returns(act.Frame, s.u.RefTerm(p))
}

// beginProgram starts the program of an open call, and returns its child; or the call has failed.
func (s *State) beginProgram(act Act) (c ID, failed bool) {
	f := act.Frame
	if act.Choice&startRefused != 0 {
		s.cite("EXT-IF-1", "EXT-IO-5")
		s.signalPlain(f, "such an option is refused")
		return 0, true
	}
	c = s.programOf(Term(s.arg(f, programPath)))
	if c == 0 {
		s.cite("EXT-RUN-7")
		if act.Choice&(startMissing|startOpens) == 0 {
			s.signalMissing(f)
			return 0, true
		}
	}
	var descriptors [3]ID
	if s.arg(f, programFlag)&programStarts != 0 || s.arg(f, programGetsHook) != 0 {
		s.create(s.made(act, 0, KindProgram), KindProgram)
	}
	order := [3]uint8{0, 1, 2}
	if act.Choice&startOpens != 0 {
		order = [3]uint8{1, 2, 0}
	}
	for _, n := range order {
		if descriptors[n], failed = s.redirected(act, n, descriptors); failed {
			return 0, true
		}
	}
	if c == 0 && act.Choice&startMissing == 0 {
		s.signalMissing(f)
		return 0, true
	}
	if c == 0 { // what was started instead ends at once
		c = s.newChild(s.childName(act, 0))
		s.set(c, childTold, tellExit)
		s.set(c, childToldArg, codeNotFound)
	}
	group := uint64(AdapterPID)
	if s.open {
		s.decide(stickyProgramGroup, first)
	}
	if act.Choice&startOwnGroup != 0 {
		s.decide(stickyProgramGroup, second)
		group = 0
	}
	s.starts(c, AdapterPID, group)
	s.set(c, childKind, childOfProgram)
	for n, d := range descriptors {
		s.set(c, childStdin+uint8(n), uint64(d))
	}
	s.set(c, childArguments, uint64(s.argumentsOf(f)))
	s.giveEnvironment(f, c)
	return c, false
}

func (s *State) signalMissing(f ID) {
	s.law.startFails(s)
	s.signalPlain(f, "there is no program "+s.u.Value(Term(s.arg(f, programPath))).String())
}

// codeNotFound is the code with which a shell or env ends where there is no such program.
const codeNotFound = 127
