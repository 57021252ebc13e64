package traces

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Ways that are left open of images, for which the catalogue lists no behaviour.
var unlistedOfImages = []unlisted{
	{"INIT-STOP-1_remote-terminator", "Process 2 quits: it calls the remote terminator of process 3 first, which does nothing to that; then process 3 is killed, and the program ends.", func(s *stage) {
		s.quitsWith("remote-terminator", fn(9))
		s.runsIn(11, 2, 9, proc(3))
		answer{s, 3}.gone()
		s.hasEnded(1, 2)
	}, func(s *stage) {
		s.virtual = true // on a real clock it may have begun, and nobody has heard of that
		s.quitsWith("remote-terminator", fn(9))
		answer{s, 3}.gone()
		s.hasEnded(1, 2)
	}},
	{"INIT-STOP-1_killed-after-its-terminator", "Process 2 quits: the remote terminator of process 3 does nothing to that, which is killed, and its cleanup runs before the program ends.", func(s *stage) {
		s.virtual = true
		s.quitsInVain()
		answer{s, 3}.gone()
		s.runsIn(12, 3, 8, proc(3))
		s.hasEnded(1, 2)
	}, func(s *stage) {
		s.virtual = true // on a real clock it may have begun, and nobody has heard of that
		s.quitsInVain()
		answer{s, 3}.gone()
		s.hasEnded(1, 2)
	}},
	{"INIT-STOP-1_killed-at-last", "Process 2 quits: process 3 has ten seconds to end by its terminator, which does nothing, and then it is killed.", func(s *stage) {
		s.virtual = true
		s.quitsWith("remote-terminator", fn(9))
		s.runsIn(11, 2, 9, proc(3))
		for range 10 {
			s.rests()
		}
		answer{s, 3}.gone()
		s.hasEnded(1, 2)
	}, func(s *stage) {
		s.virtual = true
		s.quitsWith("remote-terminator", fn(9))
		s.runsIn(11, 2, 9, proc(3))
		for range 25 { // it never comes
			s.rests()
		}
	}},
	{"INIT-STOP-1_terminator-that-stays", "Process 2 quits, and the remote terminator of process 3 doesn't come to its end: nobody is killed meanwhile.", func(s *stage) {
		s.virtual = true
		s.quitsWith("remote-terminator", fn(9))
		s.entersIn(1, 11, 2, 9, proc(3))
		s.does(11, "make-gate").is(gate(8))
		s.does(11, "gate-wait", gate(8))
		for range 25 {
			s.rests()
		}
	}, func(s *stage) {
		s.virtual = true
		s.quitsWith("remote-terminator", fn(9))
		s.entersIn(1, 11, 2, 9, proc(3))
		s.does(11, "make-gate").is(gate(8))
		s.leaves(11)
		for range 25 {
			s.rests()
		}
	}},
	{"INIT-STOP-1_on-initial-thread", "Process 2 quits: the remote terminator of process 3 is called on the initial thread, which terminates the others.", func(s *stage) {
		s.quitsWith("remote-terminator", fn(9))
		s.runsIn(11, 0, 9, proc(3))
		answer{s, 3}.gone()
		s.hasEnded(1, 2)
	}, func(s *stage) {
		s.quitsWith("remote-terminator", fn(9))
		s.runsIn(11, 3, 9, proc(3)) // as if it were a local one
	}},
	{"INIT-STOP-1_local-terminator", "Process 2 quits: process 3 calls its local terminator, and is killed then.", func(s *stage) {
		s.quitsWith("local-terminator", fn(9))
		s.runsIn(11, 3, 9)
		answer{s, 3}.gone()
		s.hasEnded(1, 2)
	}, func(s *stage) {
		s.quitsWith("local-terminator", fn(9))
		s.runsIn(11, 2, 9)
	}},
	{"INIT-STOP-1_killed-at-once", "Process 2 quits: process 3 is killed before it comes to call its local terminator.", func(s *stage) {
		s.quitsWith("local-terminator", fn(9))
		answer{s, 3}.gone()
		s.hasEnded(1, 2)
	}, func(s *stage) {
		s.quitsWith("local-terminator", fn(9))
		answer{s, 3}.is(nil) // the gate was never opened
	}},
	{"INIT-STOP-1_ended-while-a-terminator-runs", "Process 2 quits, and the remote terminator of process 3 doesn't come to its end: the program ends all the same.", func(s *stage) {
		s.quitsWith("remote-terminator", fn(9))
		s.entersIn(1, 11, 2, 9, proc(3))
		s.does(11, "make-gate").is(gate(8))
		s.does(11, "gate-wait", gate(8))
		s.hasEnded(1, 11, 3, 2)
	}, func(s *stage) {
		s.fresh()
		s.startsWith(2)
		s.does(2, "make-gate").is(gate(8))
		s.does(2, "gate-wait", gate(8))
		s.hasEnded(1, 2) // nobody has quit
	}},
	{"INIT-STOP-1_terminated-by-send", "Process 2 quits: process 3 takes what it is sent, handles it, and so ends.", func(s *stage) {
		s.quitsBySend()
		answer{s, 3}.is(fn(77))
		s.does(3, "general-handle-event", fn(77)).gone()
		s.hasEnded(1, 2)
	}, func(s *stage) {
		s.quitsBySend()
		answer{s, 3}.is(fn(77))
		s.does(3, "general-handle-event", fn(77)).gone()
		answer{s, 2}.is(nil) // it never returns
	}},
	{"INIT-START-1_second-time-refused", "Multiprocessing has ended, and can't be started a second time.", func(s *stage) {
		s.fresh()
		call := s.startsWith(2)
		s.leaves(2)
		call.is(nil)
		s.does(1, "initialize-multiprocessing").fails()
	}, func(s *stage) {
		s.fresh()
		s.does(1, "initialize-multiprocessing").fails()
	}},
	{"INIT-BOOT-1_function-first", "An image with a restart function of the user's is launched with -multiprocessing: the function is called before that starts, in no process.", func(s *stage) {
		s.restartsWith("-multiprocessing")
		s.entersIn(2, 2, 2, 2)
		s.does(2, "get-current-process").is(proc(2))
	}, func(s *stage) {
		s.restartsWith()
		s.entersIn(2, 2, 2, 2) // which nobody has started
	}},
	{"INIT-IP-6_off-after-an-error", "For an element that is no list initialize-multiprocessing signals an error, and multiprocessing is off as before: no process can be made until it starts.", func(s *stage) {
		s.fresh()
		s.listsProcesses(nil, 1)
		s.does(1, "initialize-multiprocessing").fails()
		s.does(1, "make-function", spec.Callback(3)).is(fn(3))
		s.does(1, "process-run-function", "p3", nil, fn(3)).fails()
		s.startsWith(2)
		s.does(2, "get-current-process").is(proc(2))
	}, func(s *stage) {
		s.fresh()
		s.startsWith(2)
		s.does(2, "make-function", spec.Callback(3)).is(fn(3))
		s.does(2, "process-run-function", "p3", nil, fn(3)).fails()
	}},
	{"INIT-IP-6_no-list", "The value of *initial-processes* is no list: initialize-multiprocessing signals an error.", func(s *stage) {
		s.fresh()
		s.does(1, "set-global-value", initialProcesses, 5).is(5)
		s.does(1, "initialize-multiprocessing").fails()
	}, func(s *stage) {
		s.fresh()
		s.does(1, "set-global-value", initialProcesses, nil).is(nil)
		s.does(1, "initialize-multiprocessing").fails()
	}},
	{"INIT-STOP-2_internal-servers-killed", "Once process 2 has returned an internal server alone is left: it is killed, its cleanup runs, and initialize-multiprocessing returns.", func(s *stage) {
		s.servesInside()
		s.leaves(2)
		answer{s, 3}.gone()
		s.entersIn(1, 11, 3, 9, proc(3))
		s.leaves(11)
		answer{s, 1}.is(nil)
	}, func(s *stage) {
		s.servesInside()
		answer{s, 3}.gone() // process 2 runs yet
		s.does(2, "make-gate").is(gate(8))
		s.does(0, "image-wait", image(1), 0).is(nil)
	}},
	{"INIT-STOP-3_ends-afterwards", "Multiprocessing has ended, and initialize-multiprocessing returned: the program may end then, whatever its code does.", func(s *stage) {
		s.fresh()
		call := s.startsWith(2)
		s.leaves(2)
		call.is(nil)
		s.does(1, "make-gate").is(gate(8))
		s.does(1, "gate-wait", gate(8))
		s.hasEnded(1, 1)
	}, func(s *stage) {
		s.fresh() // where nothing has started it goes on
		s.does(1, "make-gate").is(gate(8))
		s.does(1, "gate-wait", gate(8))
		s.hasEnded(1, 1)
	}},
	{"INIT-START-7_environment-by-default", "Nothing was said of the environment when an image was saved: it starts multiprocessing as it is launched.", func(s *stage) {
		s.relaunches()
		s.entersIn(2, 2, 2, 2)
		s.does(2, "get-current-process").is(proc(2))
	}, func(s *stage) {
		s.relaunches(key.Environment(nil))
		s.entersIn(2, 2, 2, 2)
		s.does(2, "get-current-process").is(proc(2))
	}},
	{"INIT-REPL-1_goes-on-after-an-error", "An error leaves code that was typed in, by way of its cleanup form: the listener reads on.", func(s *stage) {
		s.listening()
		s.does(2, "unwind-protect", spec.Callback(5), spec.Callback(6))
		s.entersIn(1, 5, 2, 5)
		s.does(5, "signal-error", "x").gone()
		s.runsIn(6, 2, 6)
		answer{s, 2}.gone()
		s.types(3, 2)
		s.does(3, "make-gate").is(gate(1))
	}, func(s *stage) {
		s.listening()
		s.does(2, "current-process-kill").gone() // that is its end
		s.types(3, 2)
		s.does(3, "make-gate").is(gate(1))
	}},
	{"MBOX-READ-2_nobody-can-send", "While multiprocessing is off who waits for an object in an empty mailbox, for a cell, or for room, waits for ever, or is given nil.", func(s *stage) {
		s.fresh()
		s.waitsForNobody()
	}, func(s *stage) {
		s.listening()
		s.does(2, "make-mailbox").is(mailbox(1))
		s.does(2, "mailbox-read", mailbox(1)).is(nil) // somebody might send
	}},
	{"INIT-SAVE-2_remote-terminator", "While multiprocessing runs save-image ends the other process first: by its remote terminator, and then by a kill.", func(s *stage) {
		save := s.savesWith("remote-terminator", fn(9))
		s.runsIn(11, 2, 9, proc(3))
		answer{s, 3}.gone()
		save.gone()
		s.does(0, "image-wait", image(1), 1).is(true)
	}, func(s *stage) {
		s.virtual = true
		save := s.savesWith("remote-terminator", fn(9))
		answer{s, 3}.gone()
		save.gone()
	}},
}

