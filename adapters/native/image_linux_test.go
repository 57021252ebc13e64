package native

import (
	"testing"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// stage is a test whose native is a process of its own, which can launch images.
type stage struct {
	scene
	system spec.System
}

// staged runs a test as the outermost frame of such an adapter, which takes liberties.
func staged(t *testing.T, liberties []string, test func(c *stage)) {
	t.Helper()
	self, err := remote.Self()
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := remote.Start(t.Context(), remote.Options{Command: append([]string{self, "serve-native"}, liberties...)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := adapter.Close(); err != nil {
			t.Error(err)
		}
	}()
	s, err := adapter.Open(t.Context(), spec.SystemConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(func(f spec.Frame) { test(&stage{scene{spec.API{Frame: f}, t, nil}, s}) }); err != nil {
		t.Errorf("run: %v", err)
	}
	if left, err := s.Close(); err != nil || left.Unclean || !adapter.Healthy() {
		t.Errorf("close: %v, %+v", err, left)
	}
}

// code makes a callback.
func (c *stage) code(do func(p *stage, args []spec.Value)) spec.Callback {
	return c.system.Register(func(f spec.Frame, args []spec.Value) []spec.Value {
		do(&stage{scene{spec.API{Frame: f}, c.t, nil}, c.system}, args)
		return nil
	})
}

// fresh launches an image as it comes.
func (c *stage) fresh() spec.Value {
	c.t.Helper()
	return c.must(c.Launch(nil))
}

// does types code in and waits until it has returned.
func (c *stage) does(image spec.Value, do func(p *stage)) {
	c.t.Helper()
	board := c.MakeBoard().Primary()
	c.TypeIn(image, c.code(func(p *stage, _ []spec.Value) {
		do(p)
		p.BoardPost(board, "done")
	}))
	c.is(c.BoardAwait(board, 1, 20), "t")
}

func TestFreshImage(t *testing.T) {
	staged(t, nil, func(c *stage) {
		image := c.fresh()
		c.does(image, func(p *stage) {
			p.is(p.GetCurrentProcess(), "nil")
			p.is(p.GlobalValue(initialProcesses), "nil")
			if spec.ProcessOf(p.Frame) != nil || spec.ImageOf(p.Frame) != 1 {
				t.Errorf("the initial thread is %v in image %d", spec.ProcessOf(p.Frame), spec.ImageOf(p.Frame))
			}
			p.fails(p.ProcessRunFunction("p", nil, p.MakeFunction(p.code(func(*stage, []spec.Value) {})).Primary()), "simple-error")
			p.fails(p.CurrentProcessKill(), "simple-error")
		})
		c.does(c.fresh(), func(p *stage) {
			if spec.ImageOf(p.Frame) != 2 {
				t.Errorf("the second image is %d", spec.ImageOf(p.Frame))
			}
		})
		c.is(c.ImageWait(image, 0), "nil")
		c.TypeIn(image, c.code(func(p *stage, _ []spec.Value) {
			if ret := p.Quit(key.Status(3)); ret.Status != spec.Gone {
				t.Errorf("quit: %v", ret)
			}
		}))
		c.is(c.ImageWait(image, nil), "t")
		c.is(c.TypeIn(image, c.code(func(*stage, []spec.Value) {})), "nil")
	})
}
