package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of children.
var reapShowings = []showing{
	{"REAP-ARG-1/bad-pid-error", "A pid that is no integer is an error.", func(s *stage) {
		s.does(0, "reap-os-subprocess", key.Pid("all"), key.Wait(false)).fails()
	}, nil},
	{"REAP-ARG-1/odd-wait-error", "A wait that is neither t nor nil is an error.", func(s *stage) {
		s.does(0, "reap-os-subprocess", key.Wait(7)).fails()
	}, func(s *stage) {
		s.does(0, "reap-os-subprocess", key.Wait(true)).fails()
	}},
	{"REAP-ARG-1/odd-wait-as-true", "A wait that is neither t nor nil is as good as t.", func(s *stage) {
		s.child(1)
		s.tells(1, "exit", 3)
		s.does(0, "reap-os-subprocess", key.Wait(7)).is(3, pid(1), nil)
	}, func(s *stage) {
		s.child(1)
		s.does(0, "reap-os-subprocess", key.Wait(7)).is(nil, -1, nil)
	}},
	{"REAP-CONC-1/each-reported-once", "Two processes reap two children: each gets one.", func(s *stage) {
		s.child(1)
		s.child(2)
		s.spawn(1)
		s.spawn(3)
		one, other := s.does(0, "reap-os-subprocess"), s.does(1, "reap-os-subprocess")
		s.ends(1, 0)
		s.ends(2, 0)
		one.is(0, pid(2), nil)
		other.is(0, pid(1), nil)
	}, func(s *stage) {
		s.child(1)
		s.child(2)
		s.spawn(1)
		s.spawn(3)
		one, other := s.does(0, "reap-os-subprocess"), s.does(1, "reap-os-subprocess")
		s.ends(1, 0)
		s.ends(2, 0)
		one.is(0, pid(1), nil)
		other.is(0, pid(1), nil)
	}},
	{"REAP-CONC-1/late-caller-gets-nil-nil", "Two processes reap one child: the second one gets nil and nil.", func(s *stage) {
		s.child(1)
		s.spawn(1)
		s.spawn(3)
		one, other := s.does(0, "reap-os-subprocess"), s.does(1, "reap-os-subprocess")
		s.ends(1, 0)
		one.is(0, pid(1), nil)
		other.is(nil, nil, nil)
	}, nil},
	{"REAP-SIG-4/nil-nil-when-none-left", "The Lisp ignores the signals of its children: a call waits until none is left, and returns nil and nil.", func(s *stage) {
		s.child(1)
		s.does(0, "ignore-child-signals").is(true)
		s.tells(1, "exit", 3)
		s.does(0, "reap-os-subprocess").is(nil, nil, nil)
	}, func(s *stage) {
		s.child(1)
		s.tells(1, "exit", 3)
		s.does(0, "reap-os-subprocess").is(nil, nil, nil)
	}},
	{"REAP-SIG-4/nil-pid-argument-while-running", "The Lisp ignores the signals of its children: a call that doesn't wait returns nil and its pid while one runs.", func(s *stage) {
		s.child(1)
		s.does(0, "ignore-child-signals").is(true)
		s.does(0, "reap-os-subprocess", key.Wait(false)).is(nil, -1, nil)
	}, func(s *stage) {
		s.child(1)
		s.does(0, "ignore-child-signals").is(true)
		s.does(0, "reap-os-subprocess", key.Wait(false)).is(nil, nil, nil)
	}},
	{"REAP-RSC-3/shell-pid", "The pid is that of a shell, whose child the command is.", func(s *stage) {
		s.shell(pid(9))
		s.tells(1, "exit", 3)
		s.does(0, "reap-os-subprocess").is(3, pid(9), nil)
	}, func(s *stage) {
		s.shell(pid(9))
		s.tells(1, "exit", 3)
		s.does(0, "reap-os-subprocess").is(3, pid(1), nil)
	}},
	{"REAP-RSC-3/command-pid", "The pid is that of the command.", func(s *stage) {
		s.shell(pid(1))
		s.tells(1, "exit", 3)
		s.does(0, "reap-os-subprocess").is(3, pid(1), nil)
	}, nil},
	{"REAP-SIG-3/two-values", "Two values come of a child that a signal ended.", signalled(9, pid(1)), nil},
	{"REAP-SIG-3/three-values REAP-STAT-3/signal-number", "Three values come of a child that signal 9 ended; the first is 9.", signalled(9, pid(1), 9), func(s *stage) { signalled(9, pid(1), nil)(s) }},
	{"REAP-SIG-3/more-values", "Four values come of a child that a signal ended.", signalled(9, pid(1), 9, "core"), nil},
	{"REAP-STAT-3/negative-signal-number", "The status of a child that signal 9 ended is -9.", signalled(-9, pid(1), 9), nil},
	{"REAP-STAT-3/signal-plus-128 REAP-STAT-3/raw-wait-word", "The status of a child that signal 9 ended is 137, which is also the wait word of one with a core dump.", signalled(137, pid(1)), nil},
	{"REAP-STAT-3/zero-with-third-value", "The status of a child that signal 9 ended is 0, and the third value is 9.", signalled(0, pid(1), 9), nil},
	{"REAP-STAT-3/another-integer-with-third-value", "The status of a child that signal 9 ended is 77, and the third value is 9.", signalled(77, pid(1), 9), func(s *stage) { signalled(77, pid(1))(s) }},
	{"REAP-WAIT-2/others-run", "Another process goes on while one waits for a child.", func(s *stage) {
		s.child(1)
		s.spawn(1)
		s.spawn(3)
		reap := s.does(1, "reap-os-subprocess")
		s.ends(1, 0)
		reap.is(0, pid(1), nil)
	}, nil},
	{"REAP-WAIT-2/others-suspended", "Another process stands still while one waits for a child.", func(s *stage) {
		s.virtual = true
		s.child(1)
		s.does(0, "child-tell", ref("child", 1), spec.Keyword("exit-after"), 0, 2).is(true)
		s.spawn(1)
		s.gate(9)
		reap := s.does(0, "reap-os-subprocess")
		s.does(1, "gate-open", gate(9))
		s.add(spec.Label{Kind: spec.QuietLabel})
		s.now += 2_000_000_000
		s.add(spec.Label{Kind: spec.ClockLabel})
		reap.is(0, pid(1), nil)
		answer{s, 1}.is(true)
	}, nil},
	{"REAP-WAIT-3/error", "The end of another child interrupts a wait with an error.", interrupted(func(a answer) { a.fails() }, true), func(s *stage) {
		interrupted(func(a answer) { a.fails() }, false)(s)
	}},
	{"REAP-WAIT-3/returns-nil", "The end of another child interrupts a wait, which returns nil.", interrupted(func(a answer) { a.is(nil, nil, nil) }, true), func(s *stage) {
		interrupted(func(a answer) { a.is(nil, pid(1), nil) }, false)(s)
	}},
	{"REAP-WAIT-3/wait-goes-on", "A wait for one child goes on though another one has ended.", func(s *stage) {
		s.child(1)
		s.child(2)
		s.spawn(1)
		s.spawn(3)
		reap := s.does(1, "reap-os-subprocess", key.Pid(pid(1)))
		s.ends(2, 0)
		s.ends(1, 0)
		reap.is(0, pid(1), nil)
	}, nil},
}

