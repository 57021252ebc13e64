package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// What the reader and the writer tell: see peer.

func (c *Client) malformed(err error) {
	c.fail(&spec.Broken{Doing: "reading from " + c.name(), Err: err})
}

func (c *Client) complaint(e *rpcError) {
	c.fail(&spec.Broken{Doing: "talking to " + c.name(), Err: fmt.Errorf("it answered no request of ours, with %w", e)})
}

func (c *Client) ended(err error) {
	close(c.read)
	go c.lost(err)
}

func (c *Client) broken(err error) { c.lost(fmt.Errorf("writing: %w", err)) }

// lost waits for the end of the adapter's process, so that the error can say how it ended.
func (c *Client) lost(err error) {
	text := "it closed its output before bye"
	if !errors.Is(err, io.EOF) {
		text = err.Error()
	}
	if c.opts.Done != nil && !errors.Is(err, errTooLong) {
		timer := time.NewTimer(min(c.opts.PingTimeout, 2*time.Second))
		defer timer.Stop()
		select {
		case <-c.opts.Done:
			text += "; " + c.exit()
		case <-c.conn.down:
		case <-timer.C:
			text += "; its process still runs"
		}
	}
	c.fail(&spec.Broken{Doing: "talking to " + c.name(), Err: errors.New(text)})
}

// watchExit notices the end of a process whose output is held open by others.
func (c *Client) watchExit(ctx context.Context) {
	select {
	case <-c.opts.Done:
	case <-ctx.Done():
		return
	}
	// What it wrote before may still be on its way.
	select {
	case <-c.read:
	case <-time.After(min(c.opts.PingTimeout, time.Second)):
	case <-ctx.Done():
		return
	}
	c.fail(&spec.Broken{Doing: "talking to " + c.name(), Err: errors.New(c.exit())})
}

func (c *Client) exit() string {
	if c.opts.Exit == nil {
		return "its process ended"
	}
	if err := c.opts.Exit(); err != nil {
		return "its process ended: " + err.Error()
	}
	return "its process ended: exit status 0"
}

// request is the adapter's `enter`, the only method that it has.
func (c *Client) request(m *message) {
	doing := "serving a request of " + c.name()
	if m.Method != "enter" {
		c.conn.refuse(m.ID, refuse(codeMethod, "unknown method %q: want enter", m.Method))
		c.fail(&spec.Broken{Doing: doing, Err: fmt.Errorf("want enter, got the method %q", m.Method)})
		return
	}
	if err := c.enter(m.ID, m.Params); err != nil {
		c.conn.refuse(m.ID, refuse(codeParams, "enter: %v", err))
		c.fail(&spec.Broken{Doing: doing, Err: fmt.Errorf("enter: %w", err)})
	}
}

func (c *Client) enter(id, params json.RawMessage) error {
	in, process, args, err := decodeEnter(params)
	if err != nil {
		return fmt.Errorf(`want {"system","frame","callback","process","args"}: %w, in %s`, err, quote(params))
	}
	c.mu.Lock()
	_, used := c.frames[in.Frame]
	c.frames[in.Frame] = struct{}{}
	s := c.current
	clean, closed := c.closed[in.System]
	c.mu.Unlock()
	switch {
	case used:
		return fmt.Errorf("want a frame name never used before, got %q again", in.Frame)
	case s != nil && s.name == in.System:
		return s.enter(id, in, process, args)
	case closed && !clean:
		c.conn.answer(id, noValues) // a thread that close could not end
		return nil
	case closed:
		return fmt.Errorf("system %s is closed; nothing of it may run any more", in.System)
	}
	return fmt.Errorf("unknown system %q", in.System)
}
