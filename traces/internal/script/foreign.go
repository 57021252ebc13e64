package script

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// Code that runs elsewhere: on a foreign thread, in a process that is made for it by the call that has it run, or that an
// earlier call of the same thread has made.

// An elsewhere is such a call.
type elsewhere struct {
	by     opened
	thread string // the reference
	code   spec.Callback
	over   bool // its code has begun, or never does
}

// callsElsewhere notes a call that has code run elsewhere.
func (r *reader) callsElsewhere(frame int, o opened) {
	op := spec.LookupOp(o.call.Op)
	if op == nil || !op.CallsElsewhere() {
		return
	}
	thread, _ := o.call.Arg(0).(spec.Ref)
	code, ok := o.call.Arg(1).(spec.Callback)
	if ok && thread.ID != "" {
		e := &elsewhere{by: o, thread: thread.ID, code: code}
		r.elsewhere = append(r.elsewhere, e)
		r.openElsewhere[frame] = e
	}
}

// endsElsewhere notes how such a call has ended: where it was none its code never begins, else it may still be told of.
func (r *reader) endsElsewhere(frame int, status spec.Status) {
	if e := r.openElsewhere[frame]; e != nil {
		e.over = e.over || status == spec.Absent || status == spec.Signalled
		delete(r.openElsewhere, frame)
	}
}

// entersElsewhere finds the call that has the code run which begins in a process that nobody has made yet.
func (r *reader) entersElsewhere(ref string, l spec.Label) {
	var its []*elsewhere
	for _, e := range r.elsewhere {
		if !e.over && e.code == l.Callback && (r.threadOf[ref] == "" || r.threadOf[ref] == e.thread) {
			its = append(its, e)
		}
	}
	if len(its) == 0 {
		return
	}
	if _, made := r.made[ref]; r.threadOf[ref] == "" && (made || ref == r.testRef) {
		return
	}
	if len(its) > 1 { // the same code on several threads
		r.b.Unknown[r.at] = true
		return
	}
	its[0].over = true
	if r.threadOf[ref] == "" {
		r.made[ref] = made{its[0].by.process, its[0].by.nth, model.KindProcess}
		r.threadOf[ref] = its[0].thread
	}
}

// bindThreads notes which foreign thread each process is one of.
func (r *reader) bindThreads() {
	for ref, thread := range r.threadOf {
		p, ok := r.resolve(ref, 0)
		t, known := r.resolve(thread, 0)
		if ok && known {
			r.b.Threads[p] = t
		}
	}
}
