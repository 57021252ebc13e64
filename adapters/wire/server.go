package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// Serve puts adapter on the wire: it answers the requests that it reads from r and sends its
// own to w, until the harness says bye (nil), r ends, or ctx is cancelled. Before it returns
// it aborts and closes what is open; the adapter itself, r and w stay the caller's to close.
// Where ctx was cancelled, a Read of r may still be under way.
//
// Callbacks run where the adapter calls them: the goroutine that invokes one sends `enter`
// and then executes the operations of that frame, one at a time, until the harness has
// answered. So a process's operations are executed by the process's own thread, and an
// adapter that runs its processes as coroutines simply waits there. A panic or Goexit that
// passes through an operation marks the frame dead and goes on: it belongs to the adapter.
//
// The process of an `enter` is [spec.ProcessOf] the frame.
func Serve(ctx context.Context, adapter spec.Adapter, r io.Reader, w io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{
		ctx: ctx, cancel: cancel, adapter: adapter, conn: newConn(r, w), over: make(chan struct{}),
		systems: map[string]*serverSystem{}, frames: map[string]*serverFrame{},
	}
	s.conn.start(s)
	select {
	case <-s.over:
	case <-ctx.Done():
		s.end(nil, ctx.Err())
	}
	s.tearDown()
	return s.result
}

// server is the adapter's end of a connection.
type server struct {
	ctx      context.Context // of Adapter.Open
	cancel   context.CancelFunc
	adapter  spec.Adapter // nil for a launched image
	conn     *conn
	launched bool // it is the end of a launched image, which has one system and no adapter

	mu      sync.Mutex
	greeted bool
	systems map[string]*serverSystem // every system so far; closed ones too: names aren't reused
	current *serverSystem            // the one that isn't closed yet
	frames  map[string]*serverFrame  // the live ones of all systems
	entered uint64                   // frames named so far: f1, f2 ...
	prefix  string                   // of their names, in a launched image

	ending sync.Once
	over   chan struct{}   // closed when the server ends
	bye    json.RawMessage // the id of the request that ended it, if one did
	result error

	work sync.WaitGroup // what was started for requests
	late bool           // under mu: nothing more may be started
}

// end makes Serve return err; bye is the id of the request to answer then.
func (s *server) end(bye json.RawMessage, err error) {
	s.ending.Do(func() {
		s.bye, s.result = bye, err
		close(s.over)
	})
}

// tearDown closes the open system, answers bye and lets the writer finish.
func (s *server) tearDown() {
	s.cancel()
	s.mu.Lock()
	s.late = true
	sys := s.current
	s.mu.Unlock()
	if sys != nil {
		sys.abort()
		sys.giveUp() // whatever still runs, the harness serves it no more
	}
	gone := errors.New("the server has ended")
	if s.bye == nil {
		s.conn.fail(gone) // nobody answers any more
	}
	if sys != nil {
		sys.close()
	}
	s.work.Wait()
	if s.bye != nil {
		s.conn.answer(s.bye, emptyObject)
	}
	s.conn.fail(gone)
	s.conn.out.close()
	if s.bye != nil {
		// The harness waits for the answer; a harness that doesn't read must not keep us.
		select {
		case <-s.conn.out.done:
		case <-time.After(2 * time.Second):
		}
	}
}

func (s *server) malformed(err error) { s.conn.refuse(nil, refuse(codeParse, "%v", err)) }

func (s *server) complaint(e *rpcError) {
	s.end(nil, fmt.Errorf("serving %s: the harness sent an %w", s.name(), e))
}

func (s *server) ended(err error) {
	if errors.Is(err, io.EOF) {
		s.end(nil, nil)
		return
	}
	s.end(nil, fmt.Errorf("serving %s: reading from the harness: %w", s.name(), err))
}

func (s *server) broken(err error) {
	s.end(nil, fmt.Errorf("serving %s: writing to the harness: %w", s.name(), err))
}

func (s *server) name() string {
	if s.launched {
		return "a launched image"
	}
	return s.adapter.Handshake().Name
}

