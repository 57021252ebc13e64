package traces

import (
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A binding says which object of the specification each reference of a trace denotes. That
// follows from the trace alone: an object is named by which call of which process made it,
// and the call is the one that returned the reference.
type binding struct {
	u      *model.Universe
	refs   map[string]model.ID    // references
	ours   map[string]spec.Value  // and what stands for them in the specification, of those asked for
	frames map[int]model.ID       // frame numbers
	owner  map[int]string         // the reference of the process that a frame runs in
	texts  map[string]spec.String // commands of helper children
	pids   map[int64]int64
	isOwn  map[model.ID]bool // mailboxes that were made for a process
	nth    []uint32          // by the label of a call: which of its process it is
	// returned is the label at which the call that made a process returned it.
	returned map[string]int
	// names and numbers are refs and pids the other way round, once they are needed.
	names   map[string]string
	numbers map[int64]int64
	// unbound are processes that run and were made by a call that never returned.
	unbound []string
}

// testProcess stands for the process of the outermost frame where the trace names none.
const testProcess = "\x00test"

// makes is the kind of object that a call makes and returns first.
func makes(c spec.Call) (model.Kind, bool) {
	if results := c.Results(); len(results) > 0 && results[0].Role == spec.New {
		return model.KindNamed(results[0].Type)
	}
	return 0, false
}

// made is where a reference comes from.
type made struct {
	maker string // process reference
	call  uint32
	kind  model.Kind
}

// bind reads a trace once for where its references come from.
func bind(u *model.Universe, test model.ID, labels []spec.Label, adapterPID int) *binding {
	b := &binding{
		u: u, refs: map[string]model.ID{}, ours: map[string]spec.Value{}, frames: map[int]model.ID{}, owner: map[int]string{},
		texts: map[string]spec.String{}, pids: map[int64]int64{}, isOwn: map[model.ID]bool{}, returned: map[string]int{},
		nth: make([]uint32, len(labels)),
	}
	r := reader{b: b, made: map[string]made{}, own: map[string]string{}, boxes: map[string]uint32{}, calls: map[string]uint32{}, open: map[int]opened{}}
	for i, l := range labels {
		r.at = i
		r.read(l)
	}
	b.refs[r.testRef] = test
	r.adopt()
	for _, ref := range slices.Sorted(maps.Keys(r.made)) { // numbers depend on the trace alone
		r.resolve(ref, 0)
	}
	for _, ref := range slices.Sorted(maps.Keys(r.own)) {
		if _, taken := b.refs[ref]; taken { // it is a process, and no mailbox
			continue
		}
		process := r.own[ref]
		if p, ok := r.resolve(process, 0); ok {
			b.refs[ref] = u.OwnMailbox(p, r.ownNth[ref])
			b.isOwn[b.refs[ref]] = true
		}
	}
	r.bindFrames(labels)
	r.bindChildren(adapterPID)
	return b
}

// A reader collects what one pass over the labels tells.
type reader struct {
	b       *binding
	at      int // the label that is read
	testRef string
	made    map[string]made
	own     map[string]string // mailbox reference: the process that it was made for
	ownNth  map[string]uint32
	boxes   map[string]uint32
	calls   map[string]uint32 // calls of each process so far
	open    map[int]opened
	begun   []string // processes that entered a frame, in order
	lost    []made   // calls of process-run-function that never returned
	ready   []started
	shells  []started
	parents []int64 // that processes were said to have
}

type opened struct {
	call    spec.Call
	process string
	nth     uint32
}

// started is a child whose pid was seen: by its own word, or as the result of a start.
type started struct {
	pid   int64
	child string // reference, of a child that said so itself
	by    opened // call that started it
}

func (r *reader) read(l spec.Label) {
	switch l.Kind {
	case spec.EnterLabel:
		ref := testProcess
		if p, ok := l.Process.(spec.Ref); ok {
			ref = p.ID
		} else if l.Frame != 0 {
			return // nothing says whose code it is
		}
		if l.Frame == 0 {
			r.testRef = ref
		}
		r.b.owner[l.Frame] = ref
		r.begun = append(r.begun, ref)
	case spec.CallLabel:
		process := r.b.owner[l.Frame]
		o := opened{call: l.Call, process: process}
		if known(l.Call.Op) {
			r.calls[process]++
			o.nth = r.calls[process]
			r.b.nth[r.at] = o.nth
		}
		r.open[l.Frame] = o
	case spec.ReturnLabel:
		o := r.open[l.Frame]
		delete(r.open, l.Frame)
		if l.Return.Status == spec.Absent {
			r.calls[o.process] = o.nth - 1 // the specification is not asked either
			return
		}
		r.returned(o, l.Return)
	case spec.GoneLabel:
		o := r.open[l.Frame]
		delete(r.open, l.Frame)
		if o.call.Op == "process-run-function" {
			r.lost = append(r.lost, made{o.process, o.nth, model.KindProcess})
		}
	}
}

func (r *reader) returned(o opened, ret spec.Return) {
	primary, isRef := ret.Primary().(spec.Ref)
	if kind, ok := makes(o.call); ok && isRef && ret.Status == spec.Returned {
		if _, twice := r.made[primary.ID]; !twice {
			r.made[primary.ID] = made{o.process, o.nth, kind}
			if kind == model.KindProcess {
				r.b.returned[primary.ID] = r.at
			}
		}
	}
	switch o.call.Op {
	case "process-mailbox":
		if p, ok := o.call.Arg(0).(spec.Ref); ok && isRef {
			r.ownMailbox(primary.ID, p.ID)
		}
	case "child-prepare":
		if text, ok := ret.Nth(1).(spec.String); ok && isRef {
			r.b.texts[string(text)] = spec.String(primary.ID) // until the child is bound
		}
	case "child-await":
		if pid, ok := ret.Primary().(spec.Int); ok {
			if c, ok := o.call.Arg(0).(spec.Ref); ok {
				r.ready = append(r.ready, started{pid: int64(pid), child: c.ID})
			}
		}
	case "pid-state":
		if parent, ok := ret.Nth(2).(spec.Int); ok {
			r.parents = append(r.parents, int64(parent))
		}
	case "run-shell-command":
		for _, v := range ret.Values {
			if pid, ok := v.(spec.Int); ok && !waits(o.call) {
				r.shells = append(r.shells, started{pid: int64(pid), by: o})
			}
		}
	}
}

func waits(call spec.Call) bool {
	v, given := call.Key("wait")
	return !given || spec.Truth(v)
}

func (r *reader) ownMailbox(ref, process string) {
	if _, known := r.made[ref]; known {
		return
	}
	if _, known := r.own[ref]; known {
		return
	}
	if r.ownNth == nil {
		r.ownNth = map[string]uint32{}
	}
	r.own[ref], r.ownNth[ref] = process, r.boxes[process]
	r.boxes[process]++
}

// adopt finds a maker for processes that run and that no call returned: calls that were lost
// to a kill, in order.
func (r *reader) adopt() {
	for _, f := range slices.Sorted(maps.Keys(r.open)) {
		if o := r.open[f]; o.call.Op == "process-run-function" {
			r.lost = append(r.lost, made{o.process, o.nth, model.KindProcess})
		}
	}
	for _, ref := range r.begun {
		if _, known := r.made[ref]; known || ref == r.testRef {
			continue
		}
		if len(r.lost) == 0 {
			r.b.unbound = append(r.b.unbound, ref)
			continue
		}
		r.made[ref] = r.lost[0]
		r.lost = r.lost[1:]
	}
}

// resolve gives a reference its object; the depth guards against a trace that goes in circles.
func (r *reader) resolve(ref string, depth int) (model.ID, bool) {
	if id, ok := r.b.refs[ref]; ok {
		return id, true
	}
	m, ok := r.made[ref]
	if !ok || depth > len(r.made) {
		return 0, false
	}
	maker, ok := r.resolve(m.maker, depth+1)
	if !ok {
		return 0, false
	}
	id := r.b.u.Name(maker, m.call, m.kind)
	r.b.refs[ref] = id
	return id, true
}

func (r *reader) bindFrames(labels []spec.Label) {
	entered := map[model.ID]uint32{}
	for _, l := range labels {
		if l.Kind != spec.EnterLabel {
			continue
		}
		// Code can only begin in a process, whatever the trace says.
		if p, ok := r.b.refs[r.b.owner[l.Frame]]; ok && r.b.u.KindOf(p) == model.KindProcess {
			r.b.frames[l.Frame] = r.b.u.Name(p, entered[p], model.KindFrame)
			entered[p]++
		}
	}
}

// bindChildren maps the commands and process ids of children onto those of the specification.
func (r *reader) bindChildren(adapterPID int) {
	b := r.b
	if adapterPID > 0 {
		b.pids[int64(adapterPID)] = model.AdapterPID
	}
	unready := map[string]model.ID{} // children by command, of which none said its pid
	for _, text := range slices.Sorted(maps.Keys(b.texts)) {
		ref := b.texts[text]
		if c, ok := b.refs[string(ref)]; ok {
			b.texts[text] = model.Command(c)
			if !slices.ContainsFunc(r.ready, func(s started) bool { return s.child == string(ref) }) {
				unready[text] = c
			}
		} else {
			delete(b.texts, text)
		}
	}
	for _, s := range r.ready {
		if c, ok := b.refs[s.child]; ok {
			b.pids[s.pid] = int64(model.PID(c))
		}
	}
	for _, s := range r.shells {
		if _, known := b.pids[s.pid]; known {
			continue
		}
		p, ok := b.refs[s.by.process]
		if !ok {
			continue
		}
		text, _ := s.by.call.Arg(0).(spec.String)
		if c, ok := unready[string(text)]; ok { // nobody waited for it, or not long enough
			b.pids[s.pid] = int64(model.PID(c))
			continue
		}
		// The pid of a shell between the adapter and the helper, or of a command without one.
		if _, helper := b.texts[string(text)]; !helper {
			_, helper = b.texts["exec "+string(text)]
			if !helper {
				b.pids[s.pid] = int64(model.PID(b.u.Name(p, s.by.nth, model.KindChild)))
				continue
			}
		}
		b.pids[s.pid] = int64(model.PID(b.u.Shell(p, s.by.nth)))
	}
	for _, pid := range r.parents { // of the adapter itself, and of orphans
		if _, known := b.pids[pid]; !known {
			b.pids[pid] = model.InitPID
		}
	}
}
