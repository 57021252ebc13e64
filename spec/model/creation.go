package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// Making a process. Of some arguments the documents don't say what they do: a name that is no string
// or that another process has, unknown keywords, a keyword list of odd length, a function that can't
// be called.

var creationRules = []rule{
	{
		op:      "process-run-function",
		slots:   int(createdSlots),
		goesOn:  true,
		decode:  decodeRunFunction,
		enabled: creationActs,
		effect: func(s *State, act Act) {
			switch {
			case s.createsWithout(act):
			case act.Choice&createCalls == 0:
				s.law.creates(s, act)
			default:
				s.evaluates(act)
			}
		},
	},
}

// What decoding found: createdFlags.
const (
	createOddly    = 1 << iota // the keywords are no property list
	createUnknown              // one of them is unknown
	createUncalled             // the function is none
	createInternal             // :internal-server is true
	createPriority             // :priority was given, an integer,
	createBySend               // :terminate-by-send was given
	createOddRank              // :priority was given, and no integer
	createShift    = 8         // which is above these bits
)

// Ways of making a process.
const (
	createPlainly  = iota
	createNot      // an error in the caller
	createFails    // an error in the new process, which never calls the function
	createRenames  // it has another name
	createRefused  // an error in the caller, because of the default priority,
	createDeclined // or of keywords
)

// Slots of a creation.
const (
	createdName slot = iota // NoTerm where it may be any
	createdFunction
	createdArguments // a list, NoTerm for none
	createdMailbox   // 0 for none, or freshMailbox
	createdKeywords  // as given
	createdFlags
	createdRemote // terminators, 0 for none
	createdLocal
	createdFound // what was found in the forms before code of the user's ran, a list
	createdSlots
)

func decodeRunFunction(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	decodeKeywords(u, call.Arg(1), o)
	if !callable(u, call.Arg(2)) {
		o.cite("PROC-CREATE-9")
		o.doubts(u, wrongType("the function", call.Arg(2), "a function designator"))
	}
	if name, ok := call.Arg(0).(spec.String); ok {
		o.args[createdName] = uint64(u.Intern(name))
	} else { // an error, or some name
		o.cite("PROC-CREATE-5")
		o.doubts(u, wrongType("the name", call.Arg(0), "a string"))
	}
	o.args[createdFunction] = uint64(u.Intern(call.Arg(2)))
	o.args[createdKeywords] = uint64(u.Intern(call.Arg(1)))
	if len(call.Args) > 3 {
		o.args[createdArguments] = uint64(u.Intern(spec.NewList(call.Args[3:]...)))
	}
	return nil
}

// decodeKeywords reads the keyword list of process-run-function.
func decodeKeywords(u *Universe, v spec.Value, o *Operation) {
	keywords, ok := spec.Items(v)
	if !ok || len(keywords)%2 != 0 {
		o.cite("PROC-CREATE-9")
		o.doubts(u, wrongType("the keyword list", v, "a property list"))
		o.args[createdFlags] |= createOddly
	}
	seen := map[spec.Symbol]bool{}
	for i := 0; i+1 < len(keywords); i += 2 {
		name, _ := keywords[i].(spec.Symbol)
		if seen[name] { // of two in a property list the first counts
			continue
		}
		seen[name] = true
		switch name {
		case spec.Keyword("mailbox"):
			o.cite("PROC-CREATE-10")
			decodeOwn(u, keywords[i+1], o)
		case spec.Keyword("internal-server"):
			o.cite("PROC-CREATE-11")
			if spec.Truth(keywords[i+1]) {
				o.args[createdFlags] |= createInternal
			}
		case spec.Keyword("remote-terminator"), spec.Keyword("local-terminator"):
			o.cite("PROC-TERM-4")
			var terminator uint64
			if !decodeTerminator(u, keywords[i+1], o, &terminator) {
				o.args[createdFlags] |= createOddly
			}
			if name == spec.Keyword("remote-terminator") {
				o.put(createdRemote, terminator)
			} else {
				o.put(createdLocal, terminator)
			}
		case spec.Keyword("terminate-by-send"):
			if spec.Truth(keywords[i+1]) {
				o.args[createdFlags] |= createBySend
			}
		case spec.Keyword("priority"):
			if n, ok := keywords[i+1].(spec.Int); ok {
				o.cite("PROC-PRI-1")
				o.args[createdFlags] |= createPriority | uint64(n)<<createShift
			} else { // no page says what becomes of it
				o.doubts(u, wrongType("the priority", keywords[i+1], "a fixnum"))
				o.args[createdFlags] |= createOddly | createOddRank
			}
		}
		if name.Package != "KEYWORD" || !slices.Contains(creationKeywords, strings.ToLower(name.Name)) {
			o.cite("PROC-CREATE-9")
			o.args[createdFlags] |= createUnknown
		}
	}
}

