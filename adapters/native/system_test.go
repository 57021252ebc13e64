package native

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

func TestHandshake(t *testing.T) {
	h := New().Handshake()
	if err := h.Validate(); err != nil {
		t.Fatal(err)
	}
	h.Operations["made up"] = spec.Native
	if New().Handshake().Offers("made up") {
		t.Error("handshakes share their operations")
	}
}

// A panic ends its process like an error that nobody handles, and breaks the run.
func TestPanic(t *testing.T) {
	for name, test := range map[string]func(c *scene, log *notes){
		"in a process": func(c *scene, log *notes) {
			p := c.Spawn(func(c *scene) {
				c.EnsureProcessCleanup(c.Function(func(*scene, []spec.Value) { log.Add("cleanup") }))
				panic("oops")
			})
			c.Is(c.ProcessJoin(p), "t")
			log.Add("goes on")
		},
		"in a nested frame": func(c *scene, log *notes) {
			p := c.Spawn(func(c *scene) {
				c.EnsureProcessCleanup(c.Function(func(*scene, []spec.Value) { log.Add("cleanup") }))
				if got := c.Funcall(c.Function(func(*scene, []spec.Value) { panic("oops") })); got.Status != spec.Gone {
					c.T.Errorf("the caller got %s", got)
				}
			})
			c.Is(c.ProcessJoin(p), "t")
			log.Add("goes on")
		},
		"in a cleanup form": func(c *scene, log *notes) {
			p := c.Spawn(func(c *scene) {
				c.EnsureProcessCleanup(c.Function(func(*scene, []spec.Value) { panic("oops") }))
				c.EnsureProcessCleanup(c.Function(func(*scene, []spec.Value) { log.Add("cleanup") }))
			})
			c.Is(c.ProcessJoin(p), "t")
			log.Add("goes on")
		},
		"in the outermost frame": func(c *scene, log *notes) {
			c.EnsureProcessCleanup(c.Function(func(*scene, []spec.Value) { log.Add("cleanup") }))
			defer log.Add("goes on")
			panic("oops")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log notes
				s := open(t, spec.SystemConfig{})
				err := s.Run(func(f spec.Frame) { test(on(f, t, s), &log) })
				var broken *spec.Broken
				if !errors.As(err, &broken) || !strings.Contains(err.Error(), "oops") {
					t.Errorf("run: %v", err)
				}
				if name == "in the outermost frame" {
					log.Are(t, "goes on", "cleanup")
				} else {
					log.Are(t, "cleanup", "goes on")
				}
				closed(t, s)
			})
		})
	}
}

// A Func that ends its goroutine breaks the run, and its process ends all the same.
func TestGoexit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log notes
		s := open(t, spec.SystemConfig{})
		err := s.Run(func(f spec.Frame) {
			c := on(f, t, s)
			p := c.Spawn(func(c *scene) {
				c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) { log.Add("cleanup %s", c.Eq(1, 1)) }))
				c.Funcall(c.Function(func(*scene, []spec.Value) { runtime.Goexit() }))
				log.Add("it returned")
			})
			c.Is(c.ProcessJoin(p), "t")
		})
		if err == nil || !strings.Contains(err.Error(), "Goexit") {
			t.Errorf("run: %v", err)
		}
		log.Are(t, "cleanup t")
		closed(t, s)
	})
}

// A process that the case has just let go isn't said to be left behind.
func TestCloseLetsProcessesEnd(t *testing.T) {
	for range 100 {
		bubble(t, func(c *scene) {
			_, gate := c.Gated()
			c.GateOpen(gate)
		})
	}
}

// labels is a recorder; Record needs no lock, which the race detector checks.
type labels struct{ all []spec.Label }

func (l *labels) Record(label spec.Label) { l.all = append(l.all, label) }

