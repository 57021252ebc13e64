package native

import (
	"slices"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Values of symbols: global ones, and the dynamic bindings that each process has for itself (BIND-11, -12).

// bindingDecisions are those about bindings.
type bindingDecisions struct {
	lastCounts     bool // BIND-13: of two entries for a symbol
	formsSeeNew    bool // BIND-13: what earlier entries bind
	oddIgnored     bool // BIND-13: an entry without a variable
	standardOwn    bool // BIND-14: a new process binds the standard variables
	globalPriority bool // PROC-PRI-4
	cleansUnbound  bool // CLEAN-STATE-1: a cleanup form sees none of the bindings of its process
}

// A binding gives a symbol a value, nil for none.
type binding struct {
	symbol spec.Symbol
	value  spec.Value
}

// The variables that native looks at.
var (
	initialBindings = spec.Symbol{Package: "MP", Name: "*PROCESS-INITIAL-BINDINGS*"}
	defaultPriority = spec.Symbol{Package: "MP", Name: "*DEFAULT-PROCESS-PRIORITY*"}
)

// symbolsAtFirst are those that have a value from the beginning.
func symbolsAtFirst() map[spec.Symbol]spec.Value {
	values := map[spec.Symbol]spec.Value{initialBindings: spec.Nil{}, initialProcesses: spec.Nil{}, defaultPriority: spec.Int(0)}
	for _, name := range []string{"*PACKAGE*", "*READTABLE*", "*STANDARD-OUTPUT*"} {
		values[spec.Symbol{Package: "COMMON-LISP", Name: name}] = spec.Keyword("standard")
	}
	return values
}

// boundTo is the innermost binding that a process has of a symbol, nil for none; the monitor is held.
func (p *process) boundTo(symbol spec.Symbol) *binding {
	for i := len(p.bound) - 1; i >= 0; i-- {
		if p.bound[i].symbol == symbol && (i >= p.outside || !p.sys.decide.cleansUnbound) {
			return &p.bound[i]
		}
	}
	return nil
}

// value is that of a symbol where the code of a process runs, nil for none; the monitor is held.
func (p *process) value(symbol spec.Symbol) spec.Value {
	if b := p.boundTo(symbol); b != nil {
		return b.value
	}
	return p.sys.globals[symbol]
}

// unbindTo leaves a process so many bindings; the monitor is held.
func (p *process) unbindTo(depth int) {
	if len(p.bound) > depth {
		p.bound = p.bound[:depth]
	}
}

// symbolOf reads a symbol that is no constant; those are their own value.
func symbolOf(v spec.Value) (symbol spec.Symbol, constant bool, err error) {
	switch v := v.(type) {
	case spec.Nil, spec.True:
		return symbol, true, nil
	case spec.Symbol:
		return v, v.Package == "KEYWORD", nil
	}
	return symbol, false, kit.TypeError("the symbol", v, "a symbol")
}

// variableOf reads a symbol that can be bound and set.
func variableOf(v spec.Value) (spec.Symbol, error) {
	symbol, constant, err := symbolOf(v)
	if constant {
		err = kit.TypeError("the variable", v, "a symbol that is no constant")
	}
	return symbol, err
}

func unboundVariable(symbol spec.Symbol) *spec.Condition {
	return &spec.Condition{Type: "unbound-variable", Message: symbol.String() + " has no value"}
}

// asked is the operation that tells the value of a symbol.
func asked(f *frame, c spec.Call, value func(f *frame, symbol spec.Symbol) spec.Value) ([]spec.Value, error) {
	symbol, constant, err := symbolOf(c.Args[0])
	switch {
	case err != nil:
		return nil, err
	case constant:
		return kit.One(c.Args[0]), nil
	}
	v := value(f, symbol)
	if v == nil {
		return nil, unboundVariable(symbol)
	}
	return kit.One(v), nil
}

func symbolValue(f *frame, c spec.Call) ([]spec.Value, error) {
	return asked(f, c, func(f *frame, symbol spec.Symbol) spec.Value { return f.proc.value(symbol) })
}

func globalValue(f *frame, c spec.Call) ([]spec.Value, error) {
	return asked(f, c, func(f *frame, symbol spec.Symbol) spec.Value { return f.sys.globals[symbol] })
}

func symevalInProcess(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	return asked(f, c, func(_ *frame, symbol spec.Symbol) spec.Value { return p.value(symbol) })
}

// setSymbolValue sets the innermost binding of the process, else the global value.
func setSymbolValue(f *frame, c spec.Call) ([]spec.Value, error) {
	symbol, err := variableOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	if b := f.proc.boundTo(symbol); b != nil {
		b.value = c.Args[1]
	} else {
		f.sys.globals[symbol] = c.Args[1]
	}
	return kit.One(c.Args[1]), nil
}

func setGlobalValue(f *frame, c spec.Call) ([]spec.Value, error) {
	symbol, err := variableOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	f.sys.globals[symbol] = c.Args[1]
	return kit.One(c.Args[1]), nil
}

// defvar gives a symbol a global value where it has none.
func defvar(f *frame, c spec.Call) ([]spec.Value, error) {
	symbol, err := variableOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	if len(c.Args) > 1 && f.sys.globals[symbol] == nil {
		f.sys.globals[symbol] = c.Args[1]
	}
	return kit.One(symbol), nil
}

// let runs code with dynamic bindings, which end when the code is left, however that is.
func let(f *frame, c spec.Call) ([]spec.Value, error) {
	body, err := f.sys.CodeOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	entries, ok := spec.Items(c.Args[0])
	if !ok {
		return nil, kit.TypeError("the bindings", c.Args[0], "an alist")
	}
	var more []binding
	for _, entry := range entries {
		symbol, value, err := f.sys.bindingEntry(entry)
		if err != nil {
			return nil, err
		}
		more = append(more, binding{symbol, value})
	}
	depth := len(f.proc.bound)
	f.OnLeave(func() { f.proc.unbindTo(depth) })
	f.proc.bound = append(slices.Clip(f.proc.bound), more...)
	values, _ := f.Call(body, nil)
	f.OnLeave(nil)
	return values, nil
}

// bindingEntry reads a cons of a variable and something else.
func (s *system) bindingEntry(v spec.Value) (symbol spec.Symbol, cdr spec.Value, err error) {
	pair, ok := s.Structure(v).(spec.List)
	if !ok {
		return symbol, nil, kit.TypeError("the entry", v, "a cons")
	}
	if symbol, err = variableOf(pair.Items[0]); err != nil {
		return symbol, nil, err
	}
	switch {
	case len(pair.Items) > 1:
		cdr = spec.List{Items: pair.Items[1:], Dotted: pair.Dotted}
	case pair.Dotted != nil:
		cdr = pair.Dotted
	default:
		cdr = spec.Nil{}
	}
	return symbol, cdr, nil
}

// priorityByDefault is that of a process that p makes without saying which (PROC-PRI-2).
func (p *process) priorityByDefault() int64 {
	value := p.value(defaultPriority)
	if p.sys.decide.globalPriority {
		value = p.sys.globals[defaultPriority]
	}
	n, _ := value.(spec.Int)
	return int64(n)
}
