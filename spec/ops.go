package spec

import "strings"

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
	// Clauses are patterns of the clauses it serves: ids, or a prefix ending in "*". The first is the id
	// of that which says what the operation is for, where one does: see [Op.Sentence].
	Clauses []string

	// Signature is Lambda, read.
	Signature
}

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
	// Kills: it asks a process to end, its own or another.
	Kills
)

// Is tells whether all of the flags f are set.
func (op *Op) Is(f Flags) bool { return op.Flags&f == f }

// Sentence is the id of the clause that says of the operation, called in whatever manner, what it is
// for; "" where none does.
func (op *Op) Sentence() string {
	if len(op.Clauses) == 0 || strings.HasSuffix(op.Clauses[0], "*") {
		return ""
	}
	return op.Clauses[0]
}

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
		for _, keyword := range op.parse(name, lambda) {
			op.Extras = append(op.Extras, name+" :"+keyword)
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

func camel(name string) string {
	var b strings.Builder
	for _, part := range strings.Split(strings.Trim(name, "*"), "-") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}
