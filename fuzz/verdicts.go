package fuzz

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

// Verdicts remember how the traces of one program on one adapter were judged: of schedules most differ in nothing
// that is seen, and to judge a trace takes longer than to run the program. The zero value knows none; it is of one
// goroutine.
type verdicts struct {
	known map[uint64][]judgement // by a hash of the trace
}

type judgement struct {
	labels []spec.Label
	report *traces.Report
}

// check is [traces.Check], once for each trace. Its options must always be the same.
func (v *verdicts) check(labels []spec.Label, o traces.CheckOptions) *traces.Report {
	key := rough(labels)
	for _, j := range v.known[key] {
		if slices.EqualFunc(j.labels, labels, sameLabel) {
			return j.report
		}
	}
	r := traces.Check(labels, o)
	if v.known == nil {
		v.known = map[uint64][]judgement{}
	}
	v.known[key] = append(v.known[key], judgement{labels, r})
	return r
}

// rough is a hash of what is read quickly of a trace: the order of its labels.
func rough(labels []spec.Label) uint64 {
	const prime = 1099511628211 // of FNV-1
	hash := uint64(len(labels))
	for _, l := range labels {
		for _, n := range [...]uint64{uint64(l.Kind), uint64(l.Frame), uint64(l.Callback), uint64(l.At), uint64(len(l.Call.Op)), uint64(l.Return.Status)} {
			hash = (hash ^ n) * prime
		}
	}
	return hash
}

// sameLabel tells whether two labels are the same in all that they say.
func sameLabel(a, b spec.Label) bool {
	return a.Kind == b.Kind && a.Frame == b.Frame && a.Image == b.Image && a.Callback == b.Callback && a.At == b.At &&
		sameValue(a.Process, b.Process) && slices.EqualFunc(a.Args, b.Args, sameValue) &&
		a.Call.Op == b.Call.Op && slices.EqualFunc(a.Call.Args, b.Call.Args, sameValue) &&
		slices.EqualFunc(a.Call.Keys, b.Call.Keys, func(a, b spec.Key) bool { return a.Name == b.Name && sameValue(a.Value, b.Value) }) &&
		a.Return.Status == b.Return.Status && slices.EqualFunc(a.Return.Values, b.Return.Values, sameValue) &&
		(a.Return.Condition == b.Return.Condition ||
			a.Return.Condition != nil && b.Return.Condition != nil && *a.Return.Condition == *b.Return.Condition)
}

// sameValue tells whether two values are the same in all that they say, the types of references too.
func sameValue(a, b spec.Value) bool {
	x, isList := a.(spec.List)
	y, alsoList := b.(spec.List)
	if !isList || !alsoList {
		return isList == alsoList && a == b
	}
	return slices.EqualFunc(x.Items, y.Items, sameValue) && sameValue(x.Dotted, y.Dotted)
}
