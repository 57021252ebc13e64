package kit

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// A panic after Run has returned is Close's to report.
func TestPanicAfterRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, spec.SystemConfig{})
		release := make(chan bool)
		if err := s.Run(func(f spec.Frame) {
			c := on(f, t, s)
			c.Spawn(func(*scene) {
				<-release
				panic("late")
			})
		}); err != nil {
			t.Error(err)
		}
		close(release)
		if _, err := s.Close(); err == nil || !strings.Contains(err.Error(), "late") {
			t.Errorf("close: %v", err)
		}
	})
}

func TestUnhandledErrorInTheOutermost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, spec.SystemConfig{})
		err := s.Run(func(f spec.Frame) {
			if got := (spec.API{Frame: f}).SignalError("boom"); got.Status != spec.Gone {
				t.Errorf("got %s", got)
			}
		})
		var condition *spec.Condition
		if !errors.As(err, &condition) || condition.Message != "boom" {
			t.Errorf("run: %v", err)
		}
		closed(t, s)
	})
}

// Code that issues no operation can't be ended; the adapter says so, before a harness has lost its patience: the watchdog, and five
// seconds at least.
func TestUncleanClose(t *testing.T) {
	for _, watchdog := range []time.Duration{time.Second, spec.DefaultWatchdog, time.Hour} {
		testUncleanClose(t, watchdog)
	}
}

func testUncleanClose(t *testing.T, watchdog time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, spec.SystemConfig{Watchdog: watchdog})
		never := make(chan bool)
		s.Run(func(f spec.Frame) {
			c := on(f, t, s)
			c.Spawn(func(*scene) { <-never })
		})
		began := time.Now()
		if left := closed(t, s); left.Processes != 1 || !left.Unclean {
			t.Errorf("it left %+v", left)
		}
		if took := time.Since(began); took >= max(watchdog, 5*time.Second) {
			t.Errorf("with a watchdog of %v it took %v", watchdog, took)
		}
		close(never)
	})
}

// Of two that close a system one does all of it, and the other returns no sooner.
func TestClosedTwiceAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log notes
		i := toy
		i.Hooks.Closing = func(*System) int { log.Add("closing"); return 1 }
		i.Hooks.Closed = func(*System) { log.Add("closed") }
		opened, err := adapterOf(t, i).Open(context.Background(), spec.SystemConfig{})
		if err != nil {
			t.Fatal(err)
		}
		s, lets := opened.(*System), make(chan bool)
		s.Run(func(f spec.Frame) {
			on(f, t, s).Spawn(func(*scene) { <-lets })
		})
		var both sync.WaitGroup
		left := make(chan spec.Leftover, 2)
		for range 2 {
			both.Go(func() {
				l := closed(t, s)
				log.Add("returned")
				left <- l
			})
		}
		time.Sleep(restLimit / 2) // both have begun, and neither has given up
		close(lets)
		both.Wait()
		log.Are(t, "closing", "closed", "returned", "returned")
		if a, b := <-left, <-left; a.Children+b.Children != 1 {
			t.Errorf("they left %+v and %+v", a, b)
		}
	})
}

func TestAdapterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := adapterOf(t)
		ended := make(chan spec.Return, 1)
		for range 2 {
			s, err := a.Open(context.Background(), spec.SystemConfig{})
			if err != nil {
				t.Fatal(err)
			}
			go s.Run(func(f spec.Frame) { ended <- spec.API{Frame: f}.Pause(nil) })
			synctest.Wait()
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
		for range 2 {
			if got := <-ended; got.Status != spec.Gone {
				t.Errorf("got %s", got)
			}
		}
		if _, err := a.Open(context.Background(), spec.SystemConfig{}); err == nil {
			t.Error("a closed adapter opened a system")
		}
		canceled, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := adapterOf(t).Open(canceled, spec.SystemConfig{}); err == nil {
			t.Error("a system was opened for a context that is done")
		}
	})
}

// A frame that has been left answers Gone; one that is busy serves nothing else.
func TestMisusedFrames(t *testing.T) {
	bubble(t, func(c *scene) {
		var kept spec.Frame
		c.Funcall(c.Function(func(inner *scene, _ []spec.Value) {
			kept = inner.Frame
			inner.Fails(c.MakeLog(), "program-error")
		}))
		c.Is(kept.Do(spec.Call{Op: "make-log"}), "gone")
	})
}

func TestAbortBeforeRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log notes
		s := open(t, spec.SystemConfig{})
		s.Abort()
		if err := s.Run(func(f spec.Frame) { log.Add("%s", spec.API{Frame: f}.MakeLog()) }); err != nil {
			t.Error(err)
		}
		s.Abort()
		log.Are(t, "aborted")
		var broken *spec.Broken
		if err := s.Run(func(spec.Frame) {}); !errors.As(err, &broken) {
			t.Errorf("the second run: %v", err)
		}
		closed(t, s)
		s.Abort()
	})
}

// A watchdog that is too long to matter, or negative, never barks.
func TestNoWatchdog(t *testing.T) {
	for _, watchdog := range []time.Duration{-1, math.MaxInt64} {
		synctest.Test(t, func(t *testing.T) {
			s := open(t, spec.SystemConfig{Watchdog: watchdog})
			if err := s.Run(func(f spec.Frame) { spec.API{Frame: f}.Pause(1_000_000) }); err != nil {
				t.Error(err)
			}
			closed(t, s)
		})
	}
}
