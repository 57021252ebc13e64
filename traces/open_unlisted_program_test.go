package traces

import (
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
)

// What is left open of children and programs.
var unlistedOfPrograms = []unlisted{
	{"REAP-NOHANG-3_beside-a-command", "While run-shell-command waits for its command, another process reaps without waiting: waitpid knows that a child runs, so nil and -1.", func(s *stage) {
		command := s.commands()
		s.does(0, "reap-os-subprocess", key.Wait(false)).is(nil, -1, nil)
		s.ends(1, 3)
		command.is(3)
	}, func(s *stage) {
		command := s.commands()
		s.ends(1, 3)
		command.is(3)
		s.does(0, "reap-os-subprocess", key.Wait(false)).is(nil, -1, nil)
	}},
	{"REAP-NOHANG-3_beside-a-run", "The same while run waits for its program.", func(s *stage) {
		run := s.runsBeside()
		s.does(0, "reap-os-subprocess", key.Pid(pid(1)), key.Wait(false)).is(nil, pid(1), nil)
		s.tells(1, "exit", 3)
		run.is(word("exited"), 3)
	}, func(s *stage) {
		run := s.runsBeside()
		s.tells(1, "exit", 3)
		run.is(word("exited"), 3)
		s.does(0, "reap-os-subprocess", key.Pid(pid(1)), key.Wait(false)).is(nil, pid(1), nil)
	}},
	{"REAP-WAIT-1_beside-a-command", "While run-shell-command waits for its command, another process waits for any child: until the command has ended, which is not left to reap.", func(s *stage) {
		reap := s.waitsBesideCommand()
		answer{s, 1}.is(0)
		reap.is(nil, nil, nil)
	}, func(s *stage) {
		reap := s.waitsBesideCommand()
		answer{s, 1}.is(0)
		s.add(spec.Label{Kind: spec.QuietLabel}) // and it waits on
		reap.is(nil, nil, nil)
	}},
	{"REAP-SCOPE-1_status-lost", "Reap-os-subprocess reports a program that start has started: what the library says of its status then is wrong.", func(s *stage) {
		s.endsZombie(3)
		s.does(0, "reap-os-subprocess").is(3, pid(1), nil)
		s.asks(1).is(word("exited"), 0)
	}, func(s *stage) {
		s.endsZombie(3)
		s.asks(1).is(word("exited"), 0) // nobody has taken its end
	}},
	{"REAP-SCOPE-1_status-fails", "The same, and it signals an error.", func(s *stage) {
		s.endsZombie(3)
		s.does(0, "reap-os-subprocess").is(3, pid(1), nil)
		s.asks(1).fails()
	}, func(s *stage) {
		s.endsZombie(3)
		s.does(0, "reap-os-subprocess", key.Pid(0)).is(nil, nil, nil)
		s.asks(1).fails()
	}},
	{"REAP-SCOPE-1_taken-from-run", "While run waits for its program, another process reaps it: what run returns then is wrong.", func(s *stage) {
		run := s.runsBeside()
		s.tells(1, "exit", 3)
		s.does(0, "reap-os-subprocess").is(3, pid(1), nil)
		run.is(word("exited"), 0)
	}, func(s *stage) {
		run := s.runsBeside()
		s.tells(1, "exit", 3)
		run.is(word("exited"), 3)
		s.does(0, "reap-os-subprocess").is(3, pid(1), nil) // which run has reaped
	}},
	{"REAP-SIG-4_run", "The Lisp ignores the signals of its children: run may not learn how its program has ended.", func(s *stage) {
		s.does(0, "ignore-child-signals").is(true)
		run := s.runsBeside()
		s.tells(1, "exit", 3)
		run.is(word("exited"), 0)
	}, func(s *stage) {
		run := s.runsBeside()
		s.tells(1, "exit", 3)
		run.is(word("exited"), 0)
	}},
	{"REAP-SIG-4_start", "The same of a program that start has started.", func(s *stage) {
		s.does(0, "ignore-child-signals").is(true)
		s.starts(1, apart()...)
		s.tells(1, "exit", 3)
		s.does(0, "child-await", ref("child", 1), word("ended")).is(word("absent"))
		s.asks(1).is(word("exited"), 0)
	}, func(s *stage) {
		s.does(0, "ignore-child-signals").is(true)
		s.starts(1, apart()...)
		s.asks(1).is(word("exited"), 0) // it runs
	}},
	{"REAP-WAIT-3_process-interrupt", "A process that waits for a child is interrupted, by a signal: it runs the function, and the wait ends with an error.", func(s *stage) {
		s.interruptedWait()
	}, func(s *stage) {
		s.interruptedWait()
		s.does(1, "reap-os-subprocess").fails() // which nobody has interrupted
	}},
	{"EXT-STAT-12_all-bits", "A program exits with 300, and the host's wait keeps all bits of that.", func(s *stage) {
		s.exitsWith300()
		s.asks(1).is(word("exited"), 300)
		s.asks(1).is(word("exited"), 300)
	}, func(s *stage) {
		s.exitsWith300()
		s.asks(1).is(word("exited"), 300)
		s.asks(1).is(word("exited"), 44) // it is not the same
	}},
	{"REAP-NONE-2_orphan", "The adapter takes orphans over, as process 1 does: a grandchild whose parent has ended is its child, and is reported.", func(s *stage) {
		s.orphans()
		s.does(0, "reap-os-subprocess", key.Wait(false)).is(nil, -1, nil)
		s.tells(2, "exit", 4)
		s.does(0, "reap-os-subprocess").is(4, pid(2), nil)
	}, func(s *stage) {
		s.orphans()
		s.does(0, "reap-os-subprocess", key.Wait(false)).is(nil, nil, nil)
		s.tells(2, "exit", 4)
		s.does(0, "reap-os-subprocess").is(4, pid(2), nil) // which it was not before
	}},
	{"REAP-NONE-2_orphans-parent", "The same: its parent is the adapter.", func(s *stage) {
		s.orphans()
		s.does(0, "pid-state", pid(2)).is(word("alive"), model.AdapterPID, model.AdapterPID)
		s.does(0, "reap-os-subprocess", key.Wait(false)).is(nil, -1, nil)
	}, func(s *stage) {
		s.orphans()
		s.does(0, "pid-state", pid(2)).is(word("alive"), model.AdapterPID, model.AdapterPID)
		s.does(0, "reap-os-subprocess", key.Wait(false)).is(nil, nil, nil)
	}},
	{"EXT-STAT-10_stop-heard-late", "News are late: a program that has been stopped and then killed is running, then stopped, then ended.", func(s *stage) {
		s.stopsAndDies()
		s.asks(1).is(word("running"), nil)
		s.asks(1).is(word("stopped"), 19)
		s.asks(1).is(word("signaled"), 9)
	}, func(s *stage) {
		s.stopsAndDies()
		s.asks(1).is(word("stopped"), 19)
		s.asks(1).is(word("running"), nil) // which it was before
	}},
	{"EXT-STAT-6_stop-heard-late", "The same, and the second value of a stop is nil.", func(s *stage) {
		s.stopsAndDies()
		s.asks(1).is(word("stopped"), nil)
	}, func(s *stage) {
		s.starts(1, apart()...)
		s.tells(1, "kill", 9)
		s.does(0, "child-await", ref("child", 1), word("ended")).is(word("zombie"))
		s.asks(1).is(word("stopped"), nil) // which it never was
	}},
	{"EXT-HOOK-5_stop-heard-late", "News are late: the hook is called for the stop of a program that has been killed since, and again for its end.", func(s *stage) {
		s.function(5)
		s.stopsAndDies(key.StatusHook(fn(5)))
		s.hook(11, nil, word("stopped"), 19)
		s.hook(12, nil, word("signaled"), 9)
	}, func(s *stage) {
		s.function(5)
		s.stopsAndDies(key.StatusHook(fn(5)))
		s.hook(11, nil, word("signaled"), 9)
		s.hook(12, nil, word("running"), nil)
	}},
}

