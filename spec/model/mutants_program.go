package model

import (
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// The mutants of external programs: how they are started, and what they are given. Those of what is asked of process
// objects are in mutants_process_object.go.
var programMutants = slices.Concat([]MutantInfo{
	{"run-returns-early", []string{"EXT-RUN-1", "EXT-RUN-2"},
		"run returns once its program runs",
		func(l *law) { l.runOver = func(*State, ID, ID) bool { return true } }},
	{"run-code-lost", []string{"EXT-RUN-2"},
		"run returns 0 whatever its program exits with",
		ending(func(s *State, f, c ID) { s.returns(f, s.u.Intern(spec.Keyword("exited")), s.u.Intern(spec.Int(0))) })},
	{"run-tells-success-only", []string{"EXT-RUN-2"},
		"run returns whether its program exited with 0",
		ending(func(s *State, f, c ID) { s.returns(f, truth(s.get(c, childStatus) == 0)) })},
	{"run-tells-the-word", []string{"EXT-RUN-2"},
		"run returns the wait word",
		ending(func(s *State, f, c ID) {
			s.returns(f, s.u.Intern(spec.Keyword("exited")), s.u.Intern(spec.Int(s.get(c, childStatus)<<8)))
		})},
	{"null-input-never-ends", []string{"EXT-IO-1", "EXT-START-3"},
		"with input nil a program reads from what never ends",
		func(l *law) {
			l.nothing = func(s *State, act Act, n uint8) ID {
				if n > 0 {
					return 0
				}
				return s.spare(act, n, streamPipe, streamWrites)
			}
		}},
	{"null-input-is-the-lisps", []string{"EXT-IO-1"},
		"with input nil a program reads what the Lisp was started with",
		func(l *law) {
			l.nothing = func(s *State, _ Act, n uint8) ID {
				if n > 0 {
					return 0
				}
				return s.standardStream(0)
			}
		}},
	{"discards-through-a-pipe", []string{"EXT-IO-2", "EXT-START-3"},
		"with output or error nil a program writes to a pipe that nobody reads",
		func(l *law) {
			l.nothing = func(s *State, act Act, n uint8) ID {
				if n == 0 {
					return 0
				}
				return s.spare(act, n, streamPipe, streamReads)
			}
		}},
	{"discarded-output-shows", []string{"EXT-IO-2"},
		"with output nil a program writes to the Lisp's own output",
		func(l *law) {
			l.nothing = func(s *State, _ Act, n uint8) ID {
				if n != 1 {
					return 0
				}
				return s.standardStream(1)
			}
		}},
	{"standard-streams-are-null", []string{"EXT-IO-3"},
		"t is as nil",
		func(l *law) { l.standard = func(*State, Act, uint8) ID { return 0 } }},
	{"standard-output-is-bound", []string{"EXT-IO-3"},
		"t for output is what the Lisp has bound at the time",
		func(l *law) {
			l.standard = func(s *State, act Act, n uint8) ID {
				if n == 1 && s.capturesOutput(act.Frame) {
					return 0
				}
				return s.standardStream(uint64(n))
			}
		}},
	{"standard-error-is-output", []string{"EXT-IO-3"},
		"t for error is the Lisp's own output",
		func(l *law) {
			l.standard = func(s *State, _ Act, n uint8) ID { return s.standardStream(uint64(min(n, 1))) }
		}},
	{"given-output-lost", []string{"EXT-IO-4"},
		"what a program writes to a stream of the Lisp is lost",
		func(l *law) {
			l.given = func(_ *State, _ Act, n uint8, t ID) ID {
				if n == 1 {
					return 0
				}
				return t
			}
		}},
	{"given-input-ignored", []string{"EXT-IO-4"},
		"a program that is to read from a stream of the Lisp reads nothing",
		func(l *law) {
			l.given = func(_ *State, _ Act, n uint8, t ID) ID {
				if n == 0 {
					return 0
				}
				return t
			}
		}},
	{"given-output-cut", []string{"EXT-IO-4"},
		"what a program has written to a stream of the Lisp is there only after run has returned",
		func(l *law) {
			l.given = func(s *State, act Act, n uint8, t ID) ID {
				if n == 0 || s.get(t, streamKind) != streamString {
					return t
				}
				return s.spare(act, n, streamString, streamWrites)
			}
		}},
	{"file-output-lost", []string{"EXT-IO-6", "EXT-START-3"},
		"what a program writes to a file is lost",
		filing(func(s *State, act Act, n uint8, file ID) ID {
			if n == 0 {
				return openedFile(s, act, n, file)
			}
			return 0
		})},
	{"file-input-skipped", []string{"EXT-IO-6"},
		"a program that is to read a file begins after its first byte",
		filing(func(s *State, act Act, n uint8, file ID) ID {
			t := openedFile(s, act, n, file)
			if n == 0 {
				s.set(t, streamOffset, 1)
			}
			return t
		})},
	{"files-of-start-lost", []string{"EXT-START-3"},
		"a program that start has started writes to no file",
		filing(func(s *State, act Act, n uint8, file ID) ID {
			if n > 0 && s.arg(act.Frame, programFlag)&programStarts != 0 {
				return 0
			}
			return openedFile(s, act, n, file)
		})},
	{"error-is-not-joined", []string{"EXT-IO-7"},
		"with error :output error output is discarded",
		func(l *law) { l.joined = func(*State, Act, ID) ID { return 0 } }},
	{"joined-error-elsewhere", []string{"EXT-IO-7"},
		"with error :output error output goes to a stream of its own",
		func(l *law) {
			l.joined = func(s *State, act Act, _ ID) ID { return s.spare(act, 3, streamPipe, streamReads) }
		}},
	{"values-quoted", []string{"EXT-ENV-1"},
		"the values of variables are put into quotes",
		variablesAs(func(v variable) variable { return variable{v.name, "'" + v.value + "'"} })},
	{"values-cut", []string{"EXT-ENV-1"},
		"the value of a variable ends before the next =",
		variablesAs(func(v variable) variable {
			value, _, _ := strings.Cut(v.value, "=")
			return variable{v.name, value}
		})},
	{"environment-always-replaced", []string{"EXT-ENV-2"},
		"where variables are given there are no others",
		func(l *law) {
			l.variables = func(s *State, given []variable, replace bool) []string {
				return environmentOf(s, given, replace || len(given) > 0)
			}
		}},
	{"extending-adds-nothing", []string{"EXT-ENV-1"},
		"an environment that isn't replaced is as it was",
		func(l *law) {
			l.variables = func(s *State, given []variable, replace bool) []string {
				if !replace {
					given = nil
				}
				return environmentOf(s, given, replace)
			}
		}},
	{"overridden-stays", []string{"EXT-ENV-3"},
		"a variable that exists is there twice, as it was first",
		func(l *law) {
			l.variables = func(s *State, given []variable, replace bool) []string {
				if replace {
					return environmentOf(s, given, true)
				}
				return append(slices.Clone(inherited), environmentOf(s, given, true)...)
			}
		}},
	{"environment-never-replaced", []string{"EXT-ENV-4"},
		"the environment is always extended",
		func(l *law) {
			l.variables = func(s *State, given []variable, _ bool) []string { return environmentOf(s, given, false) }
		}},
	{"replaced-environment-keeps-home", []string{"EXT-ENV-4"},
		"of an environment that is replaced HOME stays",
		func(l *law) {
			l.variables = func(s *State, given []variable, replace bool) []string {
				out := environmentOf(s, given, replace)
				if replace && !slices.ContainsFunc(given, func(v variable) bool { return v.name == "HOME" }) {
					out = append(out, inherited[0])
				}
				return out
			}
		}},
	{"arguments-split", []string{"EXT-RUN-5"},
		"an argument is split at its blanks",
		argumentsAs(func(text string) []string {
			if strings.ContainsRune(text, ' ') {
				return strings.Fields(text)
			}
			return []string{text}
		})},
	{"arguments-expanded", []string{"EXT-RUN-5"},
		"variables in an argument are expanded",
		argumentsAs(func(text string) []string {
			return []string{strings.ReplaceAll(text, "$HOME", "/home/simulated")}
		})},
	{"empty-argument-dropped", []string{"EXT-RUN-5"},
		"an empty argument is none",
		argumentsAs(func(text string) []string {
			if text == "" {
				return nil
			}
			return []string{text}
		})},
	{"arguments-assigned", []string{"EXT-RUN-5"},
		"an argument that looks like an assignment is one",
		argumentsAs(func(text string) []string {
			if name, _, assigns := strings.Cut(text, "="); assigns && name != "" && !strings.ContainsAny(name, " -") {
				return nil
			}
			return []string{text}
		})},
	{"start-waits", []string{"EXT-START-1"},
		"start returns once its program has ended",
		func(l *law) { l.startBlocks = true }},
}, processObjectMutants)

// spare makes a stream that no document speaks of for the nth descriptor.
func (s *State) spare(act Act, n uint8, kind, ends uint64) ID {
	return s.newStream(s.made(act, besideStream|(4+uint32(n))<<besideNumber, KindStream), kind, ends)
}

// capturesOutput tells whether a frame is within code whose output is captured.
func (s *State) capturesOutput(f ID) bool {
	for f = ID(s.get(f, frameParent)); f != 0; f = ID(s.get(f, frameParent)) {
		if s.OpOf(f) == "with-captured-output" {
			return true
		}
	}
	return false
}

func ending(ran func(s *State, f, c ID)) func(*law) { return func(l *law) { l.ran = ran } }

func filing(filed func(s *State, act Act, n uint8, file ID) ID) func(*law) {
	return func(l *law) { l.filed = filed }
}

// variablesAs has other variables be given.
func variablesAs(change func(variable) variable) func(*law) {
	return func(l *law) {
		l.variables = func(s *State, given []variable, replace bool) []string {
			given = slices.Clone(given)
			for i, v := range given {
				given[i] = change(v)
			}
			return environmentOf(s, given, replace)
		}
	}
}

// argumentsAs has other arguments be given.
func argumentsAs(change func(text string) []string) func(*law) {
	return func(l *law) {
		l.argument = func(_ *State, v spec.Value) []string { return change(plainText(v)) }
	}
}
