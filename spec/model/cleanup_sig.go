package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// How ensure-process-cleanup is called: CLEAN-SIG, and what CLEAN-PRI, -FORM and -LEG say of arguments.

// The range of cleanup priorities (CLEAN-PRI-1).
const maxPriority = 1000000

// What decoding found of a registration: ensuredFlags.
const (
	ensureLegacy        = 1 << iota // the process was given as second argument
	ensureMixed                     // and keywords beside it (CLEAN-LEG-3)
	ensureNilProcess                // nil as second argument (CLEAN-LEG-3), or as :process, of which nothing is said either
	ensureBadForm                   // no function, symbol or list of one (CLEAN-FORM-5)
	ensureBareSymbol                // CLEAN-FORM-4
	ensureBeyond                    // a priority out of range (CLEAN-PRI-2)
	ensureNoPriority                // the keyword :priority was not given
	ensureForceGiven                // the keyword :force was
	ensureProcessBefore             // :process stood before another keyword
	ensureTwice                     // the process was given by position and by :process (CLEAN-LEG-3)

	// With one of these the call may be refused.
	ensureRefusable = ensureMixed | ensureNilProcess | ensureBadForm | ensureBareSymbol | ensureBeyond
)

// unknownKeyword has a call doubtful that is right but for keywords nobody documents: in Common Lisp it is an
// error, and who has more keywords, or ignores them, breaks no call that the documents know.
func unknownKeyword(u *Universe, call spec.Call, o *Operation) bool {
	op := spec.LookupOp(call.Op)
	known := call
	known.Keys = slices.DeleteFunc(slices.Clone(call.Keys), func(k spec.Key) bool {
		return !slices.ContainsFunc(op.Keys, func(p spec.Param) bool { return p.Name == k.Name })
	})
	if op.CheckCall(known) != nil {
		return false
	}
	o.cite("CLEAN-SIG-1")
	o.doubts(u, &spec.Condition{Type: "program-error", Message: "a keyword is unknown"})
	return true
}

// Slots of a registration.
const (
	ensuredForm     slot = iota
	ensuredPriority      // an int64
	ensuredForce
	ensuredProcess // 0 for the current one
	ensuredFlags
	ensuredPositional // with :process beside it
)

func decodeEnsureCleanup(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	flags := uint64(ensureNoPriority)
	switch form := call.Arg(0).(type) {
	case spec.List:
		if form.Dotted != nil || !callable(u, form.Items[0]) {
			flags |= ensureBadForm
		}
	case spec.Symbol:
		flags |= ensureBareSymbol
	default:
		// What `new` made may be a list: only the state can tell.
		if _, made := u.Object(form, KindObject); !made && !callable(u, form) {
			flags |= ensureBadForm
		}
	}
	o.args[ensuredForm] = uint64(u.Intern(call.Arg(0)))
	if len(call.Args) > 1 { // CLEAN-LEG-1
		flags |= ensureLegacy
		if len(call.Keys) > 0 {
			flags |= ensureMixed
		}
		if !spec.Truth(call.Args[1]) {
			flags |= ensureNilProcess
		} else if c := objectArg(u, call.Args[1], KindProcess, &o.args[ensuredProcess]); c != nil {
			return c
		}
	}
	for i, k := range call.Keys {
		switch k.Name {
		case "priority":
			n, ok := k.Value.(spec.Int)
			if !ok { // CLEAN-PRI-2
				o.doubts(u, wrongType("the priority", k.Value, "an integer from -1000000 to 1000000"))
				n = spec.Int(oddPriority(u.Intern(k.Value)))
			} else if n < -maxPriority || n > maxPriority {
				flags |= ensureBeyond
				n = max(n, oddest)
			}
			flags &^= ensureNoPriority
			o.args[ensuredPriority] = uint64(n)
		case "force":
			flags |= ensureForceGiven
			o.args[ensuredForce] = uint64(truth(spec.Truth(k.Value))) - uint64(NilTerm)
		case "process":
			if i+1 < len(call.Keys) {
				flags |= ensureProcessBefore
			}
			if flags&ensureLegacy != 0 {
				flags |= ensureTwice
				o.args[ensuredPositional] = o.args[ensuredProcess]
			}
			if !spec.Truth(k.Value) {
				flags |= ensureNilProcess
			} else if c := objectArg(u, k.Value, KindProcess, &o.args[ensuredProcess]); c != nil {
				return c
			}
		default:
			// CLEAN-SIG-1 says what is accepted; that anything else is refused is not said.
			o.doubts(u, &spec.Condition{Type: "program-error", Message: "ensure-process-cleanup knows no keyword :" + k.Name})
		}
	}
	o.args[ensuredFlags] = flags
	return nil
}
