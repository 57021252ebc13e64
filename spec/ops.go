package spec

import (
	"fmt"
	"slices"
	"strings"
)

// Op is one row of the operations table: everything an adapter can be asked to do.
type Op struct {
	// Name is the operation's name on the wire: the documents' own, without a package.
	Name string
	// Lambda is its lambda list and results, as in "process object &key limit => success".
	Lambda string
	// Class says what may be asked of the moment at which it takes effect.
	Class Class
	// Area is the area of the clause catalogue it belongs to, "" for operations of the kit.
	Area string
	// Capability that an adapter needs to offer it.
	Capability Capability
	// Flags say what may happen while it is open, and who executes it.
	Flags Flags
	// Extras are the keywords that an adapter claims one by one, as "name :keyword".
	Extras []string
	// Pages are the manual pages that describe it; empty where a seed does.
	Pages []string
	// Clauses are patterns of the clauses it serves: ids, or a prefix ending in "*".
	Clauses []string

	Required, Optional, Keys, Results []Param
	Rest                              *Param
}

// Param is a parameter or result: a name, and what is ordinarily passed. Types are for
// people and generated interfaces; a case may pass anything, to see what happens. Some say more than
// that: seconds are a time that the call may take, a pid is an integer that the operating system gave.
type Param struct {
	Name, Type string
	Role       Role
}

// Role is what passing a value does, or that it says nothing.
type Role uint8

// The roles. In a lambda list they stand where the type does, New before it.
const (
	// Sent: the object is put into a mailbox.
	Sent Role = iota + 1
	// Taken: it was taken out of one.
	Taken
	// New: it is an object that the call has made, as in mailbox:new-mailbox.
	New
	// Unspecified: the documents say nothing of the value.
	Unspecified
	// Lacking: releases differ in whether they return it; its name ends in a question mark.
	Lacking
)

// Class is the operation class (design, section 2).
type Class string

// The classes. Atomic: one effect between call and return. Interval: the answer must
// contain what lived throughout and nothing that was dead throughout. Advisory: judged
// only when nothing overlaps.
const (
	Atomic   Class = "atomic"
	Interval Class = "interval"
	Advisory Class = "advisory"
)

// Flags of an operation.
type Flags uint8

const (
	// MayWait: it may block until another process or a clock acts.
	MayWait Flags = 1 << iota
	// StopsWorld: it may suspend the whole implementation; the harness then sends nothing
	// and doesn't ping.
	StopsWorld
	// RunsCode: it calls callbacks on the calling process before it returns.
	RunsCode
	// Kit: it belongs to the kit, not to the system under test.
	Kit
	// ByHarness: the harness executes it and no adapter sees it, but for one on a virtual
	// clock, whose operating system is simulated too.
	ByHarness
)

// Is tells whether all of the flags f are set.
func (op *Op) Is(f Flags) bool { return op.Flags&f == f }

// Method is the name of the operation's method in [API].
func (op *Op) Method() string { return camel(op.Name) }

// Ops is the operations table, at contract version [ContractVersion]. Don't change it.
var Ops = table()

var opsByName = func() map[string]*Op {
	byName := make(map[string]*Op, len(Ops))
	for _, op := range Ops {
		byName[op.Name] = op
	}
	return byName
}()

// LookupOp returns the operation of that name, or nil.
func LookupOp(name string) *Op { return opsByName[name] }

// Claimable tells whether a handshake may claim that name: an operation that adapters
// execute, or one of its extras.
func Claimable(claim string) bool {
	name, _, extra := strings.Cut(claim, " ")
	op := opsByName[name]
	if op == nil || op.Is(ByHarness) {
		return false
	}
	if !extra {
		return true
	}
	for _, x := range op.Extras {
		if x == claim {
			return true
		}
	}
	return false
}