// request answers at once what needs no execution, and starts a goroutine for the rest.
func (s *server) request(m *message) {
	if s.launched {
		s.requestOfImage(m)
		return
	}
	s.mu.Lock()
	greeted := s.greeted
	s.greeted = s.greeted || m.Method == "hello"
	s.mu.Unlock()
	switch m.Method {
	case "hello":
		s.execute(m, func() ([]byte, *rpcError) { return encode(s.adapter.Handshake()), nil })
		return
	case "ping":
		s.conn.answer(m.ID, emptyObject)
		return
	case "bye":
		s.end(m.ID, nil)
		return
	}
	if !greeted {
		s.conn.refuse(m.ID, refuse(codeRequest, "want hello first, got %s", m.Method))
		return
	}
	switch m.Method {
	case "open":
		s.open(m)
	case "call":
		s.call(m)
	case "abort", "finish", "close":
		s.control(m)
	default:
		s.conn.refuse(m.ID, refuse(codeMethod, "unknown method %q: want hello, open, call, abort, finish, close, ping or bye", m.Method))
	}
}

// execute carries a request out on a goroutine of its own, and answers it.
func (s *server) execute(m *message, do func() ([]byte, *rpcError)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.late {
		return // tearDown waits for what was started before
	}
	s.work.Go(func() {
		result, err := do()
		if err != nil {
			s.conn.refuse(m.ID, err)
			return
		}
		s.conn.answer(m.ID, result)
	})
}

func (s *server) open(m *message) {
	var in openParams
	err := decodeStrict(m.Params, &in)
	seed, bad := strconv.ParseUint(in.Seed, 10, 64)
	if err != nil || bad != nil || in.System == "" {
		s.conn.refuse(m.ID, refuse(codeParams, `open: want {"system":NAME,"seed":"DECIMAL"}, got %s`, quote(m.Params)))
		return
	}
	sys := newServerSystem(s, in.System)
	s.mu.Lock()
	current, known := s.current, s.systems[in.System]
	if current == nil && known == nil && !s.late {
		s.systems[in.System], s.current = sys, sys
		s.work.Go(func() { sys.open(m.ID, seed) })
	}
	s.mu.Unlock()
	switch {
	case known != nil:
		s.conn.refuse(m.ID, refuse(codeRequest, "open %s: the name was used before; want a new one", in.System))
	case current != nil:
		s.conn.refuse(m.ID, refuse(codeRequest, "open %s: %s is still open; close it first", in.System, current.name))
	}
}

// system finds the system that a request names, closed ones too.
func (s *server) system(m *message, name string) *serverSystem {
	s.mu.Lock()
	sys := s.systems[name]
	s.mu.Unlock()
	if sys == nil {
		s.conn.refuse(m.ID, refuse(codeParams, "%s: unknown system %q; open it first", m.Method, name))
	}
	return sys
}

func (s *server) control(m *message) {
	var in systemParams
	if err := decodeStrict(m.Params, &in); err != nil {
		s.conn.refuse(m.ID, refuse(codeParams, `%s: want {"system":NAME}: %v`, m.Method, err))
		return
	}
	sys := s.system(m, in.System)
	if sys == nil {
		return
	}
	s.execute(m, map[string]func() ([]byte, *rpcError){
		"abort": sys.abort, "finish": sys.finish, "close": sys.close,
	}[m.Method])
}

// call hands an operation to its frame. Frames that were, and are no more, answer gone.
func (s *server) call(m *message) {
	in := new(callParams)
	if err := decodeStrict(m.Params, in); err != nil {
		s.conn.refuse(m.ID, refuse(codeParams, `call: want {"system","frame","op","args","keys"}: %v`, err))
		return
	}
	sys := s.system(m, in.System)
	if sys == nil {
		return
	}
	s.mu.Lock()
	f := s.frames[in.Frame]
	was := f == nil && s.wasEntered(in.Frame)
	s.mu.Unlock()
	switch {
	case was:
		s.conn.answer(m.ID, goneResult)
	case f == nil || f.sys != sys:
		s.conn.refuse(m.ID, refuse(codeParams, "call %s: unknown frame %q of system %q", in.Op, in.Frame, in.System))
	default:
		f.deliver(&serverCall{id: m.ID, params: in})
	}
}

// wasEntered tells from its name whether a frame existed: dead frames cost no memory.
func (s *server) wasEntered(frame string) bool {
	digits, ok := strings.CutPrefix(frame, s.prefix+"f")
	n, err := strconv.ParseUint(digits, 10, 64)
	return ok && err == nil && n >= 1 && n <= s.entered
}
