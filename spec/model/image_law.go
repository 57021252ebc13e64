package model

import "github.com/mpcheck/mpcheck/spec"

// An imageLaw decides how images begin, start multiprocessing and end.
type imageLaw struct {
	// currentOff is the current process of a thread that is none.
	currentOff func(s *State, t ID) ID

	// initializes begins to make processes: of the list that listAtStart gives, those of elementsUsed, each with its
	// elementArguments; a listener where makesListener says so, and the initial thread's by makesMain. waitsForEnd is what
	// becomes of the call then, isOver tells when multiprocessing has ended, and startReturns is what it returns.
	initializes      func(s *State, act Act)
	listAtStart      func(s *State, act Act) Term
	elementsUsed     func(all []spec.Value) []spec.Value
	elementArguments func(v spec.Value) []spec.Value
	makesListener    func(elements int) bool
	makesMain        func(s *State, f ID, call uint64, as uint32)
	waitsForEnd      func(s *State, f ID)
	isOver           func(s *State, image ID) bool
	startReturns     Term

	// initiallyMade is the first value of *initial-processes*. startsAs tells whether what was saved in a file starts
	// multiprocessing, asked or not; usable whether it can be started there at all; inProcess whether the function then runs in
	// a process.
	initiallyMade func(s *State) Term
	startsAs      func(s *State, file ID, asked bool) bool
	usable        func(s *State, file ID) bool
	inProcess     func(s *State, file ID) bool
	// refusesSave: not while multiprocessing runs. globalsSaved is what symbols have as values then.
	refusesSave  bool
	globalsSaved func(s *State, image ID) uint64

	// quits begins to end the other processes, and stopsInVain is what becomes of those that have not come to their end.
	quits       func(s *State, act Act)
	stopsInVain func(s *State, act Act)
}

var documentedImages = imageLaw{
	currentOff:       noProcess,
	initializes:      startMultiprocessing,
	listAtStart:      listAtStart,
	elementsUsed:     func(all []spec.Value) []spec.Value { return all },
	elementArguments: elementArguments,
	makesListener:    func(elements int) bool { return elements == 0 },
	makesMain:        makeMain,
	waitsForEnd:      func(*State, ID) {},
	isOver:           isOver,
	startReturns:     NilTerm,
	initiallyMade:    initiallyMade,
	startsAs:         startsAs,
	usable:           usable,
	inProcess:        func(*State, ID) bool { return true },
	refusesSave:      true,
	globalsSaved:     func(s *State, image ID) uint64 { return s.get(image, imageGlobals) },
	quits:            quitByTerminating,
	stopsInVain:      stopInVain,
}

// noProcess: while multiprocessing is off there is none.
func noProcess(s *State, t ID) ID {
	if !s.runsProcesses(s.imageOf(t)) {
		s.cite("PROC-CUR-2")
	}
	return 0
}

// initiallyMade: at first nothing is listed.
func initiallyMade(s *State) Term {
	if s.loose.initial {
		return s.anyValue()
	}
	return NilTerm
}

// startsAs: by its argument, by the restart function, by what was said when it was saved; a library always.
func startsAs(s *State, file ID, asked bool) bool {
	starts := s.get(file, fileStarts)
	return starts&(startsItself|startsByRestart) != 0 || asked && s.get(file, fileImage) == savedImage
}

// usable: a delivery is without multiprocessing, unless that was said.
func usable(s *State, file ID) bool {
	return s.get(file, fileImage) != savedDelivery || s.get(file, fileStarts) != 0
}

// What is kept of how an image began: imageOrigin.
const (
	originKind  = 1<<4 - 1 // as fileImage, 0 where it is the Lisp as it comes
	originShift = 4        // as fileStarts, above that
	originAsked = 1 << 12  // the command line asks for multiprocessing
	originFirst = 1 << 13  // the function with which it begins has yet to return, then multiprocessing starts
)

// citeBoot cites what is said of how multiprocessing starts in an image.
func (s *State) citeBoot(image ID) {
	if s.cited == nil {
		return
	}
	origin := s.get(image, imageOrigin)
	how, asked := origin&(originAsked-1)>>originShift, origin&originAsked != 0
	switch origin & originKind {
	case 0:
	case savedDelivery:
		if how == startsItself {
			s.cite("INIT-BOOT-3", "INIT-BOOT-4")
		}
		s.cite("INIT-BOOT-8")
	case savedLibrary:
		s.cite("INIT-BOOT-5")
	default:
		if asked {
			s.cite("INIT-BOOT-1")
		}
		if how&startsByRestart != 0 {
			s.cite("INIT-BOOT-2")
			s.cite("INIT-SCRIPT-1")
			if asked {
				s.cite("INIT-BOOT-9")
			}
		}
		if how&startsByKeyword != 0 {
			s.cite("INIT-BOOT-7")
		}
		if how&startsItself == 0 {
			s.cite("INIT-START-7")
		}
	}
}

// citeStartup cites what is said of a process that was made as multiprocessing started.
func (s *State) citeStartup(p ID) {
	if s.cited == nil || s.get(p, processStartup) == 0 {
		return
	}
	s.citeBoot(s.imageOf(p))
	if s.get(p, processStartup) == startupMain {
		s.cite("INIT-START-6")
		return
	}
	s.cite("INIT-IP-3")
	s.cite("INIT-IP-1", "INIT-IP-2", "INIT-IP-4")
	s.cite("INIT-START-1")
	s.cite("INIT-BOOT-6")
}
