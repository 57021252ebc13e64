package script

import (
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A Binding says which object of the specification each reference of a trace denotes. That
// follows from the trace alone: an object is named by which call of which process made it,
// and the call is the one that returned the reference.
type Binding struct {
	Universe *model.Universe
	Refs     map[string]model.ID // references
	Frames   map[int]model.ID    // frame numbers
	Owner    map[int]string      // the reference of the process that a frame runs in
	IsOwn    map[model.ID]bool   // mailboxes that were made for a process
	Nth      []uint32            // by the label of a call: which of its process it is
	// Returned is the label at which the call that made a process returned it.
	Returned map[string]int

	ours  map[string]spec.Value  // what stands for references in the specification, of those asked for
	texts map[string]spec.String // commands of helper children
	// programs are helper children by the paths of their programs, and files those that were prepared by theirs.
	programs, files map[string]model.ID
	// Hooks are the frames of status hooks on threads that are no processes, by the process object.
	Hooks map[model.ID][]model.ID
	// Between is code that comes between whatever a process does, as a status hook and what interrupts.
	Between map[spec.Callback]bool

	recorded map[string]map[string]bool // logs that wait functions write to, and the processes that wait
	pids     map[int64]int64
	// Strangers are process ids that a call returned as those of ended children, of which nothing says whose they are,
	// by the label: each of several programs' that nobody asked for its id.
	Strangers map[int]int64
	// Threads are the foreign threads, by the processes that they have.
	Threads map[model.ID]model.ID
	// Unknown are labels at which code begins with a process object, or in a process, of which nothing says whose it is.
	Unknown map[int]bool
	// Images: others than the first are launched.
	Images bool
	// names and numbers are Refs and pids the other way round, once they are needed.
	names   map[string]string
	numbers map[int64]int64
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
func bind(u *model.Universe, test model.ID, labels []spec.Label, adapterPID int) *Binding {
	b := &Binding{
		Universe: u, Refs: map[string]model.ID{}, ours: map[string]spec.Value{}, Frames: map[int]model.ID{}, Owner: map[int]string{},
		texts: map[string]spec.String{}, pids: map[int64]int64{}, IsOwn: map[model.ID]bool{}, Returned: map[string]int{},
		programs: map[string]model.ID{}, files: map[string]model.ID{}, Hooks: map[model.ID][]model.ID{}, Between: map[spec.Callback]bool{}, recorded: map[string]map[string]bool{}, Strangers: map[int]int64{}, Unknown: map[int]bool{}, Threads: map[model.ID]model.ID{},
		Nth: make([]uint32, len(labels)),
	}
	r := reader{
		b: b, made: map[string]made{}, own: map[string]string{}, boxes: map[string]uint32{}, calls: map[string]uint32{}, open: map[int]opened{},
		programs: map[string]*program{}, streams: map[string]stream{}, threads: map[string]hooked{}, hooks: map[string]int{}, watched: map[string][]string{}, functions: map[spec.Callback]string{}, named: map[spec.Callback]spec.Value{},
		openElsewhere: map[int]*elsewhere{}, threadOf: map[string]string{},
	}
	for i, l := range labels {
		r.at = i
		r.read(l)
	}
	b.Refs[r.testRef] = test
	r.adopt()
	r.bindImages()
	r.adoptPrograms()
	r.bindPrograms()
	for _, ref := range slices.Sorted(maps.Keys(r.made)) { // numbers depend on the trace alone
		r.resolve(ref, 0)
	}
	for _, ref := range slices.Sorted(maps.Keys(r.own)) {
		if _, taken := b.Refs[ref]; taken { // it is a process, and no mailbox
			continue
		}
		process := r.own[ref]
		if p, ok := r.resolve(process, 0); ok {
			b.Refs[ref] = u.OwnMailbox(p, r.ownNth[ref])
			b.IsOwn[b.Refs[ref]] = true
		}
	}
	r.bindThreads()
	r.bindFrames(labels)
	r.bindHooks()
	r.bindBetween()
	r.bindPaths()
	r.bindChildren(adapterPID)
	r.bindProgramIDs()
	r.bindReaped()
	return b
}

// A reader collects what one pass over the labels tells.
type reader struct {
	b       *Binding
	at      int // the label that is read
	testRef string
	made    map[string]made
	own     map[string]string // mailbox reference: the process that it was made for
	ownNth  map[string]uint32
	boxes   map[string]uint32
	calls   map[string]uint32 // calls of each process so far
	open    map[int]opened
	begun   []string // processes that entered a frame, in order
	lost    []made   // calls that make a process and never returned
	ready   []started
	shells  []started
	parents []int64 // that processes were said to have

	paths     []located
	programs  map[string]*program
	streams   map[string]stream // references to streams of process objects
	threads   map[string]hooked // that call a hook, by what stands for their process
	hooks     map[string]int    // how many hooks of each process object were called
	ids       []started         // by the reference to a process object
	reaped    []reaped
	watched   map[string][]string          // functions that are status hooks: of which process objects
	functions map[spec.Callback]string     // references to what make-function made
	named     map[spec.Callback]spec.Value // and symbols that were given code
	between   []spec.Value                 // what comes between, functions and symbols
	runs      []hookedRun
	shown     []shownProgram

	elsewhere     []*elsewhere
	openElsewhere map[int]*elsewhere // by the frame
	threadOf      map[string]string  // by the reference to a process
	images        []launched
	unordered     bool // nothing says in which order they were launched
}

type opened struct {
	call    spec.Call
	process string
	nth     uint32
}

func (r *reader) read(l spec.Label) {
	switch l.Kind {
	case spec.EnterLabel:
		r.showsProgram(l)
		ref := testProcess
		if l.Image > 0 {
			r.b.Owner[l.Frame] = r.entersImage(l)
			return
		}
		if p, ok := l.Process.(spec.Ref); ok {
			ref = p.ID
		} else if l.Frame != 0 {
			r.hook(l) // else nothing says whose code it is
			return
		}
		if l.Frame == 0 {
			r.testRef = ref
		}
		r.b.Owner[l.Frame] = ref
		r.entersElsewhere(ref, l)
		r.begun = append(r.begun, ref)
	case spec.CallLabel:
		process := r.b.Owner[l.Frame]
		o := opened{call: l.Call, process: process}
		if known(l.Call.Op) {
			r.calls[process]++
			o.nth = r.calls[process]
			r.b.Nth[r.at] = o.nth
		}
		r.launches(o)
		r.startsImage(o)
		r.open[l.Frame] = o
		r.runsHooked(o)
		r.comesBetween(l.Call)
		r.callsElsewhere(l.Frame, o)
		r.records(o)
	case spec.ReturnLabel:
		r.endsElsewhere(l.Frame, l.Return.Status)
		o := r.open[l.Frame]
		delete(r.open, l.Frame)
		if l.Return.Status == spec.Absent {
			r.calls[o.process] = o.nth - 1 // the specification is not asked either
			return
		}
		if l.Return.Status == spec.Signalled {
			r.launchFails(o)
		}
		r.returned(o, l.Return)
	case spec.GoneLabel:
		r.endsElsewhere(l.Frame, spec.Gone)
		o := r.open[l.Frame]
		delete(r.open, l.Frame)
		r.lose(o)
	}
}

// lose notes a call that never returned and may have made a process.
func (r *reader) lose(o opened) {
	if kind, ok := makes(o.call); ok && kind == model.KindProcess {
		r.lost = append(r.lost, made{o.process, o.nth, kind})
	}
}

func (r *reader) returned(o opened, ret spec.Return) {
	primary, isRef := ret.Primary().(spec.Ref)
	if kind, ok := makes(o.call); ok && isRef && ret.Status == spec.Returned {
		if _, twice := r.made[primary.ID]; !twice {
			r.made[primary.ID] = made{o.process, o.nth, kind}
			if kind == model.KindProcess {
				r.b.Returned[primary.ID] = r.at
			}
		}
	}
	if c, ok := o.call.Arg(0).(spec.Callback); ok && isRef { // what it has made stands for that code
		r.functions[c] = primary.ID
	}
	r.learnProgram(o, ret)
	r.startedHooked(o)
	for n, result := range o.call.Results() {
		r.learn(o, ret, result, ret.Nth(n))
	}
}

// learn notes what a value that a call returned tells, by its row, of which object is which.
func (r *reader) learn(o opened, ret spec.Return, result spec.Param, v spec.Value) {
	first, _ := o.call.Arg(0).(spec.Ref)
	ref, isRef := v.(spec.Ref)
	pid, isPID := v.(spec.Int)
	switch {
	case result.Role == spec.Own && result.Type == "mailbox":
		if isRef && first.ID != "" {
			r.ownMailbox(ref.ID, first.ID)
		}
	case result.Role == spec.Own && result.Type == "pid":
		if isPID && first.ID != "" {
			r.ready = append(r.ready, started{pid: int64(pid), child: first.ID})
		}
	case result.Type == "pid" && result.Role == 0 && first.ID == "" && spec.Truth(ret.Primary()): // with a status: of one that has ended
		if isPID && pid > 0 {
			r.reaped = append(r.reaped, reaped{r.at, int64(pid)})
		}
	case result.Role == spec.Parent:
		if isPID {
			r.parents = append(r.parents, int64(pid))
		}
	case result.Role == spec.Started:
		for _, v := range ret.Values {
			if pid, ok := v.(spec.Int); ok && !o.call.Waits() {
				r.shells = append(r.shells, started{pid: int64(pid), by: o})
			}
		}
	case result.Type == "command":
		child, ok := ret.Primary().(spec.Ref)
		if text, isText := v.(spec.String); ok && isText {
			r.b.texts[string(text)] = spec.String(child.ID) // until the child is bound
		}
	case result.Type == "program" || result.Type == "path":
		if maker, ok := ret.Primary().(spec.Ref); ok {
			r.paths = append(r.paths, located{path(v), maker.ID, result.Type == "program"})
		}
	}
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
		r.lose(r.open[f])
	}
	for _, ref := range r.begun {
		if _, known := r.made[ref]; known || ref == r.testRef {
			continue
		}
		if len(r.lost) == 0 {
			continue
		}
		r.made[ref] = r.lost[0]
		r.lost = r.lost[1:]
	}
}

// resolve gives a reference its object; the depth guards against a trace that goes in circles.
func (r *reader) resolve(ref string, depth int) (model.ID, bool) {
	if id, ok := r.b.Refs[ref]; ok {
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
	id := r.b.Universe.Name(maker, m.call, m.kind)
	r.b.Refs[ref] = id
	return id, true
}

func isThread(kind model.Kind) bool { return kind == model.KindProcess || kind == model.KindThread }

func (r *reader) bindFrames(labels []spec.Label) {
	entered := map[model.ID]uint32{}
	for _, l := range labels {
		if l.Kind != spec.EnterLabel {
			continue
		}
		// Code can only begin in a process, whatever the trace says.
		if p, ok := r.b.Refs[r.b.Owner[l.Frame]]; ok && isThread(r.b.Universe.KindOf(p)) {
			r.b.Frames[l.Frame] = r.b.Universe.Name(p, entered[p], model.KindFrame)
			entered[p]++
		}
	}
}
