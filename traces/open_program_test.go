package traces

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of how external programs are run and started.
var programShowings = slices.Concat([]showing{
	{"EXT-RUN-3/others-run", "Another process goes on while one waits in run.", func(s *stage) {
		s.spawn(1)
		run := s.running(1, apart()...)
		s.tells(1, "exit", 0)
		run.is(word("exited"), 0)
	}, func(s *stage) {
		s.spawn(1)
		s.running(1, apart()...).is(word("exited"), 0)
		s.tells(1, "exit", 0)
	}},
	{"EXT-RUN-3/others-suspended", "Another process stands still while one waits in run.", func(s *stage) {
		s.virtual = true
		s.prepares(1)
		s.plans(1, "pause", 2)
		s.plans(1, "exit", 0)
		s.spawn(1)
		s.gate(9)
		run := s.does(0, "run", path(1), nil, apart()[0], apart()[1], apart()[2])
		s.does(1, "gate-open", gate(9))
		s.add(spec.Label{Kind: spec.QuietLabel})
		s.now += 2_000_000_000
		s.add(spec.Label{Kind: spec.ClockLabel})
		run.is(word("exited"), 0)
		answer{s, 1}.is(true)
	}, nil},
	{"EXT-RUN-4/signaled-and-number", "Run tells of an end by signal 15: :signaled and 15.", runSignalled(func(a answer) { a.is(word("signaled"), 15) }), runSignalled(func(a answer) { a.is(word("exited"), 0, 0) })},
	{"EXT-RUN-4/signal-number", "Run tells of an end by signal 15: 15.", runSignalled(func(a answer) { a.is(15) }), runSignalled(func(a answer) { a.is(0) })},
	{"EXT-RUN-4/negative-signal-number", "Run tells of an end by signal 15: -15.", runSignalled(func(a answer) { a.is(-15) }), nil},
	{"EXT-RUN-4/signal-plus-128", "Run tells of an end by signal 15: 143.", runSignalled(func(a answer) { a.is(143) }), nil},
	{"EXT-RUN-4/another-nonzero-code", "Run tells of an end by signal 15: 77.", runSignalled(func(a answer) { a.is(77) }), nil},
	{"EXT-RUN-4/error", "Run signals an error where signal 15 ends its program.", runSignalled(func(a answer) { a.fails() }), nil},
	{"EXT-RUN-7/run-error", "Run is given a program that isn't there: an error.", func(s *stage) { s.runsNothing().fails() }, nil},
	{"EXT-RUN-7/run-code-127", "Run is given a program that isn't there: 127.", func(s *stage) { s.runsNothing().is(word("exited"), 127) }, func(s *stage) { s.runsNothing().is(0) }},
	{"EXT-RUN-7/run-code-71", "Run is given a program that isn't there: 71.", func(s *stage) { s.runsNothing().is(71) }, nil},
	{"EXT-RUN-7/start-error", "Start is given a program that isn't there: an error.", func(s *stage) { s.does(0, "start", "/nowhere/x", nil).fails() }, nil},
	{"EXT-RUN-7/start-ends-nonzero", "Start is given a program that isn't there: it ends with 126.", func(s *stage) {
		s.does(0, "start", "/nowhere/x", nil).is(process(1))
		s.asks(1).is(word("exited"), 126)
	}, nil},
	{"EXT-RUN-7/run-another-nonzero-code", "Run is given a program that isn't there: :exited and 126.", func(s *stage) { s.runsNothing().is(word("exited"), 126) }, func(s *stage) { s.runsNothing().is(word("exited"), 0) }},
	{"EXT-RUN-8/error", "Run refuses :stream.", runsToStream(func(a answer) { a.fails() }), nil},
	{"EXT-RUN-8/accepted-output-lost EXT-RUN-8/accepted-output-kept", "Run takes :stream; where the output is nobody sees.", runsToStream(func(a answer) { a.is(word("exited"), 0) }), nil},
	{"EXT-RUN-9/error", "Run refuses a status hook.", runsWithHook(func(a answer) { a.fails() }), nil},
	{"EXT-RUN-9/ignored", "Run ignores a status hook.", runsWithHook(func(a answer) { a.is(word("exited"), 0) }), nil},
	{"EXT-RUN-9/called", "Run calls a status hook, with an object that nobody else sees.", runsWithHook(func(a answer) {
		a.s.enters(11, 0, 5, process(1))
		a.s.leaves(11)
		a.is(word("exited"), 0)
	}), runsWithHook(func(a answer) {
		a.s.enters(11, 0, 6, process(1))
		a.s.leaves(11)
		a.is(word("exited"), 0)
	})},

	{"EXT-IO-5/stream-supported EXT-IO-5/data-while-running EXT-IO-5/stream-left-open EXT-IO-5/utf-8", "A program that was started writes to a stream of a string while it runs.", func(s *stage) {
		s.startsToString()
		s.echoes(1, "a\u00e9b")
		s.text().is("a\u00e9b")
	}, func(s *stage) {
		s.startsToString()
		s.text().is("ab")
	}},
	{"EXT-IO-5/stream-error", "Start refuses a stream of a string.", func(s *stage) {
		s.does(0, "make-string-output-stream").is(ref("stream", 9))
		s.prepares(1)
		s.does(0, "start", path(1), nil, key.Input(nil), key.Output(ref("stream", 9)), key.Error(nil)).fails()
	}, nil},
	{"EXT-IO-5/data-after-end", "What a program writes to a stream of a string is there once it has ended.", func(s *stage) {
		s.startsToString()
		s.echoes(1, "ab")
		s.text().is("")
		s.tells(1, "exit", 0)
		s.asks(1).is(word("exited"), 0)
		s.text().is("ab")
	}, func(s *stage) {
		s.startsToString()
		s.echoes(1, "ab")
		s.text().is("b")
	}},
	{"EXT-IO-5/stream-closed", "A stream of a string is closed once the program has ended.", func(s *stage) {
		s.startsToString()
		s.tells(1, "exit", 0)
		s.asks(1).is(word("exited"), 0)
		s.text().fails()
	}, nil},
	{"EXT-IO-5/another-encoding", "What a program writes is read as Latin-1.", func(s *stage) {
		s.startsToString()
		s.echoes(1, "\u00e9")
		s.text().is("\u00c3\u00a9")
	}, nil},
	{"EXT-IO-8/input-error", ":output for input is refused.", func(s *stage) { s.runsWith("input", word("output")).fails() }, nil},
	{"EXT-IO-8/input-accepted", ":output for input is taken.", func(s *stage) { s.runsWith("input", word("output")).is(0) }, nil},
	{"EXT-IO-8/output-error", ":output for output is refused.", func(s *stage) { s.runsWith("output", word("output")).fails() }, nil},
	{"EXT-IO-8/output-accepted", ":output for output is taken.", func(s *stage) { s.runsWith("output", word("output")).is(0) }, nil},
	{"EXT-IO-9/input-nil", "Without an input a program reads nothing.", func(s *stage) {
		s.does(0, "standard-file", word("input"), "x").is(ref("file", 1))
		s.reads("")
	}, nil},
	{"EXT-IO-9/input-t", "Without an input a program reads the Lisp's.", func(s *stage) {
		s.does(0, "standard-file", word("input"), "x").is(ref("file", 1))
		s.reads("x")
	}, func(s *stage) { s.reads("x") }},
	{"EXT-IO-9/input-stream EXT-IO-9/output-stream EXT-IO-9/error-stream", "Without redirections start makes streams.", func(s *stage) {
		s.starts(1)
		s.does(0, "process-input-stream", process(1)).is(ref("stream", 1))
		s.does(0, "process-output-stream", process(1)).is(ref("stream", 2))
		s.does(0, "process-error-stream", process(1)).is(ref("stream", 3))
	}, func(s *stage) {
		s.starts(1, apart()...)
		s.does(0, "process-input-stream", process(1)).is(ref("stream", 1))
	}},
	{"EXT-IO-9/output-nil EXT-IO-9/error-nil", "Without output and error nothing shows.", func(s *stage) { s.shows("", "") }, nil},
	{"EXT-IO-9/output-t", "Without an output the Lisp's is written to.", func(s *stage) { s.shows("o", "") }, func(s *stage) { s.shows("x", "") }},
	{"EXT-IO-9/error-t", "Without an error the Lisp's is written to.", func(s *stage) { s.shows("", "e") }, nil},
	{"EXT-IO-9/error-output", "Without an error it goes where output goes.", func(s *stage) { s.shows("oe", "") }, nil},
}, fileShowings, environmentShowings)

