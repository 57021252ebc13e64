package traces

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// mostClauses is how many clauses a finding names as those that it breaks.
const mostClauses = 3

// A direct cause is what the specification does at the label of a conviction: what its acts cite there.
type direct struct {
	process model.ID // whose acts are meant, 0 for any
	frame   model.ID // or the operation of that frame, 0 for none
	cited   []model.Citation
	beside  []string           // what others do on the way there
	plain   bool               // an operation of the kit does something there, of which no clause speaks
	quiet   bool               // nothing happens: the label is a silence
	alike   []model.MutantInfo // known faults that would have shown the same
	differs []int              // the values that are not as they should be, nil where it isn't a matter of values
}

// nobody's acts are meant.
const nobody model.ID = 1<<32 - 1

// convicting collects what is cited while do looks for what may happen, to a process or one operation of it.
func (c *checker) convicting(p, f model.ID, do func()) {
	c.direct = &direct{process: p, frame: f}
	blind := c.blind
	do()
	c.blind = blind
}

// credit notes what an act has cited: of the conviction at hand, or of the call or process that acted.
func (c *checker) credit(a model.Act, cited []model.Citation) {
	if !c.citing {
		return
	}
	if d := c.direct; d != nil {
		if (d.process == 0 || a.Process == d.process) && (d.frame == 0 || d.frame == a.Frame) {
			d.cited = append(d.cited, cited...)
			if call := c.calls[a.Frame]; len(cited) == 0 && a.Kind == model.Effect && call != nil {
				d.plain = d.plain || call.Row.Is(spec.Kit)
			}
		} else {
			d.beside = union(d.beside, clausesOf(cited))
		}
		return
	}
	if len(cited) == 0 {
		return
	}
	ids := clausesOf(cited)
	if call := c.calls[a.Frame]; call != nil && (a.Kind == model.Effect || a.Kind == model.TimeUp) {
		call.Cited = union(call.Cited, ids)
		return
	}
	if c.lives == nil {
		c.lives = map[model.ID][]string{}
	}
	of := a.Process
	if a.Kind == model.Obey {
		of = a.Frame
	}
	c.lives[of] = union(c.lives[of], ids)
}

func clausesOf(cited []model.Citation) (ids []string) {
	for _, cites := range cited {
		ids = union(ids, cites.Clauses)
	}
	return ids
}

// citeHeld credits what holds a process back.
func (c *checker) citeHeld(s *model.State, p model.ID) {
	if c.citing && p != 0 {
		c.direct.cited = append(c.direct.cited, s.Held(p)...)
	}
}

// union appends what a list hasn't.
func union(list, more []string) []string {
	for _, id := range more {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// cause lists the clauses that speak of a conviction, the likeliest to be broken first: those of what the specification
// does there, and those of what was done before on the same objects. It also tells which one decides the verdict - the most
// special of the former - and whether that one is judged, or one that its branch cites beside.
func (c *checker) cause(i int) (all []string, like []Likeness, deciding string, judged bool) {
	d := c.direct
	c.direct = nil
	if !c.citing {
		return nil, nil, "", true
	}
	if d == nil {
		d = &direct{}
	}
	if call := c.script.Closes[i]; call != nil {
		for _, ids := range [][]string{call.Cited, call.Operation.Cited()} {
			if len(ids) > 0 {
				d.cited = append(d.cited, model.Citation{Clauses: ids, Value: -1})
			}
		}
	}
	ids := clausesOf(d.cited)
	rest := union(d.beside, c.before(i))
	if len(ids)+len(rest) == 0 {
		rest = c.anybody(i)
	}
	d.alike = c.alike(i, union(slices.Clone(ids), rest))
	all = d.likeliest(ids, rest)
	if len(ids) == 0 {
		return all, d.likeness(), "", true // of the kit, of which no clause speaks
	}
	deciding = mostSpecial(ids)
	if d.plain && weightOf(deciding) > 0 {
		return all, d.likeness(), "", true // neither do those of what is open
	}
	judged = slices.ContainsFunc(d.cited, func(cites model.Citation) bool {
		return slices.Contains(cites.Clauses, deciding) && slices.ContainsFunc(cites.Clauses, c.o.judges)
	})
	return all, d.likeness(), deciding, judged
}

// What makes a clause the likelier to be broken is weighed in halvings of how usual it is: that it is cited at the label
// itself and not by what came before; each place in the order of citation, since a branch cites first what says most of
// it; that it speaks of the one value that is wrong, or of another one; and that a known fault which breaks
// it would have shown the same. The weights are those with which the most faults of the specification's mutants are named
// rightly (TestFindingsNameTheRightClause).
const (
	weightBefore = 2
	weightOrder  = 0.5
	weightValue  = 5
	weightAlike  = 100
	weightOpen   = 1000 // of what the documents leave open nothing can be broken
)

// likeliest sorts clauses by how likely it is that one is broken. Where something should happen and doesn't, what is most
// usual of it is the likeliest: that it happens at all.
func (d *direct) likeliest(ids, rest []string) []string {
	score := map[string]float64{}
	all := union(slices.Clone(ids), rest)
	for i, id := range all {
		score[id] = math.Log2(float64(1 + model.Usual(id)))
		if i < len(ids) {
			if d.quiet {
				score[id] = -score[id]
			}
			score[id] += float64(i)*weightOrder + d.fits(id)*weightValue
		} else {
			score[id] += weightBefore
		}
		if slices.ContainsFunc(d.alike, func(m model.MutantInfo) bool { return slices.Contains(m.Clauses, id) }) {
			score[id] -= weightAlike
		}
		score[id] += weightOf(id)
	}
	slices.SortStableFunc(all, func(a, b string) int { return cmp.Compare(score[a], score[b]) })
	return all
}

// mostSpecial is the clause that says most of what the specification does: one that can be broken, if there is any, and of
// those the one that is cited most seldom. Known faults have no part in it: verdicts don't depend on them.
func mostSpecial(ids []string) string {
	return slices.MinFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(weightOf(a), weightOf(b)), cmp.Compare(model.Usual(a), model.Usual(b)))
	})
}

