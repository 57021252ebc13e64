package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// Signals to programs.

// mapping are the names that signals have, by their numbers from 1.
var mapping = []string{"hangup", "interrupt", "quit", "illegal-instruction", "breakpoint-trap", "abort", "emulation-trap", "arithmetic-exception",
	"killed", "bus-error", "segmentation-fault", "bad-system-call", "broken-pipe", "alarm-clock"}

// platform are the numbers that Linux has for names of which the mapping has another's.
var platform = map[string]uint64{"bus-error": 7, "bad-system-call": 31}

// signalNumber is the number of a keyword.
func signalNumber(keyword string) (uint64, bool) {
	for i, name := range mapping {
		if name == keyword {
			return uint64(i) + 1, true
		}
	}
	return 0, false
}

// Slots of signal-process, beside the process object.
const (
	signalGiven   slot = iota + 1 // the number, or the term of a keyword
	signalKeyword                 // whether it is one
)

func decodeSignal(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	if c := decodeProgram(u, call, o); c != nil {
		return c
	}
	switch v := call.Arg(1).(type) {
	case spec.Int:
		o.args[signalGiven] = uint64(v)
		if v == 0 {
			o.cite("EXT-SIG-7")
		}
		if v < 0 {
			return wrongType("the signal", v, "a positive number")
		}
		return nil
	case spec.Symbol:
		if v.Package == "KEYWORD" {
			o.args[signalGiven], o.args[signalKeyword] = uint64(u.Intern(v)), 1
			return nil
		}
	}
	o.cite("EXT-SIG-6")
	return wrongType("the signal", call.Arg(1), "a number or a keyword")
}

// Ways of a signal.
const (
	signalPlainly  = iota
	signalRefuses  // an error, where that is open
	signalPlatform // the number that the system has for the name
	signalHooks    // a hook is called first
)

func signalActs(s *State, act Act, out []Act) []Act {
	f, p := act.Frame, s.subject(act.Frame)
	c := ID(s.get(p, programChild))
	act.Touches = onlyWrites(c).reading(allChildren)
	if !s.law.watched {
		act.Touches = everything
	}
	number, _ := s.signalGiven(f)
	hooks := act
	hooks.Choice, hooks.Touches = signalHooks, everything
	if s.mayCallHook(p) {
		act.Touches = everything
		out = append(out, hooks)
	}
	out = append(out, act)
	if act.Choice = signalRefuses; s.get(c, childPhase) == childZombie || s.open && number == 0 {
		out = append(out, act)
	}
	if act.Choice = signalPlatform; s.open && platform[s.signalName(f)] != 0 {
		out = append(out, act)
	}
	return out
}

// signalName is the keyword that is given, "" for a number.
func (s *State) signalName(f ID) string {
	if s.arg(f, signalKeyword) == 0 {
		return ""
	}
	keyword, _ := s.u.Value(Term(s.arg(f, signalGiven))).(spec.Symbol)
	return keyword.Name
}

// signalGiven is the number to be sent; false where a keyword names none.
func (s *State) signalGiven(f ID) (uint64, bool) {
	if name := s.signalName(f); name != "" {
		return s.law.signalOf(name)
	}
	return s.arg(f, signalGiven), true
}

func signalProcess(s *State, act Act) {
	f, p := act.Frame, s.subject(act.Frame)
	if act.Choice == signalHooks {
		s.callHookHere(f, p)
		return
	}
	number, known := s.signalGiven(f)
	if act.Choice == signalPlatform {
		number = platform[s.signalName(f)]
	}
	c := s.law.signalTo(s, p)
	switch {
	case !known:
		s.cite("EXT-SIG-6")
		s.signalPlain(f, fmt.Sprintf("no signal is named :%s", s.signalName(f)))
		return
	case act.Choice == signalRefuses, !s.law.delivers(s, c, number):
		if s.get(c, childPhase) == childZombie {
			s.cite("EXT-SIG-5")
		} else {
			s.cite("EXT-SIG-4")
		}
		s.signalPlain(f, fmt.Sprintf("signal %d can't be delivered", number))
		return
	}
	s.citeSignal(f, c)
	if s.lives(c) && number > 0 {
		s.sends(c, s.law.signalSent(s, number))
	}
	s.returns(f, unspecified)
}

func (s *State) citeSignal(f, c ID) {
	switch name := s.signalName(f); {
	case platform[name] != 0 || name == "emulation-trap":
		s.cite("EXT-SIG-3")
	case name != "":
		s.cite("EXT-SIG-2", "EXT-SIG-8")
	}
	if s.get(c, childPhase) == childZombie {
		s.cite("EXT-SIG-5")
	}
	s.cite("EXT-SIG-1", "EXT-SIG-7")
}

// tellMapping: what names there are. An implementation may have more.
func tellMapping(s *State, act Act) {
	s.cite("EXT-SIG-8", "EXT-SIG-2")
	if told, known := s.foretold(act.Frame); s.open && known && s.hasMapping(told) {
		s.returns(act.Frame, told)
		return
	}
	entries := make([]spec.Value, len(mapping))
	for i, name := range mapping {
		entries[i] = spec.List{Items: []spec.Value{spec.Keyword(name)}, Dotted: spec.Int(i + 1)}
	}
	s.returns(act.Frame, s.u.Intern(spec.NewList(entries...)))
}

// hasMapping tells whether a list has the documented names with their numbers, but for those that Linux numbers
// otherwise.
func (s *State) hasMapping(told Term) bool {
	entries, _ := spec.Items(s.u.Value(told))
	has := map[string]spec.Value{}
	for _, entry := range entries {
		pair, ok := entry.(spec.List)
		if !ok || len(pair.Items) != 1 {
			continue
		}
		if name, isName := pair.Items[0].(spec.Symbol); isName {
			has[name.Name] = pair.Dotted
		}
	}
	for i, name := range mapping {
		open := platform[name] != 0 && has[name] == spec.Value(spec.Int(platform[name])) || name == "emulation-trap"
		if has[name] != spec.Value(spec.Int(i+1)) && !open {
			return false
		}
	}
	return true
}
