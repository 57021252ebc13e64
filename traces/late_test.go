package traces

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/format"
)

// fromOutside is a trace as it would be on a real clock: nobody sees that nothing can happen.
func fromOutside(labels []spec.Label) []spec.Label {
	return slices.DeleteFunc(slices.Clone(labels), func(l spec.Label) bool {
		return l.Kind == spec.QuietLabel || l.Kind == spec.ClockLabel
	})
}

// late has the adapter's labels heard later, at random: each at most until just before the next label of
// its frame, or the first call that is given a reference which it names. Labels of the harness stay: it makes the calls, and runs
// the code, so that an adapter does nothing that follows the end of code before the harness has told it. Only where
// code was unwound does its end mean nothing.
func late(labels []spec.Label, choose spec.Choices) []spec.Label {
	out, unwound := slices.Clone(labels), map[int]bool{}
	for _, l := range labels {
		unwound[l.Frame] = unwound[l.Frame] || l.Kind == spec.GoneLabel
	}
	byHarness := func(l spec.Label) bool {
		return l.Kind == spec.CallLabel || l.Kind == spec.LeaveLabel && !unwound[l.Frame]
	}
	blocks := func(l, next spec.Label) bool {
		return next.Frame == l.Frame || next.Kind == spec.CallLabel && sharesReference(l, next.Call)
	}
	for n := len(out) - 1; n > 0; n-- { // the later ones first, so that they make room
		l := out[n]
		if byHarness(l) || spec.Pick(choose, 2) == 0 {
			continue
		}
		last := n
		for last+1 < len(out) && !blocks(l, out[last+1]) {
			last++
		}
		to := n + spec.Pick(choose, last-n+1)
		if spec.Pick(choose, 3) == 0 {
			to = last
		}
		copy(out[n:to], out[n+1:to+1])
		out[to] = l
	}
	for n := 1; n < len(out); n++ { // heard then
		out[n].At = max(out[n].At, out[n-1].At)
	}
	return out
}

// endingEarly has the end of code told earlier, at random: each at most right after what was told of its frame before. Over the wire
// the adapter hears of it later.
func endingEarly(labels []spec.Label, choose spec.Choices) []spec.Label {
	out := slices.Clone(labels)
	for n := range out {
		l := out[n]
		if l.Kind != spec.LeaveLabel || l.Frame == 0 || spec.Pick(choose, 2) == 0 {
			continue
		}
		first := n
		for first > 0 && out[first-1].Frame != l.Frame {
			first--
		}
		to := first + spec.Pick(choose, n-first+1)
		l.At = out[to].At
		copy(out[to+1:n+1], out[to:n])
		out[to] = l
	}
	return out
}

// sharesReference tells whether a call is given a reference that a label names.
func sharesReference(l spec.Label, c spec.Call) bool {
	var given, named []string
	var collect func(v spec.Value, into *[]string)
	collect = func(v spec.Value, into *[]string) {
		switch v := v.(type) {
		case spec.Ref:
			*into = append(*into, v.ID)
		case spec.String: // the command of a child is a name too
			*into = append(*into, "text "+string(v))
		case spec.Int: // and a process id
			*into = append(*into, v.String())
		case spec.List:
			for _, item := range v.Items {
				collect(item, into)
			}
		}
	}
	for _, v := range c.Args {
		collect(v, &given)
	}
	for _, key := range c.Keys {
		collect(key.Value, &given)
	}
	for _, v := range slices.Concat(l.Args, l.Return.Values, []spec.Value{l.Process}) {
		collect(v, &named)
	}
	return slices.ContainsFunc(named, func(id string) bool { return slices.Contains(given, id) })
}

// What is allowed stays so, whenever it is heard of: a real host tells of what happened later, and kills
// between two operations.
func TestLateLabelsStayAllowed(t *testing.T) {
	check := func(what string, labels []spec.Label, o CheckOptions, seed uint64) {
		t.Helper()
		r := Check(labels, o)
		if r.Verdict == Allowed {
			return
		}
		var j Journal
		for _, l := range labels {
			j.Record(l)
		}
		for i, line := range j.Lines() {
			t.Logf("%4d %3d %s", i, labels[i].Frame, line)
		}
		t.Fatalf("%s, seed %d: %s", what, seed, r.Text(labels))
	}
	files, _ := filepath.Glob(filepath.Join("testdata", "accepted", "*.trace"))
	if len(files) == 0 {
		t.Fatal("no golden traces")
	}
	times := uint64(10)
	if testing.Short() {
		times = 2
	}
	for _, path := range files {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		trace, err := format.Read(file)
		file.Close()
		if err != nil {
			t.Fatal(err)
		}
		o := OptionsOf(trace.Header)
		o.Virtual, o.Slack = false, max(o.Slack, leastSlack)
		for seed := range times {
			check(path, late(endingEarly(fromOutside(trace.Labels), spec.Seeded(seed)), spec.Seeded(seed)), o, seed)
		}
	}
	o := CheckOptions{AdapterPID: model.AdapterPID, Slack: leastSlack}
	for seed := range 100 * times {
		check("scrambled", late(endingEarly(fromOutside(scramble(t, seed)), spec.Seeded(seed)), spec.Seeded(seed)), o, seed)
	}
}
