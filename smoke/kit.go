package smoke

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"

	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/conformance/run"
)

// kit tries each operation of the kit that the adapter claims, as every run does first. It is a
// conversation of the harness's own, on a process of its own.
func (c *check) kit(result *Result) {
	process, err := c.opts.Start()
	if err != nil {
		result.Outcome, result.Faults = Failed, []Fault{{Came: brief(err.Error()), Want: "an adapter that starts"}}
		return
	}
	var tape tape
	fails := func(part, came, want string) {
		result.Outcome = Failed
		result.Faults = append(result.Faults, Fault{Part: part, Came: brief(came), Want: want, Lines: tape.last(), Wrote: process.Wrote()})
	}
	defer func() {
		if err := process.End(0); err != nil {
			fails("", err.Error(), "an adapter that can be ended with all that it started")
		}
	}()
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	client, err := wire.NewClient(ctx, tape.from(process.Out()), tape.to(process.In()), wire.Options{
		HelloTimeout: 2 * c.limit, PingTimeout: c.limit, Name: "mpcheck smoke", Done: process.Done(), Exit: process.Exit,
	})
	if err != nil {
		fails("", err.Error(), "a handshake")
		return
	}
	defer client.Close()
	if listener := process.Images(); listener != nil {
		go attach(client, listener)
	}
	checked, err := run.CheckKit(ctx, client, c.limit)
	result.Outcome = OK
	result.Reason = fmt.Sprintf("%d operations", len(unique(checked.Checked)))
	if len(checked.Skipped) > 0 {
		result.Reason += "; not tried, since they take one that is at fault: " + strings.Join(checked.Skipped, ", ")
	}
	for _, fault := range checked.Faults {
		fails(fault.Operation, fault.Fault, "what docs/operations.md says of it; mpcheck explain "+fault.Operation)
	}
	if err != nil && c.ctx.Err() == nil {
		fails("", err.Error(), "a system in which operations can be tried")
	}
	if len(checked.Checked) == 0 && result.Outcome == OK {
		result.Outcome, result.Reason = LeftOut, "the adapter claims no operation of the kit"
	}
}

// attach hands those who connect to the client, until the listener is closed.
func attach(client *wire.Client, listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		client.Attach(conn, wire.Peer{})
	}
}

func unique(words []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range words {
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// tape keeps the last lines of a conversation that somebody else has.
type tape struct {
	mu    sync.Mutex
	lines []string
	parts [2]string // of lines that are not whole yet
}

func (t *tape) note(way int, direction string, data []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(t.parts[way]+string(data), "\n")
	t.parts[way] = lines[len(lines)-1]
	for _, line := range lines[:len(lines)-1] {
		t.lines = append(t.lines, direction+" "+brief(line))
	}
	if len(t.lines) > 4*mostLines {
		t.lines = append([]string{}, t.lines[len(t.lines)-mostLines:]...)
	}
}

func (t *tape) last() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string{}, t.lines[max(0, len(t.lines)-mostLines):]...)
}

type taped struct {
	io.ReadCloser
	tape *tape
}

func (t *tape) from(r io.ReadCloser) io.ReadCloser { return taped{r, t} }

func (r taped) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.tape.note(0, "<-", p[:n])
	return n, err
}

type tapedOut struct {
	io.WriteCloser
	tape *tape
}

func (t *tape) to(w io.WriteCloser) io.WriteCloser { return tapedOut{w, t} }

func (w tapedOut) Write(p []byte) (int, error) {
	w.tape.note(1, "->", p)
	return w.WriteCloser.Write(p)
}
