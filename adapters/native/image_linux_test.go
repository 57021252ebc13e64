package native

import (
	"testing"

	"github.com/mpcheck/mpcheck/adapters/internal/scenes"
	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// stage is a test whose native is a process of its own, which can launch images.
type stage struct{ scenes.Scene[*stage] }

func imageOn(f spec.Frame, t *testing.T, s spec.System) *stage {
	return &stage{scenes.In(f, t, s, func(f spec.Frame) *stage { return imageOn(f, t, s) })}
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
	if err := s.Run(func(f spec.Frame) { test(imageOn(f, t, s)) }); err != nil {
		t.Errorf("run: %v", err)
	}
	if left, err := s.Close(); err != nil || left.Unclean || !adapter.Healthy() {
		t.Errorf("close: %v, %+v", err, left)
	}
}

// fresh launches an image as it comes.
func (c *stage) fresh() spec.Value {
	c.T.Helper()
	return c.Must(c.Launch(nil))
}

// does types code in and waits until it has returned.
func (c *stage) does(image spec.Value, do func(p *stage)) {
	c.T.Helper()
	board := c.MakeBoard().Primary()
	c.TypeIn(image, c.Code(func(p *stage, _ []spec.Value) {
		do(p)
		p.BoardPost(board, "done")
	}))
	c.Is(c.BoardAwait(board, 1, 20), "t")
}

func TestFreshImage(t *testing.T) {
	staged(t, nil, func(c *stage) {
		image := c.fresh()
		c.does(image, func(p *stage) {
			p.Is(p.GetCurrentProcess(), "nil")
			p.Is(p.GlobalValue(initialProcesses), "nil")
			if spec.ProcessOf(p.Frame) != nil || spec.ImageOf(p.Frame) != 1 {
				t.Errorf("the initial thread is %v in image %d", spec.ProcessOf(p.Frame), spec.ImageOf(p.Frame))
			}
			p.Fails(p.ProcessRunFunction("p", nil, p.MakeFunction(p.Code(func(*stage, []spec.Value) {})).Primary()), "simple-error")
			p.Fails(p.CurrentProcessKill(), "simple-error")
		})
		c.does(c.fresh(), func(p *stage) {
			if spec.ImageOf(p.Frame) != 2 {
				t.Errorf("the second image is %d", spec.ImageOf(p.Frame))
			}
		})
		c.Is(c.ImageWait(image, 0), "nil")
		c.TypeIn(image, c.Code(func(p *stage, _ []spec.Value) {
			if ret := p.Quit(key.Status(3)); ret.Status != spec.Gone {
				t.Errorf("quit: %v", ret)
			}
		}))
		c.Is(c.ImageWait(image, nil), "t")
		c.Is(c.TypeIn(image, c.Code(func(*stage, []spec.Value) {})), "nil")
	})
}

// function is a function of code that is given no arguments.
func (c *stage) function(do func(p *stage)) spec.Value {
	return c.Must(c.MakeFunction(c.Code(func(p *stage, _ []spec.Value) { do(p) })))
}

// posts waits for so many entries, and checks them.
func (c *stage) posts(board spec.Value, n int, want string) {
	c.T.Helper()
	c.Is(c.BoardAwait(board, n, 20), "t")
	c.Is(c.BoardRead(board), want)
}

// name is the name of the current process, nil for none.
func (c *stage) name() spec.Value {
	self := c.GetCurrentProcess().Primary()
	if !spec.Truth(self) {
		return self
	}
	return c.Must(c.ProcessName(self))
}

func element(name string, function spec.Value, args ...any) any {
	return append([]any{name, nil, function}, args...)
}

func TestMultiprocessingBeginsAndEnds(t *testing.T) {
	staged(t, nil, func(c *stage) {
		image, board := c.fresh(), c.MakeBoard().Primary()
		c.does(image, func(p *stage) {
			runs := p.Code(func(p *stage, args []spec.Value) { p.BoardPost(board, spec.NewList(append(args, p.name())...)) })
			f := p.Must(p.MakeFunction(runs))
			p.SetGlobalValue(initialProcesses, []any{element("one", f, 1), 7, element("two", f, 2)})
			p.Is(p.InitializeMultiprocessing("main", nil, f, 3), "nil")
			p.Is(p.GetCurrentProcess(), "nil")
			p.Fails(p.ProcessRunFunction("p", nil, f), "simple-error")
		})
		entries, _ := spec.Items(c.BoardRead(board).Primary())
		seen := map[string]bool{}
		for _, e := range entries {
			seen[e.String()] = true
		}
		if len(entries) != 3 || !seen[`(1 "one")`] || !seen[`(2 "two")`] || !seen[`(3 "main")`] {
			t.Errorf("what ran: %v", entries)
		}
	})
}

func TestDefaultListener(t *testing.T) {
	staged(t, nil, func(c *stage) {
		image, board := c.fresh(), c.MakeBoard().Primary()
		c.TypeIn(image, c.Code(func(p *stage, _ []spec.Value) {
			p.InitializeMultiprocessing()
			p.BoardPost(board, "returned")
		}))
		c.does(image, func(p *stage) {
			p.BoardPost(board, p.name())
			p.Fails(p.InitializeMultiprocessing(), "simple-error")
		})
		c.TypeIn(image, c.Code(func(p *stage, _ []spec.Value) { p.SignalError("an error leaves the form") }))
		c.does(image, func(p *stage) { p.BoardPost(board, p.name()) })
		c.TypeIn(image, c.Code(func(p *stage, _ []spec.Value) { p.CurrentProcessKill() }))
		c.posts(board, 3, `("default listener" "default listener" "returned")`)
		c.does(image, func(p *stage) { p.Is(p.GetCurrentProcess(), "nil") })
	})
}

func TestQuitEndsProcesses(t *testing.T) {
	staged(t, nil, func(c *stage) {
		image, board := c.fresh(), c.MakeBoard().Primary()
		c.TypeIn(image, c.Code(func(p *stage, _ []spec.Value) {
			gate := p.MakeGate().Primary()
			waits := p.function(func(p *stage) {
				p.EnsureProcessCleanup(p.function(func(p *stage) { p.BoardPost(board, spec.NewList(spec.String("cleanup"), p.name())) }))
				p.BoardPost(board, "waits")
				p.GateWait(gate)
			})
			quits := p.function(func(p *stage) {
				p.BoardAwait(board, 1, nil)
				p.Quit()
				p.BoardPost(board, "quit returned")
			})
			p.SetGlobalValue(initialProcesses, []any{element("waits", waits), element("quits", quits)})
			if ret := p.InitializeMultiprocessing(); ret.Status != spec.Gone {
				t.Errorf("initialize-multiprocessing where somebody quits: %v", ret)
			}
		}))
		c.Is(c.ImageWait(image, nil), "t")
		c.Is(c.BoardRead(board), `("waits" ("cleanup" "waits"))`)
	})
}

// With the liberty quit-ends-caller the one that quits is ended as well, after the others.
func TestQuitEndsCaller(t *testing.T) {
	staged(t, []string{"quit-ends-caller"}, func(c *stage) {
		image, board := c.fresh(), c.MakeBoard().Primary()
		c.TypeIn(image, c.Code(func(p *stage, _ []spec.Value) {
			gate := p.MakeGate().Primary()
			cleans := func(p *stage) {
				p.EnsureProcessCleanup(p.function(func(p *stage) { p.BoardPost(board, spec.NewList(spec.String("cleanup"), p.name())) }))
			}
			waits := p.function(func(p *stage) {
				cleans(p)
				p.BoardPost(board, "waits")
				p.GateWait(gate)
			})
			quits := p.function(func(p *stage) {
				cleans(p)
				p.BoardAwait(board, 1, nil)
				if ret := p.Quit(); ret.Status != spec.Gone {
					t.Errorf("quit: %v", ret)
				}
			})
			p.SetGlobalValue(initialProcesses, []any{element("waits", waits), element("quits", quits)})
			p.InitializeMultiprocessing()
		}))
		c.Is(c.ImageWait(image, nil), "t")
		c.Is(c.BoardRead(board), `("waits" ("cleanup" "waits") ("cleanup" "quits"))`)
	})
}

func TestSavedImage(t *testing.T) {
	variable, name := spec.Symbol{Package: "T", Name: "*V*"}, spec.Symbol{Package: "T", Name: "F"}
	staged(t, nil, func(c *stage) {
		path, board := c.FilePrepare().Nth(1), c.MakeBoard().Primary()
		c.does(c.fresh(), func(p *stage) {
			p.Defun(name, p.Code(func(p *stage, _ []spec.Value) { p.BoardPost(board, spec.NewList(spec.String("named"), p.name())) }))
			data := p.Must(p.New(spec.Keyword("cons"), 1, p.function(func(p *stage) { p.BoardPost(board, "held") })))
			p.SetGlobalValue(variable, []any{data, "text", data})
			p.SetGlobalValue(initialProcesses, []any{element("server", name)})
			p.Is(p.SaveImage(path, key.RestartFunction(theInitializer), key.Environment(nil), key.Remarks("a server")), "nil")
		})
		c.Is(c.ImageWait(c.Launch(path).Primary(), nil), "t")
		c.posts(board, 1, `(("named" "server"))`)
		c.Is(c.ImageWait(c.Launch(path, "-multiprocessing").Primary(), nil), "t")
		c.posts(board, 2, `(("named" "server") ("named" "server"))`)
		c.does(c.fresh(), func(p *stage) {
			p.Fails(p.SymbolValue(variable), "unbound-variable")
			p.Is(p.SaveImage(path), "nil")
		})
		c.does(c.Must(c.Launch(path)), func(p *stage) { p.Is(p.GetCurrentProcess(), "nil") })
		c.does(c.fresh(), func(p *stage) {
			data := p.Must(p.New(spec.Keyword("cons"), 1, p.function(func(p *stage) { p.BoardPost(board, "held") })))
			p.SetGlobalValue(variable, []any{data, "text", data})
			p.SaveImage(path, key.RestartFunction(p.function(func(p *stage) {
				value, _ := spec.Items(p.SymbolValue(variable).Primary())
				if len(value) != 3 || !spec.Eql(value[0], value[2]) || value[0].(spec.Ref).ID[:1] != "i" {
					t.Errorf("what was saved is restored as %v", value)
				}
			})))
		})
		c.does(c.Must(c.Launch(path)), func(*stage) {})
		c.Fails(c.Launch(c.FilePrepare("no image").Nth(1)), "file-error")
		c.Fails(c.Launch("/nowhere/image"), "file-error")
		c.Fails(c.SaveImage(path), "simple-error")
	})
}

func TestDelivered(t *testing.T) {
	staged(t, nil, func(c *stage) {
		path, board := c.FilePrepare().Nth(1), c.MakeBoard().Primary()
		for _, how := range []struct {
			keys []any
			want string
		}{
			{nil, `(nil "simple-error" "simple-error")`},
			{[]any{key.Multiprocessing(spec.Keyword("manual"))}, `(nil "simple-error" nil)`},
			{[]any{key.Multiprocessing(true)}, `("main" nil "simple-error")`},
		} {
			board := c.MakeBoard().Primary()
			c.does(c.fresh(), func(p *stage) {
				told := func(ret spec.Return) spec.Value {
					if ret.Status == spec.Signalled {
						return spec.String(ret.Condition.Type)
					}
					return spec.Nil{}
				}
				p.SetGlobalValue(initialProcesses, []any{element("server", p.function(func(*stage) {}))})
				p.Is(p.Deliver(p.function(func(p *stage) {
					child := p.ProcessRunFunction("child", nil, p.function(func(*stage) {}))
					p.BoardPost(board, spec.NewList(p.name(), told(child), told(p.InitializeMultiprocessing())))
				}), path, 5, how.keys...), "nil")
			})
			c.Is(c.ImageWait(c.Launch(path).Primary(), nil), "t")
			c.posts(board, 1, "("+how.want+")")
		}
		c.Is(c.BoardRead(board), "nil")
	})
}

// What a case leaves is ended with it: images that wait, for ever or for each other, and what these have launched.
func TestImagesAreLeft(t *testing.T) {
	staged(t, nil, func(c *stage) {
		board := c.MakeBoard().Primary()
		for range 2 {
			c.TypeIn(c.fresh(), c.Code(func(p *stage, _ []spec.Value) {
				other := p.fresh()
				p.TypeIn(other, p.Code(func(p *stage, _ []spec.Value) {
					p.BoardPost(board, "there")
					p.BoardAwait(board, 99, nil)
				}))
				p.TypeIn(p.fresh(), p.Code(func(p *stage, _ []spec.Value) {
					p.BoardPost(board, "there")
					p.GateWait(p.MakeGate().Primary())
				}))
				p.GateWait(p.MakeGate().Primary())
			}))
		}
		c.posts(board, 4, `("there" "there" "there" "there")`)
	})
}

// Who waits for an image, or for multiprocessing to end, is woken by a kill.
func TestKillWakesWhoeverWaitsForImages(t *testing.T) {
	staged(t, []string{"begun-again-waits"}, func(c *stage) {
		killed := func(c *stage, wait func(p *stage) spec.Return) {
			board := c.MakeBoard().Primary()
			p := c.Must(c.ProcessRunFunction("waits", nil, c.function(func(p *stage) {
				p.EnsureProcessCleanup(p.function(func(p *stage) { p.BoardPost(board, "cleanup") }))
				p.BoardPost(board, "waits")
				if ret := wait(p); ret.Status != spec.Gone {
					t.Errorf("a wait whose process is killed: %v", ret)
				}
			})))
			c.Is(c.BoardAwait(board, 1, 20), "t")
			c.ProcessKill(p)
			c.Is(c.ProcessJoin(p), "t")
			c.posts(board, 2, `("waits" "cleanup")`)
		}
		image := c.fresh()
		killed(c, func(p *stage) spec.Return { return p.ImageWait(image, nil) })
		killed(c, func(p *stage) spec.Return { return p.InitializeMultiprocessing() })
		c.TypeIn(image, c.Code(func(p *stage, _ []spec.Value) { p.InitializeMultiprocessing() }))
		c.does(image, func(p *stage) { killed(p, func(p *stage) spec.Return { return p.InitializeMultiprocessing() }) })
	})
}

func TestLaunchNeedsAHarness(t *testing.T) {
	live(t, func(c *scene) { c.Fails(c.Launch(nil), spec.OutOfResources) })
}
