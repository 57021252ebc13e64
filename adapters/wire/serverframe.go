package wire

import (
	"encoding/json"
	"strconv"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

var goneResult = []byte(`{"status":"gone"}`)

// serverFrame is one callback that is being run. The goroutine that invoked it takes the
// calls; the reader delivers them.
type serverFrame struct {
	sys  *serverSystem
	name string

	calls chan *serverCall // holds the open call until it is taken

	mu   sync.Mutex
	open *serverCall // delivered and not yet answered
	dead bool        // ended, or its process has unwound: every call is answered gone
}

// serverCall is an operation on its way to its frame.
type serverCall struct {
	id     json.RawMessage
	params *callParams
}

// enter runs callback n: it tells the harness, executes the operations of the frame f and
// returns the values that the harness answers. It returns at once when the process of f has
// unwound; the harness's answer is then of no use and will be ignored.
func (s *serverSystem) enter(n int, f spec.Frame, args []spec.Value) []spec.Value {
	c := s.server.conn
	frame := s.newFrame()
	defer frame.end()
	select {
	case <-s.givenUp:
		return nil
	default:
	}
	params, err := encodeEnter(s.name, frame.name, n, spec.ProcessOf(f), spec.ImageOf(f), args)
	if err != nil {
		c.refuse(nil, refuse(codeFailed, "entering callback %d of system %s: %v", n, s.name, err))
		return nil
	}
	answer := c.request("enter", params, nil)
	for {
		select {
		case call := <-frame.calls:
			if !frame.execute(f, call) {
				return nil
			}
		case <-answer.done:
			return s.values(n, answer)
		case <-s.givenUp:
			return nil
		}
	}
}

// values reads the harness's answer to enter. A refusal has no values: the harness has
// given the case up, and says so by itself.
func (s *serverSystem) values(n int, answer *pending) []spec.Value {
	if answer.err != nil {
		return nil
	}
	var in valuesResult
	err := decodeStrict(answer.result, &in)
	var values []spec.Value
	if err == nil {
		values, err = decodeValues(in.Values)
	}
	if err != nil {
		s.server.conn.refuse(nil, refuse(codeParams, `the answer to enter callback %d: want {"values":[...]}: %v, in %s`,
			n, err, quote(answer.result)))
	}
	return values
}

func (s *serverSystem) newFrame() *serverFrame {
	f := &serverFrame{sys: s, calls: make(chan *serverCall, 1)}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.entered++
	f.name = s.server.prefix + "f" + strconv.FormatUint(s.server.entered, 10)
	s.server.frames[f.name] = f
	return f
}

// deliver is called by the reader.
func (f *serverFrame) deliver(call *serverCall) {
	c := f.sys.server.conn
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.dead:
		c.answer(call.id, goneResult)
	case f.open != nil:
		c.refuse(call.id, refuse(codeRequest, "call %s: frame %s already has an open operation, %s; one at a time",
			call.params.Op, f.name, f.open.params.Op))
	default:
		f.open = call
		f.calls <- call
	}
}

// execute carries out one operation; false means that the Func must return.
func (f *serverFrame) execute(host spec.Frame, call *serverCall) bool {
	c := f.sys.server.conn
	op, refused := f.sys.decode(call.params)
	if refused != nil {
		f.answered(false)
		c.refuse(call.id, refused)
		return true
	}
	ret := host.Do(op)
	over := ret.Status == spec.Gone || ret.Status == spec.Aborted
	result, err := encodeReturn(ret)
	f.answered(over)
	if err != nil {
		c.refuse(call.id, refuse(codeFailed, "call %s: its outcome has no wire form: %v", op.Op, err))
	} else {
		c.answer(call.id, result)
	}
	return !over
}

func (s *serverSystem) decode(params *callParams) (spec.Call, *rpcError) {
	op, err := params.Call(spec.DecodeValue, false)
	if err != nil {
		return op, refuse(codeParams, "call %s: %v", params.Op, err)
	}
	var refused *rpcError
	for i := range op.Args {
		if op.Args[i], refused = s.hosted(op.Args[i]); refused != nil {
			return op, refused
		}
	}
	for i := range op.Keys {
		if op.Keys[i].Value, refused = s.hosted(op.Keys[i].Value); refused != nil {
			return op, refused
		}
	}
	return op, nil
}

// answered comes before the answer is sent: the next call may arrive right after it.
func (f *serverFrame) answered(dead bool) {
	f.mu.Lock()
	f.open = nil
	f.dead = f.dead || dead
	f.mu.Unlock()
}

// end marks the frame dead. A call that is still open is answered gone: its process unwound
// by a panic, or the harness answered enter first.
func (f *serverFrame) end() {
	f.mu.Lock()
	call := f.open
	f.open, f.dead = nil, true
	f.mu.Unlock()
	s := f.sys.server
	s.mu.Lock()
	delete(s.frames, f.name)
	s.mu.Unlock()
	if call != nil {
		s.conn.answer(call.id, goneResult)
	}
}