// startsKeyed has frame 1 start multiprocessing with processes 2 and 3, of which 3 is made with keywords.
func (s *stage) startsKeyed(keywords ...any) {
	s.fresh()
	s.does(1, "make-function", spec.Callback(9)).is(fn(9))
	var elements []any
	for n, keys := range [][]any{nil, keywords} {
		s.does(1, "make-function", spec.Callback(n+2)).is(fn(n + 2))
		elements = append(elements, []any{fmt.Sprint("p", n+2), keys, fn(n + 2)})
	}
	s.does(1, "set-global-value", initialProcesses, elements).is(elements)
	s.does(1, "initialize-multiprocessing")
	s.entersIn(1, 2, 2, 2)
	s.entersIn(1, 3, 3, 3)
}

// quitsWith has process 2 quit while process 3, which has that terminate method, waits.
func (s *stage) quitsWith(keyword string, value any) {
	s.startsKeyed(spec.Keyword(keyword), value)
	s.does(3, "make-gate").is(gate(1))
	s.does(3, "gate-wait", gate(1))
	s.does(2, "quit")
}

// quitsInVain has process 2 quit while process 3 waits, which has a cleanup, and a terminator that is called.
func (s *stage) quitsInVain() {
	s.startsKeyed(spec.Keyword("remote-terminator"), fn(9))
	s.does(3, "make-function", spec.Callback(8)).is(fn(8))
	s.does(3, "ensure-process-cleanup", fn(8)).is(true)
	s.does(3, "make-gate").is(gate(1))
	s.does(3, "gate-wait", gate(1))
	s.does(2, "quit")
	s.runsIn(11, 2, 9, proc(3))
}