// stopsAndDies starts program 1, which is stopped and then killed.
func (s *stage) stopsAndDies(keys ...any) {
	s.starts(1, append(apart(), keys...)...)
	s.does(0, "child-tell", ref("child", 1), word("stop")).is(true)
	s.does(0, "child-await", ref("child", 1), word("stopped")).is(word("stopped"))
	s.tells(1, "kill", 9)
	s.does(0, "child-await", ref("child", 1), word("ended")).is(word("zombie"))
}

// commands has process 1 wait for a command, which is child 1. Process 3 may end that.
func (s *stage) commands() answer {
	s.spawn(1)
	s.spawn(3)
	s.does(0, "child-prepare").is(ref("child", 1), "exec one")
	command := s.does(1, "run-shell-command", "exec one")
	s.ready(1)
	return command
}

// waitsBesideCommand has the test wait for any child beside such a command, which ends of itself. Nothing happens before that.
func (s *stage) waitsBesideCommand() answer {
	s.virtual = true
	s.commands()
	s.does(3, "child-tell", ref("child", 1), spec.Keyword("exit-after"), 0, 2).is(true)
	s.leaves(3)
	reap := s.does(0, "reap-os-subprocess")
	s.add(spec.Label{Kind: spec.QuietLabel})
	s.now += 2 * time.Second
	s.add(spec.Label{Kind: spec.ClockLabel})
	return reap
}

// runsBeside has process 1 run program 1.
func (s *stage) runsBeside() answer {
	s.spawn(1)
	return s.running(1, apart()...)
}

// exitsWith300 starts program 1, which does so.
func (s *stage) exitsWith300() {
	s.starts(1, apart()...)
	s.tells(1, "exit", 300)
	s.does(0, "child-await", ref("child", 1), word("ended")).is(word("zombie"))
}

// orphans has child 1 start child 2 and end; it is reaped.
func (s *stage) orphans() {
	s.child(1)
	s.does(0, "child-tell", ref("child", 1), word("spawn-grandchild")).is(ref("child", 2))
	s.does(0, "child-await", ref("child", 2), word("ready")).is(pid(2))
	s.tells(1, "exit", 0)
	s.does(0, "reap-os-subprocess").is(0, pid(1), nil)
}

// interruptedWait has process 1 wait for child 1 and be interrupted.
func (s *stage) interruptedWait() {
	s.child(1)
	s.spawn(1)
	s.function(9)
	wait := s.does(1, "reap-os-subprocess")
	s.does(0, "process-interrupt", proc(1), fn(9)).is(true)
	s.runs(11, 1, 9)
	wait.fails()
}

// endsZombie starts program 1, which ends with that code.
func (s *stage) endsZombie(code int) {
	s.starts(1, apart()...)
	s.tells(1, "exit", code)
	s.does(0, "child-await", ref("child", 1), word("ended")).is(word("zombie"))
}
