package spec

import (
	"fmt"
	"slices"
	"strings"
)

// Signature is what a call is given and what it returns: a lambda list as in
// "process object &key limit => success", read.
type Signature struct {
	Required, Optional, Keys, Results []Param
	Rest                              *Param
}

// Param is a parameter or result: a name, and what is ordinarily passed. Types are for
// people and generated interfaces; a case may pass anything, to see what happens. Some say more than
// that: seconds are a time that the call may take, a pid is an integer that the operating system gave, a command
// is a text that may start a helper child.
type Param struct {
	Name, Type string
	Role       Role
	// Of is the type of what is listed or counted, "" where nothing is.
	Of string
}

// Role is what passing a value does, or that it says nothing.
type Role uint8

// The roles. In a lambda list they stand where the type does, or before it, as in mailbox:new-mailbox.
const (
	// Sent: the object is put into a mailbox.
	Sent Role = iota + 1
	// Taken: it was taken out of one.
	Taken
	// New: it is an object that the call has made.
	New
	// Own: it belongs to the first argument, as its mailbox does, or its pid.
	Own
	// Each: it is a list of all objects of the type that there are.
	Each
	// Count: it is the number of these.
	Count
	// Started: where the parameter wait is false it is the pid of what the call has started.
	Started
	// Parent: it is the pid of a process that has started another.
	Parent
	// Between: it is code that is called, now or later, on some process between whatever that does.
	Between
	// Unspecified: the documents say nothing of the value.
	Unspecified
	// Lacking: releases differ in whether they return it; its name ends in a question mark.
	Lacking
)

// parse reads a lambda list: required parameters, then &optional, &key and &rest, then => and the
// results. It returns the keywords and plist indicators that are written with a leading +: they
// are claimed apart. What it can't read is a mistake in a table of this package, called name.
func (s *Signature) parse(name, lambda string) (apart []string) {
	left, right, _ := strings.Cut(lambda, "=>")
	into := &s.Required
	rest := false
	for _, word := range strings.Fields(left) {
		switch word {
		case "&optional":
			into, rest = &s.Optional, false
			continue
		case "&key":
			into, rest = &s.Keys, false
			continue
		case "&rest":
			rest = true
			continue
		}
		extra := strings.HasPrefix(word, "+")
		p := param(strings.TrimPrefix(word, "+"))
		if extra {
			apart = append(apart, p.Name)
		}
		switch {
		case rest && s.Rest != nil:
			panic(fmt.Sprintf("%s: two &rest parameters", name))
		case rest:
			s.Rest = &p
		case p.Type == "plist-key":
			// An indicator of the plist argument: claimed, but no parameter of its own.
		default:
			*into = append(*into, p)
		}
	}
	for _, word := range strings.Fields(right) {
		s.Results = append(s.Results, param(word))
	}
	return apart
}

func param(word string) Param {
	name, kind, ok := strings.Cut(word, ":")
	if !ok {
		kind = "object"
	}
	p := Param{Name: name, Type: kind}
	if lacking, ok := strings.CutSuffix(name, "?"); ok {
		p.Name, p.Role = lacking, Lacking
	}
	before, of, _ := strings.Cut(kind, "-")
	switch before {
	case "new":
		p.Type, p.Role = of, New
	case "own":
		p.Type, p.Role = of, Own
	case "started":
		p.Type, p.Role = of, Started
	case "parent":
		p.Type, p.Role = of, Parent
	case "each":
		p.Type, p.Role, p.Of = "list", Each, of
	case "count":
		p.Type, p.Role, p.Of = "integer", Count, of
	case "sent":
		p.Type, p.Role = "object", Sent
	case "taken":
		p.Type, p.Role = "object", Taken
	case "between":
		p.Type, p.Role = of, Between
	case "unspecified":
		p.Type, p.Role = "object", Unspecified
	}
	return p
}

// Positional is the parameter that a positional argument is for, nil where the lambda list has none.
func (s *Signature) Positional(i int) *Param {
	switch {
	case i < len(s.Required):
		return &s.Required[i]
	case i-len(s.Required) < len(s.Optional):
		return &s.Optional[i-len(s.Required)]
	}
	return s.Rest
}

// Keyword is the keyword parameter of that name, nil where there is none.
func (s *Signature) Keyword(name string) *Param {
	if i := slices.IndexFunc(s.Keys, func(p Param) bool { return p.Name == name }); i >= 0 {
		return &s.Keys[i]
	}
	return nil
}

// Makes is the type of the object that the operation makes and returns first, "" where it makes none.
func (s *Signature) Makes() string {
	if len(s.Results) > 0 && s.Results[0].Role == New {
		return s.Results[0].Type
	}
	return ""
}

// CallsElsewhere tells whether the code that the operation is given runs on the foreign thread that is its first argument, in
// a process which that has, and not on the calling one.
func (s *Signature) CallsElsewhere() bool {
	return len(s.Required) > 1 && s.Required[0].Type == "foreign-thread" && s.Required[1].Type == "code"
}

// Starts tells whether the operation starts a process of the operating system, for which it may wait.
func (s *Signature) Starts() bool { return len(s.Results) > 0 && s.Results[0].Role == Started }

// Takes tells whether the operation takes an object out of a mailbox and returns it first.
func (s *Signature) Takes() bool { return len(s.Results) > 0 && s.Results[0].Role == Taken }

// Sends is the index of the positional argument that the operation puts into a mailbox, that of its first argument
// or of the process which that is; -1 where it sends nothing.
func (s *Signature) Sends() int {
	return slices.IndexFunc(s.Required, func(p Param) bool { return p.Role == Sent })
}

// SaysNothing tells whether the documents say nothing of what the operation returns.
func (s *Signature) SaysNothing() bool {
	return len(s.Results) == 0 || s.Results[0].Role == Unspecified
}

// Fixed is how many values the operation returns in every release.
func (s *Signature) Fixed() int {
	if n := slices.IndexFunc(s.Results, func(p Param) bool { return p.Role == Lacking }); n >= 0 {
		return n
	}
	return len(s.Results)
}
