package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of process objects.
var processObjectShowings = []showing{
	{"EXT-START-5/ended-collected-unasked EXT-STAT-11/collected", "A program that has ended is gone, though nobody has asked about it.", ended("absent"), nil},
	{"EXT-START-5/ended-left-until-asked EXT-STAT-11/stays-zombie", "A program that has ended is a zombie until somebody asks.", func(s *stage) {
		ended("zombie")(s)
		s.asks(1).is(word("exited"), 3)
		s.does(0, "pid-state", pid(1)).is(word("absent"), nil, nil)
	}, func(s *stage) {
		ended("absent")(s)
		s.asks(1).is(word("running"), nil)
		s.asks(1).is(word("exited"), 0)
	}},
	{"REAP-SCOPE-1/reported", "A program that start has started is reported as a child.", func(s *stage) {
		ended("ended")(s)
		s.does(0, "reap-os-subprocess", key.Wait(false)).is(3, pid(1), nil)
	}, func(s *stage) {
		ended("ended")(s)
		s.does(0, "reap-os-subprocess", key.Wait(false)).is(4, pid(1), nil)
	}},
	{"REAP-SCOPE-1/not-reported", "A program that start has started is no child to be reported.", func(s *stage) {
		ended("ended")(s)
		s.does(0, "reap-os-subprocess", key.Wait(false)).is(nil, nil)
	}, nil},
	{"EXT-STRM-4/nil", "Where no stream was made: nil.", func(s *stage) {
		s.starts(1, apart()...)
		s.does(0, "process-output-stream", process(1)).is(nil)
	}, func(s *stage) {
		s.starts(1, apart()...)
		s.does(0, "process-output-stream", process(1)).is(7)
	}},
	{"EXT-STRM-4/error", "Where no stream was made: an error.", func(s *stage) {
		s.starts(1, apart()...)
		s.does(0, "process-output-stream", process(1)).fails()
	}, func(s *stage) {
		s.starts(1, key.Input(nil), key.Output(word("stream")), key.Error(nil))
		s.does(0, "process-output-stream", process(1)).fails()
	}},
	{"EXT-STRM-6/nil", "Error goes where output goes: nil.", joined(func(a answer) { a.is(nil) }), nil},
	{"EXT-STRM-6/output-stream", "Error goes where output goes: its stream.", joined(func(a answer) { a.is(ref("stream", 1)) }), joined(func(a answer) { a.is(ref("stream", 2)) })},
	{"EXT-STRM-6/error", "Error goes where output goes: an error.", joined(func(a answer) { a.fails() }), nil},
	{"EXT-PID-3/same-number", "The id of what has ended is what it was.", func(s *stage) {
		ended("ended")(s)
		s.does(0, "process-id", process(1)).is(pid(1))
	}, func(s *stage) {
		ended("ended")(s)
		s.does(0, "process-id", process(1)).is(pid(2))
	}},
	{"EXT-PID-3/nil", "The id of what has ended is nil.", func(s *stage) {
		ended("ended")(s)
		s.does(0, "process-id", process(1)).is(nil)
	}, func(s *stage) {
		s.starts(1, apart()...)
		s.does(0, "process-id", process(1)).is(nil)
	}},
	{"EXT-PID-3/error", "The id of what has ended is an error.", func(s *stage) {
		ended("ended")(s)
		s.does(0, "process-id", process(1)).fails()
	}, nil},
	{"EXT-SIG-3/table-number", ":bus-error sends 10.", reporting("bus-error", 10), reporting("bus-error", 9)},
	{"EXT-SIG-3/platform-number", ":bus-error sends 7.", reporting("bus-error", 7), nil},
	{"EXT-SIG-5/error", "A signal to a zombie is an error.", func(s *stage) {
		ended("zombie")(s)
		s.signals(9).fails()
	}, nil},
	{"EXT-SIG-5/no-error", "A signal to a zombie is none.", func(s *stage) {
		ended("zombie")(s)
		s.signals(9).is(nil)
	}, func(s *stage) {
		ended("absent")(s)
		s.signals(9).is(nil)
	}},
	{"EXT-SIG-7/zero-accepted EXT-SIG-7/returns-true", "Signal 0 is accepted, with t.", signalZero(func(a answer) { a.is(true) }), nil},
	{"EXT-SIG-7/returns-nil", "Signal 0 is accepted, with nil.", signalZero(func(a answer) { a.is(nil) }), nil},
	{"EXT-SIG-7/returns-another-value", "Signal 0 is accepted, with 0.", signalZero(func(a answer) { a.is(0) }), nil},
	{"EXT-SIG-7/zero-error", "Signal 0 is an error.", signalZero(func(a answer) { a.fails() }), func(s *stage) {
		s.starts(1, apart()...)
		s.signals(1).fails()
	}},
	{"EXT-STAT-6/stop-signal", "Of a stop the signal is told.", stopped(19), stopped(18)},
	{"EXT-STAT-6/nil", "Of a stop nothing is told.", stopped(nil), nil},
	{"EXT-STAT-6/zero", "Of a stop 0 is told.", stopped(0), nil},

	{"EXT-HOOK-4/in-asking-process EXT-HOOK-4/called-in-status-query EXT-HOOK-5/changes-merged EXT-HOOK-6/no-further-calls", "The hook is called by who asks, for a stop and the end at once.", func(s *stage) {
		s.hooked(1)
		s.does(0, "child-tell", ref("child", 1), word("stop")).is(true)
		s.tells(1, "kill", 9)
		s.does(0, "child-await", ref("child", 1), word("ended")).is(word("zombie"))
		asks := s.asks(1)
		s.hook(11, proc(0), word("signaled"), 9)
		asks.is(word("signaled"), 9)
		s.asks(1).is(word("signaled"), 9)
	}, func(s *stage) {
		s.hooked(1)
		asks := s.asks(1)
		s.hook(11, proc(0), word("exited"), 0)
		asks.is(word("running"), nil)
	}},
	{"EXT-HOOK-4/in-another-process EXT-HOOK-4/called-unasked EXT-HOOK-4/called-in-wait", "The hook is called on a process that waits for something else.", func(s *stage) {
		s.hooked(1)
		s.waiting(1)
		s.tells(1, "exit", 0)
		s.hook(11, proc(1), word("exited"), 0)
	}, nil},
	{"EXT-HOOK-4/called-in-signal-handler EXT-HOOK-5/one-call-per-change EXT-HOOK-5/call-for-start", "The hook is called on a thread that is no process: for the start, a stop, a continue and the end.", func(s *stage) {
		s.hooked(1)
		s.hook(11, nil, word("running"), nil)
		s.does(0, "child-tell", ref("child", 1), word("stop")).is(true)
		s.hook(12, nil, word("stopped"), 19)
		s.tells(1, "kill", 18)
		s.hook(13, nil, word("running"), nil)
		s.tells(1, "exit", 0)
		s.hook(14, nil, word("exited"), 0)
	}, func(s *stage) {
		s.hooked(1)
		s.hook(11, nil, word("running"), nil)
		s.hook(12, nil, word("running"), nil)
	}},
	{"EXT-HOOK-5/no-call-for-stop EXT-HOOK-5/no-call-for-continue", "The hook is called for the end alone.", func(s *stage) {
		s.hooked(1)
		s.does(0, "child-tell", ref("child", 1), word("stop")).is(true)
		s.asks(1).is(word("stopped"), 19)
		s.tells(1, "kill", 18)
		s.asks(1).is(word("running"), nil)
		s.tells(1, "exit", 0)
		s.hook(11, nil, word("exited"), 0)
	}, nil},
	{"EXT-HOOK-6/final-status-repeated", "The hook is called for the end more than once.", func(s *stage) {
		s.hooked(1)
		s.tells(1, "exit", 0)
		for n := range 4 {
			s.hook(11+n, nil, word("exited"), 0)
		}
	}, func(s *stage) {
		s.hooked(1)
		s.tells(1, "exit", 0)
		s.hook(11, nil, word("exited"), 0)
		s.hook(12, nil, word("running"), nil)
	}},
	{"EXT-HOOK-7/called-before-start-returns", "A program ends early: the hook is called before start returns.", func(s *stage) {
		start := s.startsHooked(1, fn(5), "exit")
		s.hook(11, nil, word("exited"), 0)
		start.is(process(1))
	}, nil},
	{"EXT-HOOK-7/called-after-start-returns", "A program ends early: the hook is called after start has returned.", func(s *stage) {
		s.startsHooked(1, fn(5), "exit").is(process(1))
		s.hook(11, nil, word("exited"), 0)
	}, nil},
	{"EXT-HOOK-7/hook-error-reaches-caller", "An error in the hook is that of who asks.", hookFails(func(a answer) { a.fails() }), nil},
	{"EXT-HOOK-7/hook-error-kept-away", "An error in the hook is nobody's.", hookFails(func(a answer) { a.is(word("exited"), 0) }), nil},
	{"EXT-HOOK-7/nil-is-no-hook", "Nil is no hook.", func(s *stage) {
		s.startsHooked(1, nil, "exit").is(process(1))
		s.ready(1)
		s.asks(1).is(word("exited"), 0)
	}, nil},
}

