package kit

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var continueName = spec.Symbol{Name: "continue"}

// sendsToTheDead makes code that sends with error-if-dead-p and notes the outcome.
func (c *scene) sendsToTheDead(log *notes) spec.Callback {
	p, gate := c.gated()
	c.ends(p, gate)
	return c.code(func(c *scene, _ []spec.Value) {
		log.add("send: %s", c.ProcessSend(p, 1, key.ErrorIfDeadP(true)).Status)
	})
}

func TestHandlerContinues(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		outer := c.WithContinueRestart(c.code(func(c *scene, _ []spec.Value) {
			c.HandlerBind(c.sendsToTheDead(&log), c.code(func(c *scene, args []spec.Value) {
				items, _ := spec.Items(args[0])
				log.add("handler: %s", items[0])
				log.add("restart: %s", c.InvokeRestart(continueName).Status)
			}))
		}))
		c.is(outer, "nil, nil")
		log.are(t, `handler: "simple-error"`, "restart: gone", "send: returned")
	})
}

// A handler that returns declines; the next one outside is asked, then the caller.
func TestHandlersDecline(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		declines := func(who string) spec.Callback {
			return c.code(func(*scene, []spec.Value) { log.add("%s", who) })
		}
		send := c.sendsToTheDead(&log)
		c.HandlerBind(c.code(func(c *scene, _ []spec.Value) { c.HandlerBind(send, declines("inner")) }), declines("outer"))
		log.are(t, "inner", "outer", "send: signalled")
	})
}

// What a handler's own operations signal is no business of the handlers of its error, and an
// error that is not continuable offers no restart.
func TestHandlersAreOutsideTheirHandlers(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		c.HandlerBind(c.code(func(c *scene, _ []spec.Value) {
			log.add("send: %s", c.ProcessSend("nobody", 1).Condition.Type)
		}), c.code(func(c *scene, _ []spec.Value) {
			log.add("restart: %s", c.InvokeRestart(continueName).Condition.Type)
		}))
		log.are(t, "restart: control-error", "send: type-error")
		c.fails(c.InvokeRestart(continueName), "control-error")
		c.fails(c.InvokeRestart(spec.Symbol{Name: "abort"}), "control-error")
		c.is(c.ProcessSend(c.must(c.GetCurrentProcess()), 1), "t")
	})
}

// Handlers are for any error in their extent: what an operation signals, and signal-error. A
// handler-case leaves its body with it, a handler-bind is asked first where it is inside.
func TestHandlersAreForAnyError(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		wrong := c.code(func(c *scene, _ []spec.Value) {
			log.add("send: %s", c.ProcessSend("nobody", 1).Status)
		})
		raise := c.code(func(c *scene, _ []spec.Value) { log.add("raise: %s", c.SignalError("oops").Status) })
		handler := func(who string) spec.Callback {
			return c.values(func(_ *scene, args []spec.Value) []spec.Value {
				log.add("%s: %s", who, args[0].(spec.List).Items[0])
				return []spec.Value{spec.Int(7)}
			})
		}
		c.is(c.HandlerCase(wrong, handler("case")), "7")
		c.is(c.HandlerCase(c.code(func(c *scene, _ []spec.Value) { c.HandlerBind(raise, handler("bind")) }), handler("case")), "7")
		// A handler runs outside its handler-bind, and inside what is around that.
		c.is(c.HandlerCase(c.code(func(c *scene, _ []spec.Value) { c.HandlerBind(wrong, raise) }), handler("case")), "7")
		log.are(t, "send: gone", `case: "type-error"`, `bind: "simple-error"`, "raise: gone", `case: "simple-error"`,
			"raise: gone", "send: gone", `case: "simple-error"`)
	})
}

func TestContinueRestart(t *testing.T) {
	bubble(t, func(c *scene) {
		body := c.values(func(*scene, []spec.Value) []spec.Value { return []spec.Value{spec.Int(7), spec.Int(8)} })
		c.is(c.WithContinueRestart(body), "7, nil")
		c.is(c.WithContinueRestart(c.code(func(c *scene, _ []spec.Value) {
			got := c.UnwindProtect(c.code(func(c *scene, _ []spec.Value) { c.InvokeRestart(continueName) }), body)
			c.is(got, "gone")
		})), "nil, t")
	})
}

// A kill that reaches a process in a handler unwinds it like any other code.
func TestKillInHandler(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		send, never := c.sendsToTheDead(&log), c.ref(c.MakeGate())
		p := c.spawn(func(c *scene) {
			c.HandlerBind(send, c.code(func(c *scene, _ []spec.Value) {
				log.add("handler")
				log.add("gate: %s", c.GateWait(never).Status)
			}))
		})
		settle()
		c.ProcessKill(p)
		c.is(c.ProcessJoin(p), "t")
		log.are(t, "handler", "gate: gone", "send: gone")
	})
}
