package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// What is done to an image from outside: it is launched, code is typed in, its end is awaited; and quit, by which its
// own code ends it.

// Slots of these.
const (
	launchFile      slot = 0 // a path as a term, NilTerm for none
	launchArguments slot = 1 // a list

	launchStarts = 1 << 0 // a way of launch: the environment starts, of which nothing was said;
	launchFirst  = 1 << 1 // and one: the restart function is called before multiprocessing starts, and not in a process

	waitUnseen = 1 // a way of image-wait: the time is up, and the end of the image has yet to be noticed
)

var imageRules = []rule{
	{
		op: "launch",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.args[launchArguments] = uint64(u.Intern(spec.NewList(call.Args[1:]...)))
			if !spec.Truth(call.Arg(0)) {
				o.args[launchFile] = uint64(NilTerm)
				return nil
			}
			return o.imageFile(u, call.Arg(0), launchFile)
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Touches = everything
			from := len(out)
			out = append(out, act)
			path, file := Term(s.arg(act.Frame, launchFile)), ID(0)
			if path != NilTerm {
				file = s.fileAt(path)
			}
			if !s.open || file == 0 {
				return out
			}
			if s.get(file, fileStarts)&startsPerhaps != 0 {
				act.Choice = launchStarts
				out = append(out, act)
			}
			if s.restarts(file) {
				out = either(out, from, 0, launchFirst)
			}
			return out
		},
		effect: func(s *State, act Act) {
			path, file := Term(s.arg(act.Frame, launchFile)), ID(0)
			if path != NilTerm {
				if file = s.fileAt(path); file == 0 || s.get(file, fileImage) <= savedInPart {
					s.signal(act.Frame, s.noFile(path))
					return
				}
			}
			image := s.newImage(s.made(act, 0, KindImage))
			s.boots(image, file, Term(s.arg(act.Frame, launchArguments)), act.Choice)
			s.returns(act.Frame, s.u.RefTerm(image))
		},
		waits: func(*State, ID) string { return "the Lisp to begin" },
	},
	{
		op: "type-in",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			code, ok := call.Arg(1).(spec.Callback)
			if !ok {
				return wrongType("the code", call.Arg(1), "a callback")
			}
			o.args[argObject] = uint64(u.Intern(code))
			return objectArg(u, call.Arg(0), KindImage, &o.args[argSubject])
		},
		touches: writesSubject,
		effect: func(s *State, act Act) {
			image := s.subject(act.Frame)
			if !s.isGone(image) {
				s.setTyped(image, append(s.typed(image), s.u.Value(Term(s.arg(act.Frame, argObject)))))
			}
			s.returns(act.Frame, NilTerm)
		},
	},
	{
		op: "image-wait",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if c := o.within(call.Arg(1)); c != nil {
				return c
			}
			return objectArg(u, call.Arg(0), KindImage, &o.args[argSubject])
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			image := s.subject(act.Frame)
			act.Touches = onlyReads(image)
			if !s.isGone(image) {
				return out
			}
			if s.open {
				act.Touches = onlyWrites(image)
			}
			out = append(out, act)
			if s.open && s.get(image, imageState) != imageSeen && s.overdue(act.Frame) {
				act.Choice = waitUnseen // that its code is gone shows before its process has ended
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			if s.open && act.Choice != waitUnseen {
				s.set(s.subject(act.Frame), imageState, imageSeen)
			}
			s.returns(act.Frame, truth(act.Choice != waitUnseen))
		},
		timeUp:  func(s *State, act Act) { s.returns(act.Frame, NilTerm) },
		waitsOn: firstArgument,
		waits:   func(s *State, f ID) string { return fmt.Sprintf("%s to end", s.u.Ref(s.subject(f))) },
	},
	{
		op: "quit",
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Touches = everything
			begun := s.get(act.Frame, frameStage) != 0
			if steps, some := s.stopActs(act, out); some {
				return steps
			}
			if !begun || s.areOver(act.Process) || s.open && s.hadTheirChance(s.imageOf(act.Process), act.Process) {
				out = append(out, act)
			}
			if begun && s.open && s.imageOf(act.Process) != world { // else the test would end
				out = s.quitsToo(act, out)
			}
			return out
		},
		effect: func(s *State, act Act) {
			switch {
			case s.get(act.Frame, frameStage) == 0:
				s.set(act.Frame, frameStage, stageBody)
				s.law.quits(s, act)
			case act.Choice >= stopSteps:
				s.stopsOne(act)
			case act.Choice >= quitLeaves:
				s.leavesByQuit(act)
			default:
				s.endImage(s.imageOf(act.Process))
			}
		},
		timeUp: timeUpToStop,
		waits:  waitsForOthers,
	},
}