func table() []*Op {
	var ops []*Op
	area, capability, base := "", Core, Flags(0)
	section := func(a string, c Capability, f Flags) { area, capability, base = a, c, f }
	add := func(name, lambda string, class Class, flags Flags, pages, clauses string) {
		op := &Op{
			Name: name, Lambda: lambda, Class: class, Area: area, Capability: capability,
			Flags: base | flags, Pages: strings.Fields(pages), Clauses: strings.Fields(clauses),
		}
		if err := op.parse(); err != nil {
			panic(err)
		}
		ops = append(ops, op)
	}
	tableOfProcesses(section, add)
	tableOfMessages(section, add)
	tableOfChildren(section, add)
	tableOfKit(section, add)
	return ops
}

type (
	sectionFunc func(area string, c Capability, f Flags)
	addFunc     func(name, lambda string, class Class, flags Flags, pages, clauses string)
)

// parse reads Lambda: required parameters, then &optional, &key and &rest, then => and
// the results. A keyword or a plist indicator written with a leading + is an extra.
func (op *Op) parse() error {
	left, right, _ := strings.Cut(op.Lambda, "=>")
	into := &op.Required
	rest := false
	for _, word := range strings.Fields(left) {
		switch word {
		case "&optional":
			into, rest = &op.Optional, false
			continue
		case "&key":
			into, rest = &op.Keys, false
			continue
		case "&rest":
			rest = true
			continue
		}
		extra := strings.HasPrefix(word, "+")
		p := param(strings.TrimPrefix(word, "+"))
		if extra {
			op.Extras = append(op.Extras, op.Name+" :"+p.Name)
		}
		switch {
		case rest && op.Rest != nil:
			return fmt.Errorf("operation %s: two &rest parameters", op.Name)
		case rest:
			op.Rest = &p
		case p.Type == "plist-key":
			// An indicator of the plist argument: claimed, but no parameter of its own.
		default:
			*into = append(*into, p)
		}
	}
	for _, word := range strings.Fields(right) {
		op.Results = append(op.Results, param(word))
	}
	return nil
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
	if made, ok := strings.CutPrefix(kind, "new-"); ok {
		p.Type, p.Role = made, New
	}
	if role, ok := map[string]Role{"sent": Sent, "taken": Taken, "unspecified": Unspecified}[kind]; ok {
		p.Type, p.Role = "object", role
	}
	return p
}

// Positional is the parameter that a positional argument is for, nil where the lambda list has none.
func (op *Op) Positional(i int) *Param {
	switch {
	case i < len(op.Required):
		return &op.Required[i]
	case i-len(op.Required) < len(op.Optional):
		return &op.Optional[i-len(op.Required)]
	}
	return op.Rest
}

// Keyword is the keyword parameter of that name, nil where there is none.
func (op *Op) Keyword(name string) *Param {
	if i := slices.IndexFunc(op.Keys, func(p Param) bool { return p.Name == name }); i >= 0 {
		return &op.Keys[i]
	}
	return nil
}

// Makes is the type of the object that the operation makes and returns first, "" where it makes none.
func (op *Op) Makes() string {
	if len(op.Results) > 0 && op.Results[0].Role == New {
		return op.Results[0].Type
	}
	return ""
}

// Takes tells whether the operation takes an object out of a mailbox and returns it first.
func (op *Op) Takes() bool { return len(op.Results) > 0 && op.Results[0].Role == Taken }

// Sends is the index of the positional argument that the operation puts into a mailbox, that of its first argument
// or of the process which that is; -1 where it sends nothing.
func (op *Op) Sends() int {
	return slices.IndexFunc(op.Required, func(p Param) bool { return p.Role == Sent })
}

// SaysNothing tells whether the documents say nothing of what the operation returns.
func (op *Op) SaysNothing() bool { return len(op.Results) == 0 || op.Results[0].Role == Unspecified }

// Fixed is how many values the operation returns in every release.
func (op *Op) Fixed() int {
	if n := slices.IndexFunc(op.Results, func(p Param) bool { return p.Role == Lacking }); n >= 0 {
		return n
	}
	return len(op.Results)
}

func camel(name string) string {
	var b strings.Builder
	for _, part := range strings.Split(strings.Trim(name, "*"), "-") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}
