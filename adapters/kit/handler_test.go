package kit

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var continueName = spec.Symbol{Name: "continue"}

// sendsToTheDead makes code that sends with error-if-dead-p and notes the outcome.
func (c *scene) sendsToTheDead(log *notes) spec.Callback {
	p, gate := c.Gated()
	c.Ends(p, gate)
	return c.Code(func(c *scene, _ []spec.Value) {
		log.Add("send: %s", c.ProcessSend(p, 1, key.ErrorIfDeadP(true)).Status)
	})
}

func TestHandlerContinues(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		outer := c.WithContinueRestart(c.Code(func(c *scene, _ []spec.Value) {
			c.HandlerBind(c.sendsToTheDead(&log), c.Code(func(c *scene, args []spec.Value) {
				items, _ := spec.Items(args[0])
				log.Add("handler: %s", items[0])
				log.Add("restart: %s", c.InvokeRestart(continueName).Status)
			}))
		}))
		c.Is(outer, "nil, nil")
		log.Are(t, `handler: "simple-error"`, "restart: gone", "send: returned")
	})
}

// A handler that returns declines; the next one outside is asked, then the caller.
func TestHandlersDecline(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		declines := func(who string) spec.Callback {
			return c.Code(func(*scene, []spec.Value) { log.Add("%s", who) })
		}
		send := c.sendsToTheDead(&log)
		c.HandlerBind(c.Code(func(c *scene, _ []spec.Value) { c.HandlerBind(send, declines("inner")) }), declines("outer"))
		log.Are(t, "inner", "outer", "send: signalled")
	})
}

// What a handler's own operations signal is no business of the handlers of its error, and an
// error that is not continuable offers no restart.
func TestHandlersAreOutsideTheirHandlers(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		c.HandlerBind(c.Code(func(c *scene, _ []spec.Value) {
			log.Add("send: %s", c.ProcessSend("nobody", 1).Condition.Type)
		}), c.Code(func(c *scene, _ []spec.Value) {
			log.Add("restart: %s", c.InvokeRestart(continueName).Condition.Type)
		}))
		log.Are(t, "restart: control-error", "send: type-error")
		c.Fails(c.InvokeRestart(continueName), "control-error")
		c.Fails(c.InvokeRestart(spec.Symbol{Name: "abort"}), "control-error")
		c.Is(c.ProcessSend(c.Must(c.GetCurrentProcess()), 1), "t")
	})
}

// Handlers are for any error in their extent: what an operation signals, and signal-error. A
// handler-case leaves its body with it, a handler-bind is asked first where it is inside.
func TestHandlersAreForAnyError(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		wrong := c.Code(func(c *scene, _ []spec.Value) {
			log.Add("send: %s", c.ProcessSend("nobody", 1).Status)
		})
		raise := c.Code(func(c *scene, _ []spec.Value) { log.Add("raise: %s", c.SignalError("oops").Status) })
		handler := func(who string) spec.Callback {
			return c.Values(func(_ *scene, args []spec.Value) []spec.Value {
				log.Add("%s: %s", who, args[0].(spec.List).Items[0])
				return []spec.Value{spec.Int(7)}
			})
		}
		c.Is(c.HandlerCase(wrong, handler("case")), "7")
		c.Is(c.HandlerCase(c.Code(func(c *scene, _ []spec.Value) { c.HandlerBind(raise, handler("bind")) }), handler("case")), "7")
		// A handler runs outside its handler-bind, and inside what is around that.
		c.Is(c.HandlerCase(c.Code(func(c *scene, _ []spec.Value) { c.HandlerBind(wrong, raise) }), handler("case")), "7")
		log.Are(t, "send: gone", `case: "type-error"`, `bind: "simple-error"`, "raise: gone", `case: "simple-error"`,
			"raise: gone", "send: gone", `case: "simple-error"`)
	})
}

func TestContinueRestart(t *testing.T) {
	bubble(t, func(c *scene) {
		body := c.Values(func(*scene, []spec.Value) []spec.Value { return []spec.Value{spec.Int(7), spec.Int(8)} })
		c.Is(c.WithContinueRestart(body), "7, nil")
		c.Is(c.WithContinueRestart(c.Code(func(c *scene, _ []spec.Value) {
			got := c.UnwindProtect(c.Code(func(c *scene, _ []spec.Value) { c.InvokeRestart(continueName) }), body)
			c.Is(got, "gone")
		})), "nil, t")
	})
}

// A kill that reaches a process in a handler unwinds it like any other code.
func TestKillInHandler(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		send, never := c.sendsToTheDead(&log), c.Ref(c.MakeGate())
		p := c.Spawn(func(c *scene) {
			c.HandlerBind(send, c.Code(func(c *scene, _ []spec.Value) {
				log.Add("handler")
				log.Add("gate: %s", c.GateWait(never).Status)
			}))
		})
		settle()
		c.ProcessKill(p)
		c.Is(c.ProcessJoin(p), "t")
		log.Are(t, "handler", "gate: gone", "send: gone")
	})
}
