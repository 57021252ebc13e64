package spec

import (
	"testing"
	"time"
)

func TestRequested(t *testing.T) {
	call := func(op string, args ...any) Call { return NewCall(op, args) }
	key := func(name string, v any) Key { return Key{Name: name, Value: Of(v)} }
	for _, x := range []struct {
		call Call
		want time.Duration
	}{
		{call("eq", 1, 2), 0},
		{call("no-such-operation", 5), 0},
		{call("pause", 2), 2 * time.Second},
		{call("pause", NewRatio(1, 4)), time.Second / 4},
		{call("await", Never(), 0.5), time.Second / 2},
		{call("mailbox-read", 1, "reason", 3), 3 * time.Second},
		{call("mailbox-read", 1, "reason", nil), 0},
		{call("process-join", 1, key("timeout", 1.5)), 1500 * time.Millisecond},
		{call("process-terminate", 1, key("join-timeout", 1), key("force-timeout", 2)), 3 * time.Second},
		{call("process-join", 1, key("timeout", -4)), 0},
		{call("process-join", 1, key("timeout", "soon")), 0},
		{call("process-join", 1, key("timeout", 1_000_000_000)), 0}, // for ever
	} {
		if got := x.call.Requested(); got != x.want {
			t.Errorf("%v asks for %v, want %v", x.call, got, x.want)
		}
	}
}

func TestManner(t *testing.T) {
	call := func(op string, args ...any) Call { return NewCall(op, args) }
	key := func(name string, v any) Key { return Key{Name: name, Value: Of(v)} }
	for _, x := range []struct {
		call Call
		want string
	}{
		{call("mailbox-read", 1), "mailbox-read"},
		{call("mailbox-read", 1, "reason", nil), "mailbox-read"},
		{call("mailbox-read", 1, "reason", 0), "mailbox-read with timeout"},
		{call("process-send", 1, 2, key("limit", 4), key("timeout", 0.5)), "process-send with timeout"},
		{call("process-terminate", 1, key("join-timeout", 1), key("force-timeout", 2)), "process-terminate with join-timeout, force-timeout"},
		{call("reap-os-subprocess", key("pid", 5), key("wait", nil)), "reap-os-subprocess with wait nil"},
		{call("reap-os-subprocess", key("wait", true)), "reap-os-subprocess with wait"},
		{call("no-such-operation", 5), "no-such-operation"},
	} {
		if got := x.call.Manner(); got != x.want {
			t.Errorf("%v is called %q, want %q", x.call, got, x.want)
		}
	}
}
