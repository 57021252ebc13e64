package kit

import (
	"maps"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// waiting lists the operations that wait, each as a call that waits for ever.
var waiting = map[string]func(c *scene) spec.Return{
	"gate-wait":    func(c *scene) spec.Return { return c.GateWait(c.Ref(c.MakeGate())) },
	"await":        func(c *scene) spec.Return { return c.Await(spec.Never(), nil) },
	"pause":        func(c *scene) spec.Return { return c.Pause(nil) },
	"mailbox-read": func(c *scene) spec.Return { return c.MailboxRead(c.Ref(c.MakeMailbox())) },
	"process-join": func(c *scene) spec.Return { return c.ProcessJoin(c.Spawn(func(c *scene) { c.Pause(nil) })) },
	"funcall":      func(c *scene) spec.Return { return c.Funcall(c.Function(stands)) },
	"unwind-protect": func(c *scene) spec.Return {
		return c.UnwindProtect(c.Code(stands), c.Code(func(*scene, []spec.Value) {}))
	},
	"handler-case": func(c *scene) spec.Return {
		return c.HandlerCase(c.Code(stands), c.Code(func(*scene, []spec.Value) {}))
	},
	"handler-bind": func(c *scene) spec.Return {
		return c.HandlerBind(c.Code(stands), c.Code(func(*scene, []spec.Value) {}))
	},
	"with-continue-restart": func(c *scene) spec.Return { return c.WithContinueRestart(c.Code(stands)) },
}

func stands(c *scene, _ []spec.Value) { c.GateWait(c.Ref(c.MakeGate())) }

func TestAllThatWaitAreTried(t *testing.T) {
	for _, name := range slices.Concat(Operations(), slices.Collect(maps.Keys(Processes()))) {
		if op := spec.LookupOp(name); op.Is(spec.MayWait) && waiting[name] == nil && name != "signal-error" {
			t.Errorf("%s may wait: it needs its call that waits for ever", name)
		}
	}
}

// A kill, the end of the case and the end of the system reach whoever waits, and nothing works afterwards.
func TestWaitsAreLeft(t *testing.T) {
	for name, call := range waiting {
		t.Run(name+"/kill", func(t *testing.T) { toys.Killed(t, call) })
		t.Run(name+"/abort", func(t *testing.T) { toys.Aborted(t, call) })
		t.Run(name+"/close", func(t *testing.T) { toys.Closed(t, call) })
	}
}

func TestWatchdog(t *testing.T) { toys.Watched(t, "mail") }
