package smoke

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// images launches a Lisp, lets it attach, has it evaluate what is typed in, and leaves it to be ended by close.
func images(c *check, t *talk) string {
	if why := c.lacks("launch", "type-in", "eq"); why != "" {
		return why
	}
	listener := t.process.Images()
	if listener == nil || c.virtual() {
		return leftOut + "there is no socket for images"
	}
	e := t.open()
	id := t.call(e.Frame, "launch", nil)
	i := &imageTalk{talk: t, sent: t.sent[id]}
	i.accept(listener)
	m := i.take("attach", `{"token","pid"} of the image`)
	var in struct {
		Token string `json:"token"`
		PID   int    `json:"pid"`
	}
	if err := wire.ParseStrict(m.Params, &in); err != nil || in.Token == "" || in.PID <= 0 {
		t.fail(i.sent, i.line, "attach with the token, which is not empty, and the process id: %v", err)
	}
	i.write(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"system":%q,"image":1}}`, m.ID, t.system))
	image := t.outcome(id)
	if ref, ok := image.Primary().(spec.Ref); !ok || ref.ID != in.Token {
		t.fail(i.sent, image.String(), "the image that has attached as %s", in.Token)
	}
	t.do(e.Frame, "type-in", image.Primary(), spec.Callback(1))
	m = i.take("enter", "enter of what was typed in")
	entered, err := wire.ParseEntered(m.Params)
	if err != nil || entered.System != t.system || entered.Callback != 1 || t.frames[entered.Frame] {
		t.fail(i.sent, i.line, "enter of callback 1 in system %s, in a frame of a name never used before: %v", t.system, err)
	}
	begun := m.ID
	params, err := wire.CallParams(t.system, entered.Frame, spec.NewCall("eq", nil, spec.Keyword("a"), spec.Keyword("a")))
	if err != nil {
		panic(err)
	}
	i.write(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"call","params":%s}`, params))
	m = i.take("", "the outcome of the operation, on the connection on which it was called")
	if r, err := wire.ParseReturn(m.Result); err != nil || r.String() != "t" {
		t.fail(i.sent, i.line, "the outcome t: %v", err)
	}
	result, err := wire.ValuesResult(nil)
	if err != nil {
		panic(err)
	}
	i.write(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, begun, result))
	c.simple(t, e.Frame)
	t.leave(e)
	t.finish()
	i.sent = t.last
	_ = i.conn.SetReadDeadline(time.Now().Add(t.limit))
	if _, err := io.Copy(io.Discard, i.in); errors.Is(err, os.ErrDeadlineExceeded) {
		t.fail(i.sent, "the image is still connected", "close ends what was launched, and its connection with it")
	}
	_ = i.conn.Close()
	return fmt.Sprintf("an image, process %d", in.PID)
}

// imageTalk is the conversation with a launched image.
type imageTalk struct {
	*talk
	conn net.Conn
	in   *bufio.Reader
	sent string // last
	line string // that came last
}

// accept waits for it to connect.
func (i *imageTalk) accept(listener net.Listener) {
	if l, ok := listener.(*net.UnixListener); ok {
		_ = l.SetDeadline(time.Now().Add(i.limit))
	}
	conn, err := listener.Accept()
	if err != nil {
		i.fail(i.sent, fmt.Sprintf("nobody connected within %v", i.limit), "that the Lisp which is launched connects to the socket that MPCHECK_CONNECT names")
	}
	i.conn, i.in = conn, bufio.NewReader(conn)
}

func (i *imageTalk) write(line string) {
	i.note("=>", line)
	i.sent = line
	_ = i.conn.SetWriteDeadline(time.Now().Add(i.limit))
	if _, err := io.WriteString(i.conn, line+"\n"); err != nil {
		i.fail(line, "it can't be written: "+err.Error(), "an image that reads")
	}
}

// take waits for a request of that method, or for an answer.
func (i *imageTalk) take(method, want string) wire.Raw {
	_ = i.conn.SetReadDeadline(time.Now().Add(i.limit))
	line, err := i.in.ReadString('\n')
	if i.line = strings.TrimSpace(line); err != nil {
		i.fail(i.sent, "nothing more from the image: "+err.Error(), "%s", want)
	}
	i.note("<=", line)
	m, err := wire.ParseRaw([]byte(i.line))
	if err != nil || m.Method != method || m.Refused != "" {
		i.fail(i.sent, i.line, "%s", want)
	}
	return m
}
