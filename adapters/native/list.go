package native

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Which processes there are, and which one is meant (PROC-LIST, PROC-COUNT, PROC-NAME).

func listAllProcesses(f *frame, _ spec.Call) ([]spec.Value, error) {
	listed := f.sys.listed()
	if f.sys.decide.listOrder != nil {
		f.sys.decide.listOrder(listed)
	}
	var items []spec.Value
	for _, p := range listed {
		items = append(items, p.ref)
	}
	return kit.One(spec.NewList(items...)), nil
}

func processesCount(f *frame, _ spec.Call) ([]spec.Value, error) {
	return kit.One(spec.Int(len(f.sys.listed()))), nil
}

// listed are the current processes, in the order of creation (PROC-LIST-3, -4).
func (s *system) listed() []*process {
	var listed []*process
	for _, p := range s.processes {
		switch p.phase {
		case living:
			if p.begun || !s.decide.newUnlisted {
				listed = append(listed, p)
			}
		default:
			if !s.decide.cleaningUnlisted {
				listed = append(listed, p)
			}
		}
	}
	return listed
}

// find returns the listed process of the highest priority, the oldest of several, for
// which like holds, as a value: nil where there is none (PROC-NAME-4).
func (s *system) find(like func(*process) bool) spec.Value {
	var best *process
	for _, p := range s.processes {
		if like(p) && (best == nil || p.priority > best.priority) {
			best = p
		}
	}
	if best == nil {
		return spec.Nil{}
	}
	return best.ref
}

func (s *system) findName(name string) spec.Value {
	return s.find(func(p *process) bool { return p.title == spec.Value(spec.String(name)) })
}

// getProcess takes the designators of PROC-NAME-5, and answers nil where nothing matches.
func getProcess(f *frame, c spec.Call) ([]spec.Value, error) {
	found, err := designated(f, c)
	if none := f.sys.decide.noMatch; none != nil && err == nil && !spec.Truth(found[0]) {
		return none()
	}
	return found, err
}

func designated(f *frame, c spec.Call) ([]spec.Value, error) {
	s, v := f.sys, c.Args[0]
	if name, ok := s.Text(v); ok {
		return kit.One(s.findName(name)), nil
	}
	startedWith := func(p *process) bool { return p.starts == identity(v) }
	switch v := v.(type) {
	case spec.Int:
		return kit.One(s.find(func(p *process) bool { return p.id == int(v) })), nil
	case spec.Symbol:
		found := s.findName(v.Name)
		if !spec.Truth(found) {
			found = s.find(startedWith)
		}
		return kit.One(found), nil
	case spec.Ref:
		switch s.Object(v).(type) {
		case *process:
			return kit.One(v), nil
		case kit.Function:
			return kit.One(s.find(startedWith)), nil
		}
	}
	return nil, kit.TypeError("the designator", v, "a process, a name or a function")
}

func findProcessFromName(f *frame, c spec.Call) ([]spec.Value, error) {
	name, ok := f.sys.Text(c.Args[0])
	if !ok {
		return nil, kit.TypeError("the name", c.Args[0], "a string")
	}
	return kit.One(f.sys.findName(name)), nil
}

// processInternalServerP tells whether a process is marked as an internal server (PROC-CREATE-11).
func processInternalServerP(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.processOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	return kit.One(spec.Bool(p.internal)), nil
}

// anyOtherProcess tells whether one is listed that is neither the caller nor an internal server.
func anyOtherProcess(f *frame, _ spec.Call) ([]spec.Value, error) {
	other := func(p *process) bool { return p != f.proc && !p.internal }
	return kit.One(spec.Bool(slices.ContainsFunc(f.sys.listed(), other))), nil
}

// ps prints the processes, those of the highest priority first, of equal ones the oldest (PROC-PS-1).
func ps(f *frame, _ spec.Call) ([]spec.Value, error) {
	d, listed := &f.sys.decide, f.sys.listed()
	slices.SortStableFunc(listed, func(a, b *process) int { return cmp.Compare(b.priority, a.priority) })
	if d.psOrder != nil {
		d.psOrder(listed)
	}
	if d.psReturns {
		var items []spec.Value
		for _, p := range listed {
			items = append(items, p.ref)
		}
		return kit.One(spec.NewList(items...)), nil
	}
	between := "\n"
	if d.psInARow {
		between = ", "
	}
	var lines []string
	for _, p := range listed {
		lines = append(lines, fmt.Sprintf("%-30s priority %d", p.name, p.priority))
	}
	f.write(strings.Join(lines, between) + "\n")
	return kit.One(spec.Nil{}), nil
}

// write writes to the standard output that is bound around the frame; where none is nobody ever reads it.
func (f *frame) write(text string) {
	if _, output := kit.Around[*strings.Builder](f.Frame); output != nil {
		output.WriteString(text)
	}
}
