package traces

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/format"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// Verdict is what the oracle says of a trace.
type Verdict = format.Verdict

// The verdicts. Allowed: the specification has a run that shows just these labels. Forbidden:
// it has none. Undecided: the budget was used up, or the trace has what can't be judged.
const (
	Allowed   = format.Allowed
	Forbidden = format.Forbidden
	Undecided = format.Undecided
)

// CheckOptions says how a trace is to be read. The zero value is a trace of real time.
type CheckOptions struct {
	// Virtual: the labels come from one scheduler on virtual time. A quiet label then convicts
	// what could have happened and didn't, and operations about all processes are atomic.
	Virtual bool
	// Settled: quiet labels of a real clock convict too. Whoever sets it has waited long, and again,
	// for something to happen; on real time silence alone proves nothing.
	Settled bool
	// Slack is by how much a time-out may seem to be early: the granularity of the clock.
	Slack time.Duration
	// AdapterPID is the process id that the adapter gave in its handshake, 0 for none.
	AdapterPID int
	// Profile names the pages that the adapter claims: DOC clauses of others are not judged, of none
	// where it is empty. Nil means that all are.
	Profile []string
	// UsualSizes: mailboxes have the sizes that the simulator gives them, as where its own runs are
	// judged. Otherwise they may have any that the documents leave open.
	UsualSizes bool
	// Budget bounds the states that are visited, 0 is [DefaultBudget].
	Budget int
	// Unlike: findings don't tell which known faults would have shown the same ([Finding.Like]), and don't weigh clauses by
	// that. To try those takes several times as long as the judgement.
	Unlike bool

	// kept bounds the states that fit a label, 0 is [mostKept]; nearest has the nearest of them kept only.
	nearest bool
	kept    int
	deepest int          // bounds the acts before a label, 0 is [deepest]
	citing  bool         // see checkCited
	mutant  model.Mutant // see alike
	// For tests: nothing is judged apart; what is judged apart is convicted there however short.
	searchOnly, apartOnly bool
	// And the test goes on after its last label: nothing is a tear-down; code of which no label tells does nothing and may end.
	whole, silent bool
}

// DefaultBudget of states decides an ordinary trace many times over.
const DefaultBudget = 2_000_000

// Report is the judgement of a trace.
type Report struct {
	Verdict Verdict
	// Findings are the labels that the specification does not allow, first to last; after
	// each the judgement goes on from what it allows instead, where it allows something.
	Findings []Finding
	// Why a trace is undecided.
	Why string
	// Judged is the number of labels that were judged: all, where nothing stood in the way.
	Judged int
	// States is the number of states that were visited, Widest the size of the largest set of
	// states that fitted all labels so far.
	States, Widest int

	spent bool // the budget was used up
}

// Finding is a label that the specification does not allow where it stands.
type Finding struct {
	// Step is the index of the label in the trace.
	Step int
	// Op is the operation concerned, "" where it is none.
	Op string
	// Clauses are those that say what should have been seen, the likeliest first: one to three, of what
	// the specification does there.
	Clauses []string
	// Through are further ones that took part: of what should have happened, then of what earlier operations on
	// the same objects did, the latest first. A label can be wrong because of what one of them did, or did not do.
	Through []string
	// Like are known faults that show the same, a few at most: what the system does is as if it had one of them.
	Like []Likeness
	// Allowed lists what could have been seen instead; Seen is what was.
	Allowed []string
	Seen    string
}

// Check judges a trace: whether the specification has a run that shows these labels, in this
// order, whatever happened inside between a call and its return. It visits the states that fit
// the labels so far, placing each effect as late as the labels allow (Lowe's just-in-time
// linearization): before the label of its own outcome, or before that of another which needs
// it. It may be called from any goroutine.
//
// What the documents leave open is allowed in every way that the catalogue lists ([model.Config].Open).
func Check(labels []spec.Label, o CheckOptions) *Report {
	if o.Budget == 0 {
		o.Budget = DefaultBudget
	}
	order := format.NewProtocol()
	for i, l := range labels {
		if err := order.Next(l); err != nil {
			return &Report{Verdict: Undecided, Why: fmt.Sprintf("label %d: %v", i, err), Judged: i}
		}
	}
	// A trace that a first look doesn't decide may still have a way that is near at hand, and needs no
	// more than that.
	first := o
	first.Budget, first.kept = min(o.Budget, firstStates), firstKept
	r := checkCited(labels, first)
	if !r.spent {
		return r
	}
	if len(r.Findings) == 0 {
		near := o
		near.nearest = true
		if r := check(labels, near); r.Verdict == Allowed {
			return r
		}
	}
	return checkCited(labels, o)
}

// CheckTrace judges a trace that was kept, as its header says. It may be called from any goroutine.
func CheckTrace(t *format.Trace) *Report { return Check(t.Labels, OptionsOf(t.Header)) }

// checkCited checks a trace up to the first label that is wrong, and again with the clauses that are cited on the way
// where there is one: what is convicted, and by what, is for those to say.
func checkCited(labels []spec.Label, o CheckOptions) *Report {
	r := check(labels, o)
	if r.Verdict == Forbidden {
		o.citing = true
		r = check(labels, o)
	}
	return r
}

// Budgets of the first look at a trace, which is enough for most.
const (
	firstStates = 50_000
	firstKept   = 4096
)

