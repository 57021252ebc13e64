package traces

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of images. Frame 1 is that of code which is typed into image 1, and frame n of process n there.

var (
	initialProcesses = spec.Symbol{Package: "MP", Name: "*INITIAL-PROCESSES*"}
	initializing     = spec.Symbol{Package: "MP", Name: "INITIALIZE-MULTIPROCESSING"}
)

func image(n int) spec.Ref { return ref("image", n) }

func filePath(n int) spec.String { return spec.String(fmt.Sprint("/tmp/image-", n)) }

// entersIn begins code in an image, on its initial thread where the process is 0.
func (s *stage) entersIn(image, frame, process, callback int, args ...spec.Value) {
	l := spec.Label{Kind: spec.EnterLabel, Image: image, Frame: frame, Callback: spec.Callback(callback), Args: args}
	if process != 0 {
		l.Process = proc(process)
	}
	s.add(l)
}

// fresh launches image 1, in which code is typed in.
func (s *stage) fresh() {
	s.does(0, "launch", nil).is(image(1))
	s.types(1, 0)
}

// types has code be typed in that runs in that frame.
func (s *stage) types(frame, process int) {
	s.does(0, "type-in", image(1), spec.Callback(frame)).is(nil)
	s.entersIn(1, frame, process, frame)
}

// listsProcesses has frame 1 list processes, by their numbers, with other elements before.
func (s *stage) listsProcesses(processes []int, before ...any) {
	elements := before
	for _, n := range processes {
		s.does(1, "make-function", spec.Callback(n)).is(fn(n))
		elements = append(elements, []any{fmt.Sprint("p", n), nil, fn(n)})
	}
	s.does(1, "set-global-value", initialProcesses, elements).is(elements)
}

// startsWith has frame 1 start multiprocessing with processes, which begin.
func (s *stage) startsWith(processes ...int) answer {
	s.listsProcesses(processes)
	call := s.does(1, "initialize-multiprocessing")
	for _, n := range processes {
		s.entersIn(1, n, n, n)
	}
	return call
}

// listening has a default listener evaluate code, in frame and process 2.
func (s *stage) listening() {
	s.fresh()
	s.does(1, "initialize-multiprocessing")
	s.types(2, 2)
}

// savesRunning has process 2 call save-image while process 3 waits, with a cleanup.
func (s *stage) savesRunning() answer {
	s.does(0, "file-prepare").is(ref("file", 1), filePath(1))
	s.fresh()
	s.startsWith(2, 3)
	s.waitsWithCleanup(3)
	return s.does(2, "save-image", filePath(1), key.Environment(nil))
}

func (s *stage) waitsWithCleanup(frame int) {
	s.does(frame, "make-function", spec.Callback(9)).is(fn(9))
	s.does(frame, "ensure-process-cleanup", fn(9)).is(true)
	s.does(frame, "make-gate").is(gate(1))
	s.does(frame, "gate-wait", gate(1))
}

// quits has process 2 quit while process 3 waits.
func (s *stage) quits() {
	s.fresh()
	s.startsWith(2, 3)
	s.waitsWithCleanup(3)
	s.does(2, "quit")
}

