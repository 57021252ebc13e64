package traces

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A binding says which object of the specification each reference of a trace denotes. That
// follows from the trace alone: an object is named by which call of which process made it,
// and the call is the one that returned the reference.
type binding struct {
	u      *model.Universe
	refs   map[string]model.ID    // references
	frames map[int]model.ID       // frame numbers
	owner  map[int]string         // the reference of the process that a frame runs in
	texts  map[string]spec.String // commands of helper children
	pids   map[int64]int64
	isOwn  map[model.ID]bool // mailboxes that were made for a process
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

// makers are the operations that make an object and return a reference to it.
var makers = map[string]model.Kind{
	"process-run-function": model.KindProcess,
	"make-mailbox":         model.KindMailbox,
	"make-function":        model.KindFunction,
	"make-log":             model.KindLog,
	"make-cell":            model.KindCell,
	"make-gate":            model.KindGate,
	"new":                  model.KindObject,
	"child-prepare":        model.KindChild,
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
		u: u, refs: map[string]model.ID{}, frames: map[int]model.ID{}, owner: map[int]string{},
		texts: map[string]spec.String{}, pids: map[int64]int64{}, isOwn: map[model.ID]bool{}, returned: map[string]int{},
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
	if kind, ok := makers[o.call.Op]; ok && isRef && ret.Status == spec.Returned {
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
	case "child-tell":
		if isRef {
			r.made[primary.ID] = made{o.process, o.nth, model.KindChild}
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
		if p, ok := r.b.refs[r.b.owner[l.Frame]]; ok {
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

// known tells whether the specification has a rule for an operation.
func known(op string) bool { return model.HasRule(op) }

// call translates a call into the objects of the specification.
func (b *binding) call(c spec.Call) spec.Call {
	out := spec.Call{Op: c.Op, Args: make([]spec.Value, len(c.Args)), Keys: make([]spec.Key, len(c.Keys))}
	for i, a := range c.Args {
		out.Args[i] = b.value(a)
	}
	for i, k := range c.Keys {
		out.Keys[i] = spec.Key{Name: k.Name, Value: b.value(k.Value)}
		if k.Name == "pid" {
			out.Keys[i].Value = b.pid(k.Value)
		}
	}
	switch c.Op {
	case "run-shell-command":
		if text, ok := c.Arg(0).(spec.String); ok {
			out.Args[0] = b.text(text)
		}
	case "os-wait":
		if len(c.Args) > 1 {
			out.Args[1] = b.pid(c.Args[1])
		}
	case "pid-state":
		out.Args[0] = b.pid(c.Arg(0))
	case "child-tell":
		if c.Arg(1) == spec.Value(spec.Keyword("join-group")) {
			out.Args[2] = b.pid(c.Arg(2))
		}
	}
	return out
}

// results translates what a call returned.
func (b *binding) results(c spec.Call, values []spec.Value) []spec.Value {
	out := make([]spec.Value, len(values))
	for i, v := range values {
		out[i] = b.value(v)
	}
	translate := func(places ...int) {
		for _, i := range places {
			if i < len(out) {
				out[i] = b.pid(values[i])
			}
		}
	}
	switch c.Op {
	case "list-all-processes":
		if len(out) > 0 {
			out[0] = b.sorted(out[0])
		}
	case "reap-os-subprocess", "os-wait":
		translate(1)
	case "pid-state":
		translate(1, 2)
	case "run-shell-command":
		if !waits(c) {
			for i := range out {
				translate(i)
			}
		}
	case "child-await":
		translate(0)
	case "child-tell":
		switch c.Arg(1) {
		case spec.Keyword("own-group"), spec.Keyword("join-group"):
			translate(0)
		}
	case "child-prepare":
		if len(values) > 1 {
			if text, ok := values[1].(spec.String); ok {
				out[1] = b.text(text)
			}
		}
	}
	return out
}

// objects lists the objects that a call returned, of operations that make or find one.
func (b *binding) objects(values []spec.Value) []model.ID {
	var out []model.ID
	for _, v := range values {
		for _, kind := range []model.Kind{model.KindMailbox, model.KindProcess, model.KindChild} {
			if id, ok := b.u.Object(v, kind); ok {
				out = append(out, id)
			}
		}
	}
	return out
}

// value translates references, also inside lists.
func (b *binding) value(v spec.Value) spec.Value {
	switch v := v.(type) {
	case spec.Ref:
		if id, ok := b.refs[v.ID]; ok {
			return b.u.Ref(id)
		}
		return spec.Ref{ID: "unknown " + v.ID, Type: v.Type}
	case spec.List:
		items := make([]spec.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = b.value(item)
		}
		l := spec.List{Items: items}
		if v.Dotted != nil {
			l.Dotted = b.value(v.Dotted)
		}
		return l
	}
	return v
}

// back translates a value of the specification into the names of the trace; ids are process
// ids, where the operation deals in them.
func (b *binding) back(v spec.Value, ids bool) spec.Value {
	if b.names == nil {
		b.names, b.numbers = map[string]string{}, map[int64]int64{}
		for ref, id := range b.refs {
			if r, ok := b.u.Ref(id).(spec.Ref); ok {
				b.names[r.ID] = ref
			}
		}
		for theirs, ours := range b.pids {
			b.numbers[ours] = theirs
		}
	}
	switch v := v.(type) {
	case spec.Ref:
		if name, ok := b.names[v.ID]; ok {
			v.ID = name
		}
		return v
	case spec.Int:
		if n, ok := b.numbers[int64(v)]; ok && ids {
			return spec.Int(n)
		}
	case spec.List:
		items := make([]spec.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = b.back(item, ids)
		}
		return spec.List{Items: items, Dotted: v.Dotted}
	}
	return v
}

// sorted puts a list of processes into the order in which the specification lists them: the
// documents name none (PROC-LIST-3).
func (b *binding) sorted(v spec.Value) spec.Value {
	items, ok := spec.Items(v)
	if !ok {
		return v
	}
	order := func(v spec.Value) model.ID {
		id, _ := b.u.Object(v, model.KindProcess)
		return id
	}
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(x, y spec.Value) int { return cmp.Compare(order(x), order(y)) })
	return spec.NewList(items...)
}

// pid translates a process id, or a group given as its negation. One that the trace does not
// explain is made different from all that it does.
func (b *binding) pid(v spec.Value) spec.Value {
	n, ok := v.(spec.Int)
	if !ok || n >= -1 && n <= 1 {
		return v
	}
	sign, size := int64(1), int64(n)
	if n < 0 {
		sign, size = -1, -size
	}
	if bound, ok := b.pids[size]; ok {
		return spec.Int(sign * bound)
	}
	return spec.Int(sign * (size + 1<<40))
}

// text translates the command of a helper child, with exec before it or not.
func (b *binding) text(text spec.String) spec.String {
	if bound, ok := b.texts[string(text)]; ok {
		return bound
	}
	if bound, ok := b.texts["exec "+string(text)]; ok {
		return spec.String(strings.TrimPrefix(string(bound), "exec "))
	}
	return text
}
