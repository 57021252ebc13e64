package remote

import (
	"context"
	"time"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
)

// endOf waits for the end of the process that has this id now. Nobody tells of the end of a process that isn't a child.
func endOf(pid int) func(ctx context.Context) bool {
	first, err := proc.ReadStat(pid)
	if err != nil {
		return nil
	}
	return func(ctx context.Context) bool {
		for pause := time.Millisecond; ; pause = min(2*pause, 20*time.Millisecond) {
			now, err := proc.ReadStat(pid)
			if err == nil && (now.Start != first.Start || now.Kind().Ended()) {
				return true
			}
			select {
			case <-ctx.Done():
				return false
			case <-time.After(pause):
			}
		}
	}
}
