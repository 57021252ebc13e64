package smoke

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// greet says hello.
func (t *talk) greet() spec.Handshake {
	limit := t.limit
	t.limit = 2 * limit
	id := t.request("hello", fmt.Sprintf(`{"contract":%q,"harness":"mpcheck smoke"}`, spec.ContractVersion))
	sent := t.sent[id]
	const want = `a handshake: {"contract","name","version","capabilities","profile","operations","clock","granularityMs","pid"}`
	result := t.result(id, want)
	t.limit = limit
	var h spec.Handshake
	if err := wire.ParseStrict(result, &h); err != nil {
		t.fail(sent, string(result), "%s (%v)", want, err)
	}
	if err := h.Validate(); err != nil {
		t.fail(sent, string(result), "a handshake that names what there is (%v)", err)
	}
	return h
}

func handshake(c *check, t *talk) string {
	t.ping()
	h := c.hello
	kit := 0
	for _, op := range spec.Ops {
		if op.Is(spec.Kit) && h.Offers(op.Name) {
			kit++
		}
	}
	return fmt.Sprintf("%s %s, %s clock, %d operations claimed, %d of them the kit's", spec.Brief(h.Name, spec.NameLength), spec.Brief(h.Version, spec.NameLength), h.Clock, len(h.Operations), kit)
}

func pid(c *check, t *talk) string {
	h := t.hello
	switch {
	case c.virtual():
		return leftOut + "the clock is virtual, and with it the operating system"
	case h.PID == 0:
		return leftOut + "the adapter names no process, and claims nothing that needs one"
	case runtime.GOOS != "linux":
		return leftOut + "only Linux has what tells"
	}
	sent := fmt.Sprintf("hello, answered with pid %d", h.PID)
	const want = "the adapter's own process id, as this process sees it: harness and adapter share a pid namespace, or posix cases mean nothing"
	chain := []string{strconv.Itoa(h.PID)}
	for at := h.PID; at != os.Getpid(); {
		parent, err := parentOf(at)
		if err != nil {
			t.fail(sent, fmt.Sprintf("there is no process %d here", at), want)
		}
		if parent <= 1 {
			t.fail(sent, fmt.Sprintf("process %s is not one that this harness started: its parents are %s", chain[0], strings.Join(append(chain[1:], strconv.Itoa(parent)), ", ")), want)
		}
		chain = append(chain, strconv.Itoa(parent))
		at = parent
	}
	here, _ := os.Readlink("/proc/self/ns/pid")
	if there, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/pid", h.PID)); err == nil && there != here {
		t.fail(sent, fmt.Sprintf("process %d is in %s, this one in %s", h.PID, there, here), want)
	}
	return "process " + chain[0]
}

// parentOf reads the parent of a process.
func parentOf(pid int) (int, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(data)) {
		if text, is := strings.CutPrefix(line, "PPid:"); is {
			return strconv.Atoi(strings.TrimSpace(text))
		}
	}
	return 0, fmt.Errorf("process %d has no parent", pid)
}

func frames(c *check, t *talk) string {
	calls := 0
	for range 3 {
		e := t.open()
		for range 20 {
			if c.simple(t, e.Frame) {
				calls++
			}
		}
		t.ping()
		t.leave(e)
		t.finish()
	}
	// A case that is given up is closed as it is.
	e := t.open()
	c.simple(t, e.Frame)
	t.close()
	return fmt.Sprintf("4 systems, %d calls", calls)
}

func unknown(c *check, t *talk) string {
	e := t.open()
	for _, op := range []string{"mpcheck-smoke-no-such-operation", c.notOffered()} {
		if op == "" {
			continue
		}
		id := t.call(e.Frame, op)
		sent := t.sent[id]
		if r := t.outcome(id); r.Status != spec.Absent {
			t.fail(sent, "the outcome "+r.Status.String()+": "+r.String(), `{"status":"absent"}: this operation is not offered`)
		}
		c.simple(t, e.Frame) // and the frame goes on
	}
	id := t.request("mpcheck-smoke-no-such-method", "{}")
	sent := t.sent[id]
	if m := t.answer(id, "an error, since there is no such method"); m.Refused == "" {
		t.fail(sent, string(m.Result), "an error, since there is no such method")
	}
	t.ping()
	t.leave(e)
	t.finish()
	return ""
}

// notOffered is an operation of the table that the adapter doesn't claim, "" where it claims all.
func (c *check) notOffered() string {
	for _, op := range spec.Ops {
		if !c.hello.Offers(op.Name) && len(op.Required) == 0 && !op.Is(spec.ByHarness) && !op.Is(spec.StopsWorld) {
			return op.Name
		}
	}
	return ""
}

func garbage(c *check, t *talk) string {
	e := t.open()
	for _, line := range []string{"this is no message", `{"jsonrpc":"2.0","id":`} {
		const want = `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":...}}: this line can't be read`
		t.write(line)
		for answered := false; !answered; {
			t.take(line, want)
			_, answered = t.answers["null"]
		}
		delete(t.answers, "null")
		t.ping()
	}
	t.write("")
	t.ping()
	c.simple(t, e.Frame)
	t.leave(e)
	t.finish()
	return ""
}

func bye(c *check, t *talk) string {
	t.empty("bye", "{}")
	t.ends("bye")
	return ""
}

func endOfInput(c *check, t *talk) string {
	e := t.open()
	if c.lacks("make-gate", "gate-wait") == "" && !c.virtual() {
		t.call(e.Frame, "gate-wait", t.ref(e.Frame, "make-gate"))
	}
	t.note("->", "(the end of the input)")
	_ = t.process.In().Close()
	t.ends("the end of the input")
	return ""
}
