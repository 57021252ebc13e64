package kit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/mpcheck/mpcheck/spec"
)

func nothing(*Frame, spec.Call) ([]spec.Value, error) { return One(spec.Nil{}), nil }

// All is composed but what the author says is the host's.
func TestClaims(t *testing.T) {
	h := adapterOf(t, Implementation{
		Name:       "claims",
		Operations: map[string]Operation{"make-mailbox": nothing, "mailbox-read": nothing},
		Keywords:   []string{"make-mailbox :name", "make-mailbox :size"},
		Native:     []string{"mailbox-read", "make-mailbox :name"},
		Without:    []string{"signal-error"},
	}).Handshake()
	if err := h.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]spec.Claim{
		"make-mailbox": spec.Composed, "mailbox-read": spec.Native, "make-mailbox :name": spec.Native, "make-mailbox :size": spec.Composed,
		"process-run-function": spec.Composed, "make-log": spec.Composed, "signal-error": "", "mailbox-send": "",
	} {
		if h.Operations[name] != want {
			t.Errorf("%s is claimed as %q, want %q", name, h.Operations[name], want)
		}
	}
	h.Operations["made up"] = spec.Native
	if again := adapterOf(t).Handshake(); again.Offers("made up") || again.Version != "1" {
		t.Errorf("handshakes share their operations, or have no version: %+v", again)
	}
}

// A claim of what there is not is an error that says which.
func TestWrongClaims(t *testing.T) {
	for want, i := range map[string]Implementation{
		`"mailbox-reed"`:       {Name: "x", Operations: map[string]Operation{"mailbox-reed": nothing}},
		`"make-mailbox :sise"`: {Name: "x", Keywords: []string{"make-mailbox :sise"}},
		`"mailbox-read"`:       {Name: "x", Native: []string{"mailbox-read"}},
		`without "make-box"`:   {Name: "x", Without: []string{"make-box"}},
		"name is empty":        {},
		"lispworks-9":          {Name: "x", Profile: []string{"lispworks-9"}},
		`"child-prepare"`:      {Name: "x", Operations: map[string]Operation{"child-prepare": nothing}}, // the harness's
	} {
		if _, err := New(i); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want something about %s", err, want)
		}
	}
}

// An operation of the implementation's own is used instead of the kit's, and one that has processes gets none of the kit's.
func TestOwnOperations(t *testing.T) {
	i := Implementation{Name: "own", Operations: map[string]Operation{
		"eq":                   func(*Frame, spec.Call) ([]spec.Value, error) { return One(spec.Int(7)), nil },
		"process-run-function": nothing,
	}}
	h := adapterOf(t, i).Handshake()
	for name := range maps.Keys(Processes()) {
		if h.Offers(name) != (name == "process-run-function") {
			t.Errorf("%s is claimed as %q", name, h.Operations[name])
		}
	}
	with(t, map[string]Operation{"eq": i.Operations["eq"]}, func(c *scene) { c.Is(c.Eq(1, 2), "7") })
}

func TestErrorsOfOpen(t *testing.T) {
	no := errors.New("no room")
	i := toy
	i.Open = func(*System) error { return no }
	if _, err := adapterOf(t, i).Open(context.Background(), spec.SystemConfig{}); !errors.Is(err, no) {
		t.Errorf("got %v", err)
	}
	i.Open = func(s *System) error {
		s.Own = "mine"
		return nil
	}
	s, err := adapterOf(t, i).Open(context.Background(), spec.SystemConfig{})
	if err != nil || s.(*System).Own != "mine" {
		t.Errorf("got %v", err)
	}
	closed(t, s.(*System))
}

// What is claimed and isn't so may be answered by something else.
func TestNewClaiming(t *testing.T) {
	h := adapterOf(t).Handshake()
	h.Claim(spec.Native, "mailbox-size")
	i := toy
	i.Hooks.Instead = func(c spec.Call) (spec.Return, bool) { return spec.Values(spec.Int(9)), c.Op == "mailbox-size" }
	s, err := NewClaiming(h, i).Open(context.Background(), spec.SystemConfig{})
	if err != nil {
		t.Fatal(err)
	}
	s.Run(func(f spec.Frame) {
		c := on(f, t, s.(*System))
		c.Is(c.MailboxSize(nil), "9")
		c.Is(c.Eq(1, 1), "t")
	})
	closed(t, s.(*System))
}

// An error of an operation is signalled as what it is; that it isn't offered says ErrAbsent alone.
func TestErrorsOfOperations(t *testing.T) {
	var answer error
	synctest.Test(t, func(t *testing.T) {
		with(t, map[string]Operation{"mailbox-peek": func(*Frame, spec.Call) ([]spec.Value, error) { return nil, answer }}, func(c *scene) {
			for kind, err := range map[string]error{
				"simple-error":  errors.New("of the library"),
				"type-error":    fmt.Errorf("reading: %w", TypeError("the mailbox", spec.Nil{}, "a mailbox")),
				"program-error": ProgramError("twice"),
			} {
				answer = err
				c.Fails(c.MailboxPeek(nil), kind)
			}
			answer = fmt.Errorf("%w: not so", ErrAbsent)
			c.Is(c.MailboxPeek(nil), "absent")
		})
	})
}
