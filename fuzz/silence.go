package fuzz

import (
	"context"
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

// How long nothing must have happened before it is worth asking whether something should.
var looks = []time.Duration{30 * time.Millisecond, 300 * time.Millisecond}

// watchSilence waits, while the test's frame has nothing left to do, until nothing happens any
// more, and returns the run as it stands then where somebody waits although the specification
// says that it could go on; nil where nobody does, or something happened after all. On real time
// a short silence means little: it is looked at again after a longer one, the last time after
// limit.
func watchSilence(ctx context.Context, p *program.Program, t *spec.Tape, o traces.CheckOptions, limit time.Duration) *Run {
	o.Settled = true
	for _, silence := range append(slices.Clone(looks), limit) {
		labels := quietFor(ctx, t, silence)
		if labels == nil || !mayJudgeSilence(labels) {
			return nil
		}
		run := &Run{Program: p, Labels: labels, Report: traces.Check(labels, o), Hung: true}
		if run.Report.Verdict != traces.Forbidden || run.Report.Findings[0].Step != len(labels)-1 {
			return nil
		}
		if silence == limit {
			return run
		}
	}
	return nil
}

// stuckInSilence is watchSilence where the test itself was given up, so long after it began: if nothing has
// happened for as long as is asked.
func stuckInSilence(p *program.Program, labels []spec.Label, o traces.CheckOptions, took, limit time.Duration) *Run {
	if len(labels) == 0 || !mayJudgeSilence(labels) {
		return nil
	}
	last := labels[len(labels)-1].At
	if took-last < limit*9/10 {
		return nil
	}
	o.Settled = true
	labels = append(slices.Clone(labels), spec.Label{Kind: spec.QuietLabel, At: last + limit})
	run := &Run{Program: p, Labels: labels, Report: traces.Check(labels, o), Hung: true}
	if run.Report.Verdict != traces.Forbidden || run.Report.Findings[0].Step != len(labels)-1 {
		return nil
	}
	return run
}

// quietFor waits until nothing has been recorded for so long, and returns the labels with a quiet
// one at their end; nil where ctx ends first, or things never come to rest.
func quietFor(ctx context.Context, t *spec.Tape, silence time.Duration) []spec.Label {
	const tries = 10
	for range tries {
		before := t.Labels()
		select {
		case <-time.After(silence):
		case <-ctx.Done():
			return nil
		}
		if after := t.Labels(); len(after) == len(before) && len(after) > 0 {
			return append(after, spec.Label{Kind: spec.QuietLabel, At: after[len(after)-1].At + silence})
		}
	}
	return nil
}

// mayJudgeSilence tells whether somebody waits, and whether those who do can be asked of: a
// process that waits for a child may be where no kill reaches it, and what it stops can't go on.
func mayJudgeSilence(labels []spec.Label) bool {
	open, killed := map[int]spec.Call{}, false
	for _, l := range labels {
		switch l.Kind {
		case spec.CallLabel:
			open[l.Frame] = l.Call
			op := spec.LookupOp(l.Call.Op)
			killed = killed || op != nil && op.Is(spec.Kills)
		case spec.ReturnLabel, spec.GoneLabel:
			delete(open, l.Frame)
		}
	}
	for _, call := range open {
		if op := spec.LookupOp(call.Op); killed && op != nil && op.Is(spec.StopsWorld) {
			return false
		}
	}
	return len(open) > 0
}
