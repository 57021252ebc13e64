package script

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A status hook that run was given may be called (EXT-RUN-9), with a process object that no call returns; and one that
// start was given before that returns, which may be never.

// A hookedRun is a call of run or start with a status hook, at a label, which has returned no process object.
type hookedRun struct {
	at int
	by opened
}

// A shownProgram is a process object that code which begins at a label is given.
type shownProgram struct {
	at  int
	ref string
}

// runsHooked notes such a call.
func (r *reader) runsHooked(o opened) {
	if hook, given := o.call.Key("status-hook"); given && spec.Truth(hook) {
		r.runs = append(r.runs, hookedRun{r.at, o})
		r.between = append(r.between, hook)
	}
}

// startedHooked notes that such a call has returned. Of two operations that start a program only start makes an object by
// its row.
func (r *reader) startedHooked(o opened) {
	if kind, makes := makes(o.call); makes && kind == model.KindProgram {
		r.runs = slices.DeleteFunc(r.runs, func(run hookedRun) bool { return run.by.process == o.process && run.by.nth == o.nth })
	}
}

// showsProgram notes what code is given.
func (r *reader) showsProgram(l spec.Label) {
	if ref, ok := shownIn(l); ok {
		r.shown = append(r.shown, shownProgram{r.at, ref.ID})
	}
}

// shownIn is the first process object among the arguments that code is entered with.
func shownIn(l spec.Label) (spec.Ref, bool) {
	for _, a := range l.Args {
		if ref, ok := a.(spec.Ref); ok && ref.Type == model.KindProgram.String() {
			return ref, true
		}
	}
	return spec.Ref{}, false
}

// adoptPrograms finds the call for each object that no call returned: the only one of those before that has none.
func (r *reader) adoptPrograms() {
	for _, s := range r.shown {
		if _, known := r.made[s.ref]; known {
			continue
		}
		var of []int
		for n, run := range r.runs {
			if run.at < s.at {
				of = append(of, n)
			}
		}
		if len(of) > 1 {
			r.b.Unknown[s.at] = true
		}
		if len(of) == 1 {
			by := r.runs[of[0]].by
			r.made[s.ref] = made{by.process, by.nth, model.KindProgram}
			r.runs = append(r.runs[:of[0]], r.runs[of[0]+1:]...)
		}
	}
}
