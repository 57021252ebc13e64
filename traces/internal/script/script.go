package script

import (
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A Script is a trace in terms of the specification: what is known of the future of each label prunes what may
// have happened.
type Script struct {
	*Binding
	Labels []spec.Label
	Opens  []*Call          // by the label of the call, nil elsewhere
	Closes []*Call          // by the label of its end, nil elsewhere
	Enters map[model.ID]int // frame: the label at which it enters
	// Foreign are calls that were made, by their label, though the specification has no rule for them.
	Foreign map[int]bool
	// TearDown is the label from which on nothing is convicted: the harness ends the system.
	TearDown int
	Quiet    Quiet

	options Options
	timed   bool   // the times of the labels are those of the adapter's clock
	unused  []Call // room for calls

	listed map[string]bool // names that a list has told, and nothing else: the system's own
}

// Options say how a trace is to be read.
type Options struct {
	// Virtual: the labels are of virtual time.
	Virtual bool
	// Settled: quiet labels of a real clock convict.
	Settled bool
	// Slack is by how much a time-out may seem to be early.
	Slack time.Duration
	// AdapterPID is the adapter's process id, 0 for none.
	AdapterPID int
	// Whole: the test goes on after the last label, so that nothing is a tear-down.
	Whole bool
}

// Read reads a trace whose labels keep to the protocol, in terms of a universe in which the test's process is test.
// The labels remain the caller's, who does not change them.
func Read(u *model.Universe, test model.ID, labels []spec.Label, o Options) *Script {
	s := &Script{
		Binding: bind(u, test, labels, o.AdapterPID), Labels: labels, options: o,
		Opens: make([]*Call, len(labels)), Closes: make([]*Call, len(labels)), Enters: map[model.ID]int{}, Foreign: map[int]bool{},
		// The harness sees no virtual time from outside: then its labels say nothing of it.
		timed:    !o.Virtual || slices.ContainsFunc(labels, func(l spec.Label) bool { return l.Kind == spec.ClockLabel }),
		TearDown: len(labels),
	}
	if !o.Whole {
		s.TearDown = tearDown(labels)
	}
	if o.Virtual || o.Settled {
		s.Quiet = quietLabels(labels)
	}
	s.read()
	for _, c := range s.Opens {
		if c != nil {
			s.send(c)
		}
	}
	return s
}

// read finds the calls, how each ends, and which code is entered.
func (s *Script) read() {
	open, foreign := map[int]*Call{}, map[int]int{}
	over := false
	for i := range s.Labels {
		l := &s.Labels[i]
		// What follows is how the harness ends the system: nothing that is open then ended before.
		torn := (l.Return.Status == spec.Aborted || over && l.Kind == spec.GoneLabel) && open[l.Frame] != nil
		if torn && s.options.Virtual {
			break
		}
		if over = over || torn || l.Kind == spec.LeaveLabel && l.Frame == 0; over && !s.options.Virtual {
			// But what begins there and ends may have done so before.
			if l.Kind == spec.EnterLabel {
				s.enter(l.Frame, i)
			}
			continue
		}
		switch l.Kind {
		case spec.EnterLabel:
			s.enter(l.Frame, i)
		case spec.CallLabel:
			open[l.Frame] = s.newCall(i)
			if c := open[l.Frame]; c != nil {
				s.Opens[i] = c
			} else {
				foreign[l.Frame], s.Foreign[i] = i, true
			}
		case spec.ReturnLabel, spec.GoneLabel:
			if c := open[l.Frame]; c != nil {
				s.end(c, i)
			} else if l.Return.Status == spec.Absent {
				delete(s.Foreign, foreign[l.Frame]) // it was not called
			}
			delete(open, l.Frame)
		}
	}
}

func (s *Script) enter(frame, i int) {
	if f, ok := s.Frames[frame]; ok {
		s.Enters[f] = i
	}
}
