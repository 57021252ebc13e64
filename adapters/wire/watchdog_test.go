package wire

import (
	"errors"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestWatchdogStuck(t *testing.T) {
	c := connect(t, newFake(), Options{})
	s := open(t, c, spec.SystemConfig{Watchdog: shortWatchdog})
	entered := make(chan struct{})
	body := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		close(entered)
		if got := f.Do(call("gate-wait", spec.Ref{ID: "g1", Type: "gate"})); got.Status != spec.Aborted {
			t.Errorf("the other process's gate-wait = %v", got)
		}
		return nil
	})
	err := s.Run(func(f spec.Frame) {
		f.Do(call("make-gate"))
		f.Do(call("process-run-function", "p", nil, body))
		<-entered
		sys := s.(*system)
		waitFor(func() bool { sys.mu.Lock(); defer sys.mu.Unlock(); return len(sys.open) == 1 })
		for range 2 {
			if got := f.Do(call("await", spec.Never(), 0)); got.Status != spec.Aborted {
				t.Errorf("await = %v", got)
			}
		}
	})
	var stuck *spec.Stuck
	if !errors.As(err, &stuck) {
		t.Fatalf("Run = %v", err)
	}
	waits := []string{"#<process p2>: (gate-wait #<gate g1>)", "#<process p1>: (await (:never) 0)"}
	if stuck.Op != "(await (:never) 0)" || !slices.Equal(stuck.Waits, waits) || stuck.Proven {
		t.Errorf("stuck = %#v", stuck)
	}
	left, err := s.Close()
	if err != nil || !left.Unclean || c.Healthy() {
		t.Errorf("Close = %+v, %v; healthy %v", left, err, c.Healthy())
	}
}

