package wire

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// What System.Run and Close answer in the adapter, they answer in the harness.
func TestErrorsOfTheAdapter(t *testing.T) {
	stuck := &spec.Stuck{
		Op: "(gate-wait)", Waits: []string{"p1: (gate-wait)"}, Proven: true,
		Graph: spec.WaitGraph{{Process: "p1", Op: "gate-wait", For: "the gate to open", On: "gate 3"}, {Process: "p2", Op: "process-join", For: "p1 to die", By: []string{"p1"}, Only: true}},
	}
	t.Run("proven stuck", func(t *testing.T) {
		a := newFake()
		c := connect(t, a, Options{})
		s := open(t, c, spec.SystemConfig{})
		err := s.Run(func(spec.Frame) { a.last().result = stuck })
		var got *spec.Stuck
		if !errors.As(err, &got) || !reflect.DeepEqual(got, stuck) {
			t.Errorf("Run = %#v", err)
		}
		if left, err := s.Close(); err != nil || left.Unclean || !c.Healthy() {
			t.Errorf("Close = %+v, %v: a proof leaves nothing behind", left, err)
		}
	})
	t.Run("broken", func(t *testing.T) {
		a := newFake()
		c := connect(t, a, Options{})
		s := open(t, c, spec.SystemConfig{})
		err := s.Run(func(spec.Frame) { a.last().result = errors.New("out of cheese") })
		var got *spec.Broken
		if !errors.As(err, &got) || !strings.Contains(err.Error(), "out of cheese") {
			t.Errorf("Run = %v", err)
		}
		if left, err := s.Close(); err != nil || !left.Unclean || c.Healthy() {
			t.Errorf("Close = %+v, %v", left, err)
		}
	})
	t.Run("open", func(t *testing.T) {
		a := newFake()
		a.fail = errors.New("no memory")
		c := connect(t, a, Options{})
		_, err := c.Open(context.Background(), spec.SystemConfig{})
		var got *spec.Broken
		if !errors.As(err, &got) || !strings.Contains(err.Error(), "no memory") || c.Healthy() {
			t.Errorf("Open = %v", err)
		}
		if _, err = c.Open(context.Background(), spec.SystemConfig{}); err == nil || !strings.Contains(err.Error(), "no longer usable") {
			t.Errorf("Open again = %v", err)
		}
	})
	t.Run("close", func(t *testing.T) {
		a := newFake()
		c := connect(t, a, Options{})
		s := open(t, c, spec.SystemConfig{})
		if err := s.Run(func(spec.Frame) { a.last().closeOK = errors.New("thread p9 won't die") }); err != nil {
			t.Fatal(err)
		}
		left, err := s.Close()
		if err == nil || !strings.Contains(err.Error(), "p9 won't die") || !left.Unclean || c.Healthy() {
			t.Errorf("Close = %+v, %v", left, err)
		}
	})
	t.Run("leftover", func(t *testing.T) {
		a := newFake()
		c := connect(t, a, Options{})
		s := open(t, c, spec.SystemConfig{})
		want := spec.Leftover{Processes: 2, Children: 1}
		if err := s.Run(func(spec.Frame) { a.last().left = want }); err != nil {
			t.Fatal(err)
		}
		if left, err := s.Close(); err != nil || left != want || !c.Healthy() {
			t.Errorf("Close = %+v, %v", left, err)
		}
	})
}

func TestMistakesInAFunc(t *testing.T) {
	for name, mistake := range map[string]struct {
		do   func(f spec.Frame)
		want string
	}{
		"panic":    {func(spec.Frame) { panic("oh dear") }, "callback panicked: oh dear"},
		"Goexit":   {func(spec.Frame) { runtime.Goexit() }, "runtime.Goexit"},
		"not UTF8": {func(f spec.Frame) { f.Do(call("new", "x", "\xff")) }, "not UTF-8"},
		"two operations at once": {func(f spec.Frame) {
			second := make(chan struct{})
			go func() {
				defer close(second)
				for f.Do(call("pause", 1)).Status != spec.Aborted {
				}
			}()
			f.Do(call("pause", 2))
			<-second
		}, "already has an open operation"},
	} {
		for _, outermost := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, outermost %v", name, outermost), func(t *testing.T) {
				c := connect(t, newFake(), Options{PingTimeout: time.Second})
				s := open(t, c, spec.SystemConfig{})
				body := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value { mistake.do(f); return nil })
				err := s.Run(func(f spec.Frame) {
					if outermost {
						mistake.do(f)
						return
					}
					f.Do(call("process-run-function", "p", nil, body))
					if got := f.Do(call("pause", 1)); got.Status != spec.Aborted {
						t.Errorf("the outermost frame's pause = %v", got)
					}
				})
				var broken *spec.Broken
				if !errors.As(err, &broken) || !strings.Contains(err.Error(), mistake.want) {
					t.Errorf("Run = %v, want %q", err, mistake.want)
				}
				if left, _ := s.Close(); !left.Unclean || c.Healthy() {
					t.Errorf("Close = %+v", left)
				}
			})
		}
	}
}

func TestClientCloseGivesUpWhatRuns(t *testing.T) {
	c := connect(t, newFake(), Options{})
	s := open(t, c, spec.SystemConfig{})
	err := s.Run(func(f spec.Frame) {
		go c.Close()
		if got := f.Do(call("pause", 1)); got.Status != spec.Aborted {
			t.Errorf("pause = %v", got)
		}
	})
	var broken *spec.Broken
	if !errors.As(err, &broken) || !strings.Contains(err.Error(), "closed the adapter") || c.Healthy() {
		t.Errorf("Run = %v", err)
	}
}
