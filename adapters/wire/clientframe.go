package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/mpcheck/mpcheck/spec"
)

// frame is a callback that the adapter has entered. Its Func runs on a goroutine of its own.
type frame struct {
	sys     *system
	conn    *conn           // over which it was entered
	image   *image          // in which it runs, nil for what the adapter itself runs
	where   int             // the number of that image, which an adapter on its own connection may say too
	id      json.RawMessage // of the enter, to be answered
	name    string
	number  int
	process spec.Value // nil on a foreign thread
	seq     uint64     // when it last was evidently running, in the order of operations that stop the world
	ended   chan struct{}

	// Under the system's mu:
	busy *operation // the open operation
	gone bool       // the process has unwound: no more labels
	left bool       // the Func has returned
}

// operation is an operation of a frame, from Do to its outcome.
type operation struct {
	frame *frame
	call  spec.Call
	op    *spec.Op // nil where the table has none of that name
	stops uint64   // its place in the order if it may stop the world and was sent, else 0
	held  bool     // waits for the world
	sent  bool

	// Set by the reader before the request is done; under the system's mu until then.
	ret      spec.Return
	answered bool // there was an answer, and ret is what it said
}

var (
	_ spec.ProcessFrame = (*frame)(nil)
	_ spec.ImageFrame   = (*frame)(nil)
)

// Process implements [spec.ProcessFrame].
func (f *frame) Process() spec.Value { return f.process }

// Image implements [spec.ImageFrame].
func (f *frame) Image() int { return f.where }

// lost tells whether the image in which the frame runs has ended. The system's mu is held.
func (f *frame) lost() bool { return f.image != nil && f.image.over }

// Do issues one operation. See [spec.Frame].
func (f *frame) Do(call spec.Call) spec.Return {
	s := f.sys
	o := &operation{frame: f, call: call, op: spec.LookupOp(call.Op)}
	if status, ok := s.issue(o); !ok {
		return spec.Return{Status: status}
	}
	defer func() {
		s.mu.Lock()
		s.retire(o)
		if f.busy == o {
			f.busy = nil
		}
		s.mu.Unlock()
	}()
	if !f.take(o) {
		return spec.Return{Status: spec.Aborted}
	}
	switch {
	case o.op != nil && o.op.Is(spec.ByHarness):
		// Simulated time has simulated children, which are the adapter's own.
		if s.client.handshake.Clock == spec.Virtual {
			return o.remote()
		}
		return o.byHarness()
	case !s.client.handshake.OffersCall(call):
		return o.local(func() spec.Return { return spec.Return{Status: spec.Absent} })
	}
	return o.remote()
}

// take makes o the frame's open operation. A second one is a mistake of the Func's author.
func (f *frame) take(o *operation) bool {
	s := f.sys
	s.mu.Lock()
	other := f.busy
	if other == nil {
		f.busy = o
	}
	s.mu.Unlock()
	if other != nil {
		s.giveUp(&spec.Broken{Doing: "calling " + shorten(o.call.String()), Err: fmt.Errorf(
			"frame %d already has an open operation, %s; a Func issues one at a time", f.number, shorten(other.call.String()))})
	}
	return other == nil
}