func pid(n int) int { return 5000 + n }

// child makes child n, which runs.
func (s *stage) child(n int) {
	command := []string{"", "exec one", "exec two"}[n]
	s.does(0, "child-prepare").is(ref("child", n), command)
	s.does(0, "run-shell-command", command, key.Wait(false)).is(nil, nil, pid(n))
	s.does(0, "child-await", ref("child", n), spec.Keyword("ready")).is(pid(n))
}

// interrupted has process 1 wait for child 1, which runs, and end somehow; child 2 ends meanwhile, or not.
func interrupted(ends func(answer), meanwhile bool) func(*stage) {
	return func(s *stage) {
		s.child(1)
		s.child(2)
		s.spawn(1)
		s.spawn(3)
		reap := s.does(1, "reap-os-subprocess", key.Pid(pid(1)))
		if meanwhile {
			s.ends(2, 0)
		}
		ends(reap)
		s.ends(1, 0)
	}
}

// shell starts child 1 without exec; the pid is that of whom.
func (s *stage) shell(told int) {
	s.does(0, "child-prepare").is(ref("child", 1), "exec one")
	s.does(0, "run-shell-command", "one", key.Wait(false)).is(nil, nil, told)
	s.does(0, "child-await", ref("child", 1), spec.Keyword("ready")).is(pid(1))
}

func (s *stage) tells(n int, command string, number int) {
	s.does(0, "child-tell", ref("child", n), spec.Keyword(command), number).is(true)
}

// ends has the harness tell a child to exit while the test is in an operation: process 3 does it.
func (s *stage) ends(n, code int) {
	s.does(3, "child-tell", ref("child", n), spec.Keyword("exit"), code).is(true)
}

func signalled(values ...any) func(*stage) {
	return func(s *stage) {
		s.child(1)
		s.tells(1, "kill", 9)
		s.does(0, "reap-os-subprocess").is(values...)
	}
}
