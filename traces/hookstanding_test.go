package traces

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// What can be told of a program with a status hook: the specification goes its own way.

// A standing is one way in which things may stand: the state of the specification, and what is not heard of its code.
type standing struct {
	state  *model.State
	frames []speaker // the test's, that of the other process, hooks as they began
}

// A speaker is a frame with what it has shown and nobody heard.
type speaker struct {
	id     model.ID
	on     int      // ofTest, ofOther, onThread: whose it is
	number int      // of the trace, once it is heard of; -1
	queue  []string // what waits: enter, =VALUES, leave
	calls  int      // that its code has made
	open   bool     // it waits to hear of the last
	taken  bool     // which has returned
	over   bool     // its code has ended
	left   bool     // and whoever runs it knows
}

func (s *standing) clone() *standing {
	next := &standing{s.state.Clone(), slices.Clone(s.frames)}
	for i := range next.frames {
		next.frames[i].queue = slices.Clone(next.frames[i].queue)
	}
	return next
}

func (s *standing) key() string { return fmt.Sprintf("%x %v", s.state.Hash(), s.frames) }

// begin prepares the child, makes the functions and has the other process begin.
func (k *hookings) begin() *standing {
	k.u = model.NewUniverse()
	s := model.NewState(k.u, model.Config{Untimed: true, Lossy: true, Heard: k.late, Open: true, Mutant: k.broken})
	ours := map[string]spec.Value{}
	k.setUp = []spec.Label{{Kind: spec.EnterLabel, Process: spec.Ref{ID: "test", Type: "process"}}}
	do := func(c spec.Call, named ...spec.Value) {
		s.Call(s.Test(), k.decode(ours, c), nil)
		for !s.HasOutcome(s.Test()) {
			model.Apply(s, model.Enabled(s, nil)[0], nil)
		}
		k.setUp = append(k.setUp, spec.Label{Kind: spec.CallLabel, Call: c}, spec.Label{Kind: spec.ReturnLabel, Return: spec.Values(named...)})
		returned := s.Return(s.Test(), nil)
		for i, v := range named {
			if ref, ok := v.(spec.Ref); ok {
				ours[ref.ID] = returned.Nth(i)
			} else {
				ours[v.String()] = returned.Nth(i)
			}
		}
	}
	do(spec.NewCall("child-prepare", nil), spec.Ref{ID: "C", Type: "child"}, spec.String("command"), thePath)
	do(spec.NewCall("make-function", nil, spec.Callback(1)), spec.Ref{ID: "hook", Type: "function"})
	do(spec.NewCall("make-function", nil, spec.Callback(2)), spec.Ref{ID: "code", Type: "function"})
	do(spec.NewCall("process-run-function", nil, "other", nil, spec.Ref{ID: "code", Type: "function"}), spec.Ref{ID: "other", Type: "process"})
	begun := model.Apply(s, model.Enabled(s, nil)[0], nil)
	k.setUp = append(k.setUp, spec.Label{Kind: spec.EnterLabel, Frame: ofOther, Process: spec.Ref{ID: "other", Type: "process"}, Callback: 2})
	k.other = s.ProcessOf(begun.Frame)
	k.ops = map[string]model.Operation{}
	start := k.decode(ours, hookingOps["start"].call)
	probe := s.Clone()
	for probe.Call(probe.Test(), start, nil); !probe.HasOutcome(probe.Test()); {
		model.Apply(probe, model.Enabled(probe, nil)[0], nil)
	}
	k.object = probe.Return(probe.Test(), nil).Primary()
	ours["P"] = k.object
	for word, op := range hookingOps {
		k.ops[word] = k.decode(ours, op.call)
	}
	return &standing{s, []speaker{{id: s.Test(), on: ofTest, number: ofTest}, {id: begun.Frame, on: ofOther, number: ofOther}}}
}

// decode reads a call of the trace in terms of the specification.
func (k *hookings) decode(ours map[string]spec.Value, c spec.Call) model.Operation {
	translate := func(v spec.Value) spec.Value {
		switch ref, isRef := v.(spec.Ref); {
		case isRef:
			return ours[ref.ID]
		case v == spec.Value(thePath):
			return ours[thePath.String()]
		}
		return v
	}
	c.Args, c.Keys = slices.Clone(c.Args), slices.Clone(c.Keys)
	for i, v := range c.Args {
		c.Args[i] = translate(v)
	}
	for i := range c.Keys {
		c.Keys[i].Value = translate(c.Keys[i].Value)
	}
	o, err := model.Decode(k.u, c)
	if err != nil {
		panic(err)
	}
	return o
}

// silent gives what may happen without being heard.
func (k *hookings) silent(s *standing) []*standing {
	var out []*standing
	for _, act := range model.Enabled(s.state, nil) {
		if next, began := k.apply(s, act); next != nil && (!began || k.late) {
			out = append(out, next)
		}
	}
	if !k.late {
		return out
	}
	for i, f := range s.frames {
		switch {
		case f.left:
		case f.over:
			if s.state.Innermost(s.state.ProcessOf(f.id)) == f.id {
				next := s.clone()
				next.state.Leave(f.id, nil, nil)
				next.frames[i].left = true
				out = append(out, next)
			}
		case f.open && !f.taken && s.state.HasOutcome(f.id):
			next := s.clone()
			next.frames[i].queue = append(next.frames[i].queue, k.takes(next, i))
			next.frames[i].taken = true
			out = append(out, next)
		case k.leaves(i) && f.open == f.taken && f.calls == len(k.words(i)):
			next := s.clone()
			next.frames[i].queue, next.frames[i].over = append(next.frames[i].queue, "leave"), true
			out = append(out, next)
		}
	}
	return out
}