// relaunches saves an image that lists process 2 and launches it.
func (s *stage) relaunches(keys ...any) {
	s.does(0, "file-prepare").is(ref("file", 1), filePath(1))
	s.fresh()
	s.listsProcesses([]int{2})
	s.does(1, "save-image", append([]any{filePath(1)}, keys...)...).gone()
	s.does(0, "image-wait", image(1), 1).is(true)
	s.does(0, "launch", filePath(1)).is(image(2))
}

// waitsForNobody has frame 1, where there is no process, wait in several operations.
func (s *stage) waitsForNobody() {
	s.does(1, "make-mailbox", key.Size(1)).is(mailbox(1))
	s.does(1, "mailbox-read", mailbox(1)).is(nil, nil)
	s.does(1, "mailbox-wait", mailbox(1)).is(nil)
	s.does(1, "make-cell", nil).is(cell(1))
	s.does(1, "process-wait", "a cell", []any{spec.Keyword("cell-is"), cell(1), true}).is(nil)
	s.does(1, "mailbox-send", mailbox(1), 1).is(true)
	s.does(1, "mailbox-send-limited", mailbox(1), 1, 1).is(nil)
	s.does(1, "mailbox-read", mailbox(1)).is(1, true)
}

// servesInside has process 3, an internal server with a cleanup, wait.
func (s *stage) servesInside() {
	s.startsKeyed(spec.Keyword("internal-server"), true)
	s.does(3, "ensure-process-cleanup", fn(9)).is(true)
	s.does(3, "make-gate").is(gate(1))
	s.does(3, "gate-wait", gate(1))
}

