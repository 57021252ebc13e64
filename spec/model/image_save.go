package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Images in files: what save-image, deliver and build-library write, and how an image begins that is launched of one.

// What a file has of an image: fileImage.
const (
	savedInPart = iota + 1 // what a refusal has left, which is no image
	savedImage
	savedDelivery
	savedLibrary
)

// How it starts: bits of fileStarts.
const (
	startsItself    = 1 << iota // multiprocessing is started: by the environment, or as :multiprocessing has it
	startsByHand                // :manual: the function of a delivery may start it
	startsByRestart             // the restart function is initialize-multiprocessing
	startsByKeyword             // it is :multiprocessing that says so
	startsPerhaps               // the environment may start, since nothing was said of it
)

// initializing is the symbol by which a restart function says that multiprocessing is to be started.
var initializing = spec.Symbol{Package: "MP", Name: "INITIALIZE-MULTIPROCESSING"}

// multiprocessingArgument is what a command line says it with.
const multiprocessingArgument = spec.String("-multiprocessing")

// Slots of the operations that save.
const (
	saveFile     slot = iota // a path, as a term
	saveFunction             // a designator, 0 for none
	saveStarts
	saveKind
)

var saveRules = []rule{
	{
		op: "save-image",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if v, ok := call.Key("restart-function"); ok && spec.Truth(v) {
				if v == spec.Value(initializing) {
					o.args[saveStarts] |= startsByRestart
				} else if !callable(u, v) {
					return wrongType("the restart function", v, "a function designator")
				}
				o.args[saveFunction] = uint64(u.Intern(v))
			}
			switch v, ok := call.Key("environment"); {
			case !ok:
				o.args[saveStarts] |= startsPerhaps
			case spec.Truth(v):
				o.args[saveStarts] |= startsItself
			}
			if v, ok := call.Key("multiprocessing"); ok && spec.Truth(v) {
				o.args[saveStarts] |= startsItself | startsByKeyword
			}
			o.args[saveKind] = savedImage
			return o.imageFile(u, call.Arg(0), saveFile)
		},
		enabled: saveActs,
		effect:  save,
		timeUp:  timeUpToStop,
		waits:   waitsForOthers,
	},
	{
		op: "deliver",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if !callable(u, call.Arg(0)) {
				return wrongType("the function", call.Arg(0), "a function designator")
			}
			o.args[saveFunction] = uint64(u.Intern(call.Arg(0)))
			switch v, _ := call.Key("multiprocessing"); {
			case v == nil || !spec.Truth(v):
			case v == spec.Value(spec.Keyword("manual")):
				o.args[saveStarts] = startsByHand
			default:
				o.args[saveStarts] = startsItself
			}
			o.args[saveKind] = savedDelivery
			return o.imageFile(u, call.Arg(1), saveFile)
		},
		enabled: saveActs,
		effect:  save,
		timeUp:  timeUpToStop,
		waits:   waitsForOthers,
	},
	{
		op: "build-library",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.args[saveKind], o.args[saveStarts] = savedLibrary, startsItself
			return o.imageFile(u, call.Arg(0), saveFile)
		},
		enabled: saveActs,
		effect:  save,
		timeUp:  timeUpToStop,
		waits:   waitsForOthers,
	},
}

func waitsForOthers(*State, ID) string { return "the other processes to end" }

// Ways of saving.
const (
	saveDecides  = iota // how it goes while multiprocessing runs: which way, times as much
	saveReturns         // afterwards it returns,
	saveQuits           // or the program ends
	saveRefuses         // it saves nothing,
	saveLeaves          // and leaves a part of a file
	saveStopping        // it ends the other processes first
)

// saveActs: an image is not saved while multiprocessing runs.
func saveActs(s *State, act Act, out []Act) []Act {
	act.Touches = everything
	add := func(ways ...uint16) {
		for _, act.Choice = range ways {
			out = append(out, act)
		}
	}
	image := s.imageOf(act.Process)
	switch {
	case s.fileAt(Term(s.arg(act.Frame, saveFile))) == 0:
		add(saveReturns)
	case s.get(act.Frame, frameStage) != 0:
		if steps, some := s.stopActs(act, out); some {
			return steps
		}
		if !s.areOver(act.Process) {
			break
		}
		add(saveQuits)
		if s.open {
			add(saveReturns)
		}
	case !s.runsProcesses(image) || !s.law.refusesSave:
		add(saveReturns, saveQuits)
	case s.decided(stickySave) == undecided:
		add(8*first, 8*second)
		if image != world { // else the test would end
			add(8 * third)
		}
	case s.decided(stickySave) == third:
		add(saveStopping)
	default:
		add(saveRefuses, saveLeaves)
	}
	return out
}

