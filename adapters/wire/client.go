package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// Options are what a harness may tell [NewClient]. The zero value is valid.
type Options struct {
	// HelloTimeout is how long the adapter has to answer hello; 0 means [DefaultHelloTimeout].
	HelloTimeout time.Duration
	// PingTimeout is how long it has to answer ping, and to end what was given up; 0 means
	// 5 s. Close waits no longer either, and 2 s at most.
	PingTimeout time.Duration
	// Name is what the harness calls itself in hello; "" means mpcheck.
	Name string
	// Harness executes the operations that no adapter sees ([spec.ByHarness]); nil means
	// that they are absent. It is called on the goroutine of the Func that issued the
	// operation, and must return when ctx is cancelled: the case was given up.
	Harness func(ctx context.Context, system string, call spec.Call) spec.Return
	// Done, where not nil, is closed when the adapter's process has ended. That is an
	// adapter's end; the end of its output isn't, as its children may have inherited it.
	Done <-chan struct{}
	// Exit, where not nil, tells once Done is closed how the process ended, as in "exit
	// status 3"; a nil error stands for exit status 0. It is called once at most.
	Exit func() error
}

// Client is the harness's end of a connection: a [spec.Adapter] that lives at the other
// end. It is safe for concurrent use; it has one open system at a time. Its systems tell
// labels in the order in which messages were sent and came in; the recorder is told by the
// goroutine that reads, so Record must not wait for an operation, nor issue one.
type Client struct {
	conn      *conn
	streams   []any // r and w, to be closed
	opts      Options
	handshake spec.Handshake

	mu      sync.Mutex
	systems int
	current *system             // the system that isn't closed
	closed  map[string]bool     // the systems that were, and whether cleanly
	frames  map[string]struct{} // every name that an enter has used on the adapter's connection
	unwell  bool                // see Healthy
	leaving bool                // bye was sent: an end is no failure
	read    chan struct{}       // closed when nothing more can be read
	exited  context.CancelFunc  // stops the watch over opts.Done
	closing func() error        // Close, once
}

var _ spec.Adapter = (*Client)(nil)

// DefaultHelloTimeout is long, since an adapter may have to be compiled as it starts, on a machine that does other things
// too; one whose process ends is not waited for.
const DefaultHelloTimeout = time.Minute

// NewClient greets the adapter that writes to r and reads from w, and refuses one whose
// handshake isn't valid. ctx bounds the greeting only. The client owns r and w from here
// on: Close, or a failure here, closes those that are an io.Closer. The error is a
// *[spec.Broken].
func NewClient(ctx context.Context, r io.Reader, w io.Writer, opts Options) (*Client, error) {
	if opts.HelloTimeout == 0 {
		opts.HelloTimeout = DefaultHelloTimeout
	}
	if opts.PingTimeout == 0 {
		opts.PingTimeout = 5 * time.Second
	}
	if opts.Name == "" {
		opts.Name = "mpcheck"
	}
	if opts.Exit != nil {
		opts.Exit = sync.OnceValue(opts.Exit)
	}
	c := &Client{
		conn: newConn(r, w), streams: []any{w, r}, opts: opts,
		closed: map[string]bool{}, frames: map[string]struct{}{}, read: make(chan struct{}),
	}
	c.closing = sync.OnceValue(c.close)
	c.conn.start(c)
	watch, stop := context.WithCancel(context.Background())
	c.exited = stop
	if opts.Done != nil {
		go c.watchExit(watch)
	}
	if err := c.hello(ctx); err != nil {
		c.mu.Lock()
		c.leaving = true
		c.mu.Unlock()
		c.shut()
		return nil, err
	}
	return c, nil
}

func (c *Client) hello(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.opts.HelloTimeout)
	defer cancel()
	const doing = "greeting the adapter"
	p := c.conn.request("hello", encode(helloParams{Contract: spec.ContractVersion, Harness: c.opts.Name}), nil)
	select {
	case <-p.done:
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return &spec.Broken{Doing: doing, Err: fmt.Errorf("want an answer to hello within %v, got none: "+
				"check that it speaks on the descriptors that MPCHECK_IN and MPCHECK_OUT name, and whether it takes so long to start", c.opts.HelloTimeout)}
		}
		return &spec.Broken{Doing: doing, Err: ctx.Err()}
	}
	if p.err != nil {
		return c.brokenBy(doing, p.err)
	}
	var h spec.Handshake
	if err := decodeStrict(p.result, &h); err != nil {
		return &spec.Broken{Doing: doing, Err: fmt.Errorf("want a handshake: %v, in %s", err, quote(p.result))}
	}
	if err := h.Validate(); err != nil {
		return &spec.Broken{Doing: doing, Err: err}
	}
	c.mu.Lock()
	h.Name, h.Version = spec.Brief(h.Name, spec.NameLength), spec.Brief(h.Version, spec.NameLength)
	c.handshake = h
	c.mu.Unlock()
	return nil
}

