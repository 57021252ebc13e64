package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
)

// conn is what both ends of the wire have in common: it matches answers to requests and
// hands requests to its peer. It is safe for concurrent use.
type conn struct {
	in   *lineReader
	out  *outbox
	peer peer

	// messages, where set, is told each message: [spec.SystemConfig].
	messages atomic.Pointer[func(sent bool, line []byte)]

	mu      sync.Mutex
	lastID  int64
	pending map[int64]*pending
	err     error
	down    chan struct{} // closed when err is set
}

// peer is one end's part. The reader goroutine calls all of it but broken; nothing here may
// wait or run user code.
type peer interface {
	// request is a request of the other side, to be answered with conn.answer or conn.refuse.
	request(*message)
	// malformed is told of a line that is no message, or an answer to nothing.
	malformed(error)
	// complaint is an error of the other side that answers no request of ours.
	complaint(*rpcError)
	// ended is told that nothing more can be read; io.EOF is the ordinary end.
	ended(error)
	// broken is told, from the writer goroutine, that nothing more can be written.
	broken(error)
}

// pending is a request of ours on its way. Once done is closed, result or err is set: err is
// an *rpcError where the other side refused, else the failure of the connection.
type pending struct {
	done   chan struct{}
	result json.RawMessage
	err    error
	// settle, where set, is called with the answer by the reader, in the order in which
	// answers arrive, before done is closed. It isn't called where the connection failed.
	settle func(result json.RawMessage, err *rpcError)
}

func newConn(r io.Reader, w io.Writer) *conn {
	c := &conn{in: newLineReader(r, MaxLine), pending: map[int64]*pending{}, down: make(chan struct{})}
	c.out = newOutbox(w, func(err error) { c.peer.broken(err) })
	return c
}

// start begins to read and to write.
func (c *conn) start(p peer) {
	c.peer = p
	go c.out.run()
	go c.read()
}

// read is the reader. After a failure it goes on reading, and discards: the other side must
// never be kept from writing while it is being ended.
func (c *conn) read() {
	for {
		line, err := c.in.next()
		if err != nil {
			c.peer.ended(err)
			if errors.Is(err, errTooLong) || errors.Is(err, errFlood) {
				c.in.discard()
			}
			return
		}
		if c.failure() != nil {
			continue
		}
		if told := c.messages.Load(); told != nil {
			(*told)(false, line)
		}
		m, err := parseMessage(line)
		switch {
		case err != nil:
			c.peer.malformed(err)
		case m.Method != "":
			c.peer.request(m)
		case !isID(m.ID):
			c.peer.complaint(m.Error)
		default:
			c.settle(m)
		}
	}
}

func (c *conn) settle(m *message) {
	id, err := strconv.ParseInt(string(m.ID), 10, 64)
	c.mu.Lock()
	p := c.pending[id]
	if err != nil {
		p = nil
	}
	delete(c.pending, id)
	c.mu.Unlock()
	if p == nil {
		c.peer.malformed(fmt.Errorf("want an answer to an open request, got one with the id %s", quote(m.ID)))
		return
	}
	p.result = m.Result
	if m.Error != nil {
		p.err = m.Error
	}
	if p.settle != nil {
		p.settle(m.Result, m.Error)
	}
	close(p.done)
}

// request sends a request and returns at once. After a failure the answer is that failure.
func (c *conn) request(method string, params []byte, settle func(json.RawMessage, *rpcError)) *pending {
	p := &pending{done: make(chan struct{}), settle: settle}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		p.err = c.err
		close(p.done)
		return p
	}
	c.lastID++
	id := c.lastID
	c.pending[id] = p
	// Posted under the lock, so that ids go out in order.
	c.post(func(buf []byte) []byte { return appendRequest(buf, id, method, params) })
	return p
}

// post hands a message to the writer.
func (c *conn) post(add func(buf []byte) []byte) {
	c.out.post(func(buf []byte) []byte {
		before := len(buf)
		buf = add(buf)
		if told := c.messages.Load(); told != nil && len(buf) > before {
			(*told)(true, buf[before:len(buf)-1])
		}
		return buf
	})
}

func (c *conn) answer(id json.RawMessage, result []byte) {
	c.post(func(buf []byte) []byte { return appendResult(buf, id, result) })
}

// refuse answers a request with an error; without an id it is a complaint about no request.
func (c *conn) refuse(id json.RawMessage, e *rpcError) {
	c.post(func(buf []byte) []byte { return appendError(buf, id, e) })
}

// fail ends the conversation: every open and later request fails with err. It tells whether
// it was the first failure.
func (c *conn) fail(err error) bool {
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return false
	}
	c.err = err
	open := c.pending
	c.pending = map[int64]*pending{}
	c.mu.Unlock()
	for _, p := range open {
		p.err = err
		close(p.done)
	}
	close(c.down)
	return true
}

func (c *conn) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// fits refuses a message that the other side would not read.
func fits(body []byte) error {
	const envelope = 1 << 10
	if len(body) > MaxLine-envelope {
		return fmt.Errorf("a message of %d bytes is too long for the wire: at most %d", len(body), MaxLine)
	}
	return nil
}

// closeAll closes those of the streams that can be closed.
func closeAll(streams ...any) error {
	var errs []error
	for _, s := range streams {
		if c, ok := s.(io.Closer); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}
