package model

import (
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// Making a process of arguments of which the documents don't say what they do: a name that is no
// string (PROC-CREATE-5) or that another process has (-6), unknown keywords, a keyword list of odd
// length, a function that can't be called (-9).

// What decoding found, in the sixth argument of process-run-function.
const (
	createOddly    = 1 << iota // the keywords are no property list
	createUnknown              // one of them is unknown
	createUncalled             // the function is none
	createPriority             // :priority was given, an integer,
	createShift    = 8         // which is above these bits
)

// Ways of making a process.
const (
	createPlainly = iota
	createNot     // an error in the caller
	createFails   // an error in the new process, which never calls the function
	createRenames // it has another name
)

// decodeKeywords reads the keyword list of process-run-function.
func decodeKeywords(u *Universe, v spec.Value, o *Operation) *spec.Condition {
	keywords, ok := spec.Items(v)
	if !ok || len(keywords)%2 != 0 {
		o.doubts(u, wrongType("the keyword list", v, "a property list"))
		o.args[5] |= createOddly
	}
	for i := 0; i+1 < len(keywords); i += 2 {
		name, _ := keywords[i].(spec.Symbol)
		switch name {
		case spec.Keyword("mailbox"):
			if c := decodeOwn(u, keywords[i+1], o); c != nil {
				return c
			}
		case spec.Keyword("priority"):
			if n, ok := keywords[i+1].(spec.Int); ok {
				o.args[5] |= createPriority | uint64(n)<<createShift
			} else { // no page says what becomes of it
				o.doubts(u, wrongType("the priority", keywords[i+1], "a fixnum"))
				o.args[5] |= createOddly
			}
		}
		if name.Package != "KEYWORD" || !slices.Contains(creationKeywords, strings.ToLower(name.Name)) {
			o.args[5] |= createUnknown
		}
	}
	return nil
}

// creationKeywords are those that some page names.
var creationKeywords = func() (names []string) {
	op := spec.LookupOp("process-run-function")
	for _, extra := range op.Extras {
		names = append(names, strings.TrimPrefix(extra, op.Name+" :"))
	}
	return names
}()

// decodeOwn reads what :mailbox is given (PROC-CREATE-10).
func decodeOwn(u *Universe, v spec.Value, o *Operation) *spec.Condition {
	switch v.(type) {
	case spec.Nil:
		return nil
	case spec.True, spec.String:
		o.args[3] = freshMailbox
		return nil
	}
	return objectArg(u, v, KindMailbox, &o.args[3])
}

func creationActs(s *State, act Act, out []Act) []Act {
	if !s.open {
		return append(out, act)
	}
	f := act.Frame
	flags, name := s.get(f, frameArg5), Term(s.get(f, frameArg0))
	_, callable := s.code(Term(s.get(f, frameArg1)))
	add := func(way uint16) {
		act.Choice = way
		out = append(out, act)
	}
	taken := name != NoTerm && s.isNamed(name)
	if taken {
		act.Object = anyObject // the other process may end
	}
	switch decided := s.decided(stickySameName); {
	case !callable, !taken:
		add(createPlainly)
	case decided == undecided:
		add(createPlainly)
		add(createNot)
		add(createRenames)
	default:
		add(uint16(decided - first))
	}
	if flags&createUnknown != 0 && !taken {
		add(createNot)
	}
	if flags&(createOddly|createUnknown) != 0 || !callable {
		add(createFails)
	}
	return out
}

// The ways of making a process whose name is taken are those of the system (PROC-CREATE-6).
var sameNameWays = map[uint16]uint64{createPlainly: first, createNot: second, createRenames: third}

// isNamed tells whether a process that isn't dead has a name.
func (s *State) isNamed(name Term) bool {
	for p := ID(s.get(world, worldFirst)); p != 0; p = ID(s.get(p, processNext)) {
		if Term(s.get(p, processName)) == name && s.get(p, processPhase) != phaseDead {
			return true
		}
	}
	return false
}
