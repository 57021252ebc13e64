package kit

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// waiting lists the operations that wait, each as a call that waits for ever.
var waiting = map[string]func(c *scene) spec.Return{
	"gate-wait":    func(c *scene) spec.Return { return c.GateWait(c.ref(c.MakeGate())) },
	"await":        func(c *scene) spec.Return { return c.Await(spec.Never(), nil) },
	"pause":        func(c *scene) spec.Return { return c.Pause(nil) },
	"mailbox-read": func(c *scene) spec.Return { return c.MailboxRead(c.ref(c.MakeMailbox())) },
	"process-join": func(c *scene) spec.Return { return c.ProcessJoin(c.spawn(func(c *scene) { c.Pause(nil) })) },
	"funcall":      func(c *scene) spec.Return { return c.Funcall(c.function(stands)) },
	"unwind-protect": func(c *scene) spec.Return {
		return c.UnwindProtect(c.code(stands), c.code(func(*scene, []spec.Value) {}))
	},
	"handler-case": func(c *scene) spec.Return {
		return c.HandlerCase(c.code(stands), c.code(func(*scene, []spec.Value) {}))
	},
	"handler-bind": func(c *scene) spec.Return {
		return c.HandlerBind(c.code(stands), c.code(func(*scene, []spec.Value) {}))
	},
	"with-continue-restart": func(c *scene) spec.Return { return c.WithContinueRestart(c.code(stands)) },
}

func stands(c *scene, _ []spec.Value) { c.GateWait(c.ref(c.MakeGate())) }

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
		t.Run(name+"/kill", func(t *testing.T) {
			bubble(t, func(c *scene) {
				var log notes
				p := c.spawn(func(c *scene) {
					log.add("%s", call(c))
					log.add("%s", c.MakeLog())
				})
				settle()
				log.are(t)
				c.ProcessKill(p)
				c.is(c.ProcessJoin(p), "t")
				c.is(c.ProcessAliveP(p), "nil")
				log.are(t, "gone", "gone")
				for _, other := range c.sys.threads[1:] { // that it waited for
					c.ProcessKill(other.Ref())
					settle()
				}
			})
		})
		t.Run(name+"/abort", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log notes
				s := open(t, spec.SystemConfig{})
				go func() {
					synctest.Wait()
					log.are(t)
					s.Abort()
				}()
				err := s.Run(func(f spec.Frame) {
					c := &scene{spec.API{Frame: f}, t, s}
					log.add("%s", call(c))
					log.add("%s", c.MakeLog())
				})
				log.are(t, "aborted", "aborted")
				if left := closed(t, s); err != nil || left.Unclean {
					t.Errorf("run: %v, left %+v", err, left)
				}
			})
		})
		t.Run(name+"/close", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log notes
				s := open(t, spec.SystemConfig{})
				s.Run(func(f spec.Frame) {
					c := &scene{spec.API{Frame: f}, t, s}
					c.spawn(func(c *scene) {
						log.add("%s", call(c))
						log.add("%s", c.MakeLog())
					})
				})
				left := closed(t, s)
				log.are(t, "gone", "gone")
				if left.Processes < 1 || left.Children > 0 || left.Unclean {
					t.Errorf("it left %+v", left)
				}
				if again := closed(t, s); again != (spec.Leftover{}) {
					t.Errorf("the second close ended %+v", again)
				}
			})
		})
	}
}

func TestWatchdog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log notes
		s := open(t, spec.SystemConfig{Watchdog: time.Minute})
		begin := time.Now()
		err := s.Run(func(f spec.Frame) {
			c := &scene{spec.API{Frame: f}, t, s}
			c.spawn(func(c *scene) { c.MailboxRead(c.ref(c.MakeMailbox())) })
			log.add("%s", c.Pause(90))
			log.add("%s", c.GateWait(c.ref(c.MakeGate())))
			log.add("%s", c.MakeLog())
		})
		log.are(t, "nil", "aborted", "aborted")
		var stuck *spec.Stuck
		if !errors.As(err, &stuck) || stuck.Op != "gate-wait" || stuck.Proven {
			t.Fatalf("run: %v", err)
		}
		if waits := strings.Join(stuck.Waits, "\n"); !strings.Contains(waits, `"outermost" waits for #<gate`) || !strings.Contains(waits, `"p" waits for mail`) {
			t.Errorf("waits:\n%s", waits)
		}
		if waited := time.Since(begin); waited != 150*time.Second {
			t.Errorf("it waited %v", waited)
		}
		if left := closed(t, s); left.Processes != 1 {
			t.Errorf("it left %+v", left)
		}
	})
}