// ended has program 1 end with 3, and be seen in a state.
func ended(state string) func(*stage) {
	return func(s *stage) {
		s.starts(1, apart()...)
		s.tells(1, "exit", 3)
		seen := state
		if state == "ended" {
			seen = "zombie"
		}
		s.does(0, "child-await", ref("child", 1), word(state)).is(word(seen))
	}
}

func joined(ends func(answer)) func(*stage) {
	return func(s *stage) {
		s.starts(1, key.Input(nil), key.Output(word("stream")), key.Error(word("output")))
		s.does(0, "process-output-stream", process(1)).is(ref("stream", 1))
		ends(s.does(0, "process-error-stream", process(1)))
	}
}

func (s *stage) signals(signal any) answer { return s.does(0, "signal-process", process(1), signal) }

// reporting sends program 1, which reports signals, one by its name; it reports that number.
func reporting(name string, number int) func(*stage) {
	return func(s *stage) {
		s.starts(1, apart()...)
		s.does(0, "child-tell", ref("child", 1), word("report-signals")).is(true)
		s.signals(word(name)).is(nil)
		s.does(0, "child-await", ref("child", 1), word("signal")).is(number)
	}
}

func signalZero(ends func(answer)) func(*stage) {
	return func(s *stage) {
		s.starts(1, apart()...)
		ends(s.signals(0))
	}
}