// Handshake is what the adapter said of itself.
func (c *Client) Handshake() spec.Handshake { return c.handshake }

// Healthy tells whether the adapter can be used for another case: false after an error, a
// stuck operation or an unclean close, and once Close was called. A run that the adapter
// itself proved to be stuck leaves it as good as before.
func (c *Client) Healthy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.unwell && !c.leaving
}

// Open makes a fresh system. The adapter has cfg.Watchdog to answer. It is an error to open
// one while another is open, or on a client that isn't healthy.
func (c *Client) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	switch {
	case cfg.Watchdog == 0:
		cfg.Watchdog = spec.DefaultWatchdog
	case cfg.Watchdog < 0:
		cfg.Watchdog = noWatchdog
	}
	s := newSystem(c, cfg)
	c.mu.Lock()
	open, unwell := c.current, c.unwell || c.leaving
	if open == nil && !unwell {
		c.systems++
		s.name = fmt.Sprintf("s%d", c.systems)
		c.current = s
		if cfg.Messages != nil {
			s.cfg.Messages = oneAtATime(cfg.Messages)
			c.conn.messages.Store(&s.cfg.Messages)
		}
	}
	c.mu.Unlock()
	switch {
	case unwell:
		err := c.conn.failure()
		if err == nil {
			err = errors.New("it was stuck, or left something behind; start another")
		}
		return nil, c.brokenBy("opening a system of an adapter that is no longer usable", err)
	case open != nil:
		return nil, fmt.Errorf("opening a system: %s is still open; close it first", open.name)
	}
	ctx, cancel := context.WithTimeout(ctx, cfg.Watchdog)
	defer cancel()
	doing := fmt.Sprintf("opening system %s of %s", s.name, c.name())
	p := c.conn.request("open", encode(openParams{System: s.name, Seed: fmt.Sprint(cfg.Seed)}), nil)
	var broken *spec.Broken
	select {
	case <-p.done:
		if p.err != nil {
			broken = c.brokenBy(doing, p.err)
		} else if err := decodeStrict(p.result, &struct{}{}); err != nil {
			broken = &spec.Broken{Doing: doing, Err: fmt.Errorf("want {} in answer, got %s", quote(p.result))}
		}
	case <-ctx.Done():
		err := ctx.Err()
		if errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("want an answer within %v, got none", cfg.Watchdog)
		}
		broken = &spec.Broken{Doing: doing, Err: err}
	}
	if broken != nil {
		c.fail(broken)
		s.shut(true)
		return nil, broken
	}
	return s, nil
}

// oneAtATime has the messages of several connections told as those of one.
func oneAtATime(tell func(sent bool, line []byte)) func(sent bool, line []byte) {
	var sends, comes sync.Mutex
	return func(sent bool, line []byte) {
		mu := &comes
		if sent {
			mu = &sends
		}
		mu.Lock()
		defer mu.Unlock()
		tell(sent, line)
	}
}

// Close says bye, gives the adapter a short time to answer, and closes the streams. An open
// system is given up.
func (c *Client) Close() error { return c.closing() }

func (c *Client) close() error {
	c.mu.Lock()
	c.leaving = true
	s := c.current
	c.mu.Unlock()
	if s != nil {
		s.end(&spec.Broken{Doing: "running system " + s.name, Err: errors.New("the harness closed the adapter")}, true)
		s.closeImages()
	}
	p := c.conn.request("bye", emptyObject, nil)
	timer := time.NewTimer(min(c.opts.PingTimeout, 2*time.Second))
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
	}
	return c.shut()
}

// shut ends the connection; it doesn't wait for the other side.
func (c *Client) shut() error {
	c.exited()
	c.conn.fail(errors.New("the connection is closed"))
	c.conn.out.close()
	return closeAll(c.streams...)
}

func (c *Client) name() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.handshake.Name == "" {
		return "the adapter"
	}
	return c.handshake.Name
}

// brokenBy wraps the failure of a request; the failure of the connection says enough itself.
func (c *Client) brokenBy(doing string, err error) *spec.Broken {
	var refused *rpcError
	if errors.As(err, &refused) {
		return &spec.Broken{Doing: doing, Err: fmt.Errorf("want a result, got an %w", refused)}
	}
	return &spec.Broken{Doing: doing, Err: err}
}

// fail gives everything up: the connection, and the system that is open.
func (c *Client) fail(b *spec.Broken) {
	c.mu.Lock()
	c.unwell = true
	s, leaving := c.current, c.leaving
	c.mu.Unlock()
	if s != nil && !leaving {
		s.end(b, true)
	}
	c.conn.fail(b)
}

func (c *Client) condemn() {
	c.mu.Lock()
	c.unwell = true
	c.mu.Unlock()
}
