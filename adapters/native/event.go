package native

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Handling events (EVENT-GHE-0 to -7), and the operations that do so with what comes to the mailbox of their process.

// eventDecisions are those about handling events.
type eventDecisions struct {
	handled          reply // EVENT-GHE-7: the value of general-handle-event, nil: that of the code, or nil
	oddListPassed    bool  // EVENT-GHE-7: what can't be applied is no error
	oddEventsIgnored bool  // EVENT-WPE-2: what is no list
	allAtOnce        bool  // EVENT-PAE-1: all events are taken before the first is handled
	countsFirst      bool  // EVENT-PAE-1: those that come while others are handled are left there
	keepsMailbox     bool  // EVENT-PAE-1: the mailbox is that which the process had at the call
}

// handleEvent does what the class of an event says. A symbol that names no function, nil among them, is nothing that
// could be called, and neither is anything else.
func (f *frame) handleEvent(v spec.Value) ([]spec.Value, error) {
	s := f.sys
	list, isList := s.Structure(v).(spec.List)
	switch {
	case isList && spec.Equal(list, theEnd): // PROC-TERM-5
		return currentProcessKill(f, spec.NewCall("current-process-kill", nil))
	case isList && list.Dotted == nil:
		code, err := s.FunctionOf(list.Items[0])
		if err != nil {
			return f.passed(err)
		}
		return f.callFor(code, list.Items[1:])
	case isList:
		return f.passed(kit.TypeError("the event", v, "a proper list"))
	}
	if code, err := s.FunctionOf(v); err == nil {
		return f.callFor(code, nil)
	}
	if d, err := kit.Lookup[kit.Datum](s.System, "object", v); err == nil && s.methods[d.Kind] != 0 {
		return f.callFor(s.methods[d.Kind], []spec.Value{v})
	}
	return kit.One(spec.Nil{}), nil
}

func (f *frame) callFor(code spec.Callback, args []spec.Value) ([]spec.Value, error) {
	values, _ := f.Call(code, args)
	return values, nil
}

func (f *frame) passed(err error) ([]spec.Value, error) {
	if f.sys.decide.oddListPassed {
		return kit.One(spec.Nil{}), nil
	}
	return nil, err
}

func generalHandleEvent(f *frame, c spec.Call) ([]spec.Value, error) {
	values, err := f.handleEvent(c.Args[0])
	if err == nil && f.sys.decide.handled != nil {
		return f.sys.decide.handled()
	}
	return values, err
}

// defineEventHandler makes a method on the class of the objects that new makes of a type (EVENT-GHE-5).
func defineEventHandler(f *frame, c spec.Call) ([]spec.Value, error) {
	class, _ := c.Args[0].(spec.Symbol)
	if class != spec.Keyword("object") && class != spec.Keyword("structure") {
		return nil, kit.TypeError("the class", c.Args[0], ":object or :structure")
	}
	fn, err := kit.Lookup[kit.Function](f.sys.System, "function", c.Args[1])
	if err != nil {
		return nil, err
	}
	f.sys.methods[strings.ToLower(class.Name)] = fn.Code
	return kit.One(c.Args[0]), nil
}

// handling is a call that handles events of the mailbox of its process.
type handling struct {
	f       *frame
	mailbox *mailbox // that of the process at the call
	lists   bool     // other events may be ignored
	some    bool     // there was one
}

// next handles what the mailbox holds, an event or all of them; false where there is none.
func (h *handling) next() (more bool, err error) {
	f, s := h.f, h.f.sys
	if f.proc.standStill(); f.Over() {
		return false, nil
	}
	m := h.current()
	if m == nil {
		return false, nil
	}
	v, ok := s.take(m)
	if !ok {
		return false, nil
	}
	events := []spec.Value{v}
	for ok && s.decide.allAtOnce {
		if v, ok = s.take(m); ok {
			events = append(events, v)
		}
	}
	h.some = true
	for _, v := range events {
		if f.proc.standStill(); f.Over() {
			return false, nil
		}
		if _, list := s.Structure(v).(spec.List); !list && h.lists && s.decide.oddEventsIgnored {
			continue
		}
		if _, err := f.handleEvent(v); err != nil || f.Over() {
			return false, err
		}
	}
	return true, nil
}

func (h *handling) current() *mailbox {
	if h.f.sys.decide.keepsMailbox && h.mailbox != nil {
		return h.mailbox
	}
	return h.f.proc.mailbox
}

// processAllEvents handles what the mailbox of the process holds, and what comes meanwhile (EVENT-PAE-1).
func processAllEvents(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.current(c)
	if err != nil {
		return nil, err
	}
	h := &handling{f: f, mailbox: p.mailbox}
	most := math.MaxInt
	if f.sys.decide.countsFirst {
		if most = 0; p.mailbox != nil {
			most = len(p.mailbox.objects)
		}
	}
	for more := true; more && most > 0; most-- {
		if more, err = h.next(); err != nil {
			return nil, err
		}
	}
	return kit.One(spec.Bool(h.some)), nil
}

// waitProcessingEvents handles what comes until its wait function holds or its time is up (EVENT-WPE-1).
func waitProcessingEvents(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.current(c)
	if err != nil {
		return nil, err
	}
	limit, err := f.sys.TimeoutOf("the timeout", c.Args[0])
	if err != nil {
		return nil, err
	}
	enough, err := f.WaitFunction(kit.Keyword(c, "wait-function"))
	if err != nil {
		return nil, err
	}
	if p.mailbox == nil {
		p.makeMailbox()
	}
	h := &handling{f: f, mailbox: p.mailbox, lists: true}
	for began, after := time.Now(), limit.After; ; {
		m := h.current()
		if m == nil {
			p.makeMailbox()
			m = p.mailbox
		}
		stop := false
		ended := f.Wait(fmt.Sprintf("an event in mailbox %s", m), limit, func() bool {
			stop = enough()
			return stop || len(m.objects) > 0
		}, &m.readers, f.sys.Predicates())
		switch {
		case ended == kit.Over || f.Over():
			return nil, nil
		case ended == kit.Expired || stop:
			return kit.One(spec.Bool(stop)), nil
		}
		if _, err := h.next(); err != nil {
			return nil, err
		}
		limit.After = max(0, after-time.Since(began))
	}
}
