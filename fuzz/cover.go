package fuzz

import (
	"context"
	"errors"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Cover runs so many programs on the simulator, under one schedule each and without judging
// them, and lets the inventor's coverage, which must not be nil, note what they reach.
func Cover(ctx context.Context, v *Inventor, programs int) error {
	sim := refimpl.New(refimpl.Options{Coverage: v.Coverage})
	for range programs {
		p := v.Next()
		sys, err := sim.Open(ctx, spec.SystemConfig{})
		if err != nil {
			return err
		}
		err = sys.Run(func(f spec.Frame) { program.Run(sys, f, p) })
		if _, closeErr := sys.Close(); err == nil {
			err = closeErr
		}
		var stuck *spec.Stuck
		if err != nil && !errors.As(err, &stuck) {
			return err
		}
	}
	return nil
}
