package model

import "github.com/mpcheck/mpcheck/spec"

// The mutants of what is asked of process objects, and of what they tell of themselves.
var processObjectMutants = []MutantInfo{
	{"process-objects-end", []string{"EXT-START-4"},
		"once a program has ended, to ask for its id or its streams is an error",
		func(l *law) {
			l.answers = func(s *State, p ID) bool { return s.lives(ID(s.get(p, programChild))) }
		}},
	{"anything-has-exited", []string{"EXT-START-6"},
		"whatever is no process object is told to have exited with 0",
		func(l *law) {
			signals := l.refuses
			l.refuses = func(s *State, f ID) {
				if s.OpOf(f) == "process-status" {
					tellStatus(s, f, statusExited)
					return
				}
				signals(s, f)
			}
		}},
	{"objects-mixed-up", []string{"EXT-START-2", "EXT-STAT-2", "EXT-STAT-3", "EXT-STAT-4", "EXT-STAT-8", "EXT-STAT-10"},
		"a process object answers with the status of the program that was started last",
		func(l *law) {
			l.statusNow = func(s *State, p ID) uint64 { return s.statusOf(s.latestProgram()) }
		}},
	{"input-stream-leads-nowhere", []string{"EXT-STRM-1", "EXT-STRM-5"},
		"what is written to the input stream is lost",
		otherStream(func(s *State, act Act, p ID, n uint8, t ID) ID {
			if n > 0 {
				return t
			}
			return s.spare(act, n, streamString, streamWrites)
		})},
	{"input-never-ends", []string{"EXT-STRM-1"},
		"a program doesn't see that its input stream was closed",
		func(l *law) {
			l.keepsWriting = func(s *State, t ID) bool { return s.isPipeOfProgram(t, 0) }
		}},
	{"output-never-ends", []string{"EXT-STRM-2"},
		"the Lisp keeps the end of the pipe at which the program writes, so that its reader waits for ever",
		func(l *law) {
			l.keepsWriting = func(s *State, t ID) bool { return s.isPipeOfProgram(t, 1) }
		}},
	{"failure-closes-streams", []string{"EXT-STRM-2", "EXT-STRM-3"},
		"a program that can't be started takes the streams from those that run",
		func(l *law) {
			l.startFails = func(s *State) {
				s.anyChild(func(c ID) bool {
					for n := range 3 {
						if p := ID(s.get(c, childProgram)); p != 0 && s.get(p, programStream+uint8(n)) != 0 {
							s.set(ID(s.get(p, programStream+uint8(n))), streamEnds, 0)
						}
					}
					return false
				})
			}
		}},
	{"output-ends-with-the-status", []string{"EXT-STRM-2", "EXT-START-3"},
		"what has not been read when the end is seen is lost",
		func(l *law) {
			l.tellsStatus = func(s *State, f ID, status uint64) {
				if t := ID(s.get(s.subject(f), programStream+1)); t != 0 && isFinal(status) {
					s.emptyBytes(t, streamBytes)
				}
				tellStatus(s, f, status)
			}
		}},
	{"streams-crossed", []string{"EXT-STRM-2", "EXT-STRM-3"},
		"the output stream is that of error, and the other way round",
		func(l *law) {
			l.streamOf = func(s *State, _ Act, p ID, n uint8) ID {
				return ID(s.get(p, programStream+[...]uint8{0, 2, 1}[n]))
			}
		}},
	{"error-stream-is-output", []string{"EXT-STRM-3"},
		"the error stream is the output stream",
		func(l *law) {
			l.streamOf = func(s *State, _ Act, p ID, n uint8) ID { return ID(s.get(p, programStream+min(n, 1))) }
		}},
	{"streams-made-anew", []string{"EXT-STRM-5"},
		"each call after the first answers another stream",
		otherStream(func(s *State, act Act, p ID, n uint8, t ID) ID {
			mark := uint64(1) << (8 + n)
			if s.get(p, programFlags)&mark == 0 {
				s.set(p, programFlags, s.get(p, programFlags)|mark)
				return t
			}
			return s.spare(act, n, streamString, streamWrites)
		})},
	{"hook-never-called", []string{"EXT-HOOK-1"},
		"the status hook is never called",
		func(l *law) { l.notices = func(*State, ID, uint64) bool { return false } }},
	{"hook-misses-the-end", []string{"EXT-HOOK-1"},
		"the status hook is called for stops and continues, and not for the end",
		func(l *law) {
			l.notices = func(s *State, p ID, status uint64) bool {
				return !isFinal(status) && status != s.get(p, programTold)
			}
		}},
	{"hook-misses-signals", []string{"EXT-HOOK-1"},
		"the status hook is not called for an end by a signal",
		func(l *law) {
			l.notices = func(s *State, p ID, status uint64) bool {
				return status&(1<<statusShift-1) != statusSignaled && status != s.get(p, programTold)
			}
		}},
	{"hook-gets-the-status", []string{"EXT-HOOK-2"},
		"the status hook gets the status beside the process",
		func(l *law) {
			l.hookGets = func(s *State, p ID) []spec.Value {
				return []spec.Value{s.u.Ref(p), spec.Keyword(statusNames[currentStatus(s, p)&(1<<statusShift-1)])}
			}
		}},
	{"hook-gets-the-pid", []string{"EXT-HOOK-2"},
		"the status hook gets the process id",
		func(l *law) {
			l.hookGets = func(s *State, p ID) []spec.Value {
				return []spec.Value{spec.Int(s.get(ID(s.get(p, programChild)), childPID))}
			}
		}},
	{"hook-sees-the-past", []string{"EXT-HOOK-3"},
		"while the status hook runs the status is as it was before",
		func(l *law) {
			l.statusNow = func(s *State, p ID) uint64 {
				if s.runsHook(p) {
					return statusRunning
				}
				return currentStatus(s, p)
			}
		}},
	{"hook-overwrites-the-code", []string{"EXT-HOOK-3", "EXT-STAT-3", "EXT-STAT-4"},
		"once the status hook was called the code is -1",
		func(l *law) {
			l.tellsStatus = func(s *State, f ID, status uint64) {
				if isFinal(status) && s.get(s.subject(f), programCalled) > 0 {
					s.returns(f, s.u.Intern(spec.Keyword("exited")), s.u.Intern(spec.Int(-1)))
					return
				}
				tellStatus(s, f, status)
			}
		}},
	{"anything-is-a-process", []string{"EXT-P-1"},
		"process-p is true of anything",
		func(l *law) { l.isProgram = func(Term) Term { return TrueTerm } }},
	{"nothing-is-a-process", []string{"EXT-P-1"},
		"process-p is false of anything",
		func(l *law) { l.isProgram = func(Term) Term { return NilTerm } }},
	{"id-is-the-lisps", []string{"EXT-PID-1"},
		"process-id is the Lisp's own process id",
		func(l *law) { l.programPID = func(*State, ID) uint64 { return AdapterPID } }},
	{"id-cut", []string{"EXT-PID-2", "EXT-PID-1"},
		"process-id has 16 bits",
		func(l *law) { l.programPID = func(s *State, c ID) uint64 { return s.get(c, childPID) & 0xffff } }},
	{"signal-to-the-latest", []string{"EXT-SIG-1"},
		"a signal is sent to the program that was started last",
		func(l *law) { l.signalTo = func(s *State, _ ID) ID { return s.latestProgram() } }},
	{"signals-are-all-one", []string{"EXT-SIG-1", "EXT-SIG-2"},
		"whatever the signal, 15 is sent",
		func(l *law) {
			l.signalSent = func(*State, uint64) uint64 { return 15 }
		}},
	{"keywords-shifted", []string{"EXT-SIG-2"},
		"a keyword sends the number after its own",
		func(l *law) {
			l.signalOf = func(keyword string) (uint64, bool) {
				n, ok := signalNumber(keyword)
				return n + 1, ok
			}
		}},
	{"keywords-refused", []string{"EXT-SIG-2", "EXT-SIG-8"},
		"some keywords of the mapping are refused",
		func(l *law) {
			l.signalOf = func(keyword string) (uint64, bool) {
				n, ok := signalNumber(keyword)
				return n, ok && n%2 == 1
			}
		}},
	{"unknown-keywords-end", []string{"EXT-SIG-6"},
		"a keyword that isn't in the mapping sends 15",
		func(l *law) {
			l.signalOf = func(keyword string) (uint64, bool) {
				if n, ok := signalNumber(keyword); ok {
					return n, true
				}
				return 15, true
			}
		}},
	{"undelivered-quietly", []string{"EXT-SIG-4"},
		"a signal that can't be delivered is no error",
		func(l *law) { l.delivers = func(*State, ID, uint64) bool { return true } }},
	{"no-such-signal-quietly", []string{"EXT-SIG-4"},
		"a number that is no signal's is no error",
		func(l *law) { l.delivers = func(s *State, c ID, _ uint64) bool { return s.present(c) } }},
	{"signal-to-who-has-the-number", []string{"EXT-SIG-4"},
		"a signal for a program that has ended goes to another that has its number now",
		func(l *law) {
			l.signalTo = func(s *State, p ID) ID {
				if c := ID(s.get(p, programChild)); s.present(c) || !s.lives(s.latestProgram()) {
					return c
				}
				return s.latestProgram()
			}
		}},
	{"statuses-renamed", []string{"EXT-STAT-1"},
		"a program that has exited is :finished",
		tellingStatus(func(s *State, told *[2]spec.Value) {
			if told[0] == exitedStatus {
				told[0] = spec.Keyword("finished")
			}
		})},
	{"running-is-stopped", []string{"EXT-STAT-2"},
		"a program that runs is :stopped",
		tellingStatus(func(s *State, told *[2]spec.Value) {
			if told[0] == spec.Value(spec.Keyword("running")) {
				told[0] = spec.Keyword("stopped")
			}
		})},
	{"status-without-code", []string{"EXT-STAT-3"},
		"the code of a program that has exited is nil",
		tellingStatus(func(s *State, told *[2]spec.Value) {
			if told[0] == exitedStatus {
				told[1] = spec.Nil{}
			}
		})},
	{"status-is-the-wait-word", []string{"EXT-STAT-3"},
		"the code of a program that has exited is the wait word",
		tellingStatus(func(s *State, told *[2]spec.Value) {
			if code, ok := told[1].(spec.Int); ok && told[0] == exitedStatus {
				told[1] = code << 8
			}
		})},
	{"signaled-is-exited", []string{"EXT-STAT-4"},
		"a program that signal n has ended is told as exited with 128 + n",
		tellingStatus(func(s *State, told *[2]spec.Value) {
			if n, ok := told[1].(spec.Int); ok && told[0] == signaledStatus {
				told[0], told[1] = exitedStatus, 128+n
			}
		})},
	{"signal-with-core-bit", []string{"EXT-STAT-4"},
		"the number of the signal that has ended a program has the bit of a core dump",
		tellingStatus(func(s *State, told *[2]spec.Value) {
			if n, ok := told[1].(spec.Int); ok && told[0] == signaledStatus {
				told[1] = 128 + n
			}
		})},
	{"stopped-is-signaled", []string{"EXT-STAT-5"},
		"a stopped program is told as ended by the signal",
		tellingStatus(func(s *State, told *[2]spec.Value) {
			if told[0] == spec.Value(spec.Keyword("stopped")) {
				told[0] = signaledStatus
			}
		})},
	{"status-forgotten", []string{"EXT-STAT-8", "EXT-STAT-3", "EXT-STAT-4"},
		"once it was told, the code of a program that has ended is 0",
		tellingEnd(func(s *State, p ID, status uint64) uint64 {
			if isFinal(s.get(p, programShown)) && s.latestProgram() != ID(s.get(p, programChild)) {
				return statusExited
			}
			return status
		})},
	{"status-waits", []string{"EXT-STAT-9"},
		"who asks for the status waits for the end",
		func(l *law) { l.statusWaits = true }},
	{"status-stays-running", []string{"EXT-STAT-10"},
		"a program whose end somebody else has collected stays :running",
		tellingEnd(func(s *State, p ID, status uint64) uint64 {
			if s.get(ID(s.get(p, programChild)), childPhase) == childReaped && !isFinal(s.get(p, programShown)) {
				return statusRunning
			}
			return status
		})},
	{"status-never-changes", []string{"EXT-STAT-10", "EXT-START-2"},
		"the status is what it was when the program was started",
		tellingEnd(func(*State, ID, uint64) uint64 { return statusRunning })},
}