// What is left open of the options of OPEN.
var fileShowings = []showing{
	{"EXT-IF-1/error-as-open EXT-IF-1/default-error", "A file that is there, and :error, or nothing: an error, and the file is as it was.", func(s *stage) {
		s.writes(key.IfOutputExists(word("error"))).fails()
		s.holds("old")
		s.does(0, "run", path(1), nil, key.Input(nil), key.Output(file), key.Error(nil)).fails()
		s.holds("old")
	}, func(s *stage) {
		s.writes(key.IfOutputExists(word("append"))).is(0)
		s.holds("old")
	}},
	{"EXT-IF-1/append-as-open", "A file that is there, and :append.", func(s *stage) {
		s.writes(key.IfOutputExists(word("append"))).is(0)
		s.holds("oldnew")
	}, func(s *stage) {
		s.writes(key.IfOutputExists(word("append"))).is(0)
		s.holds("new")
	}},
	{"EXT-IF-1/supersede-as-open", "A file that is there, and :supersede.", func(s *stage) {
		s.writes(key.IfOutputExists(word("supersede"))).is(0)
		s.holds("new")
	}, func(s *stage) {
		s.writes(key.IfOutputExists(word("supersede"))).is(0)
		s.holds("old")
	}},
	{"EXT-IF-1/create-as-open", "An input that isn't there, and :create.", func(s *stage) {
		s.readsMissing(key.IfInputDoesNotExist(word("create"))).is(0)
		s.holds("")
	}, func(s *stage) {
		s.readsMissing(key.IfInputDoesNotExist(word("create"))).is(0)
		s.does(0, "file-text", ref("file", 1)).is(nil)
	}},
	{"EXT-IF-1/nil-is-error", "A file that is there, and nil: an error.", func(s *stage) { s.writes(key.IfOutputExists(nil)).fails() }, nil},
	{"EXT-IF-1/nil-gives-nil", "A file that is there, and nil: nil.", func(s *stage) { s.writes(key.IfOutputExists(nil)).is(nil) }, func(s *stage) {
		s.writes(key.IfOutputExists(nil)).is(0)
	}},
	{"EXT-IF-1/default-append", "A file that is there, and nothing said: appended to.", func(s *stage) {
		s.writes().is(0)
		s.holds("oldnew")
	}, nil},
	{"EXT-IF-1/default-supersede", "A file that is there, and nothing said: superseded.", func(s *stage) {
		s.writes().is(0)
		s.holds("new")
	}, func(s *stage) {
		s.writes().is(0)
		s.holds("ne")
	}},
	{"EXT-IF-1/default-create", "An input that isn't there, and nothing said: made.", func(s *stage) {
		s.readsMissing().is(0)
		s.holds("")
	}, nil},
	{"EXT-IF-1/default-nil", "A file that is there, and nothing said: nil.", func(s *stage) { s.writes().is(nil) }, nil},
	{"EXT-IF-1/option-refused", "An option is refused.", func(s *stage) { s.writes(key.IfOutputExists(word("append"))).fails() }, nil},
}

