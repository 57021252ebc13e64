package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var lambda = spec.Of([]any{spec.Symbol{Package: "CL", Name: "LAMBDA"}, []any{sym("P")}, 1})

// What is left open of the arguments of a registration.
var formShowings = []showing{
	{"CLEAN-FORM-4/called-with-process", "A symbol as the form: its function is called with the process.", func(s *stage) {
		s.bare()
		s.does(1, "ensure-process-cleanup", sym("FORM")).is(true)
		s.leaves(1)
		s.runs(11, 1, 5, proc(1))
	}, func(s *stage) {
		s.bare()
		s.does(1, "ensure-process-cleanup", sym("FORM")).is(true)
		s.leaves(1)
		s.runs(11, 1, 5)
	}},
	{"CLEAN-FORM-4/error-at-registration", "A symbol as the form is refused.", func(s *stage) {
		s.bare()
		s.does(1, "ensure-process-cleanup", sym("FORM")).fails()
	}, func(s *stage) {
		s.spawn(1)
		s.does(1, "ensure-process-cleanup", fn(1)).fails()
	}},
	{"CLEAN-FORM-4/error-at-run-time", "A symbol as the form is an error when it is run; the other form runs.", func(s *stage) {
		s.virtual = true
		s.bare()
		s.function(2)
		s.does(1, "ensure-process-cleanup", sym("FORM")).is(true)
		s.does(1, "ensure-process-cleanup", fn(2), key.Priority(1)).is(true)
		s.leaves(1)
		s.runs(11, 1, 2, proc(1))
		s.rests()
		s.does(0, "process-join", proc(1), key.Timeout(0)).is(true)
	}, nil},
	{"CLEAN-FORM-5/error-at-registration", "What can be no form is refused: nil, a number, a lambda expression as a list, a symbol that names no function.", doubtful(func(a answer) { a.fails() }), nil},
	{"CLEAN-FORM-5/error-at-run-time", "What can be no form is an error when it is run, and the remaining forms don't run.", func(s *stage) {
		s.virtual = true
		s.spawn(1)
		s.function(2)
		s.does(1, "ensure-process-cleanup", 7).is(true)
		s.does(1, "ensure-process-cleanup", fn(2), key.Priority(1)).is(true)
		s.leaves(1)
		s.rests()
	}, nil},
	{"CLEAN-FORM-5/ignored", "What can be no form is ignored.", doubtful(func(a answer) { a.is(nil) }), nil},
	{"CLEAN-FORM-5/lambda-list-called", "Lambda expressions as lists are called, of which nobody sees the first; then the other form runs.", lambdas(proc(1), 7), func(s *stage) {
		lambdas(7, proc(1))(s)
	}},
	{"CLEAN-FORM-6/resolved-at-registration", "A symbol is defined anew after it was registered: what it meant then is called.", redefined(5), nil},
	{"CLEAN-FORM-6/resolved-at-run-time", "A symbol is defined anew after it was registered: what it means when it is run is called.", redefined(6), func(s *stage) {
		redefined(4)(s)
	}},
	{"CLEAN-LEG-3/mixture-error", "A process as second argument and keywords beside it are refused.", func(s *stage) {
		s.waiting(1)
		s.does(0, "ensure-process-cleanup", fn(1), proc(1), key.Priority(3)).fails()
	}, func(s *stage) {
		s.waiting(1)
		s.does(0, "ensure-process-cleanup", fn(1), proc(1)).fails()
	}},
	{"CLEAN-LEG-3/mixture-keywords-honoured", "Keywords beside a process as second argument count.", func(s *stage) {
		s.waiting(1)
		s.does(0, "ensure-process-cleanup", fn(1), proc(1), key.Priority(3)).is(true)
		s.does(0, "ensure-process-cleanup", fn(1), key.Process(proc(1)), key.Priority(0)).fails()
	}, nil},
	{"CLEAN-LEG-3/mixture-keywords-ignored", "Keywords beside a process as second argument are ignored.", func(s *stage) {
		s.waiting(1)
		s.does(0, "ensure-process-cleanup", fn(1), proc(1), key.Priority(3)).is(true)
		s.does(0, "ensure-process-cleanup", fn(1), key.Process(proc(1)), key.Priority(3)).fails()
	}, func(s *stage) {
		s.waiting(1)
		s.does(0, "ensure-process-cleanup", fn(1), key.Process(proc(1)), key.Priority(3)).is(true)
		s.does(0, "ensure-process-cleanup", fn(1), key.Process(proc(1)), key.Priority(3)).fails()
	}},
	{"CLEAN-LEG-3/nil-process-error", "Nil as second argument, or as :process, is refused.", func(s *stage) {
		s.function(1)
		s.does(0, "ensure-process-cleanup", fn(1), nil).fails()
		s.does(0, "ensure-process-cleanup", fn(1), key.Process(nil)).fails()
	}, nil},
	{"CLEAN-LEG-3/nil-means-current-process", "Nil as second argument, or as :process, means the current process.", func(s *stage) {
		s.spawn(1)
		s.function(2)
		s.function(3)
		s.does(1, "ensure-process-cleanup", fn(2), nil).is(true)
		s.does(1, "ensure-process-cleanup", fn(3), key.Process(nil), key.Priority(1)).is(true)
		s.leaves(1)
		s.runs(11, 1, 2, proc(1))
		s.runs(12, 1, 3, proc(1))
	}, nil},
	{"CLEAN-PRI-2/out-of-range-error", "A priority of 2000000 is refused.", func(s *stage) {
		s.function(1)
		s.does(0, "ensure-process-cleanup", fn(1), key.Priority(2_000_000)).fails()
	}, func(s *stage) {
		s.function(1)
		s.does(0, "ensure-process-cleanup", fn(1), key.Priority(1_000_000)).fails()
	}},
	{"CLEAN-PRI-2/out-of-range-accepted", "A priority of 2000000 is accepted, and runs last.", fractions(2_000_000, 1, 5, 2), nil},
	{"CLEAN-PRI-2/non-integer-error", "A priority of 0.5 is refused.", func(s *stage) {
		s.function(1)
		s.does(0, "ensure-process-cleanup", fn(1), key.Priority(0.5)).fails()
	}, nil},
	{"CLEAN-PRI-2/non-integer-accepted", "A priority of 0.5 is accepted, and runs between those of 0 and 1.", fractions(0.5, 1, 2, 5), func(s *stage) {
		fractions(0.5, 1, 5)(s)
		s.does(0, "process-join", proc(1)).is(true)
		s.runs(29, 1, 5, proc(1)) // once more
	}},
}