var (
	exitedStatus   = spec.Value(spec.Keyword("exited"))
	signaledStatus = spec.Value(spec.Keyword("signaled"))
)

// latestProgram is the child of the program that was started last, 0 where there is none.
func (s *State) latestProgram() ID {
	latest := ID(0)
	s.anyChild(func(c ID) bool {
		if s.get(c, childProgram) != 0 && (latest == 0 || s.get(c, childProgram) > s.get(latest, childProgram)) {
			latest = c
		}
		return false
	})
	return latest
}

// isPipeOfProgram tells whether a stream is the nth of a process object.
func (s *State) isPipeOfProgram(t ID, n uint8) bool {
	return s.anyChild(func(c ID) bool {
		p := ID(s.get(c, childProgram))
		return p != 0 && ID(s.get(p, programStream+n)) == t
	})
}

// runsHook tells whether the hook of a process object runs.
func (s *State) runsHook(p ID) bool {
	arguments := s.hookArguments(p)
	for q := range s.everybody {
		for f := s.innermost(q); f != 0; f = ID(s.get(f, frameParent)) {
			if s.get(f, frameCode) != 0 && Term(s.get(f, frameArguments)) == arguments {
				return true
			}
		}
	}
	return false
}

// otherStream has the accessors answer other streams, of those that there are.
func otherStream(other func(s *State, act Act, p ID, n uint8, t ID) ID) func(*law) {
	return func(l *law) {
		l.streamOf = func(s *State, act Act, p ID, n uint8) ID {
			if t := ID(s.get(p, programStream+n)); t != 0 {
				return other(s, act, p, n, t)
			}
			return 0
		}
	}
}

// tellingStatus has other values tell of the status.
func tellingStatus(spoil func(s *State, told *[2]spec.Value)) func(*law) {
	return func(l *law) {
		l.tellsStatus = func(s *State, f ID, status uint64) {
			told := [2]spec.Value{spec.Keyword(statusNames[status&(1<<statusShift-1)]), spec.Int(status >> statusShift)}
			if status == statusRunning {
				told[1] = spec.Nil{}
			}
			spoil(s, &told)
			s.returns(f, s.u.Intern(told[0]), s.u.Intern(told[1]))
		}
	}
}

// tellingEnd has another status be told of a program that has ended.
func tellingEnd(other func(s *State, p ID, status uint64) uint64) func(*law) {
	return func(l *law) {
		l.statusNow = func(s *State, p ID) uint64 {
			status := currentStatus(s, p)
			if isFinal(status) {
				return other(s, p, status)
			}
			return status
		}
	}
}
