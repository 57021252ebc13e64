package wire

import (
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// The ways in which a frame, a run or a system comes to its end other than in good order.

func TestFrameAfterItsEnd(t *testing.T) {
	run(t, connect(t, newFake(), Options{}), func(s spec.System, f spec.Frame) {
		var kept spec.Frame
		body := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value { kept = f; return nil })
		f.Do(call("funcall", body))
		if got := kept.Do(call("eq", 1, 1)); got.Status != spec.Gone {
			t.Errorf("an operation on a frame that has returned = %v", got)
		}
	})
}

// A Func's values wait as well while the world may be stopped.
func TestAnswerWaitsForTheWorld(t *testing.T) {
	left := make(chan struct{})
	c := mustScripted(t, Options{}, func(a *script) {
		a.begin()
		first := a.expectCall("eq")
		a.enter(2, "f2", 1)
		a.result(first, `{"status":"returned","values":[true]}`)
		world := a.expectCall("run")
		select {
		case <-left:
		case <-t.Context().Done():
		}
		a.result(world, `{"status":"returned","values":[0]}`)
		got := map[string]bool{}
		for range 2 { // f2 and the outermost frame end
			got[string(a.next().ID)] = true
		}
		if !got["1"] || !got["2"] {
			t.Errorf("want the answers to 1 and 2, got %v", got)
		}
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{})
	sys := s.(*system)
	stopped := func() bool { sys.mu.Lock(); defer sys.mu.Unlock(); return sys.worldStopped() }
	var other *frame
	s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		other = f.(*frame)
		waitFor(stopped)
		go func() {
			waitFor(func() bool { sys.mu.Lock(); defer sys.mu.Unlock(); return other.left })
			close(left)
		}()
		return nil
	})
	if err := s.Run(func(f spec.Frame) {
		f.Do(call("eq", 1, 1))
		f.Do(call("run", "sleep", nil))
		<-other.ended
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAbortWhileTheRunEnds(t *testing.T) {
	finishing := make(chan struct{})
	c := mustScripted(t, Options{PingTimeout: shortPing}, func(a *script) {
		a.begin()
		a.next()
		a.expect("finish") // never answered, and the watchdog is long
		close(finishing)
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{Watchdog: time.Hour})
	go func() { <-finishing; s.Abort() }()
	wantBroken(t, s.Run(func(spec.Frame) {}), "the end of the outermost frame", "didn't answer a ping")
	s.Close()
}

func TestAbortBeforeTheOutermostFrame(t *testing.T) {
	c := mustScripted(t, Options{PingTimeout: shortPing}, func(a *script) {
		a.hello()
		a.result(a.expect("open"), "{}")
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{Watchdog: time.Hour})
	go s.Abort()
	wantBroken(t, s.Run(func(spec.Frame) {}), "want an enter of callback 0")
	s.Close()
}

func TestCloseWhileItRuns(t *testing.T) {
	c := connect(t, newFake(), Options{})
	s := open(t, c, spec.SystemConfig{})
	closed := make(chan error, 1)
	s.Run(func(f spec.Frame) {
		go func() { _, err := s.Close(); closed <- err }()
		if got := f.Do(call("pause", 1)); got.Status != spec.Aborted {
			t.Errorf("pause = %v", got)
		}
	})
	if err := <-closed; err != nil {
		t.Errorf("Close = %v", err)
	}
}

func TestRunTwice(t *testing.T) {
	s := open(t, connect(t, newFake(), Options{}), spec.SystemConfig{})
	if err := s.Run(func(spec.Frame) {}); err != nil {
		t.Fatal(err)
	}
	wantBroken(t, s.Run(func(spec.Frame) {}), "Run was called before")
	s.Close()
}

// A Func that goes on though its process is gone makes the close unclean; it doesn't hold it
// up for ever.
func TestFuncThatNeverReturns(t *testing.T) {
	c := mustScripted(t, Options{}, func(a *script) {
		a.begin()
		first := a.expectCall("eq")
		a.enter(2, "f2", 1)
		a.result(first, `{"status":"returned","values":[true]}`)
		a.drain()
	})
	never, entered := make(chan struct{}), make(chan struct{})
	defer close(never)
	s := open(t, c, spec.SystemConfig{Watchdog: shortWatchdog})
	s.Register(func(spec.Frame, []spec.Value) []spec.Value { close(entered); <-never; return nil })
	if err := s.Run(func(f spec.Frame) { f.Do(call("eq", 1, 1)); <-entered }); err != nil {
		t.Fatal(err)
	}
	left, err := s.Close()
	wantBroken(t, err, "a callback didn't return")
	if !left.Unclean || c.Healthy() {
		t.Errorf("Close = %+v", left)
	}
}

// What an adapter forgets to answer when a process ends is named.
func TestOperationOfADeadFrameThatIsNeverAnswered(t *testing.T) {
	asked := make(chan struct{})
	c := mustScripted(t, Options{}, func(a *script) {
		a.begin()
		first := a.expectCall("eq")
		a.enter(2, "f2", 1)
		a.expectCall("pause")
		close(asked)
		a.result(first, `{"status":"returned","values":[true]}`)
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{Watchdog: shortWatchdog})
	s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value { f.Do(call("pause", 1)); return nil })
	if err := s.Run(func(f spec.Frame) { f.Do(call("eq", 1, 1)); <-asked }); err != nil {
		t.Fatal(err)
	}
	_, err := s.Close()
	wantBroken(t, err, "(pause 1) on frame f2 was never answered")
}

func TestShorten(t *testing.T) {
	long := shorten(call("eq", "", longText).String())
	if len(long) > 410 || long[len(long)-3:] != "..." {
		t.Errorf("shortened to %d bytes", len(long))
	}
}

var longText = func() (s string) {
	for range 300 {
		s += "\u00e9"
	}
	return s
}()
