package traces

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// otherwise judges a trace, which is forbidden if mailboxes have the usual size, for the other sizes
// that a system may give those made without one. Of a budget they all share one.
func otherwise(first *Report, labels []spec.Label, o CheckOptions) *Report {
	sizes, complete := defaultSizes(labels)
	if len(sizes) == 0 {
		return first
	}
	o.firstOnly = true
	left, undecided := o.Budget, (*Report)(nil)
	for _, size := range sizes {
		if o.Budget = left; left <= 0 {
			complete = false
			break
		}
		r := checkSize(labels, o, size)
		if left -= r.States; r.Verdict == Allowed {
			return r
		}
		if r.Verdict == Undecided {
			undecided = r
		}
	}
	switch {
	case undecided != nil:
		return undecided
	case !complete:
		return &Report{Verdict: Undecided, Judged: first.Findings[0].Step, States: first.States, Widest: first.Widest,
			Why: fmt.Sprintf("label %d is not allowed if mailboxes made without a size have the usual one, and not all other sizes could be tried", first.Findings[0].Step)}
	}
	return first
}

// A holding is what the labels so far say of how many objects a mailbox holds.
type holding struct {
	adding, added int // sends that are on their way, and that have added
	taking, taken int // and reads
}

// most and least objects that a mailbox may have held at some time between two labels.
func (o holding) most(earlier holding) int { return o.added + o.adding - earlier.taken }
func (o holding) least(earlier holding) int {
	return max(0, earlier.added-o.taken-o.taking)
}

// mostSizes bounds the sizes that are tried.
const mostSizes = 512

// A sizer collects the sizes that make a difference to a trace.
type sizer struct {
	sizes    []uint64
	listed   map[uint64]bool
	uses     bool                // a mailbox is made without a size
	shows    bool                // something depends on how large one is
	process  map[int]string      // of a frame
	aliases  map[string]string   // process by its own mailbox
	held     map[string]*holding // by mailbox, or process for its own
	open     map[int]sized
	complete bool
}

type sized struct {
	call   spec.Call
	before holding
}

// defaultSizes lists the sizes that could make a difference, as those of mailboxes made without one,
// and whether these are all: sizes that were told, those around the limits of sends, what a mailbox may have
// held where it was full, each halved too since it may have doubled, and some more.
func defaultSizes(labels []spec.Label) (sizes []uint64, complete bool) {
	x := &sizer{
		listed: map[uint64]bool{}, process: map[int]string{}, aliases: map[string]string{},
		held: map[string]*holding{}, open: map[int]sized{}, complete: true,
	}
	for _, l := range labels {
		x.label(l)
	}
	if !x.uses || !x.shows {
		return nil, true
	}
	for _, n := range []int{1, 2, 3, 5, 6, 7, 8, 10, 16, 20, 32, 50, 64, 100, 128, 256, 512, 1000, 1024, 1 << 19} {
		x.add(n)
	}
	return x.sizes, x.complete
}

func (x *sizer) label(l spec.Label) {
	switch l.Kind {
	case spec.EnterLabel:
		if p, ok := l.Process.(spec.Ref); ok {
			x.process[l.Frame] = p.ID
		}
	case spec.CallLabel:
		before := *x.of(l.Frame, l.Call)
		switch l.Call.Op {
		case "make-mailbox":
			_, given := l.Call.Key("size")
			x.uses = x.uses || !given
		case "process-mailbox":
			x.uses = true
		}
		if limit, ok := limitOf(l.Call); ok {
			x.shows = true
			x.add(limit)
			x.add(limit + 1)
		}
		x.begins(x.of(l.Frame, l.Call), l.Call)
		x.open[l.Frame] = sized{l.Call, before}
	case spec.ReturnLabel:
		if o, ok := x.open[l.Frame]; ok {
			x.ends(l.Frame, o, l.Return)
		}
		delete(x.open, l.Frame)
	}
}

// of is the mailbox that a call is about.
func (x *sizer) of(frame int, call spec.Call) *holding {
	name := x.process[frame]
	if call.Op != "process-wait-for-event" {
		r, _ := call.Arg(0).(spec.Ref)
		name = r.ID
	}
	if p, ok := x.aliases[name]; ok {
		name = p
	}
	if x.held[name] == nil {
		x.held[name] = &holding{}
	}
	return x.held[name]
}

func limitOf(call spec.Call) (int, bool) {
	limit, given := call.Key("limit")
	if call.Op == "mailbox-send-limited" {
		limit, given = call.Arg(2), true
	}
	n, ok := limit.(spec.Int)
	return int(n), given && ok
}

// begins notes that a send or a read is on its way.
func (x *sizer) begins(m *holding, call spec.Call) {
	switch call.Op {
	case "mailbox-send", "mailbox-send-limited":
		m.adding++
	case "process-send":
		x.uses = true
		m.adding++
	case "process-wait-for-event", "mailbox-wait-for-event":
		x.uses = x.uses || call.Op == "process-wait-for-event"
		m.taking++
	case "mailbox-read":
		m.taking++
	}
}

// ends notes how an operation returned.
func (x *sizer) ends(frame int, o sized, r spec.Return) {
	m := x.of(frame, o.call)
	switch o.call.Op {
	case "mailbox-send", "mailbox-send-limited", "process-send":
		m.adding--
		if _, limited := limitOf(o.call); !limited || spec.Truth(r.Primary()) {
			m.added++
		} else {
			x.full(*m, o.before)
		}
	case "mailbox-read", "process-wait-for-event", "mailbox-wait-for-event":
		m.taking--
		if spec.Truth(r.Primary()) || spec.Truth(r.Nth(1)) {
			m.taken++
		}
	case "mailbox-full-p":
		if x.shows = true; spec.Truth(r.Primary()) {
			x.full(*m, o.before)
		}
	case "mailbox-size":
		x.shows = true
		if n, ok := r.Primary().(spec.Int); ok {
			x.halves(int(n))
		}
	case "process-mailbox":
		mailbox, isRef := r.Primary().(spec.Ref)
		if p, ok := o.call.Arg(0).(spec.Ref); ok && isRef {
			x.aliases[mailbox.ID] = p.ID
		}
	}
}

// full notes that a mailbox had no room at some time between two labels.
func (x *sizer) full(after, before holding) {
	for n := after.most(before); n >= after.least(before) && n > 0 && x.complete; n-- {
		x.halves(n)
	}
}

// halves adds a size, and those from which a mailbox comes to it by doubling.
func (x *sizer) halves(n int) {
	for ; n > 0; n /= 2 {
		x.add(n)
		if n%2 == 1 && n > 1 {
			x.add(n/2 + 1)
		}
	}
}

func (x *sizer) add(n int) {
	if n <= 0 || n >= 1<<20 || x.listed[uint64(n)] {
		return
	}
	if len(x.sizes) == mostSizes {
		x.complete = false
		return
	}
	x.listed[uint64(n)] = true
	x.sizes = append(x.sizes, uint64(n))
}
