package kit

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestHandlerCase(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		handler := c.Values(func(c *scene, args []spec.Value) []spec.Value {
			log.Add("handler %s", spec.NewList(args...))
			return args
		})
		c.Is(c.HandlerCase(c.Values(func(*scene, []spec.Value) []spec.Value { return []spec.Value{spec.Int(1), spec.Int(2)} }), handler), "1, 2")
		c.Is(c.HandlerCase(c.Code(func(c *scene, _ []spec.Value) {
			c.UnwindProtect(
				c.Code(func(c *scene, _ []spec.Value) { log.Add("%s", c.SignalError("boom")) }),
				c.Code(func(c *scene, _ []spec.Value) { log.Add("%s", c.Eq(1, 1)) }))
			log.Add("%s", c.Eq(1, 1))
		}), handler), `("simple-error" "boom")`)
		log.Are(t, "gone", "t", "gone", `handler (("simple-error" "boom"))`)
		c.Is(c.Eq(1, 1), "t")
	})
}

// The innermost handler-case is meant, a handler's own error the next one outwards.
func TestNestedHandlers(t *testing.T) {
	bubble(t, func(c *scene) {
		rethrow := func(tag string) spec.Callback {
			return c.Code(func(c *scene, args []spec.Value) {
				list, _ := spec.Items(args[0])
				c.SignalError(string(list[1].(spec.String)) + tag)
			})
		}
		last := c.Values(func(_ *scene, args []spec.Value) []spec.Value { return args })
		inner := c.Code(func(c *scene, _ []spec.Value) {
			c.Is(c.HandlerCase(c.Code(func(c *scene, _ []spec.Value) { c.SignalError("a") }), rethrow("b")), "gone")
		})
		c.Is(c.HandlerCase(c.Code(func(c *scene, _ []spec.Value) {
			c.Is(c.HandlerCase(inner, rethrow("c")), "gone")
		}), last), `("simple-error" "abc")`)
	})
}

// A kill goes through a handler-case, whose handler it isn't for.
func TestKillThroughHandlerCase(t *testing.T) {
	bubble(t, func(c *scene) {
		var log notes
		never := c.Ref(c.MakeGate())
		p := c.Spawn(func(c *scene) {
			log.Add("%s", c.HandlerCase(
				c.Code(func(c *scene, _ []spec.Value) { c.GateWait(never) }),
				c.Code(func(*scene, []spec.Value) { log.Add("handled") })))
		})
		settle()
		c.ProcessKill(p)
		c.Is(c.ProcessJoin(p), "t")
		log.Are(t, "gone")
	})
}