// creationKeywords are those that some page names.
var creationKeywords = func() (names []string) {
	op := spec.LookupOp("process-run-function")
	for _, extra := range op.Extras {
		names = append(names, strings.TrimPrefix(extra, op.Name+" :"))
	}
	return names
}()

// freshMailbox stands for a mailbox that is made with the process.
const freshMailbox = never

// decodeOwn reads what :mailbox is given. What is none of those that it may be gives none, where it isn't an error.
func decodeOwn(u *Universe, v spec.Value, o *Operation) {
	switch v.(type) {
	case spec.Nil:
		return
	case spec.True, spec.String:
		o.args[createdMailbox] = freshMailbox
		return
	}
	if c := objectArg(u, v, KindMailbox, &o.args[createdMailbox]); c != nil {
		o.doubts(u, c)
		o.args[createdFlags] |= createOddly
	}
}

func creationActs(s *State, act Act, out []Act) []Act {
	if s.isWithout(act.Process) && s.decided(stickyOff) != second {
		return s.offActs(act, out)
	}
	from := len(out)
	e := s.rehearse(act)
	if e.calls != nil {
		out = s.bindingActs(s.callingActs(act, out), from, e)
	} else {
		out = s.bindingActs(s.makingActs(act, out), from, e)
		if s.open && e.odd {
			out = failingActs(out, from)
		}
	}
	if s.get(act.Frame, frameStage) == stageBody && s.get(act.Frame, frameDoubt) != 0 { // it is looked at once code has run
		act.Choice = doubtRefused
		out = append(out, act)
	}
	return out
}

// failingActs adds to the acts, ways of making a process, those on which that finds the error itself.
func failingActs(acts []Act, from int) []Act {
	for _, act := range acts[from:] {
		if way := act.Choice & createWays; way == createPlainly || way == createRenames {
			act.Choice = createFails | createOdd | act.Choice&(createGlobal|createDynamic)
			if !slices.Contains(acts[from:], act) {
				acts = append(acts, act)
			}
		}
	}
	return acts
}

// callingActs lists how a call goes on that comes to code of the user's: it may be refused before.
func (s *State) callingActs(act Act, out []Act) []Act {
	calls := act
	calls.Choice = createCalls
	out = append(out, calls)
	if !s.open {
		return out
	}
	_, callable := s.code(act.Process, Term(s.arg(act.Frame, createdFunction)))
	for _, way := range s.makingActs(act, nil) {
		if way.Choice == createNot || way.Choice == createRefused || way.Choice == createDeclined || way.Choice == createPlainly && !callable {
			out = append(out, way)
		}
	}
	return out
}

// makingActs lists the ways of making a process that its arguments leave.
func (s *State) makingActs(act Act, out []Act) []Act {
	if !s.open {
		return append(out, act)
	}
	f := act.Frame
	flags, name := s.arg(f, createdFlags), Term(s.arg(f, createdName))
	_, callable := s.code(act.Process, Term(s.arg(f, createdFunction)))
	add := func(way uint16) {
		act.Choice = way
		out = append(out, act)
	}
	taken := s.isNamed(act.Process, name)
	if act.Touches = onlyWrites(allNames); taken {
		act.Touches = everything // the other process may end
	}
	switch decided := s.decided(stickySameName); {
	case !callable, !taken:
		add(createPlainly)
	case !s.isSurelyNamed(act.Process, name) && decided != first: // it is taken or not
		add(createPlainly)
		for _, way := range []uint16{createNot, createRenames} {
			if decided == undecided || decided == sameNameWays[way] {
				add(way)
			}
		}
	case decided == undecided:
		add(createPlainly)
		add(createNot)
		add(createRenames)
	default:
		add(uint16(decided - first))
	}
	odd := s.defaultIsOdd(act)
	if flags&(createOddly|createUnknown) != 0 || !callable || odd {
		add(createFails)
	}
	if odd {
		add(createRefused)
	}
	if flags&createUnknown != 0 || !s.callsTerminators(act.Process, s.methodOfKeywords(f)) {
		add(createDeclined)
	}
	return out
}

