package model

import "github.com/mpcheck/mpcheck/spec"

// What a call to reap asks for.

// How a call was given: askedFlags.
const (
	reapPIDGiven = 1 << iota
	reapWaitGiven
	reapWaitBefore // both are, and wait comes first
	reapOsWait     // it is one of os-wait
)

// Slots of both operations: what they were asked, and what is noted of one that waits.
const (
	askedPID slot = iota // an int64
	askedWait
	askedOddly // wait is neither t nor nil
	askedFlags
	notedSuspends // it suspends the other processes
)

func decodeReap(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
	pid, wait := spec.Value(spec.Int(0)), spec.Value(spec.Nil{})
	for _, k := range call.Keys {
		switch k.Name {
		case "pid":
			pid = k.Value
			if o.args[askedFlags]&reapWaitGiven != 0 {
				o.args[askedFlags] |= reapWaitBefore
				o.cite("REAP-SIG-1")
			}
			o.args[askedFlags] |= reapPIDGiven
		case "wait":
			wait = k.Value
			o.args[askedFlags] |= reapWaitGiven
		default:
			return &spec.Condition{Type: "program-error", Message: "unknown keyword :" + k.Name}
		}
	}
	if o.args[askedFlags]&reapPIDGiven == 0 {
		o.cite("REAP-DEF-1")
	}
	if o.args[askedFlags]&reapWaitGiven == 0 {
		o.cite("REAP-DEF-2")
	}
	if _, isTrue := wait.(spec.True); spec.Truth(wait) && !isTrue {
		o.cite("REAP-ARG-1")
		o.args[askedOddly] = 1
	}
	if _, ok := pid.(spec.Int); !ok {
		o.cite("REAP-ARG-1")
	}
	return o.reap(pid, wait)
}

func decodeOsWait(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
	pid := spec.Value(spec.Int(0))
	o.args[askedFlags] = reapOsWait
	if len(call.Args) > 1 {
		pid = call.Args[1]
		o.args[askedFlags] |= reapPIDGiven
	}
	o.cite("REAP-SIG-2")
	return o.reap(pid, call.Arg(0))
}

func (o *Operation) reap(pid, wait spec.Value) *spec.Condition {
	n, ok := pid.(spec.Int)
	if !ok {
		return wrongType("the pid", pid, "an integer")
	}
	o.args[askedPID] = uint64(n)
	o.args[askedWait] = bit(spec.Truth(wait))
	return nil
}

// reapPID is the pid that a call asks for.
func (s *State) reapPID(f ID) int64 {
	if s.arg(f, askedFlags)&reapPIDGiven == 0 {
		return -1
	}
	return int64(s.arg(f, askedPID))
}

// reapWaits tells whether a call would wait for an end; os-wait is told the opposite.
func (s *State) reapWaits(f ID) bool {
	given, says := s.arg(f, askedFlags), s.arg(f, askedWait) != 0
	if given&reapOsWait != 0 {
		return !says
	}
	return given&reapWaitGiven == 0 || says
}
