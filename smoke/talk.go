package smoke

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// Process is an adapter that was started and not yet spoken to.
type Process interface {
	// In is written to by the harness; closing it ends the adapter's input. Out is what it writes.
	In() io.WriteCloser
	Out() io.ReadCloser
	// Done is closed when it has ended; then Exit says how.
	Done() <-chan struct{}
	Exit() error
	// Wrote is what it last wrote elsewhere.
	Wrote() string
	// Images is where the Lisps connect that it launches, nil where there is no such place.
	Images() net.Listener
	// End ends it and all that it started, after that time at the latest.
	End(grace time.Duration) error
}

// talk is a conversation with one process. The goroutine of the step uses it; a reader of its own
// hands lines over.
type talk struct {
	ctx     context.Context
	process Process
	limit   time.Duration

	arrived chan arrival
	reading sync.Mutex // held while nothing is to be read

	hello   spec.Handshake
	lines   []string          // the last of the conversation
	ids     int               // of our requests so far
	sent    map[string]string // our requests that are not yet answered, by id
	answers map[string]wire.Raw
	enters  []entered
	frames  map[string]bool // every name that an enter has used
	systems int
	system  string // the open one
	last    string // what was sent last
}

type arrival struct {
	line []byte
	err  error
}

// entered is code that has begun; id is that of the request to be answered.
type entered struct {
	wire.Entered
	id, line string
}

// fault is what a step panics with.
type fault struct{ Fault }

// mostLines is how much of a conversation a fault has, mostText how much of a line.
const (
	mostLines = 40
	mostText  = 300
)

func newTalk(ctx context.Context, p Process, limit time.Duration) *talk {
	t := &talk{
		ctx: ctx, process: p, limit: limit, arrived: make(chan arrival, 1<<14),
		sent: map[string]string{}, answers: map[string]wire.Raw{}, frames: map[string]bool{},
	}
	go t.read()
	return t
}

func (t *talk) read() {
	in := bufio.NewReaderSize(t.process.Out(), 1<<16)
	for {
		t.reading.Lock()
		//lint:ignore SA2001 a gate: nothing is read while it is shut
		t.reading.Unlock()
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			t.arrived <- arrival{line: line}
		}
		if err != nil {
			t.arrived <- arrival{err: err}
			return
		}
	}
}

func (t *talk) note(direction string, line string) {
	t.lines = append(t.lines, direction+" "+spec.Brief(strings.TrimRight(line, "\n"), mostText))
	if len(t.lines) > 4*mostLines {
		t.lines = append([]string{}, t.lines[len(t.lines)-mostLines:]...)
	}
}

// fail ends the step.
func (t *talk) fail(sent, came, want string, args ...any) {
	panic(fault{Fault{Sent: brief(sent), Came: brief(came), Want: fmt.Sprintf(want, args...)}})
}

// write sends a line as it is. An adapter that reads nothing any more is a fault.
func (t *talk) write(line string) {
	t.note("->", line)
	t.last = line
	done := make(chan error, 1)
	go func() {
		_, err := io.WriteString(t.process.In(), line+"\n")
		done <- err
	}()
	timer := time.NewTimer(t.limit)
	defer timer.Stop()
	select {
	case err := <-done:
		if err != nil {
			for range 1000 { // what it said last tells more
				t.take(line, "an adapter that reads")
			}
			t.fail(line, "it can't be written: "+t.how(err), "an adapter that reads")
		}
	case <-timer.C:
		t.fail(line, fmt.Sprintf("it was not read within %v", t.limit), "an adapter that reads whatever else it does")
	case <-t.ctx.Done():
		panic(t.ctx.Err())
	}
}

// how says how the process has ended, where it has.
func (t *talk) how(err error) string {
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	select {
	case <-t.process.Done():
		first, _, _ := strings.Cut(fmt.Sprint(t.process.Exit()), "\n")
		return "its process ended: " + strings.TrimSuffix(first, "; it wrote:")
	case <-timer.C:
		return err.Error()
	}
}

// request sends one and returns its id.
func (t *talk) request(method, params string) string {
	t.ids++
	id := strconv.Itoa(t.ids)
	line := fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":%q,"params":%s}`, id, method, params)
	t.sent[id] = line
	t.write(line)
	return id
}

// take waits for the next message and files it.
func (t *talk) take(sent, want string) {
	timer := time.NewTimer(t.limit)
	defer timer.Stop()
	var a arrival
	select {
	case a = <-t.arrived:
	case <-timer.C:
		t.fail(sent, fmt.Sprintf("nothing within %v", t.limit), "%s", want)
	case <-t.ctx.Done():
		panic(t.ctx.Err())
	}
	if a.err != nil {
		text := "the end of its output"
		if !errors.Is(a.err, io.EOF) {
			text = a.err.Error()
		}
		t.fail(sent, text+"; "+t.how(errors.New("its process still runs")), "%s", want)
	}
	line := strings.TrimSpace(string(a.line))
	if line == "" {
		return
	}
	t.note("<-", string(a.line))
	if !strings.HasSuffix(string(a.line), "\n") {
		t.fail(sent, line, "a line feed after each message")
	}
	m, err := wire.ParseRaw([]byte(line))
	switch {
	case err != nil:
		t.fail(sent, line, "%s", strings.SplitN(err.Error(), ", in the message", 2)[0])
	case m.Method == "enter":
		in, err := wire.ParseEntered(m.Params)
		switch {
		case err != nil:
			t.fail(sent, line, "%v", err)
		case t.frames[in.Frame]:
			t.fail(sent, line, "a frame that was never named before in this connection, where %q was", in.Frame)
		case in.System != t.system:
			t.fail(sent, line, "code of the system that is open, %q", t.system)
		}
		t.frames[in.Frame] = true
		t.enters = append(t.enters, entered{in, m.ID, line})
	case m.Method != "":
		t.fail(sent, line, "enter is the only method that an adapter may ask for")
	case m.ID == "null":
		t.answers["null"] = m
	case t.sent[m.ID] == "":
		t.fail(sent, line, "an answer to a request that is open, once")
	default:
		delete(t.sent, m.ID)
		t.answers[m.ID] = m
	}
}

