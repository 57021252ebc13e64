package kit

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/mpcheck/mpcheck/spec"
)

type closing struct {
	log *notes
	who string
}

func (x closing) Close() error {
	x.log.Add("%s closed", x.who)
	return nil
}

// What a system has open is closed with it, and children that are left are counted and ended.
func TestWhatIsLeftIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log notes
		left := with(t, map[string]Operation{"mailbox-peek": func(f *Frame, _ spec.Call) ([]spec.Value, error) {
			s := f.System()
			s.AtClose(closing{&log, "file"})
			s.AtClose(closing{&log, "other"})
			s.NotAtClose(closing{&log, "other"})
			ended := s.Started(func() error { log.Add("an ended child is ended"); return nil })
			ended()
			return One(spec.Nil{}), nil
		}, "mailbox-count": func(f *Frame, _ spec.Call) ([]spec.Value, error) {
			f.System().Started(func() error { log.Add("child ended"); return nil })
			return One(spec.Nil{}), nil
		}}, func(c *scene) {
			c.MailboxPeek(nil)
			log.Are(t)
		})
		log.Are(t, "file closed")
		if left != (spec.Leftover{}) {
			t.Errorf("it left %+v", left)
		}
		left = with(t, map[string]Operation{"mailbox-count": func(f *Frame, _ spec.Call) ([]spec.Value, error) {
			f.System().Started(func() error { log.Add("child ended"); return nil })
			return One(spec.Nil{}), nil
		}}, func(c *scene) {
			c.MailboxCount(nil)
			c.MailboxCount(nil)
		})
		log.Are(t, "file closed", "child ended", "child ended")
		if left != (spec.Leftover{Children: 2}) {
			t.Errorf("it left %+v", left)
		}
	})
}

// What comes when a system is closed already is closed all the same.
func TestWhatComesLateIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log notes
		s := open(t, spec.SystemConfig{})
		closed(t, s)
		s.Lock()
		s.AtClose(closing{&log, "file"})
		s.Started(func() error { log.Add("child ended"); return nil })
		s.Unlock()
		settle()
		log.AreSorted(t, "child ended", "file closed")
	})
}

// A system that can't be opened leaves nothing behind, and no hook hears of it.
func TestWhatFailsToOpenIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log notes
		i := toy
		i.Hooks.Closing = func(*System) int { log.Add("closing"); return 0 }
		i.Open = func(s *System) error {
			s.Lock()
			defer s.Unlock()
			s.AtClose(closing{&log, "file"})
			return errors.New("no room")
		}
		if _, err := adapterOf(t, i).Open(context.Background(), spec.SystemConfig{}); err == nil {
			t.Error("it was opened")
		}
		log.Are(t, "file closed")
	})
}
