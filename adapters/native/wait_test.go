package native

import (
	"maps"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// blocking lists the operations that wait, each as a call that waits for ever.
var blocking = map[string]func(c *scene) spec.Return{
	"process-join": func(c *scene) spec.Return {
		p := c.Spawn(func(c *scene) { c.GateWait(c.Ref(c.MakeGate())) })
		defer c.ProcessKill(p)
		return c.ProcessJoin(p)
	},
	"process-wait":              func(c *scene) spec.Return { return c.ProcessWait("r", spec.Never()) },
	"process-wait-with-timeout": func(c *scene) spec.Return { return c.ProcessWaitWithTimeout("r", nil, spec.Never()) },
	"process-send": func(c *scene) spec.Return {
		p, _ := c.full()
		return c.ProcessSend(p, 1, key.Limit(1))
	},
	"mailbox-send-limited": func(c *scene) spec.Return {
		_, m := c.full()
		return c.MailboxSendLimited(m, 1, 1)
	},
	"mailbox-read":           func(c *scene) spec.Return { return c.MailboxRead(c.Ref(c.MakeMailbox())) },
	"mailbox-wait":           func(c *scene) spec.Return { return c.MailboxWait(c.Ref(c.MakeMailbox())) },
	"process-wait-for-event": func(c *scene) spec.Return { return c.ProcessWaitForEvent() },
	"mailbox-wait-for-event": func(c *scene) spec.Return { return c.MailboxWaitForEvent(c.Ref(c.MakeMailbox())) },
	"process-terminate": func(c *scene) spec.Return {
		c.CurrentProcessSetTerminateMethod(key.RemoteTerminator(c.Function(stands)))
		return c.ProcessTerminate(c.Must(c.GetCurrentProcess()))
	},
	"wait-processing-events": func(c *scene) spec.Return { return c.WaitProcessingEvents(nil) },
	"process-all-events": func(c *scene) spec.Return {
		c.ProcessSend(c.Must(c.GetCurrentProcess()), c.Function(stands))
		return c.ProcessAllEvents()
	},
	"general-handle-event": func(c *scene) spec.Return { return c.GeneralHandleEvent(c.Function(stands)) },
	"gate-wait":            func(c *scene) spec.Return { return c.GateWait(c.Ref(c.MakeGate())) },
	"await":                func(c *scene) spec.Return { return c.Await(spec.Never(), nil) },
	"pause":                func(c *scene) spec.Return { return c.Pause(nil) },
	"funcall":              func(c *scene) spec.Return { return c.Funcall(c.Function(stands)) },
	"unwind-protect": func(c *scene) spec.Return {
		return c.UnwindProtect(c.Code(stands), c.Code(func(*scene, []spec.Value) {}))
	},
	"handler-case": func(c *scene) spec.Return {
		return c.HandlerCase(c.Code(stands), c.Code(func(*scene, []spec.Value) {}))
	},
	"handler-bind": func(c *scene) spec.Return {
		return c.HandlerBind(c.Code(stands), c.Code(func(*scene, []spec.Value) {}))
	},
	"with-continue-restart":   func(c *scene) spec.Return { return c.WithContinueRestart(c.Code(stands)) },
	"with-interrupts-blocked": func(c *scene) spec.Return { return c.WithInterruptsBlocked(c.Code(stands)) },
	"with-captured-output":    func(c *scene) spec.Return { return c.WithCapturedOutput(c.Code(stands)) },
	"let":                     func(c *scene) spec.Return { return c.Let(nil, c.Code(stands)) },
}

func stands(c *scene, _ []spec.Value) { c.GateWait(c.Ref(c.MakeGate())) }

// full gives the current process a mailbox without room.
func (c *scene) full() (process, mailbox spec.Value) {
	p, m := c.Must(c.GetCurrentProcess()), c.Ref(c.MakeMailbox(key.Size(1)))
	c.SetProcessMailbox(p, m)
	c.MailboxSend(m, 0)
	return p, m
}

func TestTheBlockingAreAllTested(t *testing.T) {
	for _, name := range slices.Concat(slices.Collect(maps.Keys(operations)), kit.Operations()) {
		switch name {
		case "signal-error": // it may wait in a debugger, which native doesn't have
			continue
		case "stream-write", "stream-read-line": // for who is at the other end, in real time: TestStreamsThatWait
			continue
		case "call-on-foreign-thread": // what C runs is in no bubble: TestForeignThreadKilled
			continue
		}
		op := spec.LookupOp(name)
		if op == nil || op.Is(spec.ByHarness) {
			t.Errorf("%s is no operation of the table for adapters", name)
		} else if _, image := imageOperations[name]; image {
			continue // in a program of its own: TestKillWakesWhoeverWaitsForImages
		} else if _, child := childOperations[name]; op.Is(spec.MayWait) && blocking[name] == nil && !child {
			t.Errorf("%s may wait: it needs its call that waits for ever", name)
		}
	}
}

func TestKillWakes(t *testing.T) {
	for name, call := range blocking {
		if name == "with-interrupts-blocked" { // PROC-KILL-3
			continue
		}
		t.Run(name, func(t *testing.T) { natives.Killed(t, call) })
	}
}

func TestAbortWakes(t *testing.T) {
	for name, call := range blocking {
		t.Run(name, func(t *testing.T) { natives.Aborted(t, call) })
	}
}

// Cleanups are not run: nothing works in a closed system.
func TestCloseWakes(t *testing.T) {
	for name, call := range blocking {
		t.Run(name, func(t *testing.T) {
			natives.Closed(t, func(c *scene) spec.Return {
				c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) { c.T.Error("a cleanup runs") }))
				return call(c)
			})
		})
	}
}

func TestWatchdog(t *testing.T) { natives.Watched(t, "an object in mailbox #<mailbox") }
