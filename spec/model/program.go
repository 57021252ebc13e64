package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// External programs, which run and start start. A program is a helper child: the simulated system has no others. What
// stands for one in the Lisp is a process object. Its parts have files of their own: how it is started in
// program_start.go, what it is given in program_io.go and program_env.go, how run waits in program_run.go; then its
// status, hook and signals, and what is asked of it.

// What is noted of a process object: programFlags.
const (
	errorIsOutput = 1 << iota // its error output goes where its output goes
	programLost               // there was no such program: it ended as something else ended
)

var programRules = []rule{
	{
		op: "run", slots: int(programSlots), decode: decodeRun, beyond: runWithHook, enabled: runActs, effect: runProgram,
		waits:     func(*State, ID) string { return "its program to end" },
		foretells: true, second: programSecond,
	},
	{op: "start", slots: int(programSlots), decode: decodeStart, enabled: startActs, effect: start},
	{op: "process-input-stream", decode: decodeProgram, enabled: streamActs, effect: tellStream(0)},
	{op: "process-output-stream", decode: decodeProgram, enabled: streamActs, effect: tellStream(1)},
	{op: "process-error-stream", decode: decodeProgram, enabled: streamActs, effect: tellStream(2)},
	{
		op: "process-p",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			_, ok := u.Object(call.Arg(0), KindProgram)
			o.args[argSubject] = uint64(truth(ok))
			return nil
		},
		effect: func(s *State, act Act) {
			s.cite("EXT-P-1")
			s.returns(act.Frame, s.law.isProgram(Term(s.arg(act.Frame, argSubject))))
		},
	},
	{op: "process-id", decode: decodeProgram, enabled: idActs, effect: tellID},
	{op: "signal-process", decode: decodeSignal, enabled: signalActs, effect: signalProcess},
	{op: "process-status", decode: decodeProgram, enabled: statusActs, effect: processStatus},
	{op: "signal-mapping", effect: tellMapping, foretells: true},
}

// A programLaw decides how programs are started, what is told of them, and to whom.
type programLaw struct {
	// argument is an argument as text, or several of it; variables are the environment that a program gets.
	argument  func(s *State, v spec.Value) []string
	variables func(s *State, given []variable, replace bool) []string
	// nothing is what the nth descriptor is where its redirection is nil, standard where it is t, and filed is the file of
	// a path opened for it. joined is where error output goes that is to go where output goes.
	nothing  func(s *State, act Act, n uint8) ID
	standard func(s *State, act Act, n uint8) ID
	filed    func(s *State, act Act, n uint8, file ID) ID
	joined   func(s *State, act Act, output ID) ID
	// given is what a stream of the Lisp is as a descriptor.
	given func(s *State, act Act, n uint8, t ID) ID

	// runOver tells whether run returns, and ran is what it does.
	runOver func(s *State, f, c ID) bool
	ran     func(s *State, f, c ID)
	// startBlocks tells whether start waits for its program, and startFails is what comes of one that isn't there.
	startBlocks bool
	startFails  func(s *State)

	// isProgram answers process-p, and programPID process-id.
	isProgram  func(is Term) Term
	programPID func(s *State, c ID) uint64
	// streamOf is a stream of a process object, 0 for none; it may be another one each time.
	streamOf func(s *State, act Act, p ID, n uint8) ID
	// answers tells whether a process object is one still, for those who ask it for its id or a stream.
	answers func(s *State, p ID) bool
	// statusWaits tells whether who asks for the status waits for the end. statusNow is the status that is told, and
	// tellsStatus how.
	statusWaits bool
	statusNow   func(s *State, p ID) uint64
	tellsStatus func(s *State, f ID, status uint64)
	// notices tells whether a change of the status is worth a call of the hook, and hookGets is what that gets.
	notices  func(s *State, p ID, status uint64) bool
	hookGets func(s *State, p ID) []spec.Value
	// signalOf is the number that a keyword sends, signalTo who is sent it, and delivers tells whether a signal can be
	// delivered.
	signalOf func(keyword string) (uint64, bool)
	// signalSent is the number that is sent, of the one that is asked for.
	signalSent func(s *State, n uint64) uint64
	signalTo   func(s *State, p ID) ID
	delivers   func(s *State, c ID, n uint64) bool
}

var documentedPrograms = programLaw{
	argument:  argumentText,
	variables: environmentOf,
	nothing:   func(*State, Act, uint8) ID { return 0 },
	standard:  func(s *State, _ Act, n uint8) ID { return s.standardStream(uint64(n)) },
	filed:     openedFile,
	joined:    func(_ *State, _ Act, output ID) ID { return output },
	given:     func(_ *State, _ Act, _ uint8, t ID) ID { return t },

	runOver: func(s *State, _, c ID) bool { return s.get(c, childPhase) >= childZombie },
	ran:     tellEndOfRun,

	startFails: func(*State) {},

	isProgram:   func(is Term) Term { return is },
	programPID:  func(s *State, c ID) uint64 { return s.get(c, childPID) },
	streamOf:    func(s *State, _ Act, p ID, n uint8) ID { return ID(s.get(p, programStream+n)) },
	answers:     func(*State, ID) bool { return true },
	statusNow:   currentStatus,
	tellsStatus: tellStatus,
	notices:     func(s *State, p ID, status uint64) bool { return status != s.get(p, programTold) },
	hookGets:    func(s *State, p ID) []spec.Value { return []spec.Value{s.u.Ref(p)} },
	signalOf:    signalNumber,
	signalSent:  func(_ *State, n uint64) uint64 { return n },
	signalTo:    func(s *State, p ID) ID { return ID(s.get(p, programChild)) },
	delivers:    func(s *State, c ID, n uint64) bool { return n <= LastSignal && s.present(c) },
}