// weightOf is what a clause weighs by its level.
func weightOf(id string) float64 {
	if level := spec.Clauses().Lookup(id).Level; level != spec.Must && level != spec.Doc {
		return weightOpen
	}
	return 0
}

// fits is -1 where a clause speaks of the only value that is wrong, 1 where it speaks only of others, else 0.
func (d *direct) fits(id string) float64 {
	of, more := false, false // the values that differ, more than a value
	for _, cites := range d.cited {
		if slices.Contains(cites.Clauses, id) {
			of = of || slices.Contains(d.differs, cites.Value)
			more = more || cites.Value < 0
		}
	}
	switch {
	case of && len(d.differs) == 1:
		return -1
	case !of && !more:
		return 1
	}
	return 0
}

// before lists what was cited by the operations before a label on the objects that it is about, and on those that these
// were given to, the latest first; then by the processes among them.
func (c *checker) before(i int) []string {
	about := c.about(i)
	object := c.taken(i)
	related := map[int]bool{}
	for range 2 { // a second round for what the first found
		for at := range i {
			call := c.script.Opens[at]
			if call == nil || call.At != at || related[at] || !c.touches(call, at, about) && !(object != model.NoTerm && call.Sent == object) {
				continue
			}
			related[at] = true
			for _, id := range slices.Concat(call.Needs, c.script.Located(c.script.Labels[at].Call), c.script.Objects(call.Values)) {
				about[id] = true
			}
		}
	}
	children := c.script.Closes[i].OfSystem() // which are all of one operating system
	var out []string
	for at := i - 1; at >= 0; at-- {
		if call := c.script.Opens[at]; related[at] || children && call.OfSystem() {
			last := slices.Clone(call.Cited)
			slices.Reverse(last) // what an operation leaves is cited last
			out = union(out, last)
			out = union(out, call.Operation.Cited())
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.lives)) {
		if about[id] || children && c.script.Universe.KindOf(id) == model.KindChild {
			out = union(out, c.lives[id])
		}
	}
	for at := i - 1; at >= 0; at-- { // what the processes among them called may have done them something too
		if call := c.script.Opens[at]; call != nil && !related[at] && about[c.caller(at)] {
			out = union(out, call.Cited)
		}
	}
	return out
}

// anybody lists what was cited by all operations before a label: of what is nobody's, as the streams that the Lisp was started
// with.
func (c *checker) anybody(i int) (out []string) {
	for at := i - 1; at >= 0; at-- {
		if call := c.script.Opens[at]; call != nil {
			out = union(out, call.Cited)
		}
	}
	return out
}

// caller is the process that a label is of.
func (c *checker) caller(at int) model.ID {
	if c.script.Labels[at].Frame == 0 {
		return c.states[0].TestProcess()
	}
	return c.script.Refs[c.script.Owner[c.script.Labels[at].Frame]]
}

// taken is the object that a label at hand answers to have been taken from a mailbox.
func (c *checker) taken(i int) model.Term {
	if call := c.script.Closes[i]; call != nil && call.Takes() && len(call.Seen.Terms) > 0 && call.Seen.Terms[0] != model.NilTerm {
		return call.Seen.Terms[0]
	}
	return model.NoTerm
}

// about are the objects that a label is about.
func (c *checker) about(i int) map[model.ID]bool {
	about := map[model.ID]bool{}
	l := c.script.Labels[i]
	if p, ok := c.script.Refs[c.script.Owner[l.Frame]]; ok && l.Frame != 0 {
		about[p] = true
	}
	if call := c.script.Closes[i]; call != nil {
		for _, id := range call.Needs {
			about[id] = true
		}
	}
	if l.Kind == spec.QuietLabel { // it is about whatever could act, or waits
		for _, a := range model.Enabled(c.states[0], nil) {
			about[a.Process] = true
		}
		for _, call := range c.calls {
			for _, id := range call.Needs {
				about[id] = true
			}
		}
	}
	return about
}

// touches tells whether a call names one of these objects, or was answered with one.
func (c *checker) touches(call *script.Call, at int, about map[model.ID]bool) bool {
	isAbout := func(id model.ID) bool { return about[id] }
	if slices.ContainsFunc(call.Needs, isAbout) || slices.ContainsFunc(c.script.Located(c.script.Labels[at].Call), isAbout) {
		return true
	}
	if call.TakesOwn() && about[c.script.Refs[c.script.Owner[c.script.Labels[at].Frame]]] {
		return true
	}
	return slices.ContainsFunc(c.script.Objects(call.Values), func(id model.ID) bool { return about[id] })
}