// imageFile reads the path of a file.
func (o *Operation) imageFile(u *Universe, v spec.Value, into slot) *spec.Condition {
	path, ok := pathOf(v)
	if !ok {
		return wrongType("the file", v, "a pathname")
	}
	o.args[into] = uint64(u.Intern(path))
	return nil
}

// typed is the code that was typed into an image.
func (s *State) typed(image ID) []spec.Value {
	items, _ := spec.Items(s.u.Value(Term(s.get(image, imageTyped))))
	return append([]spec.Value(nil), items...)
}

func (s *State) setTyped(image ID, code []spec.Value) {
	if len(code) == 0 {
		s.set(image, imageTyped, 0)
		return
	}
	s.set(image, imageTyped, uint64(s.u.Intern(spec.NewList(code...))))
}

// Who reads what is typed in: processReads.
const (
	readsLater = iota + 1 // the initial thread, which calls a function first,
	readsAfter            // or does already
	readsNow              // one in its read-eval-print loop
	readsNot              // the initial thread, whose function has returned: no page says whether the program ends
)

// readActs lists what whoever runs no code does.
func (s *State) readActs(p ID, out []Act) []Act {
	reads, image := s.get(p, processReads), s.imageOf(p)
	switch reads {
	case readsLater:
		out = append(out, Act{Kind: Begin, Process: p, Choice: beginCalls})
	case readsNot:
		out = append(out, Act{Kind: Begin, Process: p, Choice: beginExits, Touches: everything})
	}
	if s.get(image, imageQuits)&quitsCaller != 0 && s.get(p, processDying) != 0 { // it has quit
		return out
	}
	if (reads == readsNow || reads == readsNot && s.open) && s.get(image, imageTyped) != 0 {
		out = append(out, Act{Kind: Begin, Process: p, Choice: beginReads, Touches: onlyWrites(image)})
	}
	return out
}

// callsFirst begins the function of an initial thread.
func (s *State) callsFirst(t ID) Label {
	s.set(t, processReads, readsAfter)
	f := s.pushFrame(t, newFrame{code: s.get(t, processFunction), arguments: NilTerm})
	return Label{Kind: Entered, Frame: f}
}

// read begins the code that was typed in first.
func (s *State) read(p ID) Label {
	image := s.imageOf(p)
	code := s.typed(image)
	s.setTyped(image, code[1:])
	s.set(p, processReads, readsNow)
	if !s.isForeign(p) {
		s.cite("INIT-REPL-1")
	}
	f := s.pushFrame(s.threadOf(p), newFrame{code: uint64(code[0].(spec.Callback)) + 1, arguments: NilTerm})
	return Label{Kind: Entered, Frame: f}
}

// leavesThread: the code of a thread that is no process has ended.
func (s *State) leavesThread(t ID) {
	if s.get(t, processReads) != readsAfter || s.innermost(t) != 0 {
		return
	}
	image := s.imageOf(t)
	if origin := s.get(image, imageOrigin); origin&originFirst != 0 { // now multiprocessing starts
		s.set(image, imageOrigin, origin&^originFirst)
		s.set(t, processReads, 0)
		s.startsItself(t, nil)
		return
	}
	s.set(t, processReads, readsNot)
}