// What is left open of environments.
var environmentShowings = []showing{
	{"EXT-ENV-5/name-error", "A name that is no string is refused.", func(s *stage) { s.given(pair(word("A"), "b")).fails() }, nil},
	{"EXT-ENV-5/name-converted", "A name that is no string is converted.", func(s *stage) {
		s.given(pair(word("A"), "b")).is(0)
		s.tellsEnvironment("HOME=/root", "A=b")
	}, func(s *stage) {
		s.given(pair(word("A"), "b")).is(0)
		s.tellsEnvironment("HOME=/root")
	}},
	{"EXT-ENV-5/value-error", "A value that is no string is refused.", func(s *stage) { s.given(pair("A", 7)).fails() }, nil},
	{"EXT-ENV-5/value-converted", "A value that is no string is converted.", func(s *stage) {
		s.given(pair("A", 7)).is(0)
		s.tellsEnvironment("A=7")
	}, nil},
	{"EXT-ENV-5/repeated-error", "A name twice is refused.", func(s *stage) { s.given(pair("A", "b"), pair("A", "c")).fails() }, nil},
	{"EXT-ENV-5/repeated-first-wins", "Of a name twice the first counts.", func(s *stage) {
		s.given(pair("A", "b"), pair("A", "c")).is(0)
		s.tellsEnvironment("A=b")
	}, func(s *stage) {
		s.given(pair("A", "b"), pair("A", "c")).is(0)
		s.tellsEnvironment("A=d")
	}},
	{"EXT-ENV-5/repeated-last-wins", "Of a name twice the last counts.", func(s *stage) {
		s.given(pair("A", "b"), pair("A", "c")).is(0)
		s.tellsEnvironment("A=c")
	}, nil},
}

const file = "/tmp/of-the-harness/file"

func word(name string) spec.Value { return spec.Keyword(name) }

func path(n int) spec.String { return spec.String(fmt.Sprint("/tmp/of-the-harness/child-", n)) }

func process(n int) spec.Ref { return ref("external-process", n) }

// apart are redirections of a program that is by itself.
func apart() []any { return []any{key.Input(nil), key.Output(nil), key.Error(nil)} }

func (s *stage) prepares(n int) {
	s.does(0, "child-prepare").is(ref("child", n), fmt.Sprint("exec ", n), path(n))
}

func (s *stage) plans(n int, words ...any) {
	s.does(0, "child-plan", append([]any{ref("child", n), word(words[0].(string))}, words[1:]...)...).is(true)
}

// starts makes program n, which runs.
func (s *stage) starts(n int, keys ...any) {
	s.prepares(n)
	s.does(0, "start", append([]any{path(n), nil}, keys...)...).is(process(n))
	s.ready(n)
}