// answer waits for that of a request, whatever comes meanwhile.
func (t *talk) answer(id string, want string) wire.Raw {
	sent := t.sent[id]
	for {
		if m, ok := t.answers[id]; ok {
			delete(t.answers, id)
			return m
		}
		if m, ok := t.answers["null"]; ok {
			t.fail(sent, "an error that answers no request: "+m.Refused, "%s", want)
		}
		t.take(sent, want)
	}
}

// result is that of a request, which must not be refused.
func (t *talk) result(id string, want string) []byte {
	sent := t.sent[id]
	m := t.answer(id, want)
	if m.Refused != "" {
		t.fail(sent, "an "+m.Refused, "%s", want)
	}
	return m.Result
}

// empty demands that a request is answered by {}.
func (t *talk) empty(method, params string) {
	id := t.request(method, params)
	sent := t.sent[id]
	if result := t.result(id, "the answer {}"); wire.ParseStrict(result, &struct{}{}) != nil {
		t.fail(sent, string(result), "the answer {}")
	}
}

func (t *talk) ping() { t.empty("ping", "{}") }

// entered waits for code that begins.
func (t *talk) entered(want string, args ...any) entered {
	text, sent := fmt.Sprintf(want, args...), t.last
	for len(t.enters) == 0 {
		t.take(sent, text)
	}
	e := t.enters[0]
	t.enters = t.enters[1:]
	return e
}

// call issues an operation, without waiting for it.
func (t *talk) call(frame, op string, args ...any) string {
	params, err := wire.CallParams(t.system, frame, spec.NewCall(op, args))
	if err != nil {
		panic(fmt.Sprintf("smoke: %s has no wire form: %v", op, err))
	}
	return t.request("call", string(params))
}

// outcome is that of a call.
func (t *talk) outcome(id string) spec.Return {
	sent := t.sent[id]
	const want = "the outcome of the operation"
	result := t.result(id, want)
	r, err := wire.ParseReturn(result)
	if err != nil {
		t.fail(sent, string(result), "%v", err)
	}
	return r
}

// do issues an operation that has to return.
func (t *talk) do(frame, op string, args ...any) spec.Return {
	id := t.call(frame, op, args...)
	sent := t.sent[id]
	r := t.outcome(id)
	if r.Status != spec.Returned {
		t.fail(sent, r.String(), "an operation of the kit that is claimed to return")
	}
	return r
}

// ref is the object that an operation has made.
func (t *talk) ref(frame, op string, args ...any) spec.Ref {
	r := t.do(frame, op, args...)
	ref, ok := r.Primary().(spec.Ref)
	if !ok {
		t.fail(t.last, r.String(), "a reference to the object, as in {\"ref\":\"c1\",\"type\":\"cons\"}")
	}
	return ref
}

// leave answers enter: the code has returned these values.
func (t *talk) leave(e entered, values ...any) {
	list := make([]spec.Value, len(values))
	for i, v := range values {
		list[i] = spec.Of(v)
	}
	result, err := wire.ValuesResult(list)
	if err != nil {
		panic(fmt.Sprintf("smoke: values have no wire form: %v", err))
	}
	t.write(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, e.id, result))
}

// open opens a system and waits for its outermost frame.
func (t *talk) open() entered {
	t.systems++
	t.system = fmt.Sprint("s", t.systems)
	t.empty("open", fmt.Sprintf(`{"system":%q,"seed":"%d"}`, t.system, t.systems))
	e := t.entered("enter of callback 0, which is the test")
	if e.Callback != 0 {
		t.fail(t.last, e.line, "callback 0 first, which is the test")
	}
	if _, ok := e.Process.(spec.Ref); !ok {
		t.fail(t.last, e.line, "the process that runs the test, as in \"process\":{\"ref\":\"p1\",\"type\":\"process\"}")
	}
	return e
}

// finish waits for the end of the system whose outermost frame has been left, and closes it.
func (t *talk) finish() {
	t.empty("finish", fmt.Sprintf(`{"system":%q}`, t.system))
	t.close()
}

// close closes the system, whatever still runs in it.
func (t *talk) close() {
	id := t.request("close", fmt.Sprintf(`{"system":%q}`, t.system))
	sent := t.sent[id]
	const want = `what had to be ended, as in {"processes":0,"children":0,"unclean":false}`
	result := t.result(id, want)
	var left spec.Leftover
	if err := wire.ParseStrict(result, &left); err != nil || left.Processes < 0 || left.Children < 0 {
		t.fail(sent, string(result), want)
	}
	if left.Unclean {
		t.fail(sent, string(result), "a system that can be ended: \"unclean\":false")
	}
	for _, e := range t.enters { // of code that began as it was closed
		t.leave(e)
	}
	t.enters = nil
}

// brief is a text cut for people, on one line.
func brief(text string) string { return spec.Brief(strings.TrimRight(text, "\n"), 2*mostText) }