// local carries out an operation that no adapter sees.
func (o *operation) local(do func() spec.Return) spec.Return {
	s := o.frame.sys
	s.mu.Lock()
	o.record(spec.Label{Kind: spec.CallLabel, Call: o.call})
	lost := o.frame.lost()
	s.mu.Unlock()
	var ret spec.Return
	if !lost {
		ret = do()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if lost || ret.Status == spec.Aborted && o.frame.lost() {
		o.gone()
		return o.ret
	}
	if s.err != nil || o.frame.number == 0 && isClosed(s.aborted) {
		return spec.Return{Status: spec.Aborted}
	}
	o.record(spec.Label{Kind: spec.ReturnLabel, Call: o.call, Return: ret})
	return ret
}

// byHarness runs under the watchdog too: it cancels the context.
func (o *operation) byHarness() spec.Return {
	s := o.frame.sys
	run := s.client.opts.Harness
	return o.local(func() spec.Return {
		if run == nil {
			return spec.Return{Status: spec.Absent}
		}
		ctx := s.restCtx
		if o.frame.image != nil {
			ctx = o.frame.image.ctx
		}
		if o.frame.number == 0 {
			ctx = s.rootCtx
			over := make(chan struct{})
			defer close(over)
			w := o.watch()
			go func() { defer w.stop(); w.wait(over, s.aborted) }()
		}
		return run(ctx, s.name, o.call)
	})
}

// remote sends the operation, once the world lets it, and waits for its outcome.
func (o *operation) remote() spec.Return {
	s := o.frame.sys
	aborted := spec.Return{Status: spec.Aborted}
	params, err := encodeCall(s.name, o.frame.name, o.call)
	if err != nil {
		s.giveUp(&spec.Broken{Doing: "sending " + shorten(o.call.String()), Err: err})
		return aborted
	}
	w := o.watch()
	defer w.stop()
	var abort <-chan struct{}
	if o.frame.number == 0 {
		abort = s.aborted
	}
	for {
		p, changed := o.send(params)
		if p == nil {
			if !w.wait(changed, abort) {
				return aborted
			}
			continue
		}
		if !w.wait(p.done, abort) || !o.answered {
			return aborted
		}
		return o.ret
	}
}

// send posts the call, or gives a channel that is closed when it may be worth another try.
// The label and the message are one step, so that labels are in the order of messages.
func (o *operation) send(params []byte) (p *pending, changed <-chan struct{}) {
	s := o.frame.sys
	stops := o.op.Is(spec.StopsWorld)
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.frame.lost() {
		o.record(spec.Label{Kind: spec.CallLabel, Call: o.call})
		o.gone()
		return over, nil
	}
	if o.held = !s.maySend(o.frame) || stops && s.pinging && o.frame.image == nil; o.held {
		return nil, s.changed
	}
	if o.sent = true; stops {
		s.seq++
		o.stops = s.seq
	}
	o.record(spec.Label{Kind: spec.CallLabel, Call: o.call})
	return o.frame.conn.request("call", params, o.settle), nil
}

// over is a request that is done.
var over = func() *pending {
	p := &pending{done: make(chan struct{})}
	close(p.done)
	return p
}()

// settle takes the answer, on the reader.
func (o *operation) settle(result json.RawMessage, refused *rpcError) {
	s := o.frame.sys
	doing := "calling " + shorten(o.call.String())
	if refused != nil {
		s.fail(s.client.brokenBy(doing, refused))
		return
	}
	ret, err := decodeReturn(result)
	if err != nil {
		s.fail(&spec.Broken{Doing: doing, Err: fmt.Errorf("%w, in the answer %s", err, quote(result))})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.answered { // its image was ended meanwhile
		return
	}
	o.ret, o.answered = ret, true
	s.runs(o.frame)
	s.retire(o)
	switch ret.Status {
	case spec.Gone:
		o.record(spec.Label{Kind: spec.GoneLabel, Call: o.call})
		o.frame.leave(nil)
	case spec.Aborted:
		// The adapter gave the case up: a call without a return, and the end of the frame's story.
		o.frame.gone = true
	default:
		o.record(spec.Label{Kind: spec.ReturnLabel, Call: o.call, Return: ret})
	}
}

// record tells a label of the frame, unless its story is over. The system's mu is held.
func (o *operation) record(l spec.Label) {
	f := o.frame
	if f.gone || f.number == 0 && isClosed(f.sys.aborted) {
		return
	}
	l.Frame = f.number
	f.sys.record(l)
}

// leave records the end of the frame and what its Func returned, once. The system's mu is
// held.
func (f *frame) leave(values []spec.Value) {
	if !f.gone && !(f.number == 0 && isClosed(f.sys.aborted)) {
		f.sys.record(spec.Label{Kind: spec.LeaveLabel, Frame: f.number, Return: spec.Values(values...)})
	}
	f.gone = true
}

// run runs the Func and answers the enter, whatever the Func did.
func (f *frame) run(fn spec.Func, args []spec.Value) {
	s := f.sys
	var values []spec.Value
	returned := false
	defer func() {
		if p := recover(); p != nil {
			s.giveUp(&spec.Broken{Doing: fmt.Sprintf("running the callback of frame %d of system %s", f.number, s.name),
				Err: fmt.Errorf("callback panicked: %v\n%s", p, debug.Stack())})
		} else if !returned {
			s.giveUp(&spec.Broken{Doing: fmt.Sprintf("running the callback of frame %d of system %s", f.number, s.name),
				Err: errors.New("callback ended its goroutine (runtime.Goexit, as testing's FailNow does); it must return")})
		}
		f.answer(values)
	}()
	values = fn(f, args)
	returned = true
}

// answer ends the frame and sends its values, once the world lets it.
func (f *frame) answer(values []spec.Value) {
	s := f.sys
	result, err := encodeValues(values)
	if err != nil {
		s.giveUp(&spec.Broken{Doing: fmt.Sprintf("sending the values of frame %d of system %s", f.number, s.name), Err: err})
		result = noValues
	}
	s.mu.Lock()
	f.left = true
	for !s.maySend(f) {
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-s.down:
		}
		s.mu.Lock()
	}
	f.leave(values)
	f.conn.answer(f.id, result)
	if s.running--; s.running == 0 {
		close(s.idle)
	}
	s.mu.Unlock()
	close(f.ended)
}