func TestRecorder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := &labels{}
		s := open(t, spec.SystemConfig{Recorder: rec})
		s.Run(func(f spec.Frame) {
			c := on(f, t, s)
			p := c.Spawn(func(c *scene) {
				c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) { c.Pause(1) }))
				c.Pause(nil)
				c.MakeLog()
				c.MakeLog()
			})
			synctest.Wait()
			c.ProcessKill(p)
			c.ProcessJoin(p)
			c.Do(spec.Call{Op: "build-library"})
		})
		closed(t, s)
		var frames [3][]string
		for _, l := range rec.all {
			text := map[spec.LabelKind]string{
				spec.CallLabel: "call " + l.Call.Op, spec.GoneLabel: "gone", spec.LeaveLabel: "leave",
				spec.ReturnLabel: "return " + l.Return.Status.String(), spec.EnterLabel: "enter",
			}[l.Kind]
			frames[l.Frame] = append(frames[l.Frame], text)
		}
		for i, want := range []string{
			"enter, call make-function, return returned, call process-run-function, return returned, " +
				"call process-kill, return returned, call process-join, return returned, call build-library, return absent, leave",
			"enter, call make-function, return returned, call ensure-process-cleanup, return returned, " +
				"call pause, gone, leave",
			"enter, call pause, return returned, leave",
		} {
			if got := strings.Join(frames[i], ", "); got != want {
				t.Errorf("frame %d:\n got %s\nwant %s", i, got, want)
			}
		}
		if last := rec.all[len(rec.all)-1]; last.At != time.Second {
			t.Errorf("the last label is at %v, want 1s", last.At)
		}
	})
}

// Many systems, each with processes that do a bit of everything, and are killed at random.
func TestStress(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			rec := &labels{}
			choices := spec.Seeded(seed)
			s := open(t, spec.SystemConfig{Recorder: rec})
			err := s.Run(func(f spec.Frame) {
				c := on(f, t, s)
				m, cell := c.Ref(c.MakeMailbox(key.Size(1))), c.Ref(c.MakeCell(0))
				var all []spec.Ref
				for i := range 12 {
					all = append(all, c.Spawn(func(c *scene) {
						c.EnsureProcessCleanup(c.Function(func(c *scene, _ []spec.Value) {
							c.MailboxSend(m, "cleanup")
							c.CurrentProcessKill()
						}))
						switch i % 4 {
						case 0:
							for n := range 20 {
								c.MailboxSendLimited(m, n, 2, 1)
							}
						case 1:
							for range 20 {
								c.MailboxRead(m, nil, 1)
							}
						case 2:
							c.UnwindProtect(c.Code(func(c *scene, _ []spec.Value) {
								c.Await(spec.CellIs(cell, 7), 2)
							}), c.Code(func(c *scene, _ []spec.Value) { c.CellSet(cell, i) }))
						case 3:
							c.HandlerCase(c.Code(func(c *scene, _ []spec.Value) {
								c.CellSet(cell, 7)
								c.SignalError("boom")
							}), c.Code(func(c *scene, _ []spec.Value) { c.ProcessWaitForEvent() }))
						}
					}))
				}
				for range 20 {
					p := all[choices.Choose(len(all))]
					c.ProcessSend(p, 1)
					if choices.Choose(2) == 0 {
						c.ProcessKill(p)
					} else {
						c.Pause(spec.NewRatio(1, 10))
					}
				}
				for _, p := range all {
					c.ProcessKill(p)
					c.Is(c.ProcessJoin(p), "t")
				}
				c.Is(c.ProcessesCount(), "1")
			})
			if left := closed(t, s); err != nil || left != (spec.Leftover{}) {
				t.Errorf("seed %d: run: %v, left %+v", seed, err, left)
			}
			checkLabels(t, rec.all)
		})
	}
}

// checkLabels checks that each frame enters once, first, has one operation open at a time,
// and leaves once, last, with none open.
func checkLabels(t *testing.T, all []spec.Label) {
	t.Helper()
	type state struct{ entered, open, left bool }
	frames := map[int]*state{}
	for i, l := range all {
		f := frames[l.Frame]
		if f == nil {
			if f = new(state); l.Frame != len(frames) {
				t.Errorf("label %d: frame %d entered after %d others", i, l.Frame, len(frames))
			}
			frames[l.Frame] = f
		}
		good := f.entered && !f.left
		switch l.Kind {
		case spec.EnterLabel:
			good, f.entered = !f.entered, true
		case spec.CallLabel:
			good, f.open = good && !f.open, true
		case spec.ReturnLabel, spec.GoneLabel:
			good, f.open = good && f.open, false
		case spec.LeaveLabel:
			good, f.left = good && !f.open, true
		}
		if !good {
			t.Fatalf("label %d of frame %d is out of place: %+v", i, l.Frame, l)
		}
	}
	for n, f := range frames {
		if !f.left {
			t.Errorf("frame %d was never left", n)
		}
	}
}
