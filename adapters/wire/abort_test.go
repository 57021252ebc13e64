package wire

import (
	"context"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestAbort(t *testing.T) {
	t.Run("while an operation is open", func(t *testing.T) {
		c := connect(t, newFake(), Options{})
		s := open(t, c, spec.SystemConfig{})
		err := s.Run(func(f spec.Frame) {
			go s.Abort()
			for range 2 {
				if got := f.Do(call("pause", 1)); got.Status != spec.Aborted {
					t.Errorf("pause = %v", got)
				}
			}
		})
		left, closing := s.Close()
		if err != nil || closing != nil || left.Unclean {
			t.Errorf("Run: %v; Close: %+v, %v", err, left, closing)
		}
		if !c.Healthy() {
			t.Error("an abort that went well leaves the adapter healthy")
		}
	})
	t.Run("before Run", func(t *testing.T) {
		s := open(t, connect(t, newFake(), Options{}), spec.SystemConfig{})
		s.Abort()
		s.Abort()
		if err := s.Run(func(f spec.Frame) {
			if got := f.Do(call("eq", 1, 1)); got.Status != spec.Aborted {
				t.Errorf("eq = %v", got)
			}
		}); err != nil {
			t.Error(err)
		}
		if _, err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("other frames go on", func(t *testing.T) {
		s := open(t, connect(t, newFake(), Options{}), spec.SystemConfig{})
		result := make(chan spec.Return, 1)
		body := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
			s.Abort()
			result <- f.Do(call("eq", 1, 1))
			return nil
		})
		if err := s.Run(func(f spec.Frame) {
			f.Do(call("process-run-function", "p", nil, body))
			f.Do(call("pause", 1))
		}); err != nil {
			t.Error(err)
		}
		if got := <-result; got.Status != spec.Returned {
			t.Errorf("eq in another process = %v", got)
		}
		if _, err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("an operation of the harness", func(t *testing.T) {
		started := make(chan struct{})
		c := connect(t, newFake(), Options{Harness: func(ctx context.Context, system string, call spec.Call) spec.Return {
			close(started)
			<-ctx.Done()
			return spec.Values(spec.True{})
		}})
		s := open(t, c, spec.SystemConfig{})
		go func() { <-started; s.Abort() }()
		if err := s.Run(func(f spec.Frame) {
			if got := f.Do(call("child-await", 1, 2)); got.Status != spec.Aborted {
				t.Errorf("child-await = %v", got)
			}
		}); err != nil {
			t.Error(err)
		}
		s.Close()
	})
}