// bare makes process 1, and a symbol that names callback 5.
func (s *stage) bare() {
	s.does(0, "defun", sym("FORM"), spec.Callback(5)).is(sym("FORM"))
	s.spawn(1)
}

func doubtful(ends func(answer)) func(*stage) {
	return func(s *stage) {
		for _, form := range []any{nil, 7, lambda, sym("NOBODY"), []any{sym("NOBODY"), 1}} {
			ends(s.does(0, "ensure-process-cleanup", form))
		}
	}
}

// lambdas registers a lambda expression that tells nobody, one that calls callback 5 with its parameter
// and 7, and function 2, and has them run; the callback gets other arguments where others are given.
func lambdas(arguments ...any) func(*stage) {
	return func(s *stage) {
		s.bare()
		s.function(2)
		telling := []any{spec.Symbol{Package: "CL", Name: "LAMBDA"}, []any{sym("P")}, []any{sym("FORM"), sym("P"), 7}}
		s.does(1, "ensure-process-cleanup", lambda).is(true)
		s.does(1, "ensure-process-cleanup", telling, key.Priority(1)).is(true)
		s.does(1, "ensure-process-cleanup", fn(2), key.Priority(2)).is(true)
		s.leaves(1)
		s.runs(11, 1, 5, arguments...)
		s.runs(12, 1, 2, proc(1))
	}
}

// redefined registers a symbol that names callback 5, has it name callback 6, and this callback run.
func redefined(runs int) func(*stage) {
	return func(s *stage) {
		s.bare()
		s.does(1, "ensure-process-cleanup", []any{sym("FORM"), 1}).is(true)
		s.does(0, "defun", sym("FORM"), spec.Callback(6)).is(sym("FORM"))
		s.leaves(1)
		s.runs(11, 1, runs, proc(1), 1)
	}
}

// fractions registers function 1 at 0, 2 at a priority and 5 at 1, which run in that order.
func fractions(priority any, order ...int) func(*stage) {
	return func(s *stage) {
		s.spawn(1)
		s.function(2)
		s.function(5)
		s.does(1, "ensure-process-cleanup", fn(1)).is(true)
		s.does(1, "ensure-process-cleanup", fn(2), spec.Key{Name: "priority", Value: spec.Of(priority)}).is(true)
		s.does(1, "ensure-process-cleanup", fn(5), key.Priority(1)).is(true)
		s.leaves(1)
		for i, n := range order {
			s.runs(20+i, 1, n, proc(1))
		}
	}
}
