package run_test

import (
	"context"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/spec"
)

// restarted is an adapter each system of which is another process's.
type restarted struct {
	*moody
	pid int
}

func (r *restarted) Handshake() spec.Handshake {
	h := r.moody.Handshake()
	h.PID = r.pid
	return h
}

func (r *restarted) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	r.pid++
	return r.moody.Open(ctx, cfg)
}

type discarded struct{ labels int }

func (d *discarded) Record(spec.Label) { d.labels++ }

// A tape says which process was recorded: the one that served, not the one before it.
func TestTapesNameTheProcessThatServes(t *testing.T) {
	adapter := &restarted{newMoody(right), 100}
	var pids []int
	var tapes []*discarded
	trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, anyChild), Repeat: 3, TrustKit: true,
		Tape: func(h spec.Handshake, _ string, _ uint64) (spec.Recorder, func(verdict.Verdict)) {
			pids, tapes = append(pids, h.PID), append(tapes, &discarded{})
			return tapes[len(tapes)-1], nil
		}})
	if !slices.Equal(pids, []int{101, 102, 103}) {
		t.Errorf("tapes of %v, want of 101, 102, 103", pids)
	}
	for _, tape := range tapes {
		if tape.labels == 0 {
			t.Error("nothing was recorded")
		}
	}
}