func TestWatchdogBroken(t *testing.T) {
	for name, answer := range map[string]string{
		"no pong":   "",
		"a refusal": `{"jsonrpc":"2.0","id":4,"error":{"code":-32601,"message":"no such method"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := mustScripted(t, Options{PingTimeout: shortPing}, func(a *script) {
				a.begin()
				a.expectCall("eq")
				a.expect("ping")
				if answer != "" {
					a.send(answer)
				}
				a.drain()
			})
			s := open(t, c, spec.SystemConfig{Watchdog: shortWatchdog})
			err := s.Run(func(f spec.Frame) { f.Do(call("eq", 1, 1)) })
			want := "didn't answer a ping within 50ms"
			if answer != "" {
				want = "no such method"
			}
			wantBroken(t, err, "waiting for (eq 1 1)", want)
			if left, _ := s.Close(); !left.Unclean || c.Healthy() {
				t.Errorf("Close = %+v", left)
			}
		})
	}
}

// An operation that returns while the adapter is being pinged is late, not stuck.
func TestWatchdogLate(t *testing.T) {
	c := mustScripted(t, Options{}, func(a *script) {
		a.begin()
		late := a.expectCall("eq")
		ping := a.expect("ping")
		a.result(late, `{"status":"returned","values":[true]}`)
		a.result(ping, "{}")
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{Watchdog: shortWatchdog})
	if err := s.Run(func(f spec.Frame) {
		if got := f.Do(call("eq", 1, 1)); got.Primary().String() != "t" {
			t.Errorf("eq = %v", got)
		}
	}); err != nil {
		t.Errorf("Run = %v", err)
	}
}

// The world may have stopped: no ping is sent, and nobody is asked to close.
func TestWatchdogStoppedWorld(t *testing.T) {
	c := mustScripted(t, Options{}, func(a *script) {
		a.begin()
		a.expectCall("run")
		if m := a.next(); m.Method != "" || string(m.ID) != "1" {
			t.Errorf("after run came %+v, want the answer to enter", m)
		}
		a.result(a.expect("bye"), "{}")
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{Watchdog: shortWatchdog})
	err := s.Run(func(f spec.Frame) { f.Do(call("run", "sleep", nil)) })
	var stuck *spec.Stuck
	if !errors.As(err, &stuck) || stuck.Op != `(run "sleep" nil)` {
		t.Errorf("Run = %v", err)
	}
	if left, err := s.Close(); err != nil || !left.Unclean {
		t.Errorf("Close = %+v, %v", left, err)
	}
}

// A run whose end never comes is stuck as well, with what holds it.
func TestWatchdogOverTheEnd(t *testing.T) {
	c := mustScripted(t, Options{}, func(a *script) {
		a.begin()
		a.next()
		a.expect("finish")
		a.result(a.expect("ping"), "{}")
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{Watchdog: shortWatchdog})
	err := s.Run(func(spec.Frame) {})
	var stuck *spec.Stuck
	if !errors.As(err, &stuck) || stuck.Op != "the end of the outermost frame" {
		t.Errorf("Run = %v", err)
	}
	s.Close()
}

// While an operation that may stop the world is open, frames that were there before wait,
// and frames that were entered since are served.
func TestWorld(t *testing.T) {
	gotEq := make(chan struct{})
	c := mustScripted(t, Options{}, func(a *script) {
		a.begin()
		first := a.expectCall("eq")
		a.enter(2, "f2", 1)
		a.result(first, `{"status":"returned","values":[true]}`)
		world := a.expectCall("run")
		a.enter(3, "f3", 2)
		a.result(a.expectCall("make-gate"), `{"status":"returned","values":[null]}`) // f3, entered since
		if m := a.next(); string(m.ID) != "3" {
			t.Errorf("want the values of f3, got %+v", m)
		}
		select {
		case <-gotEq: // f2 waits
		case <-t.Context().Done():
		}
		a.result(world, `{"status":"returned","values":[0]}`)
		a.result(a.expectCall("eq"), `{"status":"returned","values":[true]}`)
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{})
	opened := func(op string, held bool) func() bool {
		sys := s.(*system)
		return func() bool {
			sys.mu.Lock()
			defer sys.mu.Unlock()
			return slices.ContainsFunc(sys.open, func(o *operation) bool {
				return o.call.Op == op && o.held == held && (held || o.stops > 0)
			})
		}
	}
	ended := make(chan struct{})
	s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value { // f2
		defer close(ended)
		waitFor(opened("run", false))
		if got := f.Do(call("eq", 1, 1)); got.Primary().String() != "t" {
			t.Errorf("eq = %v", got)
		}
		return nil
	})
	s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value { // f3
		f.Do(call("make-gate"))
		waitFor(opened("eq", true))
		close(gotEq)
		return nil
	})
	if err := s.Run(func(f spec.Frame) {
		f.Do(call("eq", 1, 2))
		f.Do(call("run", "sleep", nil))
		<-ended
	}); err != nil {
		t.Fatal(err)
	}
}

// A frame whose operation was answered while another stops the world, or may, evidently runs.
func TestAnsweredFramesRun(t *testing.T) {
	registered, paused := make(chan struct{}), make(chan struct{})
	c := mustScripted(t, Options{}, func(a *script) {
		a.begin()
		<-registered
		a.enter(2, "f2", 1)
		pause := a.expectCall("pause")
		close(paused)
		world := a.expectCall("run")
		a.result(pause, `{"status":"returned","values":[null]}`)
		a.result(a.expectCall("eq"), `{"status":"returned","values":[true]}`) // of f2, while run is open
		a.result(world, `{"status":"returned","values":[0]}`)
		a.drain()
	})
	s := open(t, c, spec.SystemConfig{})
	s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		f.Do(call("pause", 1))
		if got := f.Do(call("eq", 1, 1)); got.Primary().String() != "t" {
			t.Errorf("eq = %v", got)
		}
		return nil
	})
	close(registered)
	if err := s.Run(func(f spec.Frame) {
		<-paused
		f.Do(call("run", "sleep", nil))
	}); err != nil {
		t.Fatal(err)
	}
}
