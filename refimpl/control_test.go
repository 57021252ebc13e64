package refimpl_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// A world gives the scenes below their code and log.
type world struct {
	sys spec.System
	log spec.Value
}

func (w *world) code(fn func(api spec.API)) spec.Callback {
	return w.sys.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		fn(spec.API{Frame: f})
		return []spec.Value{spec.Keyword("done")}
	})
}

func (w *world) note(what string) spec.Callback {
	return w.code(func(api spec.API) { api.LogAppend(w.log, what) })
}

// logs returns every log that a scene can leave behind, over all schedules. The scene runs
// in a process of its own, whose death ends it.
func logs(t *testing.T, scene func(w *world, api spec.API), more func(w *world, api spec.API, p spec.Value)) []string {
	t.Helper()
	seen := map[string]bool{}
	d := refimpl.NewDepthFirst()
	for again := true; again; again = d.Next() {
		sys := open(t, spec.SystemConfig{Choices: d})
		if err := sys.Run(func(f spec.Frame) {
			api := spec.API{Frame: f}
			w := &world{sys, api.MakeLog().Primary()}
			start := api.MakeGate().Primary()
			p := api.ProcessRunFunction("scene", nil, api.MakeFunction(w.code(func(api spec.API) {
				api.GateWait(start)
				scene(w, api)
			})).Primary()).Primary()
			api.EnsureProcessCleanup(api.MakeFunction(w.note("cleanup")).Primary(), key.Process(p))
			api.GateOpen(start)
			if more != nil {
				more(w, api, p)
			}
			api.Pause(100)
			seen[api.LogRead(w.log).Primary().String()] = true
		}); err != nil {
			t.Fatal(err)
		}
		sys.Close()
	}
	return slices.Sorted(maps.Keys(seen))
}

