package traces

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
)

// arities are calls of operations that return at once, with what they return: as documented, then with
// further values, which no clause counts.
var arities = []struct {
	op     string
	args   []any
	values []any
}{
	{"new", []any{spec.Keyword("cons"), 1, 2}, []any{ref("object", 1)}},
	{"eq", []any{1, 1}, []any{true}},
	{"make-log", nil, []any{ref("log", 1)}},
	{"make-cell", []any{1}, []any{ref("cell", 9)}},
	{"make-gate", nil, []any{gate(9)}},
	{"make-function", []any{spec.Callback(9)}, []any{fn(9)}},
	{"defun", []any{sym("F"), spec.Callback(9)}, []any{sym("F")}},
	{"cell-get", []any{cell(1)}, []any{nil}},
	{"get-current-process", nil, []any{proc(0)}},
	{"process-name", []any{proc(1)}, []any{"p1"}},
	{"process-alive-p", []any{proc(1)}, []any{true}},
	{"process-join", []any{proc(1), key.Timeout(0)}, []any{nil}},
	{"process-kill", []any{proc(1)}, []any{true}},
	{"process-terminate", []any{proc(1)}, []any{0}},
	{"process-wait", []any{"w", []any{spec.Keyword("always")}}, []any{true}},
	{"process-wait-with-timeout", []any{"w", 0, []any{spec.Keyword("always")}}, []any{true}},
	{"list-all-processes", nil, []any{[]any{proc(0), proc(1)}}},
	{"processes-count", nil, []any{2}},
	{"get-process", []any{"p1"}, []any{proc(1)}},
	{"find-process-from-name", []any{"p1"}, []any{proc(1)}},
	{"process-priority", []any{proc(1)}, []any{0}},
	{"change-process-priority", []any{proc(1), 5}, []any{5}},
	{"process-mailbox", []any{proc(1)}, []any{nil}},
	{"set-process-mailbox", []any{proc(1), mailbox(1)}, []any{mailbox(1)}},
	{"process-send", []any{proc(1), 1}, []any{true}},
	{"ensure-process-cleanup", []any{fn(1)}, []any{true}},
	{"current-process-in-cleanup-p", nil, []any{nil}},
	{"make-mailbox", nil, []any{mailbox(9)}},
	{"mailbox-send", []any{mailbox(1), 2}, []any{true}},
	{"mailbox-send-limited", []any{mailbox(1), 2, 9}, []any{true}},
	{"mailbox-read", []any{mailbox(1)}, []any{1, true}},
	{"mailbox-peek", []any{mailbox(1)}, []any{1, true}},
	{"mailbox-wait", []any{mailbox(1)}, []any{true}},
	{"mailbox-count", []any{mailbox(1)}, []any{1}},
	{"mailbox-empty-p", []any{mailbox(1)}, []any{nil}},
	{"mailbox-not-empty-p", []any{mailbox(1)}, []any{true}},
	{"mailbox-size", []any{mailbox(1)}, []any{8}},
	{"mailbox-full-p", []any{mailbox(1)}, []any{nil}},
	{"mailbox-reader-process", []any{mailbox(1)}, []any{nil}},
	{"mailbox-wait-for-event", []any{mailbox(1)}, []any{1}},
	{"process-wait-for-event", []any{key.NoHangP(true)}, []any{nil}},
	{"reap-os-subprocess", []any{key.Wait(false)}, []any{nil, nil, nil}},
	{"os-wait", []any{true}, []any{nil, nil, nil}},
	{"log-append", []any{ref("log", 2), 1}, []any{1}},
	{"log-read", []any{ref("log", 2)}, []any{nil}},
	{"cell-set", []any{cell(1), 1}, []any{1}},
	{"gate-open", []any{gate(1)}, []any{true}},
	{"await", []any{[]any{spec.Keyword("always")}, 1}, []any{true}},
	{"pause", []any{0}, []any{nil}},
	{"process-run-function", []any{"other", nil, fn(1)}, []any{proc(9)}},
}

// notCounted are operations whose values are those of code that they run, or the harness's, or that
// return none.
var notCounted = map[string]string{
	"funcall": "TestValuesOfCode", "unwind-protect": "TestValuesOfCode", "handler-case": "TestValuesOfCode", "handler-bind": "TestValuesOfCode",
	"with-continue-restart": "its value is the primary one of its body", "invoke-restart": "never returns", "signal-error": "never returns",
	"current-process-kill": "returns in a cleanup only", "gate-wait": "its value says nothing",
	"child-prepare": "the harness's", "child-tell": "the harness's", "child-await": "the harness's", "pid-state": "the harness's",
	"run-shell-command": "counted: the pid is the third value, or the fourth (REAP-RSC-1)",
}

// Values beyond the documented ones convict nobody, whatever the operation.
func TestFurtherValuesMeanNothing(t *testing.T) {
	told := map[string]bool{}
	for _, a := range arities {
		told[a.op] = true
		for more := range 5 {
			s := newStage()
			s.box(1, key.Size(8))
			s.send(1, 1)
			s.does(0, "make-cell", nil).is(cell(1))
			s.does(0, "make-log").is(ref("log", 2))
			s.waiting(1)
			values := append([]any{}, a.values...)
			for n := range more {
				values = append(values, []any{true, 7, "more", nil}[n%4])
			}
			s.does(0, a.op, a.args...).is(values...)
			s.leaves(0)
			if r := Check(s.labels, CheckOptions{}); r.Verdict != Allowed {
				t.Errorf("%s with %d values more:\n%s", a.op, more, r.Text(s.labels))
			}
		}
	}
	for _, op := range spec.Ops {
		if ruled := model.HasRule(op.Name); ruled != (told[op.Name] || notCounted[op.Name] != "") || told[op.Name] && notCounted[op.Name] != "" {
			t.Errorf("%s has a rule: %v; it is tried: %v, and left out since %q", op.Name, ruled, told[op.Name], notCounted[op.Name])
		}
	}
}

// What code returns is returned by the operation that runs it, however many values there are.
func TestValuesOfCode(t *testing.T) {
	for op, args := range map[string][]any{
		"funcall": {fn(1)}, "unwind-protect": {spec.Callback(1), spec.Callback(2)},
		"handler-case": {spec.Callback(1), spec.Callback(2)}, "handler-bind": {spec.Callback(1), spec.Callback(2)},
	} {
		for n := range 9 {
			for _, wrong := range []bool{false, true} {
				s := newStage()
				s.function(1)
				runs := s.does(0, op, args...)
				s.enters(10, 0, 1)
				var values []spec.Value
				var returned []any
				for i := range n {
					values, returned = append(values, spec.Int(i)), append(returned, i)
				}
				s.leaves(10, values...)
				if op == "unwind-protect" {
					s.runs(11, 0, 2)
				}
				if wrong && n > 0 {
					returned[n-1] = "another"
				}
				runs.is(returned...)
				s.leaves(0)
				want := Allowed
				if wrong && n > 0 {
					want = Forbidden
				}
				if r := Check(s.labels, CheckOptions{}); r.Verdict != want {
					t.Errorf("%s of %d values, wrong: %v:\n%s", op, n, wrong, r.Text(s.labels))
				}
			}
		}
	}
}