func save(s *State, act Act) {
	f := act.Frame
	file := s.fileAt(Term(s.arg(f, saveFile)))
	switch {
	case act.Choice >= stopSteps:
		s.stopsOne(act)
	case act.Choice >= 8:
		s.decide(stickySave, uint64(act.Choice/8))
	case file == 0:
		s.signal(f, s.noFile(Term(s.arg(f, saveFile))))
	case act.Choice == saveRefuses || act.Choice == saveLeaves:
		s.cite("INIT-SAVE-1", "INIT-SAVE-2", "INIT-SAVE-3")
		if act.Choice == saveLeaves {
			s.emptyFile(file)
			s.set(file, fileImage, savedInPart)
		}
		if s.decided(stickySave) == first {
			s.signalPlain(f, "multiprocessing runs")
			return
		}
		s.returns(f, unspecified)
	case act.Choice == saveStopping:
		s.cite("INIT-SAVE-1", "INIT-SAVE-2")
		s.set(f, frameStage, stageBody)
		s.stopOthers(act)
	default:
		s.writesImage(act, file)
		if act.Choice == saveQuits {
			s.endImage(s.imageOf(act.Process))
			return
		}
		s.returns(f, unspecified)
	}
}

// writesImage writes an image into a file.
func (s *State) writesImage(act Act, file ID) {
	f, image := act.Frame, s.imageOf(act.Process)
	s.emptyFile(file)
	s.set(file, fileImage, s.arg(f, saveKind))
	s.set(file, fileStarts, s.arg(f, saveStarts))
	if s.runsProcesses(image) && s.get(f, frameStage) == 0 { // a mutant's: it goes on
		s.set(file, fileStarts, s.arg(f, saveStarts)|startsItself)
	}
	s.set(file, fileFunction, s.arg(f, saveFunction))
	s.set(file, fileFunctions, s.get(image, imageFunctions))
	s.set(file, fileGlobals, s.law.globalsSaved(s, image))
}

// boots begins an image: as it comes, or of a file, with the arguments on its command line.
func (s *State) boots(image, file ID, arguments Term, way uint16) {
	t := s.newThread(s.u.InitialThread(image), image)
	s.set(image, imageState, imageOff)
	if file == 0 {
		s.setGlobal(image, s.u.Intern(initialProcesses), s.law.initiallyMade(s))
		s.set(t, processReads, readsNow)
		return
	}
	s.set(image, imageGlobals, s.get(file, fileGlobals))
	s.set(image, imageFunctions, s.get(file, fileFunctions))
	if !s.law.usable(s, file) {
		s.set(image, imageState, imageUnusable)
	}
	function, starts := Term(s.get(file, fileFunction)), way&launchStarts != 0 || s.law.startsAs(s, file, s.asked(arguments))
	s.set(image, imageOrigin, s.get(file, fileImage)|s.get(file, fileStarts)<<originShift|bit(s.asked(arguments))*originAsked)
	s.citeBoot(image)
	var main []spec.Value
	if function != NoTerm && s.u.Value(function) != spec.Value(initializing) {
		main = []spec.Value{anyName, spec.Nil{}, s.u.Value(function)}
		if !s.open {
			main[0] = spec.String("Main")
		}
	}
	code, callable := s.code(t, function)
	switch {
	case starts && s.law.inProcess(s, file) && way&launchFirst == 0:
		s.startsItself(t, main)
	case callable:
		if starts && way&launchFirst != 0 {
			s.set(image, imageOrigin, s.get(image, imageOrigin)|originFirst)
		}
		s.set(t, processReads, readsLater)
		s.set(t, processFunction, code)
	default:
		s.set(t, processReads, readsNow)
	}
}

// startsItself has a thread start multiprocessing, as the implementation itself does.
func (s *State) startsItself(t ID, main []spec.Value) {
	o, _ := Decode(s.u, spec.Call{Op: "initialize-multiprocessing", Args: main}) // it has a rule
	s.callsItself(t, &o, 0, 255, 255)
}

// restarts tells whether a file is that of an image with a restart function of the user's. Where multiprocessing starts too, only of
// a delivery do the documents say that it is called in a process.
func (s *State) restarts(file ID) bool {
	function := Term(s.get(file, fileFunction))
	return s.get(file, fileImage) == savedImage && function != NoTerm && s.u.Value(function) != spec.Value(initializing)
}

// asked tells whether the command line asks for multiprocessing.
func (s *State) asked(arguments Term) bool {
	items, _ := spec.Items(s.u.Value(arguments))
	return slices.Contains(items, spec.Value(multiprocessingArgument))
}
