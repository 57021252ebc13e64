package fuzz

import (
	"context"
	"errors"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// anonymous is an adapter whose frames are said to be of no process.
type anonymous struct{ spec.Adapter }

func (a anonymous) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	to := cfg.Recorder
	cfg.Recorder = recorder(func(l spec.Label) { l.Process = nil; to.Record(l) })
	return a.Adapter.Open(ctx, cfg)
}

type recorder func(spec.Label)

func (r recorder) Record(l spec.Label) { r(l) }

// The specification would say that the code of a process never began.
func TestCodeOfNobodyIsAnError(t *testing.T) {
	p := &program.Program{Blocks: [][]program.Step{
		{
			{Name: "f", Call: spec.NewCall("make-function", nil, spec.Callback(1))},
			{Name: "p", Call: spec.NewCall("process-run-function", nil, "p", nil, program.Named("f"))},
			{Call: spec.NewCall("process-join", nil, program.Named("p"))},
		},
		{{Call: spec.NewCall("get-current-process", nil)}},
	}}
	_, err := Execute(t.Context(), anonymous{refimpl.New(refimpl.Options{})}, p, spec.SystemConfig{})
	if !errors.Is(err, spec.ErrNoProcess) {
		t.Errorf("got %v", err)
	}
}
