package traces

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// The labels of programs with a status hook, by words: NUMBER call WORD, NUMBER =VALUES, NUMBER enter WHERE, NUMBER leave.

// label puts words into a label.
func (k *hookings) label(history []string, what string) spec.Label {
	number, rest, _ := strings.Cut(what, " ")
	l := spec.Label{}
	fmt.Sscan(number, &l.Frame)
	switch verb, word, _ := strings.Cut(rest, " "); {
	case verb == "enter", verb == "body":
		l.Kind, l.Callback, l.Args = spec.EnterLabel, 1, hookingOps["status"].call.Args
		if k.program.interrupts {
			l.Args = []spec.Value{theArgument}
		}
		if verb == "body" {
			l.Callback, l.Args = theBody, nil
		}
		switch word {
		case fmt.Sprint(ofTest):
			l.Process = spec.Ref{ID: "test", Type: "process"}
		case fmt.Sprint(ofOther):
			l.Process = spec.Ref{ID: "other", Type: "process"}
		}
	case verb == "leave":
		l.Kind = spec.LeaveLabel
	case verb == "call":
		l.Kind, l.Call = spec.CallLabel, hookingOps[word].call
	case rest == "=error":
		l.Kind, l.Return = spec.ReturnLabel, spec.Signal("simple-error", "refused")
	default:
		l.Kind = spec.ReturnLabel
		t := tellings(history)
		word := k.words(l.Frame)[t[l.Frame].calls-1]
		for _, r := range hookingOps[word].returns {
			if "="+r.String() == rest {
				l.Return = r
			}
		}
	}
	return l
}

// A told frame is what a history says of one.
type toldFrame struct {
	on, calls  int
	open, over bool
}

// tellings reads a history: by the numbers of frames.
func tellings(history []string) []toldFrame {
	out := []toldFrame{{on: ofTest}, {on: ofOther}}
	for _, what := range history {
		var n int
		number, rest, _ := strings.Cut(what, " ")
		fmt.Sscan(number, &n)
		switch verb, word, _ := strings.Cut(rest, " "); verb {
		case "enter", "body":
			out = append(out, toldFrame{})
			fmt.Sscan(word, &out[n].on)
		case "leave":
			out[n].over = true
		case "call":
			out[n].open = true
			out[n].calls++
		default:
			out[n].open = false
		}
	}
	return out
}

// possible lists what a trace could go on with, whatever the specification says: code calls what its words are, one after
// the other, and not while code within it does; the object is there to be named once start has returned it, or the hook
// was given it.
func (k *hookings) possible(history []string) []string {
	told := tellings(history)
	known := k.program.interrupts || slices.Contains(history, fmt.Sprintf("%d =%s", ofTest, hookingOps["start"].returns[0]))
	var out []string
	for n, f := range told {
		words := k.words(n)
		within := slices.ContainsFunc(told[max(n, ofOther)+1:], func(g toldFrame) bool {
			return !k.late && g.on == f.on && f.on != onThread && !g.over
		})
		switch {
		case f.over:
		case f.open:
			for _, r := range hookingOps[words[f.calls-1]].returns {
				out = append(out, fmt.Sprintf("%d =%s", n, r))
			}
			out = append(out, fmt.Sprintf("%d =error", n))
		case within:
		case f.calls < len(words):
			if words[f.calls] == "start" || n > ofOther || known {
				out = append(out, fmt.Sprintf("%d call %s", n, words[f.calls]))
			}
		case k.leaves(n):
			out = append(out, fmt.Sprintf("%d leave", n))
		}
	}
	if (told[ofTest].calls > 0 || k.program.interrupts) && len(told) < ofOther+1+k.program.calls {
		for _, begun := range k.begins() {
			out = append(out, fmt.Sprintf("%d %s", len(told), begun))
		}
	}
	return out
}

// begins lists how code may begin: where it is one of the processes, or a thread of its own.
func (k *hookings) begins() []string {
	out := []string{fmt.Sprint("enter ", ofTest), fmt.Sprint("enter ", ofOther)}
	if k.program.interrupts {
		return append(out, fmt.Sprint("body ", ofTest), fmt.Sprint("body ", ofOther))
	}
	return append(out, fmt.Sprint("enter ", onThread))
}

// rests lists what may be heard once the test has left: that hooks have ended, and that one more was called.
func (k *hookings) rests(history []string) [][]string {
	told := tellings(history)
	out := [][]string{nil}
	if !k.late {
		return out
	}
	for n, f := range told {
		if !k.leaves(n) || f.over || f.open || f.calls < len(k.words(n)) {
			continue
		}
		var more [][]string
		for _, rest := range out {
			more = append(more, append(slices.Clone(rest), fmt.Sprintf("%d leave", n)))
		}
		out = append(out, more...)
	}
	if told[ofTest].calls == 0 && !k.program.interrupts || len(told) == ofOther+1+k.program.calls {
		return out
	}
	for _, rest := range slices.Clone(out) {
		for _, begun := range k.begins() {
			enters := append(slices.Clone(rest), fmt.Sprintf("%d %s", len(told), begun))
			out = append(out, enters)
			if len(k.program.hook) == 0 {
				out = append(out, append(slices.Clone(enters), fmt.Sprintf("%d leave", len(told))))
			}
		}
	}
	return out
}
