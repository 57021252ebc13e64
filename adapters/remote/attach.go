package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// Attached is an adapter that runs already - in somebody's debugger, or REPL - and listens on a
// socket: a [spec.Adapter]. Nothing of it is ended but the connection; where that broke, the next
// system is opened on a new one. Safe for concurrent use; one system is open at a time.
type Attached struct {
	address string

	mu      sync.Mutex
	current *Process
	closed  bool
}

var _ spec.Adapter = (*Attached)(nil)

// Attach connects to an address such as unix:/tmp/adapter.sock, and greets. ctx bounds that alone.
func Attach(ctx context.Context, address string) (*Attached, error) {
	first, err := attach(ctx, address)
	if err != nil {
		return nil, err
	}
	return &Attached{address: address, current: first}, nil
}

// SocketPath is the path in an address such as unix:PATH.
func SocketPath(address string) (string, error) {
	path, ok := strings.CutPrefix(address, "unix:")
	if !ok || path == "" {
		return "", fmt.Errorf("the address %q: want unix:PATH, of a socket that the adapter listens on", address)
	}
	return path, nil
}

func attach(ctx context.Context, address string) (*Process, error) {
	path, err := SocketPath(address)
	if err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("connecting to the adapter: %w", err)
	}
	control, err := NewControl()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("connecting to the adapter: %w", err), conn.Close())
	}
	r := &running{tail: &tail{}, done: make(chan struct{})}
	r.cut = sync.OnceFunc(func() {
		_ = conn.Close()
		close(r.done)
	})
	r.abandon = r.cut
	stream := cutStream{conn, r.cut}
	r.in, r.out = stream, stream
	p := &Process{running: r, control: control}
	p.closing = sync.OnceValue(p.close)
	// The end of a connection is all that is seen of the adapter's.
	p.client, err = wire.NewClient(ctx, stream, stream, wire.Options{Harness: p.harness})
	if err != nil {
		r.cut()
		return nil, errors.Join(fmt.Errorf("greeting the adapter at %s: %w", address, err), control.Close())
	}
	return p, nil
}

// cutStream is a connection of which the process is forgotten once it is closed.
type cutStream struct {
	net.Conn
	cut func()
}

func (s cutStream) Close() error {
	s.cut()
	return nil
}

// reconnectWithin is how long an adapter that was stuck has to accept a new connection.
const reconnectWithin = 10 * time.Second

// Handshake is that of the connection of the moment.
func (a *Attached) Handshake() spec.Handshake {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.current.Handshake()
}

// Open makes a fresh system.
func (a *Attached) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, errors.New("opening a system: the connection is closed")
	}
	if !a.current.Healthy() {
		_ = a.current.Close() // why it broke has been told
		within, cancel := context.WithTimeout(ctx, reconnectWithin)
		defer cancel()
		next, err := attach(within, a.address)
		if err != nil {
			return nil, fmt.Errorf("connecting anew, since the connection broke: %w", err)
		}
		a.current = next
	}
	return a.current.Open(ctx, cfg)
}

// Close says bye and closes the connection; whether the adapter ends is its own affair.
func (a *Attached) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	return a.current.Close()
}