// createProcess makes a process of a call, or refuses.
func createProcess(s *State, act Act) {
	code, ok := s.law.functionCalled(s, act)
	s.citeTakenName(act)
	way := act.Choice & createWays
	name := Term(s.arg(act.Frame, createdName))
	if s.open && s.isNamed(act.Process, name) && sameNameWays[way] != undecided && (way != createPlainly || s.isSurelyNamed(act.Process, name)) {
		s.decide(stickySameName, sameNameWays[way])
	}
	switch way {
	case createRefused:
		s.cite("PROC-PRI-2")
		s.signalPlain(act.Frame, "the default priority is no fixnum")
		return
	case createNot, createDeclined:
		s.signal(act.Frame, s.u.condition(spec.Condition{Type: "program-error", Message: "no process is made of such arguments"}))
		return
	case createFails:
		code, ok = 0, true
	case createRenames:
		s.note(act.Frame, createdName, uint64(NoTerm))
	}
	if !ok {
		s.signal(act.Frame, s.undefined(Term(s.arg(act.Frame, createdFunction))))
		return
	}
	s.law.starts(s, act, code)
}

// functionOfCall: what is to run is given as a function, or by the symbol that names it.
func functionOfCall(s *State, act Act) (code uint64, ok bool) {
	designator := Term(s.arg(act.Frame, createdFunction))
	code, ok = s.code(act.Process, designator)
	switch _, symbol := s.u.Value(designator).(spec.Symbol); {
	case !ok:
		s.cite("PROC-CREATE-9")
	case symbol:
		s.cite("PROC-CREATE-2")
	}
	return code, ok
}

// argumentsOfCall: what follows the function.
func argumentsOfCall(s *State, act Act) Term {
	arguments := Term(s.arg(act.Frame, createdArguments))
	if arguments != NoTerm || Term(s.arg(act.Frame, createdKeywords)) != NilTerm {
		s.cite("PROC-CREATE-12")
	}
	return arguments
}

// startProcess makes a process that will run the code, and returns at once.
func startProcess(s *State, act Act, code uint64) {
	bindings, goesOn := s.evaluates(act)
	if !goesOn {
		return
	}
	p := s.newProcess(s.made(act, 0, KindProcess), s.imageOf(act.Process))
	s.set(p, processPhase, phaseCreated)
	s.set(p, processName, s.arg(act.Frame, createdName))
	s.set(p, processFunction, code)
	s.set(p, processDesignator, s.arg(act.Frame, createdFunction))
	s.set(p, processArguments, uint64(s.law.argumentsPassed(s, act)))
	s.set(p, processMark, markOfKeyword(s, act.Frame))
	s.set(p, processStartup, s.startupOf(act.Frame))
	s.set(p, processMailbox, uint64(s.law.mailboxGiven(s, p, act.Frame)))
	if n, given := s.law.priorityGiven(s, act); given {
		s.set(p, processPriority, n)
	} else {
		s.startsWithDefault(p, act)
	}
	if s.open && s.arg(act.Frame, createdFlags)&createOddRank != 0 { // whatever becomes of that
		s.set(p, processComputed, priorityAny)
	}
	s.law.gives(s, act.Process, p, bindings)
	s.law.setsMethod(s, p, s.methodOfKeywords(act.Frame))
	s.cite("PROC-CREATE-1", "PROC-CREATE-3", "PROC-CREATE-4")
	s.returns(act.Frame, s.u.RefTerm(s.law.tellsCreated(s, p, act)))
}

// methodOfKeywords is the terminate method that keywords give a new process.
func (s *State) methodOfKeywords(f ID) terminateMethod {
	return terminateMethod{s.arg(f, createdRemote), s.arg(f, createdLocal), bit(s.arg(f, createdFlags)&createBySend != 0)}
}

// mailboxOfKeyword: a mailbox is used as it is; for t and a name one is made.
func mailboxOfKeyword(s *State, p, f ID) ID {
	if mailbox := s.arg(f, createdMailbox); mailbox != freshMailbox {
		return ID(mailbox)
	}
	return s.newOwnMailbox(p)
}

func priorityOfKeyword(s *State, act Act) (n uint64, given bool) {
	flags := s.arg(act.Frame, createdFlags)
	return uint64(int64(flags) >> createShift), flags&createPriority != 0
}

// Functions, and what designates them.

func callable(u *Universe, v spec.Value) bool {
	if _, ok := v.(spec.Symbol); ok {
		return true
	}
	_, ok := u.Object(v, KindFunction)
	return ok
}

func (s *State) undefined(function Term) uint32 {
	return s.u.condition(spec.Condition{Type: "undefined-function",
		Message: fmt.Sprintf("%s names no function", s.u.Value(function))})
}

// code returns the callback number of a function designator in the image of who calls, one more than it so
// that 0 is none.
func (s *State) code(caller ID, t Term) (uint64, bool) {
	v := s.u.Value(t)
	if _, symbol := v.(spec.Symbol); symbol {
		return s.named(s.imageOf(caller), t)
	}
	id, ok := s.u.Object(v, KindFunction)
	if !ok || !s.exists(id) {
		return 0, false
	}
	return s.get(id, functionCode), true
}
