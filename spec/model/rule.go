package model

import (
	"fmt"
	"math"

	"github.com/mpcheck/mpcheck/spec"
)

// A rule is what the specification says of one operation.
type rule struct {
	op string
	// slots is how many it has, where they are more than nearSlots.
	slots int
	// decode reads the arguments of a call into the operation. A condition that it returns
	// is signalled when the operation takes effect.
	decode func(u *Universe, call spec.Call, o *Operation) *spec.Condition
	// beyond decodes a call that the lambda list doesn't accept and that a clause speaks of all the same;
	// false where it is none.
	beyond func(u *Universe, call spec.Call, o *Operation) bool
	// touches says what the only act touches; enabled, where not nil, lists the acts
	// instead, none while the operation waits.
	touches func(s *State, f ID) Footprint
	enabled func(s *State, act Act, out []Act) []Act
	effect  func(s *State, act Act)
	// timeUp gives up; it is enabled only while the operation waits and is overdue.
	timeUp func(s *State, act Act)
	// waitsOn names the one object that a waiting operation waits for, beside its process, or
	// anyObject; nil where it is more.
	waitsOn func(s *State, f ID) ID
	// waits says what a waiting operation waits for.
	waits func(s *State, f ID) string
	// endedBy names the process that is to end the wait, 0 for none, and whether nobody else could;
	// nil where anybody could.
	endedBy func(s *State, f ID) (ID, bool)
	// foretells holds of an operation whose first value may be any: an open state wants to know it.
	foretells bool
	// second is the slot for a second value that is foretold, 0 where that makes no difference.
	second slot
	// prints holds of an operation that may write to the output that is captured around its frame.
	prints bool
	// throughout says what is wrong with an answer for all processes where some were there all the while, "" for nothing; nil
	// where that they are there is all that counts.
	throughout func(s *State, f ID, there []Lasting, answer Term) string
	// goesOn holds of an operation that does more once code has run for it, which others may see.
	goesOn bool
	// reaps holds of an operation that waits for children, and may be interrupted.
	reaps bool
}

// Operation is a decoded call: what a program given as data keeps.
type Operation struct {
	rule     uint8
	args     [nearSlots]uint64
	far      []uint64 // the slots beyond those, where its rule has some
	deadline uint64   // microseconds from the call on, never by default
	fault    uint32
	doubt    uint32 // see [Operation.doubts]
	vain     bool
	elsewise bool   // the fault is one by EXT-START-6 or EXT-SIG-6 alone
	cited    string // ids of clauses that speak of its arguments

	foretold      Term // see [Operation.Foretold]
	foretoldCount uint8
}

// Sent is the object that a send is given, NoTerm where its arguments are wrong. Of other operations
// it says nothing.
func (o Operation) Sent() Term {
	if o.fault != 0 {
		return NoTerm
	}
	return Term(o.args[argObject])
}

const never = math.MaxUint64

var rules []rule

var ruleOf = map[string]uint8{}

func init() {
	rules = append(rules, rule{}) // no operation has number 0
	for _, chapter := range [][]rule{kitRules, controlRules, processRules, priorityRules, bindingRules, cleanupRules, mailboxRules, sendRules, eventRules, handlingRules, allEventsRules, childRules, fileRules, streamRules, imageRules, startRules, saveRules, boardRules} {
		rules = append(rules, chapter...)
	}
	for i, r := range rules {
		if i > 0 {
			ruleOf[r.op] = uint8(i)
		}
	}
	letRule = uint64(ruleOf["let"])
}

// Operations lists the operations that the specification has a rule for.
func Operations() []string {
	var names []string
	for _, r := range rules[1:] {
		names = append(names, r.op)
	}
	return names
}

// HasRule tells whether the specification has a rule for an operation.
func HasRule(op string) bool { return ruleOf[op] != 0 }

// Decode reads a call. It fails only for an operation without a rule; wrong arguments are
// what the operation's own rule says of them.
func Decode(u *Universe, call spec.Call) (Operation, error) {
	n, ok := ruleOf[call.Op]
	if !ok {
		return Operation{}, fmt.Errorf("the specification has no rule for %s", call.Op)
	}
	o := Operation{rule: n, deadline: never}
	if far := rules[n].slots - nearSlots; far > 0 {
		o.far = make([]uint64, far)
	}
	if err := spec.LookupOp(call.Op).CheckCall(call); err != nil && (rules[n].beyond == nil || !rules[n].beyond(u, call, &o)) {
		o.fault = u.condition(spec.Condition{Type: "program-error", Message: err.Error()})
		return o, nil
	}
	if decode := rules[n].decode; decode != nil {
		if c := decode(u, call, &o); c != nil {
			o.fault = u.condition(*c)
		}
	}
	return o, nil
}

// unfollowed is the type of the condition that the simulator signals for a call which may do what the specification doesn't follow.
const unfollowed = "unsupported"

// Follows tells whether the specification follows what a call does, as a real implementation may.
func (o *Operation) Follows(u *Universe) bool {
	return o.fault == 0 || u.conditions[o.fault].Type != unfollowed
}

func wrongType(what string, got spec.Value, want string) *spec.Condition {
	return &spec.Condition{Type: "type-error", Message: fmt.Sprintf("%s is %s, not %s", what, got, want)}
}

// objectArg decodes a reference to an object of that kind.
func objectArg(u *Universe, v spec.Value, kind Kind, into *uint64) *spec.Condition {
	id, ok := u.Object(v, kind)
	if !ok {
		return wrongType("an argument", v, "a "+kind.String())
	}
	*into = uint64(id)
	return nil
}

