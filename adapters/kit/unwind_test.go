package kit

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestHandlerCase(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		handler := c.values(func(c *scene, args []spec.Value) []spec.Value {
			log.add("handler %s", spec.NewList(args...))
			return args
		})
		c.is(c.HandlerCase(c.values(func(*scene, []spec.Value) []spec.Value { return []spec.Value{spec.Int(1), spec.Int(2)} }), handler), "1, 2")
		c.is(c.HandlerCase(c.code(func(c *scene, _ []spec.Value) {
			c.UnwindProtect(
				c.code(func(c *scene, _ []spec.Value) { log.add("%s", c.SignalError("boom")) }),
				c.code(func(c *scene, _ []spec.Value) { log.add("%s", c.Eq(1, 1)) }))
			log.add("%s", c.Eq(1, 1))
		}), handler), `("simple-error" "boom")`)
		log.are(t, "gone", "t", "gone", `handler (("simple-error" "boom"))`)
		c.is(c.Eq(1, 1), "t")
	})
}

// The innermost handler-case is meant, a handler's own error the next one outwards.
func TestNestedHandlers(t *testing.T) {
	bubble(t, func(c *scene) {
		rethrow := func(tag string) spec.Callback {
			return c.code(func(c *scene, args []spec.Value) {
				list, _ := spec.Items(args[0])
				c.SignalError(string(list[1].(spec.String)) + tag)
			})
		}
		last := c.values(func(_ *scene, args []spec.Value) []spec.Value { return args })
		inner := c.code(func(c *scene, _ []spec.Value) {
			c.is(c.HandlerCase(c.code(func(c *scene, _ []spec.Value) { c.SignalError("a") }), rethrow("b")), "gone")
		})
		c.is(c.HandlerCase(c.code(func(c *scene, _ []spec.Value) {
			c.is(c.HandlerCase(inner, rethrow("c")), "gone")
		}), last), `("simple-error" "abc")`)
	})
}

// A kill goes through a handler-case, whose handler it isn't for.
func TestKillThroughHandlerCase(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		never := c.ref(c.MakeGate())
		p := c.spawn(func(c *scene) {
			log.add("%s", c.HandlerCase(
				c.code(func(c *scene, _ []spec.Value) { c.GateWait(never) }),
				c.code(func(*scene, []spec.Value) { log.add("handled") })))
		})
		settle()
		c.ProcessKill(p)
		c.is(c.ProcessJoin(p), "t")
		log.are(t, "gone")
	})
}
