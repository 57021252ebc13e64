package wire

import (
	"encoding/json"
	"errors"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// serverSystem is a system that the adapter runs for the harness.
type serverSystem struct {
	server *server
	name   string

	opened  chan struct{} // closed when sys is set, or could not be
	sys     spec.System
	ran     chan struct{} // closed when System.Run has returned, with err
	err     error
	givenUp chan struct{} // closed when frames must end without waiting for the harness
	giveUp  func()

	closing  sync.Once
	leftover []byte
	closeErr *rpcError

	mu        sync.Mutex
	callbacks []spec.Callback // by their number on the wire, from 1 on
}

func newServerSystem(s *server, name string) *serverSystem {
	sys := &serverSystem{
		server: s, name: name,
		opened: make(chan struct{}), ran: make(chan struct{}), givenUp: make(chan struct{}),
	}
	sys.giveUp = sync.OnceFunc(func() { close(sys.givenUp) })
	return sys
}

// open makes the system, answers the request and runs the outermost frame.
func (s *serverSystem) open(id json.RawMessage, seed uint64) {
	// The harness watches; a limit of the adapter's own would fire before a longer one of it.
	sys, err := s.server.adapter.Open(s.server.ctx, spec.SystemConfig{Seed: seed, Watchdog: -1})
	if err == nil && sys == nil {
		err = errors.New("the adapter gave no system and no error")
	}
	if err != nil {
		s.err = err
		close(s.ran)
		close(s.opened)
		s.server.closed(s)
		s.server.conn.refuse(id, refuse(codeFailed, "open %s: %v", s.name, err))
		return
	}
	s.sys = sys
	close(s.opened)
	s.server.conn.answer(id, emptyObject)
	s.server.work.Go(s.run)
}

func (s *serverSystem) run() {
	defer close(s.ran)
	entered := false
	s.err = s.sys.Run(func(f spec.Frame) {
		entered = true
		s.enter(0, f, nil)
	})
	if !entered {
		// The harness waits for the outermost frame; nothing else would tell it.
		text := "without an error"
		if s.err != nil {
			text = "with " + s.err.Error()
		}
		s.server.conn.refuse(nil, refuse(codeFailed, "running system %s: it ended before it entered the outermost frame, %s", s.name, text))
	}
}

// host returns the callback of the system for one of the wire; the same number is the same
// callback for the system's life. All before it are registered first, so that the numbers are the same
// at both ends unless the system registers something itself: what one image has saved another finds.
func (s *serverSystem) host(n int) spec.Callback {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.callbacks) < n {
		next := len(s.callbacks) + 1
		s.callbacks = append(s.callbacks, s.sys.Register(func(f spec.Frame, args []spec.Value) []spec.Value { return s.enter(next, f, args) }))
	}
	return s.callbacks[n-1]
}

// mostCallbacks is more than any harness registers.
const mostCallbacks = 1 << 20

// hosted puts host callbacks in place of those of the wire, in lists too.
func (s *serverSystem) hosted(v spec.Value) (spec.Value, *rpcError) {
	switch v := v.(type) {
	case spec.Callback:
		if v < 1 || v > mostCallbacks {
			return nil, refuse(codeParams, "callback %d: they are numbered from 1 on", int(v))
		}
		return s.host(int(v)), nil
	case spec.List:
		items := make([]spec.Value, len(v.Items))
		for i, item := range v.Items {
			h, err := s.hosted(item)
			if err != nil {
				return nil, err
			}
			items[i] = h
		}
		list := spec.List{Items: items}
		if v.Dotted != nil {
			h, err := s.hosted(v.Dotted)
			if err != nil {
				return nil, err
			}
			list.Dotted = h
		}
		return list, nil
	}
	return v, nil
}

func (s *serverSystem) abort() ([]byte, *rpcError) {
	if <-s.opened; s.sys != nil {
		s.sys.Abort()
	}
	return emptyObject, nil
}

// finish waits until System.Run has returned.
func (s *serverSystem) finish() ([]byte, *rpcError) {
	select {
	case <-s.ran:
		return encodeFinish(s.err), nil
	case <-s.server.over:
		return nil, refuse(codeFailed, "finish %s: the server ends", s.name)
	}
}

// close tears the system down, once. Where the outermost frame still runs, the harness has
// given the case up: its frames end without waiting for it.
func (s *serverSystem) close() ([]byte, *rpcError) {
	s.closing.Do(func() {
		defer s.server.closed(s)
		s.leftover = encode(spec.Leftover{})
		if <-s.opened; s.sys == nil {
			return
		}
		select {
		case <-s.ran:
		default:
			s.sys.Abort()
			s.giveUp()
			<-s.ran
		}
		left, err := s.sys.Close()
		s.leftover = encode(left)
		if err != nil {
			s.closeErr = refuse(codeFailed, "close %s: %v", s.name, err)
		}
	})
	return s.leftover, s.closeErr
}

// closed lets the next system open.
func (s *server) closed(sys *serverSystem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == sys {
		s.current = nil
	}
}