// apply does an act, and tells whether a hook began; nil where it is called too often.
func (k *hookings) apply(s *standing, act model.Act) (next *standing, began bool) {
	next = s.clone()
	label := model.Apply(next.state, act, nil)
	if label.Kind != model.Entered {
		return next, false
	}
	if len(s.frames) == ofOther+1+k.program.calls {
		return nil, false
	}
	on := onThread
	switch next.state.ProcessOf(label.Frame) {
	case next.state.TestProcess():
		on = ofTest
	case k.other: // also once its code has ended
		on = ofOther
	}
	what := "enter"
	if entry := next.state.Entry(label.Frame); entry.Callback != 1 || !slices.Equal(entry.Arguments, []spec.Value{k.object}) {
		what = fmt.Sprintf("begins %d with %s", entry.Callback, spec.NewList(entry.Arguments...))
	}
	next.frames = append(next.frames, speaker{id: label.Frame, on: on, number: -1, queue: []string{what}})
	return next, true
}

// closure adds whatever may happen without being heard.
func (k *hookings) closure(all []*standing) []*standing {
	seen := map[string]bool{}
	var out []*standing
	add := func(s *standing) {
		if key := s.key(); !seen[key] {
			seen[key] = true
			out = append(out, s)
		}
	}
	for _, s := range all {
		add(s)
	}
	for i := 0; i < len(out); i++ {
		for _, next := range k.silent(out[i]) {
			add(next)
		}
	}
	return out
}

// heard gives what may be heard next, by its words, with how things then stand. A frame is named by its number in the
// trace, a new one by where it runs.
func (k *hookings) heard(all []*standing) map[string][]*standing {
	out := map[string][]*standing{}
	hear := func(what string, s *standing) { out[what] = append(out[what], s) }
	enters := func(s *standing, i int) {
		number := ofOther + 1
		for _, f := range s.frames {
			number = max(number, f.number+1)
		}
		s.frames[i].number, s.frames[i].queue = number, s.frames[i].queue[1:]
		hear(fmt.Sprintf("%d enter %d", number, s.frames[i].on), s)
	}
	for _, s := range all {
		if !k.late { // what begins is heard at once
			for _, act := range model.Enabled(s.state, nil) {
				next, began := k.apply(s, act)
				if !began {
					continue
				}
				if last := len(next.frames) - 1; next.frames[last].queue[0] == "enter" {
					enters(next, last)
				} else {
					hear(next.frames[last].queue[0], next)
				}
			}
		}
		for i, f := range s.frames {
			next := s.clone()
			its := &next.frames[i]
			switch {
			case len(f.queue) > 0 && f.queue[0] == "enter":
				enters(next, i)
			case len(f.queue) > 0:
				its.queue = its.queue[1:]
				if f.queue[0][0] == '=' {
					its.open, its.taken = false, false
				}
				hear(fmt.Sprintf("%d %s", f.number, f.queue[0]), next)
			case !k.late && f.open && s.state.HasOutcome(f.id):
				its.open = false
				hear(fmt.Sprintf("%d %s", f.number, k.takes(next, i)), next)
			case f.open, f.over, !s.state.IsIdle(f.id):
			case !k.late && s.state.Innermost(s.state.ProcessOf(f.id)) != f.id: // a hook runs within
			case f.calls < len(k.words(f.number)):
				if by := s.frames[ofTest]; f.number == ofOther && (by.calls == 0 || by.calls == 1 && by.open) { // it has nothing to name yet
					continue
				}
				word := k.words(f.number)[f.calls]
				its.calls++
				its.open = true
				next.state.Call(f.id, k.ops[word], nil)
				hear(fmt.Sprintf("%d call %s", f.number, word), next)
			case !k.late && k.leaves(f.number):
				its.over, its.left = true, true
				next.state.Leave(f.id, nil, nil)
				hear(fmt.Sprintf("%d leave", f.number), next)
			}
		}
	}
	return out
}

// takes has the code of a frame take what its operation has returned, in words.
func (k *hookings) takes(next *standing, i int) string {
	its := &next.frames[i]
	return "=" + k.outcome(k.words(i)[its.calls-1], next.state.Return(its.id, nil))
}

// outcome puts what an operation returns into words: as it is seen.
func (k *hookings) outcome(word string, r spec.Return) string {
	switch op := hookingOps[word]; {
	case r.Status == spec.Signalled:
		return "error"
	case len(op.returns) == 1: // whatever it is
		return op.returns[0].String()
	}
	return r.String()
}

// unheard is what is still to be heard, in words: of the frames by their numbers, the new ones as they began.
func (s *standing) unheard() []string {
	frames := slices.Clone(s.frames)
	number := ofOther + 1
	for _, f := range frames {
		number = max(number, f.number+1)
	}
	for i := range frames {
		if frames[i].number < 0 {
			frames[i].number = number
			number++
		}
	}
	slices.SortFunc(frames, func(a, b speaker) int { return cmp.Compare(a.number, b.number) })
	var out []string
	for _, f := range frames {
		for _, what := range f.queue {
			if what == "enter" {
				what = fmt.Sprintf("enter %d", f.on)
			}
			out = append(out, fmt.Sprintf("%d %s", f.number, what))
		}
	}
	return out
}
