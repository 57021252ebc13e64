package script

import (
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// External programs: their process objects, and the streams of these.

// accessors are the operations that answer a stream of a process object, with its number there: they stand in the table
// in the order of the descriptors.
var accessors = func() map[string]uint32 {
	out := map[string]uint32{}
	for _, op := range spec.Ops {
		if len(op.Results) > 0 && op.Results[0].Role == spec.Own && op.Results[0].Type == "stream" {
			out[op.Name] = uint32(len(out))
		}
	}
	return out
}()

// A program is a process object that a call of start returned.
type program struct {
	by opened
	// streams are the references that stand for its streams: the first that was answered for each. Any other is
	// another stream.
	streams [3]string
}

// program returns what is known of a reference, nil where start has not returned it.
func (r *reader) program(v spec.Value) *program {
	ref, _ := v.(spec.Ref)
	if m, ok := r.made[ref.ID]; !ok || m.kind != model.KindProgram {
		return nil
	}
	if r.programs[ref.ID] == nil {
		r.programs[ref.ID] = &program{}
	}
	return r.programs[ref.ID]
}

// learnProgram notes what a call that returned tells of process objects.
func (r *reader) learnProgram(o opened, ret spec.Return) {
	if ret.Status != spec.Returned {
		return
	}
	if kind, ok := makes(o.call); ok && kind == model.KindProgram {
		if p := r.program(ret.Primary()); p != nil {
			p.by = o
			r.learnHook(o.call, ret)
		}
	}
	n, accesses := accessors[o.call.Op]
	p := r.program(o.call.Arg(0))
	if p == nil {
		return
	}
	object, _ := o.call.Arg(0).(spec.Ref)
	switch {
	case accesses:
		if ref, ok := ret.Primary().(spec.Ref); ok && p.streams[n] == "" {
			if _, known := r.streams[ref.ID]; !known {
				p.streams[n] = ref.ID
				r.streams[ref.ID] = stream{object.ID, n}
			}
		}
	case len(o.call.Results()) > 0 && o.call.Results()[0].Type == "pid":
		if pid, ok := ret.Primary().(spec.Int); ok {
			r.ids = append(r.ids, started{pid: int64(pid), child: object.ID})
		}
	}
}

// A stream is that of a process object, by its number there.
type stream struct {
	program string
	n       uint32
}

// bindPrograms gives the objects of programs their place in the specification.
func (r *reader) bindPrograms() {
	r.findWatched()
	for owner, h := range r.threads {
		p, ok := r.resolve(h.program, 0)
		if !ok || r.b.Universe.KindOf(p) != model.KindProgram {
			delete(r.b.Owner, h.frame)
			continue
		}
		r.b.Refs[owner] = r.b.Universe.HookThread(p, h.nth)
	}
	for ref, t := range r.streams {
		if p, ok := r.resolve(t.program, 0); ok {
			r.b.Refs[ref] = r.b.Universe.StreamOf(p, t.n)
		}
	}
}

// bindProgramIDs maps the process ids that process-id answered: of a helper child that has not said its own, or of what
// no child was.
func (r *reader) bindProgramIDs() {
	b := r.b
	said := map[int64]bool{}
	for _, pid := range b.pids {
		said[pid] = true
	}
	for _, id := range r.ids {
		p := r.programs[id.child]
		if p == nil {
			continue
		}
		if _, known := b.pids[id.pid]; known {
			continue
		}
		c, ok := b.programs[path(p.by.call.Arg(0))]
		if maker, known := b.Refs[p.by.process]; !ok && known {
			c, ok = b.Universe.Name(maker, p.by.nth, model.KindChild), true
		}
		if its := int64(model.PID(c)); ok && !said[its] {
			b.pids[id.pid], said[its] = its, true
		}
	}
}

// A reaped process id was returned at a label.
type reaped struct {
	at  int
	pid int64
}

// bindReaped gives a process id that nobody but who reaped has told to the one program that was started and never
// asked for its id. Where there are several, nothing says whose it is.
func (r *reader) bindReaped() {
	b := r.b
	known := map[int64]bool{}
	for _, ours := range b.pids {
		known[ours] = true
	}
	var unasked []int64
	for _, ref := range slices.Sorted(maps.Keys(r.programs)) {
		c, ok := b.programs[path(r.programs[ref].by.call.Arg(0))]
		if pid := int64(model.PID(c)); ok && !known[pid] && !slices.Contains(unasked, pid) {
			unasked = append(unasked, pid)
		}
	}
	for _, s := range r.reaped {
		if _, told := b.pids[s.pid]; told || len(unasked) == 0 {
			continue
		}
		if len(unasked) > 1 {
			b.Strangers[s.at] = s.pid
			continue
		}
		b.pids[s.pid] = unasked[0]
		unasked = nil
	}
}

// A located object is a helper child or a file with its path.
type located struct {
	path, ref string
	program   bool
}

// bindPaths binds the paths that the harness has given.
func (r *reader) bindPaths() {
	for _, l := range r.paths {
		id, ok := r.b.Refs[l.ref]
		switch {
		case !ok:
		case l.program:
			r.b.programs[l.path] = id
		default:
			r.b.files[l.path] = id
		}
	}
}

// Located are the children and files that a call names by their paths.
func (b *Binding) Located(call spec.Call) (out []model.ID) {
	note := func(v spec.Value) {
		name := path(v)
		for _, of := range []map[string]model.ID{b.programs, b.files} {
			if id, ok := of[name]; ok {
				out = append(out, id)
			}
		}
	}
	for _, v := range call.Args {
		note(v)
	}
	for _, key := range call.Keys {
		note(key.Value)
	}
	return out
}

// path is what a pathname designator names, "" for none.
func path(v spec.Value) string {
	switch v := v.(type) {
	case spec.String:
		return string(v)
	case spec.Pathname:
		return string(v)
	}
	return ""
}

// located translates the path of a program or of a file, given as a string or as a pathname.
func (b *Binding) located(v spec.Value) spec.Value {
	text := spec.String(path(v))
	if c, ok := b.programs[string(text)]; ok {
		text = model.Program(c)
	} else if f, ok := b.files[string(text)]; ok {
		text = model.Path(f)
	}
	switch v.(type) {
	case spec.String:
		return text
	case spec.Pathname:
		return spec.Pathname(text)
	}
	return b.Value(v)
}