func expectLogs(t *testing.T, got []string, want ...string) {
	t.Helper()
	for i := range want {
		want[i] = "(\"" + strings.ReplaceAll(want[i], " ", "\" \"") + "\")"
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestUnwindingGoesFromTheInsideOut(t *testing.T) {
	expectLogs(t, logs(t, func(w *world, api spec.API) {
		api.UnwindProtect(w.code(func(api spec.API) {
			api.UnwindProtect(w.code(func(api spec.API) {
				api.CurrentProcessKill()
				api.LogAppend(w.log, "never")
			}), w.note("inner"))
			api.LogAppend(w.log, "never")
		}), w.note("outer"))
		api.LogAppend(w.log, "never")
	}, nil), "inner outer cleanup")
}

func TestUnwindProtectReturnsItsBodysValues(t *testing.T) {
	expectLogs(t, logs(t, func(w *world, api spec.API) {
		if api.UnwindProtect(w.note("body"), w.note("form")).Primary() == spec.Keyword("done") {
			api.LogAppend(w.log, "after")
		}
	}, nil), "body form after cleanup")
}

// A second kill may cut a form of unwind-protect short, and never the cleanup phase
// (PROC-KILL-4, -5).
func TestKillsAtEveryMoment(t *testing.T) {
	expectLogs(t, logs(t, func(w *world, api spec.API) {
		api.UnwindProtect(w.note("body"), w.code(func(api spec.API) {
			api.LogAppend(w.log, "a")
			api.LogAppend(w.log, "b")
		}))
	}, func(w *world, api spec.API, p spec.Value) { api.ProcessKill(p); api.ProcessKill(p) }),
		"cleanup", "a b cleanup", "a cleanup", "body a b cleanup", "body a cleanup", "body cleanup")
}

func TestErrorsReachTheInnermostHandlerCase(t *testing.T) {
	expectLogs(t, logs(t, func(w *world, api spec.API) {
		handler := w.sys.Register(func(f spec.Frame, args []spec.Value) []spec.Value {
			spec.API{Frame: f}.LogAppend(w.log, args[0].(spec.List).Items[1])
			return nil
		})
		api.HandlerCase(w.code(func(api spec.API) {
			api.UnwindProtect(w.code(func(api spec.API) { api.SignalError("oops") }), w.note("form"))
			api.LogAppend(w.log, "never")
		}), handler)
		api.LogAppend(w.log, "on")
	}, nil), "form oops on cleanup")
}

// Handlers are for any error in their extent, of an operation or of signal-error, and a handler is
// itself outside its own handler-bind.
func TestHandlersAreForAnyError(t *testing.T) {
	expectLogs(t, logs(t, func(w *world, api spec.API) {
		wrong := w.code(func(api spec.API) { api.ProcessSend("nobody", 1); api.LogAppend(w.log, "never") })
		raise := w.code(func(api spec.API) { api.SignalError("oops"); api.LogAppend(w.log, "never") })
		api.HandlerCase(wrong, w.note("1"))
		api.HandlerCase(w.code(func(api spec.API) { api.HandlerBind(raise, w.note("bind")) }), w.note("2"))
		api.HandlerCase(w.code(func(api spec.API) { api.HandlerBind(wrong, raise) }), w.note("3"))
		api.LogAppend(w.log, "on")
	}, nil), "1 bind 2 3 on cleanup")
}

// An error that nobody handles ends the process, or leaves it in a debugger (PROC-EXIT-4).
func TestUnhandledErrors(t *testing.T) {
	got := logs(t, func(w *world, api spec.API) { api.SignalError("oops"); api.LogAppend(w.log, "never") }, nil)
	expectLogs(t, slices.DeleteFunc(got, func(s string) bool { return s == "nil" }), "cleanup")
}

// A handler sees what an operation signals before its caller does, and may continue it.
func TestHandlersMayContinueOrDecline(t *testing.T) {
	send := func(w *world, api spec.API, handler spec.Callback) spec.Return {
		dead := api.ProcessRunFunction("dead", nil, api.MakeFunction(w.code(func(spec.API) {})).Primary()).Primary()
		api.Pause(1)
		var r spec.Return
		api.HandlerBind(w.code(func(api spec.API) {
			r = api.ProcessSend(dead, 1, key.ErrorIfDeadP(true))
		}), handler)
		return r
	}
	expectLogs(t, logs(t, func(w *world, api spec.API) {
		continues := w.code(func(api spec.API) {
			api.LogAppend(w.log, "handler")
			api.InvokeRestart(spec.Symbol{Name: "continue"})
			api.LogAppend(w.log, "never")
		})
		api.LogAppend(w.log, send(w, api, continues).Status.String())
		api.LogAppend(w.log, send(w, api, w.note("declines")).Status.String())
		r := api.WithContinueRestart(w.code(func(api spec.API) {
			api.InvokeRestart(spec.Symbol{Name: "continue"})
			api.LogAppend(w.log, "never")
		}))
		if r.Nth(1) == (spec.True{}) {
			api.LogAppend(w.log, "outer")
		}
		api.LogAppend(w.log, api.InvokeRestart(spec.Symbol{Name: "continue"}).Status.String())
	}, nil), "handler returned declines signalled outer signalled cleanup")
}

func TestFuncallRunsOnTheCallersProcess(t *testing.T) {
	expectLogs(t, logs(t, func(w *world, api spec.API) {
		me := api.GetCurrentProcess().Primary()
		fn := w.sys.Register(func(f spec.Frame, args []spec.Value) []spec.Value {
			if spec.Eql(spec.API{Frame: f}.GetCurrentProcess().Primary(), me) {
				spec.API{Frame: f}.LogAppend(w.log, args[1])
			}
			return []spec.Value{spec.String("value")}
		})
		api.Defun(spec.Symbol{Name: "f"}, fn)
		api.LogAppend(w.log, api.Funcall(spec.Symbol{Name: "f"}, 1, "second").Primary())
	}, nil), "second value cleanup")
}