func stopped(told any) func(*stage) {
	return func(s *stage) {
		s.starts(1, apart()...)
		s.does(0, "child-tell", ref("child", 1), word("stop")).is(true)
		s.does(0, "child-await", ref("child", 1), word("stopped")).is(word("stopped"))
		s.asks(1).is(word("stopped"), told)
	}
}

// startsHooked calls start of program n with a hook; the program does something of itself, or nothing.
func (s *stage) startsHooked(n int, hook any, does string) answer {
	s.function(5)
	s.prepares(n)
	if does != "" {
		s.plans(n, does, 0)
	}
	return s.does(0, "start", append([]any{path(n), nil, key.StatusHook(hook)}, apart()...)...)
}

// hooked starts program n, whose hook is function 5.
func (s *stage) hooked(n int) {
	s.startsHooked(n, fn(5), "").is(process(n))
	s.ready(n)
}

// hook has the hook of program 1 be called on a process, or nil, and ask for the status.
func (s *stage) hook(frame int, on any, status ...any) {
	s.add(spec.Label{Kind: spec.EnterLabel, Frame: frame, Process: spec.Of(on), Callback: 5, Args: []spec.Value{process(1)}})
	s.does(frame, "process-status", process(1)).is(status...)
	s.leaves(frame)
}

// hookFails has the hook be called by who asks, and signal an error.
func hookFails(ends func(answer)) func(*stage) {
	return func(s *stage) {
		s.hooked(1)
		s.tells(1, "exit", 0)
		asks := s.asks(1)
		s.add(spec.Label{Kind: spec.EnterLabel, Frame: 11, Process: proc(0), Callback: 5, Args: []spec.Value{process(1)}})
		s.does(11, "signal-error", "e").gone()
		ends(asks)
	}
}