func (s *stage) ready(n int) { s.does(0, "child-await", ref("child", n), word("ready")).is(pid(n)) }

// running has a process run program 1.
func (s *stage) running(frame int, keys ...any) answer {
	s.prepares(1)
	run := s.does(frame, "run", append([]any{path(1), nil}, keys...)...)
	s.ready(1)
	return run
}

func runSignalled(ends func(answer)) func(*stage) {
	return func(s *stage) {
		s.spawn(1)
		run := s.running(1, apart()...)
		s.tells(1, "kill", 15)
		ends(run)
	}
}

func (s *stage) runsNothing() answer { return s.does(0, "run", "/nowhere/x", nil) }

func (s *stage) asks(n int) answer { return s.does(0, "process-status", process(n)) }

// once runs program 1, which ends with 0 after it has done something.
func (s *stage) once(keys ...any) answer {
	return s.does(0, "run", append([]any{path(1), nil}, keys...)...)
}

func runsToStream(ends func(answer)) func(*stage) {
	return func(s *stage) {
		s.prepares(1)
		s.plans(1, "echo", "x")
		s.plans(1, "exit", 0)
		ends(s.once(key.Input(nil), key.Output(word("stream")), key.Error(nil)))
	}
}

func runsWithHook(ends func(answer)) func(*stage) {
	return func(s *stage) {
		s.function(5)
		s.prepares(1)
		s.plans(1, "exit", 0)
		ends(s.once(append(apart(), key.StatusHook(fn(5)))...))
	}
}

// runsWith runs a program that exits with 0, with one redirection.
func (s *stage) runsWith(name string, v spec.Value) answer {
	s.prepares(1)
	s.plans(1, "exit", 0)
	keys := apart()
	for i, k := range keys {
		if k.(spec.Key).Name == name {
			keys[i] = spec.Key{Name: name, Value: v}
		}
	}
	return s.once(keys...)
}

// startsToString starts program 1, which writes to stream 9.
func (s *stage) startsToString() {
	s.does(0, "make-string-output-stream").is(ref("stream", 9))
	s.starts(1, key.Input(nil), key.Output(ref("stream", 9)), key.Error(nil))
}

func (s *stage) echoes(n int, text string) {
	s.does(0, "child-tell", ref("child", n), word("echo"), text, word("stdout")).is(true)
}

func (s *stage) text() answer { return s.does(0, "get-output-stream-string", ref("stream", 9)) }

// reads runs a program without an input, which reads that.
func (s *stage) reads(text string) {
	s.prepares(1)
	s.plans(1, "read")
	s.plans(1, "exit", 0)
	s.once(key.Output(nil), key.Error(nil)).is(0)
	s.does(0, "child-tell", ref("child", 1), word("input")).is(text)
}

// shows runs a program without output and error, and tells what the Lisp's own hold then.
func (s *stage) shows(output, err string) {
	s.does(0, "standard-file", word("output")).is(ref("file", 1))
	s.does(0, "standard-file", word("error")).is(ref("file", 2))
	s.prepares(1)
	s.plans(1, "echo", "o", word("stdout"))
	s.plans(1, "echo", "e", word("stderr"))
	s.plans(1, "exit", 0)
	s.once(key.Input(nil)).is(0)
	s.does(0, "file-text", ref("file", 1)).is(output)
	s.does(0, "file-text", ref("file", 2)).is(err)
}

// writes runs a program that writes to a file which is there.
func (s *stage) writes(keys ...any) answer {
	s.does(0, "file-prepare", "old").is(ref("file", 1), file)
	s.prepares(1)
	s.plans(1, "echo", "new", word("stdout"))
	s.plans(1, "exit", 0)
	return s.once(append([]any{key.Input(nil), key.Output(file), key.Error(nil)}, keys...)...)
}

// readsMissing runs a program that reads a file which isn't there.
func (s *stage) readsMissing(keys ...any) answer {
	s.does(0, "file-prepare").is(ref("file", 1), file)
	s.prepares(1)
	s.plans(1, "exit", 0)
	return s.once(append([]any{key.Input(file), key.Output(nil), key.Error(nil)}, keys...)...)
}

func (s *stage) holds(text string) { s.does(0, "file-text", ref("file", 1)).is(text) }

func pair(name, value any) spec.Value {
	return spec.List{Items: []spec.Value{spec.Of(name)}, Dotted: spec.Of(value)}
}

// given runs a program with an environment.
func (s *stage) given(pairs ...spec.Value) answer {
	s.prepares(1)
	s.plans(1, "exit", 0)
	return s.once(append(apart(), key.Environment(spec.NewList(pairs...)))...)
}

func (s *stage) tellsEnvironment(entries ...any) {
	s.does(0, "child-tell", ref("child", 1), word("environ")).is(spec.Of(entries))
}