// judges tells whether a violation of a clause counts: of MUST always, of DOC where the adapter claims a
// profile that has its page, or nothing is known of it.
func (o CheckOptions) judges(id string) bool {
	catalogue := spec.Clauses()
	return catalogue.Judged(catalogue.Lookup(id), o.Profile, o.Profile == nil)
}

// check judges a trace; where it cites nothing, the first label that is wrong is the last that is judged.
func check(labels []spec.Label, o CheckOptions) *Report {
	c := newChecker(labels, o)
	defer c.done()
	return c.judge()
}

// newChecker reads a trace.
func newChecker(labels []spec.Label, o CheckOptions) *checker {
	u := model.NewUniverse()
	initial := o.initial(u)
	c := &checker{
		o: o, citing: o.citing, report: &Report{Verdict: Allowed},
		script: script.Read(u, initial.TestProcess(), labels, o.reading()), states: []*model.State{initial},
		calls: map[model.ID]*script.Call{}, skipped: map[int]bool{}, stories: map[model.ID]*story{}, hooks: map[model.ID]bool{},
	}
	for _, frames := range c.script.Hooks {
		for _, f := range frames {
			c.hooks[f] = true
		}
	}
	if c.heard() {
		c.tellStories()
		c.silentFrames()
	}
	if len(c.script.Foreign) == 0 { // which might have done anything to what an area's objects are
		c.areas()
	}
	if !o.searchOnly {
		c.judgeApart()
	}
	return c
}

// initial is the state that a trace begins in.
func (o CheckOptions) initial(u *model.Universe) *model.State {
	return model.NewState(u, model.Config{Untimed: true, Lossy: true, Heard: !o.Virtual, Open: o.mutant == "", UsualSizes: o.UsualSizes,
		Judges: o.judges, Mutant: o.mutant})
}

// judge moves on over all labels.
func (c *checker) judge() *Report {
	labels := c.script.Labels
	for i := range labels {
		c.now = i
		if !c.label(i) {
			if i >= c.script.TearDown && c.report.Verdict == Allowed { // whatever stood in the way
				c.report.Why, c.report.spent = "", false
				c.tornDown()
			}
			break
		}
		c.report.Judged = i + 1
		c.report.Widest = max(c.report.Widest, len(c.states))
	}
	if c.report.Verdict == Allowed && c.report.Judged < len(labels) && c.report.Why == "" {
		c.report.Why = fmt.Sprintf("only %d of %d labels could be judged", c.report.Judged, len(labels))
	}
	if c.report.Verdict == Allowed && c.report.Why != "" {
		c.report.Verdict = Undecided
	}
	slices.SortStableFunc(c.report.Findings, func(a, b Finding) int { return cmp.Compare(a.Step, b.Step) })
	return c.report
}

// reading is how the labels are to be read.
func (o CheckOptions) reading() script.Options {
	return script.Options{Virtual: o.Virtual, Settled: o.Settled, Slack: o.Slack, AdapterPID: o.AdapterPID, Whole: o.whole}
}

// A checker judges one trace.
type checker struct {
	o      CheckOptions
	script *script.Script
	report *Report

	// What areas know of their own objects.
	apart  []apartJudge
	orders []orderJudge

	calls       map[model.ID]*script.Call // that are open, by frame
	stories     map[model.ID]*story
	hooks       map[model.ID]bool         // frames of hooks on threads that are no processes
	lastBetween map[model.ID]int          // by process, the label at which the last code begins that comes between what it does
	silent      map[model.ID][][]model.ID // by process, see silentFrames
	told        map[model.ID]uint32       // how many frames of each process are told of
	concern     map[model.ID]bool         // see concerns; nil has all processes
	free        model.ID                  // a frame whose operation at hand may end in any way, 0 for none
	torn        bool                      // see mayTear
	lastOfTest  int                       // see testEnds
	room        []model.ID
	skipped     map[int]bool // frames whose open operation was not made, or is unknown to the specification

	// stopped: the history was convicted as a whole, and there is nothing to go on from.
	stopped bool

	// citing: what acts cite is credited to the calls and processes that acted, see credit.
	citing bool
	cites  model.Citations       // by the latest act
	lives  map[model.ID][]string // cited by what processes did of themselves
	direct *direct               // of the conviction at hand

	states    []*model.State
	spare     []*model.State // whose memory may be used again
	last      search         // the same
	now       int            // the label at hand
	kept      int            // states that fit the label at hand, so far
	keptBytes int
	// over: the test's outermost frame has been left.
	over bool
	// asking: what could happen next is asked for, to say it, and not followed.
	asking bool
	// blind: what is still to come no longer prunes, since it can't all come true.
	blind bool
}

// OptionsFor reads from a handshake how the adapter's traces are to be judged: a profile that is absent
// there is an empty one.
func OptionsFor(h spec.Handshake) CheckOptions {
	o := CheckOptions{Virtual: h.Clock == spec.Virtual, AdapterPID: h.PID, Profile: append([]string{}, h.Profile...)}
	if !o.Virtual {
		o.Slack = max(leastSlack, time.Duration(h.GranularityMS)*time.Millisecond)
	}
	return o
}

// OptionsOf reads the same from the header of a trace: of a profile that is absent there nothing is known.
func OptionsOf(h format.Header) CheckOptions {
	o := OptionsFor(spec.Handshake{Clock: h.Clock, GranularityMS: h.GranularityMS, PID: h.PID})
	o.Profile = h.Profile
	return o
}

// leastSlack is what a real clock is granted whatever it says of itself.
const leastSlack = 5 * time.Millisecond
