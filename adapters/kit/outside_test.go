package kit

import (
	"context"
	"maps"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/mpcheck/mpcheck/spec"
)

// with runs a test on the toy with further operations.
func with(t *testing.T, more map[string]Operation, test func(c *scene)) spec.Leftover {
	t.Helper()
	i := toy
	i.Operations = maps.Clone(toy.Operations)
	maps.Copy(i.Operations, more)
	opened, err := adapterOf(t, i).Open(context.Background(), spec.SystemConfig{})
	if err != nil {
		t.Fatal(err)
	}
	s := opened.(*System)
	if err := s.Run(func(f spec.Frame) { test(on(f, t, s)) }); err != nil {
		t.Errorf("run: %v", err)
	}
	return closed(t, s)
}

// A process that is killed while the host does something for it is gone once the host has let go of it, and not before.
func TestKilledOutside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log notes
		lets := make(chan struct{})
		with(t, map[string]Operation{"mailbox-peek": func(f *Frame, _ spec.Call) ([]spec.Value, error) {
			f.Outside("the host", func(ctx context.Context) {
				<-ctx.Done()
				log.Add("told to end")
				<-lets
				log.Add("lets go")
			})
			return One(spec.Nil{}), nil
		}}, func(c *scene) {
			p := c.Spawn(func(c *scene) { log.Add("%s", c.MailboxPeek(nil)) })
			settle()
			c.ProcessKill(p)
			settle()
			log.Are(t, "told to end")
			c.Is(c.ProcessJoin(p, spec.Key{Name: "timeout", Value: spec.Int(5)}), "nil")
			close(lets)
			c.Is(c.ProcessJoin(p), "t")
			log.Are(t, "told to end", "lets go", "gone")
		})
	})
}

// What is done outside holds up nobody else, and those look again who wait for a predicate.
func TestOutsideHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goes := make(chan struct{})
		with(t, map[string]Operation{"mailbox-peek": func(f *Frame, c spec.Call) ([]spec.Value, error) {
			f.Outside("the host", func(context.Context) { <-goes })
			return One(spec.True{}), nil
		}}, func(c *scene) {
			p := c.Spawn(func(c *scene) { c.Is(c.MailboxPeek(nil), "t") })
			settle()
			cell := c.Ref(c.MakeCell(1))
			c.Is(c.CellGet(cell), "1")
			close(goes)
			c.Is(c.ProcessJoin(p), "t")
		})
	})
}

// Whatever is done outside may be what somebody waits for, who is told; nobody looks by himself here.
func TestOutsideTells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := toy
		i.Poll = -1
		i.Operations = maps.Clone(toy.Operations)
		i.Operations["mailbox-send"] = On("mailbox", func(f *Frame, b *toyBox, c spec.Call) ([]spec.Value, error) {
			f.Outside("the host", func(context.Context) { b.send(c.Args[1]) })
			return One(c.Args[1]), nil
		})
		opened, err := adapterOf(t, i).Open(context.Background(), spec.SystemConfig{Watchdog: -1})
		if err != nil {
			t.Fatal(err)
		}
		s := opened.(*System)
		s.Run(func(f spec.Frame) {
			c := on(f, t, s)
			box := c.Ref(c.MakeMailbox())
			p := c.Spawn(func(c *scene) { c.Is(c.Await(spec.HasMail(box), nil), "t") })
			settle()
			c.MailboxSend(box, 1)
			c.Is(c.ProcessJoin(p), "t")
		})
		closed(t, s)
	})
}

// What is done aside is given up by a kill at once; it is told to end, and what comes of it nobody sees but late.
func TestKilledAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log notes
		ends := make(chan struct{})
		with(t, map[string]Operation{"mailbox-peek": func(f *Frame, _ spec.Call) ([]spec.Value, error) {
			done := f.Aside("the host", func() { <-ends }, func() { log.Add("cancelled") }, func() { log.Add("late") })
			return One(spec.Bool(done)), nil
		}}, func(c *scene) {
			p := c.Spawn(func(c *scene) { log.Add("%s", c.MailboxPeek(nil)) })
			settle()
			c.ProcessKill(p)
			c.Is(c.ProcessJoin(p), "t")
			log.Are(t, "cancelled", "gone")
			close(ends)
			settle()
			log.Are(t, "cancelled", "gone", "late")
			c.Is(c.MailboxPeek(nil), "t")
		})
	})
}

// A panic of the library, and the end of its goroutine, break the run, whoever may still wait for it; they end no program.
func TestPanicsOutside(t *testing.T) {
	for want, fails := range map[string]func(){"oops": func() { panic("oops") }, "Goexit": runtime.Goexit} {
		for _, killed := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				i := toy
				i.Operations = maps.Clone(toy.Operations)
				i.Operations["mailbox-peek"] = func(f *Frame, _ spec.Call) ([]spec.Value, error) {
					f.Outside("the host", func(ctx context.Context) {
						if killed {
							<-ctx.Done()
						}
						fails()
					})
					return One(spec.Nil{}), nil
				}
				opened, err := adapterOf(t, i).Open(context.Background(), spec.SystemConfig{})
				if err != nil {
					t.Fatal(err)
				}
				s := opened.(*System)
				err = s.Run(func(f spec.Frame) {
					c := on(f, t, s)
					p := c.Spawn(func(c *scene) { c.MailboxPeek(nil) })
					settle()
					c.ProcessKill(p)
					c.Is(c.ProcessJoin(p), "t")
				})
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("killed %t: run: %v", killed, err)
				}
				closed(t, s)
			})
		}
	}
}

// Once its process was killed an operation calls no code any more.
func TestNothingIsCalledOnceKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log notes
		with(t, map[string]Operation{"mailbox-peek": func(f *Frame, c spec.Call) ([]spec.Value, error) {
			code, err := f.System().FunctionOf(c.Args[0])
			if err != nil {
				return nil, err
			}
			f.Wait("nothing", Forever, Never)
			_, complete := f.Call(code, nil)
			log.Add("complete: %t", complete)
			return One(spec.Nil{}), nil
		}}, func(c *scene) {
			runs := c.Function(func(*scene, []spec.Value) { log.Add("it runs") })
			p := c.Spawn(func(c *scene) { c.MailboxPeek(runs) })
			settle()
			c.ProcessKill(p)
			c.Is(c.ProcessJoin(p), "t")
			log.Are(t, "complete: false")
		})
	})
}

// A time limit ends the context of a wait, no limit does not.
func TestTimeoutContext(t *testing.T) {
	bubble(t, func(c *scene) {
		for _, within := range []spec.Value{spec.Nil{}, spec.Int(2), spec.Int(0)} {
			limit, err := c.sys.TimeoutOf("the timeout", within)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := limit.Context(context.Background())
			c.Pause(1)
			if over := ctx.Err() != nil; over != (within == spec.Value(spec.Int(0))) {
				t.Errorf("after a second of %v: %v", within, ctx.Err())
			}
			cancel()
		}
	})
}
