package script

import (
	"strconv"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// Status hooks: code that is called, on any thread, as the status of a program changes.

// A hooked thread is one that calls a status hook.
type hooked struct {
	program  string // reference to the process object, "" where the hook got none
	callback spec.Callback
	nth      uint32
	frame    int
}

// hook notes code that was entered on a thread which is no process: that of a status hook is told by its argument, or by
// one of them where it wrongly gets more. The object may be told of later than its hook.
func (r *reader) hook(l spec.Label) {
	ref, _ := shownIn(l)
	of := ref.ID
	if of == "" {
		of = "\x00callback " + strconv.Itoa(int(l.Callback))
	}
	n := r.hooks[of]
	r.hooks[of]++
	owner := "\x00hook " + strconv.Itoa(n) + " " + of
	r.b.Owner[l.Frame] = owner
	r.threads[owner] = hooked{ref.ID, l.Callback, uint32(n), l.Frame}
}

// learnHook notes which object the function was given for.
func (r *reader) learnHook(call spec.Call, ret spec.Return) {
	given, _ := call.Key("status-hook")
	object, isObject := ret.Primary().(spec.Ref)
	if f, ok := given.(spec.Ref); ok && isObject {
		r.watched[f.ID] = append(r.watched[f.ID], object.ID)
	}
}

// findWatched finds the object whose hook got something else: the only one that was given this function.
func (r *reader) findWatched() {
	for owner, h := range r.threads {
		if of := r.watched[r.functions[h.callback]]; h.program == "" && len(of) == 1 && r.hooks[of[0]] == 0 {
			h.program = of[0]
			r.threads[owner] = h
		}
	}
}

// bindHooks gives the frames of hooks theirs.
func (r *reader) bindHooks() {
	for _, h := range r.threads {
		p, ok := r.b.Refs[h.program]
		if !ok || r.b.Universe.KindOf(p) != model.KindProgram {
			continue
		}
		f := r.b.Universe.Hook(p, h.nth)
		r.b.Frames[h.frame] = f
		r.b.Hooks[p] = append(r.b.Hooks[p], f)
	}
}