// quitsBySend has process 2 quit while process 3 waits for what ends it.
func (s *stage) quitsBySend() {
	s.startsKeyed(spec.Keyword("terminate-by-send"), true)
	s.does(3, "process-wait-for-event")
	s.does(2, "quit")
}

// savesWith has process 2 save an image instead.
func (s *stage) savesWith(keyword string, value any) answer {
	s.does(0, "file-prepare").is(ref("file", 1), filePath(1))
	s.startsKeyed(spec.Keyword(keyword), value)
	s.does(3, "make-gate").is(gate(1))
	s.does(3, "gate-wait", gate(1))
	return s.does(2, "save-image", filePath(1), key.Environment(nil))
}

// runsIn begins and ends code in image 1, which asks something, so that it shows when it ran.
func (s *stage) runsIn(frame, process, callback int, args ...spec.Value) {
	s.entersIn(1, frame, process, callback, args...)
	s.does(frame, "make-gate").is(gate(40 + frame))
	s.leaves(frame)
}

// hasEnded has the test wait for the end of an image, and tells then that what those frames do never returns.
func (s *stage) hasEnded(n int, frames ...int) {
	s.does(0, "image-wait", image(n), 1).is(true)
	for _, f := range frames {
		answer{s, f}.gone()
	}
}

// restartsWith launches an image that lists process 2 and has restart function 5, with those arguments: the function is called on
// the initial thread, in frame 5, and returns.
func (s *stage) restartsWith(arguments ...any) {
	s.does(0, "file-prepare").is(ref("file", 1), filePath(1))
	s.fresh()
	s.listsProcesses([]int{2})
	s.does(1, "make-function", spec.Callback(5)).is(fn(5))
	s.does(1, "save-image", filePath(1), key.RestartFunction(fn(5)), key.Environment(nil)).gone()
	s.does(0, "image-wait", image(1), 1).is(true)
	s.does(0, "launch", append([]any{filePath(1)}, arguments...)...).is(image(2))
	s.entersIn(2, 5, 0, 5)
	s.does(5, "get-current-process").is(nil)
	s.leaves(5)
}
