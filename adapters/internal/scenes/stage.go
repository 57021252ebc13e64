package scenes

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

type actor[C any] interface{ scene() *Scene[C] }

// A Stage is an adapter whose scenes are C. All of its fields are set.
type Stage[C actor[C]] struct {
	// Open opens a fresh system.
	Open func(t *testing.T, cfg spec.SystemConfig) spec.System
	// Scene is that of a frame of a system that Open has opened.
	Scene func(f spec.Frame, t *testing.T, s spec.System) C
	// EndOthers ends the processes that live beside that of c.
	EndOthers func(c C)
}

// Closed closes a system, which must not fail.
func Closed(t *testing.T, s spec.System) spec.Leftover {
	t.Helper()
	left, err := s.Close()
	if err != nil {
		t.Errorf("close: %v", err)
	}
	return left
}

// Bubble runs a test as the outermost frame of a fresh system in a synctest bubble, where
// time is virtual and synctest.Wait exact. The bubble fails where a goroutine is left.
func (st Stage[C]) Bubble(t *testing.T, test func(c C)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { st.Live(t, test) })
}

// Live is Bubble in real time, for real children.
func (st Stage[C]) Live(t *testing.T, test func(c C)) {
	t.Helper()
	s := st.Open(t, spec.SystemConfig{})
	if err := s.Run(func(f spec.Frame) { test(st.Scene(f, t, s)) }); err != nil {
		t.Errorf("run: %v", err)
	}
	if left := Closed(t, s); left != (spec.Leftover{}) {
		t.Errorf("the test left %+v", left)
	}
}

// tries calls what waits for ever, and then an operation of a process that has been left.
func tries[C actor[C]](c C, log *Notes, call func(c C) spec.Return) {
	log.Add("%s", call(c))
	log.Add("%s", c.scene().MakeLog())
}

// Killed checks that a kill reaches who waits in a call, that its process is dead then, and that nothing works in it afterwards.
func (st Stage[C]) Killed(t *testing.T, call func(c C) spec.Return) {
	st.Bubble(t, func(outermost C) {
		var log Notes
		c := outermost.scene()
		p := c.Spawn(func(c C) { tries(c, &log, call) })
		synctest.Wait()
		log.Are(t)
		c.ProcessKill(p)
		c.Is(c.ProcessJoin(p), "t")
		c.Is(c.ProcessAliveP(p), "nil")
		log.Are(t, "gone", "gone")
		synctest.Wait()
		st.EndOthers(outermost)
	})
}

// Aborted checks the same of a case that is given up while its outermost process waits in a call.
func (st Stage[C]) Aborted(t *testing.T, call func(c C) spec.Return) {
	synctest.Test(t, func(t *testing.T) {
		var log Notes
		s := st.Open(t, spec.SystemConfig{})
		go func() {
			synctest.Wait()
			log.Are(t)
			s.Abort()
		}()
		err := s.Run(func(f spec.Frame) { tries(st.Scene(f, t, s), &log, call) })
		log.Are(t, "aborted", "aborted")
		if left := Closed(t, s); err != nil || left.Unclean {
			t.Errorf("run: %v, left %+v", err, left)
		}
	})
}

// Closed checks the same of a system that is closed while a process waits in a call, and that the process is counted as left, once.
func (st Stage[C]) Closed(t *testing.T, call func(c C) spec.Return) {
	synctest.Test(t, func(t *testing.T) {
		var log Notes
		s := st.Open(t, spec.SystemConfig{})
		if err := s.Run(func(f spec.Frame) {
			st.Scene(f, t, s).scene().Spawn(func(c C) { tries(c, &log, call) })
		}); err != nil {
			t.Errorf("run: %v", err)
		}
		left := Closed(t, s)
		log.Are(t, "gone", "gone")
		if left.Processes < 1 || left.Children > 0 || left.Unclean {
			t.Errorf("it left %+v", left)
		}
		if again := Closed(t, s); again != (spec.Leftover{}) {
			t.Errorf("the second close ended %+v", again)
		}
	})
}

// Watched checks that the watchdog says which operation of the outermost process is stuck, and for what which process waits - mail is how
// that of a read begins -, and that the time which an operation was asked to wait isn't the watchdog's.
func (st Stage[C]) Watched(t *testing.T, mail string) {
	synctest.Test(t, func(t *testing.T) {
		var log Notes
		s := st.Open(t, spec.SystemConfig{Watchdog: time.Minute})
		begin := time.Now()
		err := s.Run(func(f spec.Frame) {
			c := st.Scene(f, t, s).scene()
			c.Spawn(func(c C) { c.scene().MailboxRead(c.scene().Ref(c.scene().MakeMailbox())) })
			log.Add("%s", c.Pause(90))
			log.Add("%s", c.GateWait(c.Ref(c.MakeGate())))
			log.Add("%s", c.MakeLog())
		})
		log.Are(t, "nil", "aborted", "aborted")
		var stuck *spec.Stuck
		if !errors.As(err, &stuck) || stuck.Op != "gate-wait" || stuck.Proven {
			t.Fatalf("run: %v", err)
		}
		if waits := strings.Join(stuck.Waits, "\n"); !strings.Contains(waits, `"outermost" waits for #<gate`) || !strings.Contains(waits, `"p" waits for `+mail) {
			t.Errorf("waits:\n%s", waits)
		}
		if waited := time.Since(begin); waited != 150*time.Second {
			t.Errorf("it waited %v", waited)
		}
		if left := Closed(t, s); left.Processes != 1 {
			t.Errorf("it left %+v", left)
		}
	})
}