// within sets the deadline from a number of seconds; nil is no limit.
func (o *Operation) within(v spec.Value) *spec.Condition {
	if !spec.Truth(v) {
		return nil
	}
	seconds, ok := spec.Seconds(v)
	if !ok || math.IsNaN(seconds) || seconds < 0 {
		return wrongType("the timeout", v, "a non-negative real or nil")
	}
	// Above a century it is no limit.
	if seconds < 100*365*86400 {
		o.deadline = uint64(math.Ceil(seconds * 1e6))
	}
	return nil
}

// withinOrNot is within, of a timeout that is in doubt where it is none: negative or no number, an
// error or as good as 0 (PROC-JOIN-3; SEND-TMO-4, which speaks of sends).
func (o *Operation) withinOrNot(u *Universe, v spec.Value) {
	if c := o.within(v); c != nil {
		o.deadline = 0
		o.doubts(u, c)
	}
}

// States of a frame.
const (
	frameIdle = iota // its code runs, or it is new
	frameOpen        // an operation is open
	frameDone        // the operation has its outcome, which the code has not taken
)

// Statuses of an outcome.
const (
	statusReturned = iota
	statusSignalled
	statusGone
)

// Call opens an operation on a frame whose code runs.
func (s *State) Call(f ID, o Operation, log *UndoLog) {
	s.begin(log)
	s.begins(f, &o)
}

// CallAs is [State.Call] as the nth of its process, by which what it makes is named.
func (s *State) CallAs(f ID, o Operation, nth uint32) {
	s.begin(nil)
	s.set(ID(s.get(f, frameThread)), threadCalls, uint64(nth)-1)
	s.begins(f, &o)
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// begins opens an operation.
func (s *State) begins(f ID, o *Operation) {
	t := ID(s.get(f, frameThread))
	s.set(t, threadCalls, s.get(t, threadCalls)+1)
	s.opens(f, o)
}

// opens is begins of an operation that is none of the calls of a thread.
func (s *State) opens(f ID, o *Operation) {
	s.citeArguments(o)
	s.set(f, frameState, frameOpen)
	s.set(f, frameRule, uint64(o.rule))
	s.fillSlots(f, o)
	fault, doubt, vain := o.fault, o.doubt, o.vain
	if fault != 0 && o.elsewise && s.loose.objects {
		fault, doubt, vain = 0, fault, true
	}
	if !s.open && fault == 0 {
		fault, doubt, vain = o.doubt, 0, false
	}
	if fault == 0 && doubt == 0 && s.open && s.mayRefuseOff(f, rules[o.rule].op) {
		doubt = s.u.condition(withoutProcesses)
	}
	s.set(f, frameFault, uint64(fault))
	s.set(f, frameDoubt, uint64(doubt))
	s.set(f, frameVain, bit(vain))
	s.set(f, frameForetold, uint64(o.foretold))
	s.set(f, frameForetoldCount, uint64(o.foretoldCount))
	deadline := uint64(never)
	if o.deadline != never {
		deadline = s.Now() + o.deadline
	}
	s.set(f, frameDeadline, deadline)
}

// finish gives the open operation of a frame its outcome. More values than there are cells for are
// kept as one list.
func (s *State) finish(f ID, status uint64, values ...Term) {
	count := uint64(len(values))
	if count > valueCells {
		all := make([]spec.Value, count)
		for i, v := range values {
			all[i] = s.u.Value(v)
		}
		values = []Term{s.u.Intern(spec.NewList(all...))}
	}
	if s.fleeting && s.get(f, frameKind) != ownFrame {
		s.setLayout(f, frameState, frameDone)
		s.setLayout(f, frameStatus, status)
		s.setLayout(f, frameCount, count)
		for i, v := range values {
			s.setLayout(f, frameValues+uint8(i), uint64(v))
		}
		return
	}
	s.set(f, frameState, frameDone)
	s.set(f, frameStatus, status)
	s.set(f, frameCount, count)
	for i, v := range values {
		s.set(f, frameValues+uint8(i), uint64(v))
	}
}

// values appends the terms of the values that an operation has returned.
func (s *State) values(f ID, out []Term) []Term {
	count := s.get(f, frameCount)
	if count > valueCells {
		all, _ := spec.Items(s.u.Value(Term(s.get(f, frameValues))))
		for _, v := range all {
			out = append(out, s.u.Intern(v))
		}
		return out
	}
	for i := range count {
		out = append(out, Term(s.get(f, frameValues+uint8(i))))
	}
	return out
}

// unspecified is a value of which the documents say nothing.
const unspecified = NoTerm

func (s *State) returns(f ID, values ...Term) { s.finish(f, statusReturned, values...) }

// signal signals an error: to the handlers around the open operation, then to its caller. On real time
// the implementation never hears of an error of what the harness executes itself.
func (s *State) signal(f ID, condition uint32) {
	s.set(f, frameFault, uint64(condition))
	unheard := s.get(f, frameKind) == ownFrame || s.heard && spec.LookupOp(rules[s.get(f, frameRule)].op).Is(spec.ByHarness)
	if unheard || !s.handle(f, f) {
		s.finish(f, statusSignalled)
	}
}

// Return takes the outcome of a frame's operation, whose code then goes on.
func (s *State) Return(f ID, log *UndoLog) spec.Return {
	s.begin(log)
	var out spec.Return
	switch s.get(f, frameStatus) {
	case statusReturned:
		terms := s.values(f, make([]Term, 0, valueCells))
		out.Values = make([]spec.Value, len(terms))
		for i, t := range terms {
			out.Values[i] = s.u.Value(t)
		}
	case statusSignalled:
		out.Status = spec.Signalled
		out.Condition = s.u.conditions[s.get(f, frameFault)]
	case statusGone:
		out.Status = spec.Gone
	}
	// The frame is as new: what it did is in the objects.
	s.clearCall(f)
	return out
}
