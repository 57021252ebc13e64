package impostor

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/mpcheck/mpcheck/spec"
)

func TestNames(t *testing.T) {
	want := []string{"always-error", "always-nil", "always-true", "claims-nothing"}
	if got := Names(); !slices.Equal(got, want) {
		t.Errorf("names: %v", got)
	}
	if _, err := New("honest"); err == nil {
		t.Error("there is an impostor named honest")
	}
}

func TestClaims(t *testing.T) {
	for _, name := range Names() {
		a, err := New(name)
		if err != nil {
			t.Fatal(err)
		}
		h := a.Handshake()
		if err := h.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if h.Name != name {
			t.Errorf("%s calls itself %s", name, h.Name)
		}
		nothing := name == "claims-nothing"
		if h.Has(spec.Posix) == nothing || (len(h.Profile) == 0) != nothing {
			t.Errorf("%s claims capabilities %v and profile %v", name, h.Capabilities, h.Profile)
		}
		for _, op := range spec.Ops {
			for _, claim := range append([]string{op.Name}, op.Extras...) {
				switch {
				case op.Is(spec.ByHarness):
				case !nothing && !h.Offers(claim):
					t.Errorf("%s doesn't claim %s", name, claim)
				case nothing && !op.Is(spec.Kit) && h.Offers(claim):
					t.Errorf("%s claims %s", name, claim)
				}
			}
		}
	}
}

// The system under test answers one thing whatever it is asked; the kit works.
func TestAnswers(t *testing.T) {
	for name, want := range map[string]string{
		"always-nil": "nil", "always-true": "t", "claims-nothing": "absent",
		"always-error": "error simple-error: this implementation always signals an error",
	} {
		run(t, name, func(api spec.API, s spec.System) {
			for _, op := range spec.Ops {
				if !op.Is(spec.Kit) {
					if got := api.Do(spec.Call{Op: op.Name}); got.String() != want {
						t.Errorf("%s: %s answers %s, want %s", name, op.Name, got, want)
					}
				}
			}
			log, gate := api.MakeLog().Primary(), api.MakeGate().Primary()
			code := s.Register(func(f spec.Frame, args []spec.Value) []spec.Value {
				inner := spec.API{Frame: f}
				inner.LogAppend(log, inner.GetCurrentProcess().String())
				return args
			})
			fn := api.MakeFunction(code).Primary()
			if got := api.Funcall(fn, 1, 2); got.String() != "1, 2" {
				t.Errorf("%s: funcall answers %s", name, got)
			}
			api.UnwindProtect(code, code)
			if got, want := api.LogRead(log).Primary(), spec.NewList(spec.String(want), spec.String(want), spec.String(want)); !spec.Equal(got, want) {
				t.Errorf("%s: the log holds %s, want %s", name, got, want)
			}
			api.GateOpen(gate)
			if got := api.GateWait(gate); got.Status != spec.Returned {
				t.Errorf("%s: gate-wait answers %s", name, got)
			}
			if got := api.Await(spec.Never(), 1); got.String() != "nil" {
				t.Errorf("%s: await answers %s", name, got)
			}
		})
	}
}

// A case that loops until an impostor says something else ends when it is given up.
func TestAbort(t *testing.T) {
	for _, name := range Names() {
		run(t, name, func(api spec.API, s spec.System) {
			s.Abort()
			if got := api.ListAllProcesses(); got.Status != spec.Aborted {
				t.Errorf("%s: after abort: %s", name, got)
			}
		})
	}
}

func run(t *testing.T, name string, test func(spec.API, spec.System)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a, err := New(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := a.Open(context.Background(), spec.SystemConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Run(func(f spec.Frame) { test(spec.API{Frame: f}, s) }); err != nil {
			t.Errorf("%s: run: %v", name, err)
		}
		if left, err := s.Close(); err != nil || left != (spec.Leftover{}) {
			t.Errorf("%s: close: %v, left %+v", name, err, left)
		}
		if err := a.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
}
