package cases

import "github.com/mpcheck/mpcheck/spec"

// What cases about foreign threads share.

// foreignNeeds is what every case about foreign threads needs.
var foreignNeeds = []string{"make-foreign-thread", "call-on-foreign-thread", "call-foreign"}

// Callable makes code of fn for foreign code to call in. Where a foreign thread has no process that is PROC-CUR-4's to say, and
// no fault of the adapter's.
func (p *P) Callable(fn func(p *P) any) spec.Callback {
	c := p.c
	return c.registerForeign(func(f spec.Frame, _ []spec.Value) []spec.Value {
		return []spec.Value{spec.Of(fn(c.frame(f)))}
	})
}

// A foreignThread is one that the Lisp did not create.
type foreignThread struct {
	c   *C
	ref spec.Value
}

func (c *C) foreignThread() *foreignThread {
	return &foreignThread{c, c.MakeForeignThread().Primary()}
}

// calls has the thread call fn in, and returns what that returns, once control is back in the foreign code.
func (t *foreignThread) calls(p *P, fn func(p *P) any) spec.Value {
	return p.CallOnForeignThread(t.ref, p.Callable(fn)).Primary()
}

// A foreignCall is one that a process of its own will have a thread make.
type foreignCall struct {
	c     *C
	drive *Gated
	over  spec.Ref
}

// callsMeanwhile makes a process that will have the thread call fn in.
func (t *foreignThread) callsMeanwhile(fn func(p *P)) *foreignCall {
	c := t.c
	call := &foreignCall{c: c, over: c.Cell(nil)}
	call.drive = c.GatedThen("driver", func(p *P) {
		t.calls(p, func(p *P) any { fn(p); return nil })
		p.CellSet(call.over, true)
	})
	return call
}

func (f *foreignCall) begin() { f.c.Open(f.drive) }

// ends waits until control is back in the foreign code.
func (f *foreignCall) ends() {
	f.c.AwaitFor("PROC-CUR-4", spec.CellIs(f.over, true), "a callable that has returned gives control back to the foreign code")
}
