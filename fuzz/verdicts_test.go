package fuzz

import (
	"reflect"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

// A trace is judged anew where any label says anything else.
func TestOnlyTheSameTraceIsNotJudgedAgain(t *testing.T) {
	var all []spec.Label
	for seed := range uint64(25) {
		all = append(all, labelsOf(t, seed)...)
	}
	// Each field that a label has, and in it each part, changed for itself.
	full := func() spec.Label {
		ref := func() spec.Value { return spec.Ref{ID: "p1", Type: "process"} }
		list := spec.List{Items: []spec.Value{ref(), spec.Int(1)}, Dotted: spec.Int(2)}
		return spec.Label{
			Process: ref(), Args: []spec.Value{list},
			Call:   spec.Call{Op: "eq", Args: []spec.Value{ref()}, Keys: []spec.Key{{Name: "k", Value: ref()}}},
			Return: spec.Return{Values: []spec.Value{ref()}, Condition: &spec.Condition{Type: "error"}},
		}
	}
	for n := range reflect.TypeFor[spec.Label]().NumField() {
		changed := full()
		reflect.ValueOf(&changed).Elem().Field(n).SetZero()
		if reflect.DeepEqual(changed, full()) {
			reflect.ValueOf(&changed).Elem().Field(n).Set(reflect.ValueOf(1).Convert(reflect.TypeFor[spec.Label]().Field(n).Type))
		}
		all = append(all, full(), changed)
	}
	for _, change := range []func(*spec.Label){
		func(l *spec.Label) { l.Args[0] = spec.List{Items: l.Args[0].(spec.List).Items} },
		func(l *spec.Label) { l.Args[0] = spec.List{Items: []spec.Value{spec.Int(1)}} },
		func(l *spec.Label) { l.Process = spec.Ref{ID: "p1", Type: "mailbox"} },
		func(l *spec.Label) { l.Call.Op = "eql" },
		func(l *spec.Label) { l.Call.Args[0] = spec.Nil{} },
		func(l *spec.Label) { l.Call.Keys[0].Name = "j" },
		func(l *spec.Label) { l.Call.Keys[0].Value = spec.Nil{} },
		func(l *spec.Label) { l.Return.Status = spec.Gone },
		func(l *spec.Label) { l.Return.Values[0] = spec.Int(0) },
		func(l *spec.Label) { l.Return.Condition = nil },
		func(l *spec.Label) { l.Return.Condition.Message = "else" },
	} {
		changed := full()
		change(&changed)
		all = append(all, changed)
	}
	same := 0
	for i, a := range all {
		for _, b := range all[i+1:] {
			if got, want := sameLabel(a, b), reflect.DeepEqual(a, b); got != want {
				t.Errorf("same: %v, want %v\n%+v\n%+v", got, want, a, b)
			} else if got {
				same++
			}
		}
	}
	if same == 0 {
		t.Error("no two labels are the same")
	}
	var judged verdicts
	labels := labelsOf(t, 1)
	first := judged.check(labels, traces.CheckOptions{Virtual: true})
	if judged.check(labelsOf(t, 1), traces.CheckOptions{Virtual: true}) != first {
		t.Error("the same trace is judged twice")
	}
	if judged.check(labels[:len(labels)-1], traces.CheckOptions{Virtual: true}) == first {
		t.Error("a shorter trace is not judged")
	}
}

func labelsOf(t *testing.T, seed uint64) []spec.Label {
	t.Helper()
	run, err := Execute(t.Context(), refimpl.New(refimpl.Options{}), Generate(spec.Seeded(seed), nil), spec.SystemConfig{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return run.Labels
}
