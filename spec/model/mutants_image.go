package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// The mutants of images, and of starting and ending multiprocessing.
var imageMutants = []MutantInfo{
	{"start-starts-nothing", []string{"INIT-START-1", "INIT-IP-3", "INIT-SCRIPT-1", "INIT-BOOT-1", "INIT-BOOT-2", "INIT-BOOT-3", "INIT-BOOT-4", "INIT-BOOT-5", "INIT-BOOT-7", "INIT-BOOT-8", "INIT-IP-1", "INIT-REPL-1", "INIT-START-6", "INIT-START-7"}, "initialize-multiprocessing makes no process, and waits", func(l *law) {
		l.initializes = func(s *State, act Act) {
			s.set(act.Frame, frameStage, startWaits)
			s.set(s.imageOf(act.Process), imageState, imageRuns)
		}
		l.isOver = func(*State, ID) bool { return false }
	}},
	{"start-returns", []string{"INIT-START-2", "INIT-START-1", "INIT-BOOT-1", "INIT-BOOT-2", "INIT-BOOT-3", "INIT-BOOT-4", "INIT-BOOT-5", "INIT-BOOT-7", "INIT-BOOT-8", "INIT-REPL-1", "INIT-REPL-2", "INIT-SCRIPT-1"}, "initialize-multiprocessing returns once it has made its processes", func(l *law) {
		l.waitsForEnd = func(s *State, f ID) { s.returns(f, NilTerm) }
	}},
	{"start-returns-t", []string{"INIT-START-3"}, "initialize-multiprocessing returns t", func(l *law) { l.startReturns = TrueTerm }},
	{"main-ignored", []string{"INIT-START-6", "INIT-BOOT-4"}, "initialize-multiprocessing ignores its arguments", func(l *law) {
		l.makesMain = func(*State, ID, uint64, uint32) {}
	}},
	{"start-needs-environment", []string{"INIT-START-7", "INIT-SCRIPT-1", "INIT-BOOT-1", "INIT-BOOT-2"}, "in an image that was saved with :environment nil multiprocessing can't be started", func(l *law) {
		l.startsAs = func(s *State, file ID, asked bool) bool {
			return startsAs(s, file, asked) && (s.get(file, fileImage) != savedImage || s.get(file, fileStarts)&startsItself != 0)
		}
		l.usable = func(s *State, file ID) bool {
			return usable(s, file) && (s.get(file, fileImage) != savedImage || s.get(file, fileStarts)&startsItself != 0)
		}
	}},
	{"no-listener", []string{"INIT-REPL-1", "INIT-STOP-2"}, "where nothing is listed no default listener is made", func(l *law) {
		l.makesListener = func(int) bool { return false }
		l.isOver = func(*State, ID) bool { return false }
	}},
	{"listener-always", []string{"INIT-REPL-2"}, "a default listener is made beside what is listed", func(l *law) { l.makesListener = func(int) bool { return true } }},
	{"element-without-arguments", []string{"INIT-IP-1"}, "what follows the function in an element is not passed to it", func(l *law) {
		l.elementArguments = func(v spec.Value) []spec.Value {
			items := elementArguments(v)
			return items[:min(len(items), 3)]
		}
	}},
	{"element-without-name", []string{"INIT-IP-1", "INIT-SCRIPT-1"}, "the processes that are listed are all named alike", func(l *law) {
		l.elementArguments = func(v spec.Value) []spec.Value {
			items := elementArguments(v)
			if len(items) == 0 {
				return nil
			}
			return append([]spec.Value{spec.String("Process")}, items[1:]...)
		}
	}},
	{"elements-twice", []string{"INIT-IP-2"}, "each element of *initial-processes* is used twice", func(l *law) {
		l.elementsUsed = func(all []spec.Value) []spec.Value { return slices.Concat(all, all) }
	}},
	{"elements-reversed", []string{"INIT-IP-2"}, "the elements of *initial-processes* are used in the reverse of their order", func(l *law) {
		l.elementsUsed = func(all []spec.Value) []spec.Value {
			all = slices.Clone(all)
			slices.Reverse(all)
			return all
		}
	}},
	{"last-element-missing", []string{"INIT-IP-3", "INIT-BOOT-6", "INIT-IP-1", "INIT-IP-4", "INIT-SAVE-1", "INIT-START-1"}, "the last element of *initial-processes* is not used", func(l *law) {
		l.elementsUsed = func(all []spec.Value) []spec.Value { return all[:max(0, len(all)-1)] }
	}},
	{"list-not-saved", []string{"INIT-IP-4", "INIT-BOOT-6"}, "*initial-processes* is nil in an image that was saved", func(l *law) {
		l.globalsSaved = func(s *State, image ID) uint64 {
			all := slices.DeleteFunc(s.bindings(image, imageGlobals), func(b binding) bool { return b.symbol == s.u.Intern(initialProcesses) })
			before := s.get(image, imageGlobals)
			s.setBindings(image, imageGlobals, all)
			out := s.get(image, imageGlobals)
			s.set(image, imageGlobals, before)
			return out
		}
	}},
	{"list-of-before", []string{"INIT-IP-4"}, "an initialization finds what *initial-processes* had as its first value", func(l *law) {
		l.setsGlobal = func(s *State, image ID, symbol, value Term) {
			if symbol == s.u.Intern(initialProcesses) && s.globalValue(image, symbol) != NilTerm {
				return
			}
			s.setGlobal(image, symbol, value)
		}
	}},
	{"list-not-nil", []string{"INIT-IP-5"}, "*initial-processes* is not nil at first", func(l *law) {
		l.initiallyMade = func(s *State) Term {
			return s.u.Intern(spec.NewList(spec.NewList(spec.String("Idle"), spec.Nil{}, spec.Symbol{Package: "MP", Name: "IDLE"})))
		}
	}},
	{"argument-ignored", []string{"INIT-BOOT-1"}, "-multiprocessing on the command line means nothing", func(l *law) {
		l.startsAs = func(s *State, file ID, _ bool) bool { return startsAs(s, file, false) }
	}},
	{"restart-ignored", []string{"INIT-BOOT-2", "INIT-SCRIPT-1"}, "initialize-multiprocessing as a restart function means nothing", startsWithout(savedImage, startsByRestart)},
	{"delivery-without-start", []string{"INIT-BOOT-3", "INIT-BOOT-4"}, "a delivery with :multiprocessing t calls its function, and starts nothing", startsWithout(savedDelivery, startsItself)},
	{"delivery-in-no-process", []string{"INIT-BOOT-4", "INIT-BOOT-3"}, "the function of a delivery is called on the initial thread, though multiprocessing is started", func(l *law) {
		l.inProcess = func(s *State, file ID) bool { return s.get(file, fileImage) != savedDelivery }
	}},
	{"library-without-start", []string{"INIT-BOOT-5"}, "a dynamic library starts nothing", startsWithout(savedLibrary, startsItself)},
	{"argument-lists-nothing", []string{"INIT-BOOT-6"}, "a delivery starts multiprocessing without what *initial-processes* lists", func(l *law) {
		l.listAtStart = func(s *State, act Act) Term {
			if s.get(act.Frame, frameKind) == ownFrame && s.arg(act.Frame, startArguments) != 0 {
				return NilTerm
			}
			return listAtStart(s, act)
		}
	}},
	{"keyword-ignored", []string{"INIT-BOOT-7"}, ":multiprocessing t means nothing when an image is saved", startsWithout(savedImage, startsByKeyword)},
	{"delivery-always-usable", []string{"INIT-BOOT-8"}, "multiprocessing can be used in any delivery", func(l *law) {
		l.usable = func(*State, ID) bool { return true }
	}},
	{"manual-unusable", []string{"INIT-BOOT-8"}, "in a delivery with :multiprocessing :manual it can't be started", func(l *law) {
		l.usable = func(s *State, file ID) bool { return usable(s, file) && s.get(file, fileStarts) != startsByHand }
	}},
	{"saves-running", []string{"INIT-SAVE-1", "INIT-STOP-1"}, "an image is saved while multiprocessing runs, and goes on with the processes that ran", func(l *law) {
		l.refusesSave = false
	}},
	{"quits-at-once", []string{"INIT-STOP-1"}, "quit ends the program at once", func(l *law) { l.quits = func(s *State, act Act) { s.endImage(s.imageOf(act.Process)) } }},
	{"quit-without-methods", []string{"INIT-STOP-1"}, "quit kills the other processes without terminating them first by their methods", func(l *law) {
		l.quits = func(s *State, act Act) { s.killOthers(s.imageOf(act.Process), act.Process) }
	}},
	{"quit-waits-for-methods", []string{"INIT-STOP-1"}, "quit terminates the other processes, kills none that has a terminate method, and waits for all", func(l *law) {
		l.stopsInVain = func(s *State, act Act) { s.set(act.Frame, frameDeadline, never) }
	}},
	{"quit-kills-nobody", []string{"INIT-STOP-1"}, "quit ends the program once the terminate methods of the other processes have had their time, and kills none of those", func(l *law) {
		l.stopsInVain = func(s *State, act Act) { s.endImage(s.imageOf(act.Process)) }
	}},
	{"never-over", []string{"INIT-STOP-2"}, "multiprocessing goes on where no process is left", func(l *law) { l.isOver = func(*State, ID) bool { return false } }},
	{"current-while-off", []string{"PROC-CUR-2"}, "while multiprocessing is off there is a current process", func(l *law) {
		l.currentOff = func(s *State, t ID) ID { return t }
	}},
}

// startsWithout has a kind of file not start multiprocessing as some of its bits say.
func startsWithout(kind, bits uint64) func(l *law) {
	return func(l *law) {
		l.startsAs = func(s *State, file ID, asked bool) bool {
			if s.get(file, fileImage) != kind || s.get(file, fileStarts)&bits == 0 {
				return startsAs(s, file, asked)
			}
			return asked && kind == savedImage
		}
	}
}