// HookThread returns the ID of the thread that calls the hook of a process object the nth time, from 0, where no
// process does.
func (u *Universe) HookThread(program ID, nth uint32) ID { return u.Name(program, nth, KindThread) }

// StreamOf returns the ID of the nth, from 0, of the streams of a process object.
func (u *Universe) StreamOf(program ID, nth uint32) ID { return u.Name(program, nth, KindStream) }

// decodeProgram reads the process object that an operation is about: of anything else there is nothing to say.
func decodeProgram(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if c := objectArg(u, call.Arg(0), KindProgram, &o.args[argSubject]); c != nil {
		o.cite("EXT-START-6")
		o.elsewise = true
		return c
	}
	o.cite("EXT-START-4")
	return nil
}

// programOf is the helper child whose program a path names and that nobody has started, 0 for none.
func (s *State) programOf(path Term) ID {
	var n ID
	text, _ := s.u.Value(path).(spec.String)
	if _, err := fmt.Sscanf(string(text), "/mpcheck/child-%d", &n); err != nil || int(n) >= len(s.u.kinds) || s.u.kinds[n] != KindChild || !s.exists(n) {
		return 0
	}
	if s.get(n, childPhase) != childPrepared {
		return 0
	}
	return n
}

// isOfProgram tells whether run or start have started a child.
func (s *State) isOfProgram(c ID) bool { return s.get(c, childKind)&childOfProgram != 0 }

// idActs: of one that has ended it may be anything else that says so.
func idActs(s *State, act Act, out []Act) []Act {
	c := s.childOf(act)
	act.Touches = onlyReads(allChildren).reading(s.subject(act.Frame))
	out = append(out, act)
	if s.open && !s.lives(c) {
		for _, act.Choice = range []uint16{askedRefuses, askedNothing} {
			out = append(out, act)
		}
	}
	return out
}

// Ways to answer what need not be answered.
const (
	askedRefuses = iota + 1
	askedNothing
	askedOther
)

func tellID(s *State, act Act) {
	c := s.childOf(act)
	if !s.lives(c) {
		s.cite("EXT-PID-3")
	}
	s.cite("EXT-PID-1", "EXT-PID-2")
	switch {
	case act.Choice == askedRefuses, !s.law.answers(s, s.subject(act.Frame)):
		s.signalPlain(act.Frame, "the process has ended")
	case act.Choice == askedNothing:
		s.returns(act.Frame, NilTerm)
	default:
		s.returnsNumber(act.Frame, s.law.programPID(s, c))
	}
}

// childOf is the child of the process object that an operation is about.
func (s *State) childOf(act Act) ID { return ID(s.get(s.subject(act.Frame), programChild)) }

// streamActs: where there is no such stream it is open what tells so.
func streamActs(s *State, act Act, out []Act) []Act {
	act.Touches = onlyReads(s.subject(act.Frame))
	if !s.law.watched { // a mutant may make one
		act.Touches = everything
	}
	out = append(out, act)
	if s.open {
		for _, act.Choice = range []uint16{askedRefuses, askedNothing, askedOther} {
			out = append(out, act)
		}
	}
	return out
}

// tellStream answers the nth stream.
func tellStream(n uint8) func(s *State, act Act) {
	return func(s *State, act Act) {
		p := s.subject(act.Frame)
		t := s.law.streamOf(s, act, p, n)
		joined := n == 2 && s.get(p, programFlags)&errorIsOutput != 0
		switch {
		case !s.law.answers(s, p):
			s.signalPlain(act.Frame, "it is no process any more")
			return
		case t != 0:
			s.cite(streamClauses[n], "EXT-STRM-5", "EXT-START-2")
			s.returns(act.Frame, s.u.RefTerm(t))
			return
		case joined:
			s.cite("EXT-STRM-6")
		default:
			s.cite("EXT-STRM-4")
		}
		switch other := ID(s.get(p, programStream+1)); {
		case act.Choice == askedRefuses:
			s.signalPlain(act.Frame, "the process has no such stream")
		case act.Choice == askedOther && joined && other != 0:
			s.returns(act.Frame, s.u.RefTerm(other))
		default:
			s.returns(act.Frame, NilTerm)
		}
	}
}

var streamClauses = [...]string{"EXT-STRM-1", "EXT-STRM-2", "EXT-STRM-3"}