var imageShowings = []showing{
	{"PROC-CREATE-8/error", "While multiprocessing is off process-run-function signals an error, each time.", func(s *stage) {
		s.fresh()
		s.does(1, "make-function", spec.Callback(2)).is(fn(2))
		s.does(1, "process-run-function", "p2", nil, fn(2)).fails()
		s.does(1, "process-run-function", "p2", nil, fn(2)).fails()
	}, nil},
	{"PROC-CREATE-8/begins-later", "While multiprocessing is off process-run-function makes a process that begins once it has started.", func(s *stage) {
		s.fresh()
		s.does(1, "make-function", spec.Callback(2)).is(fn(2))
		s.does(1, "process-run-function", "p2", nil, fn(2)).is(proc(2))
		s.does(1, "get-current-process").is(nil)
		s.does(1, "initialize-multiprocessing")
		s.entersIn(1, 2, 2, 2)
	}, nil},
	{"PROC-CREATE-8/starts-multiprocessing", "While multiprocessing is off process-run-function starts it.", func(s *stage) {
		s.fresh()
		s.does(1, "make-function", spec.Callback(2)).is(fn(2))
		s.does(1, "process-run-function", "p2", nil, fn(2)).is(proc(2))
		s.entersIn(1, 2, 2, 2)
		s.does(2, "get-current-process").is(proc(2))
	}, nil},
	{"INIT-START-5/error", "A second call of initialize-multiprocessing signals an error, each time.", func(s *stage) {
		s.fresh()
		s.startsWith(2)
		s.does(2, "initialize-multiprocessing").fails()
		s.does(2, "initialize-multiprocessing").fails()
	}, nil},
	{"INIT-START-5/returns-at-once", "A second call of initialize-multiprocessing returns.", func(s *stage) {
		s.fresh()
		s.startsWith(2)
		s.does(2, "initialize-multiprocessing").is(nil)
	}, nil},
	{"INIT-START-5/waits-until-end", "A second call of initialize-multiprocessing waits, where nothing else happens.", func(s *stage) {
		s.virtual = true
		s.fresh()
		s.startsWith(2)
		s.does(2, "initialize-multiprocessing")
		s.rests()
	}, nil},
	{"INIT-REPL-3/default-priority INIT-REPL-3/no-extra-processes", "The default listener has the default priority, and is alone.", func(s *stage) {
		s.listening()
		s.does(2, "global-value", defaultPriority).is(0)
		s.does(2, "process-priority", proc(2)).is(0)
		s.does(2, "list-all-processes").is([]any{proc(2)})
	}, nil},
	{"INIT-REPL-3/another-priority INIT-REPL-3/extra-processes-appear", "The default listener has another priority, and there are processes of the implementation's beside it.", func(s *stage) {
		s.listening()
		s.does(2, "global-value", defaultPriority).is(0)
		s.does(2, "process-priority", proc(2)).is(7)
		s.does(2, "list-all-processes").is([]any{proc(2), proc(7)})
	}, func(s *stage) {
		s.listening()
		s.does(2, "process-priority", proc(2)).is(7)
		s.does(2, "process-priority", proc(2)).is(8)
	}},
	{"INIT-IP-6/late-change-no-effect", "Once multiprocessing has started nothing comes of what *initial-processes* lists.", func(s *stage) {
		s.virtual = true
		s.fresh()
		s.startsWith(2)
		s.does(2, "set-global-value", initialProcesses, []any{[]any{"p3", nil, fn(2)}}).is([]any{[]any{"p3", nil, fn(2)}})
		s.does(2, "make-gate").is(gate(1))
		s.does(2, "gate-wait", gate(1))
		s.rests()
	}, func(s *stage) {
		s.fresh()
		s.startsWith(2)
		s.does(2, "set-global-value", initialProcesses, []any{[]any{"p3", nil, fn(2)}}).is([]any{[]any{"p3", nil, fn(2)}})
		s.entersIn(1, 3, 3, 2)
	}},
	{"INIT-IP-6/malformed-error-at-start", "For an element that is no list initialize-multiprocessing signals an error.", func(s *stage) {
		s.fresh()
		s.listsProcesses(nil, 1)
		s.does(1, "initialize-multiprocessing").fails()
	}, func(s *stage) {
		s.fresh()
		s.listsProcesses([]int{2})
		s.does(1, "initialize-multiprocessing").fails()
	}},
	{"INIT-IP-6/malformed-element-skipped", "An element that is no list is passed over.", func(s *stage) {
		s.fresh()
		s.listsProcesses([]int{2}, 1)
		s.does(1, "initialize-multiprocessing")
		s.entersIn(1, 2, 2, 2)
	}, nil},
	{"INIT-BOOT-9/started-once", "An image whose restart function starts multiprocessing is launched with -multiprocessing: what it lists begins once.", func(s *stage) {
		s.startsTwice()
	}, func(s *stage) {
		s.startsTwice()
		s.entersIn(2, 3, 3, 2)
	}},
	{"INIT-SAVE-2/error-still-running INIT-SAVE-3/no-file-left", "While multiprocessing runs save-image signals an error and leaves no file; the others go on.", func(s *stage) {
		s.savesRunning().fails()
		s.does(0, "file-text", ref("file", 1)).is(nil)
		s.does(2, "get-current-process").is(proc(2))
	}, func(s *stage) {
		s.savesRunning().fails()
		s.does(0, "launch", filePath(1)).is(image(2))
	}},
	{"INIT-SAVE-2/refusal-message INIT-SAVE-3/file-left", "While multiprocessing runs save-image returns and leaves a part of a file, of which nothing can be launched.", func(s *stage) {
		s.savesRunning().is(nil)
		s.does(0, "file-text", ref("file", 1)).is("a part")
		s.does(0, "launch", filePath(1)).fails()
	}, func(s *stage) {
		s.savesRunning().is(nil)
		s.does(0, "launch", filePath(1)).is(image(2))
	}},
	{"INIT-SAVE-2/stops-then-saves", "While multiprocessing runs save-image ends the other process, whose cleanup runs, and then the program; the image can be launched.", func(s *stage) {
		save := s.savesRunning()
		answer{s, 3}.gone()
		s.entersIn(1, 4, 3, 9, proc(3))
		s.leaves(4)
		save.gone()
		s.does(0, "image-wait", image(1), 1).is(true)
		s.does(0, "launch", filePath(1)).is(image(2))
	}, nil},
	{"INIT-STOP-3/last-process-gone", "Once the process that was listed has ended initialize-multiprocessing returns nil.", func(s *stage) {
		s.fresh()
		call := s.startsWith(2)
		s.leaves(2)
		call.is(nil)
	}, func(s *stage) {
		s.fresh()
		call := s.startsWith(2)
		s.does(2, "make-gate").is(gate(1))
		call.is(nil)
		s.does(2, "gate-open", gate(1)).is(true)
	}},
	{"INIT-STOP-3/quit CLEAN-RUN-4/run-at-exit", "One process quits: the other one is ended, with its cleanup, and then the program.", func(s *stage) {
		s.quits()
		answer{s, 3}.gone()
		s.entersIn(1, 4, 3, 9, proc(3))
		s.leaves(4)
		answer{s, 2}.gone()
		s.does(0, "image-wait", image(1), 1).is(true)
	}, func(s *stage) {
		s.quits()
		answer{s, 2}.is(nil)
	}},
	{"CLEAN-RUN-4/not-run-at-exit", "One process quits, and the program ends, with no cleanup of the other one.", func(s *stage) {
		s.profile = []string{"posix-waitpid"} // no page that says otherwise
		s.quits()
		s.does(0, "image-wait", image(1), 1).is(true)
		answer{s, 3}.gone()
		answer{s, 2}.gone()
	}, nil},
}

// startsTwice launches an image, with two reasons to start multiprocessing: process 2 begins.
func (s *stage) startsTwice() {
	s.does(0, "file-prepare").is(ref("file", 1), filePath(1))
	s.fresh()
	s.listsProcesses([]int{2})
	s.does(1, "save-image", filePath(1), key.RestartFunction(initializing), key.Environment(nil)).gone()
	s.does(0, "image-wait", image(1), 1).is(true)
	s.does(0, "launch", filePath(1), "-multiprocessing").is(image(2))
	s.entersIn(2, 2, 2, 2)
}
