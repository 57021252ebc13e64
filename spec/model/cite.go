package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// A narrowing names clauses of a rule that say something only of calls with certain arguments.
type narrowing struct {
	about   func(call spec.Call) bool
	clauses []string
}

// narrowings are there for the operations with many clauses, where the arguments alone tell. What
// is in none is about any call.
var narrowings = map[string][]narrowing{
	"process-send": {
		{given("limit"), []string{"SEND-LIM-2", "SEND-LIM-3", "SEND-LIM-4", "SEND-LIM-5", "SEND-LIM-6", "SEND-DEAD-7"}},
		{not(given("limit")), []string{"SEND-LIM-1"}},
		{given("timeout"), []string{"SEND-TMO-1", "SEND-TMO-2", "SEND-TMO-3", "SEND-TMO-4"}},
		{given("change-priority"), []string{"SEND-PRI-3", "SEND-PRI-5"}},
		{given("error-if-dead-p"), []string{"SEND-DEAD-2", "SEND-DEAD-3", "SEND-DEAD-4"}},
		{not(given("error-if-dead-p")), []string{"SEND-DEAD-1"}},
	},
	"mailbox-read": {
		{not(timed), []string{"MBOX-READ-2"}},
		{timed, []string{"MBOX-READ-3"}},
	},
	"ensure-process-cleanup": {
		{given("process"), []string{"CLEAN-PROC-2"}},
		{not(given("process")), []string{"CLEAN-PROC-1"}},
		{given("priority"), []string{"CLEAN-PRI-1", "CLEAN-PRI-2"}},
		{not(given("priority")), []string{"CLEAN-PRI-3"}},
		{given("force"), []string{"CLEAN-DUP-4", "CLEAN-DUP-7"}},
		{not(given("force")), []string{"CLEAN-DUP-5", "CLEAN-DUP-6", "CLEAN-DUP-8"}},
		{func(call spec.Call) bool { return len(call.Args) > 1 }, []string{"CLEAN-LEG-1", "CLEAN-LEG-3"}},
	},
	"reap-os-subprocess": {
		{not(given("pid")), []string{"REAP-DEF-1"}},
		{func(call spec.Call) bool { _, there := call.Key("wait"); return !there }, []string{"REAP-DEF-2"}},
		{waits, []string{"REAP-WAIT-1", "REAP-WAIT-2", "REAP-WAIT-3"}},
		{not(waits), []string{"REAP-NOHANG-1", "REAP-NOHANG-2", "REAP-NOHANG-3", "REAP-NOHANG-4"}},
		{pid(func(n spec.Int) bool { return n == -1 }), []string{"REAP-SEL-1"}},
		{pid(func(n spec.Int) bool { return n == 0 }), []string{"REAP-SEL-2"}},
		{pid(func(n spec.Int) bool { return n > 0 }), []string{"REAP-SEL-3"}},
		{pid(func(n spec.Int) bool { return n < -1 }), []string{"REAP-SEL-4"}},
	},
}

// The operations on mailboxes are alike in what they say of another argument.
func init() {
	for _, r := range rules {
		if slices.Contains(r.clauses, "MBOX-ARG-1") {
			narrowings[r.op] = append(narrowings[r.op], narrowing{not(onMailbox), []string{"MBOX-ARG-1"}})
		}
	}
}

// onMailbox: the first argument is a mailbox, for all that the call says.
func onMailbox(call spec.Call) bool {
	r, ok := call.Arg(0).(spec.Ref)
	return ok && (r.Type == "" || r.Type == KindMailbox.String())
}

// given: the keyword is there, and not nil.
func given(name string) func(spec.Call) bool {
	return func(call spec.Call) bool {
		v, there := call.Key(name)
		return there && spec.Truth(v)
	}
}

func not(about func(spec.Call) bool) func(spec.Call) bool {
	return func(call spec.Call) bool { return !about(call) }
}

// timed: a read has a time-out.
func timed(call spec.Call) bool { return len(call.Args) > 2 && spec.Truth(call.Args[2]) }

// waits: a reap waits, as it does by default.
func waits(call spec.Call) bool {
	v, there := call.Key("wait")
	return !there || spec.Truth(v)
}

// pid: the process id of a reap, -1 by default, is such a one. What is no number may be any.
func pid(such func(spec.Int) bool) func(spec.Call) bool {
	return func(call spec.Call) bool {
		v, there := call.Key("pid")
		if !there {
			v = spec.Int(-1)
		}
		n, ok := v.(spec.Int)
		return !ok || such(n)
	}
}

// ClausesOfCall names, of the clauses of an operation's rule ([ClausesOf]), those that may say
// something of a call with these arguments.
func ClausesOfCall(call spec.Call) []string {
	all := ClausesOf(call.Op)
	var beside []string
	for _, n := range narrowings[call.Op] {
		if !n.about(call) {
			beside = append(beside, n.clauses...)
		}
	}
	if beside == nil {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(id string) bool { return slices.Contains(beside, id) })
}
