package main

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// sideBySide does a number of independent things, as many at a time as there are processors,
// and shows each as it begins. When ctx ends it begins no more. The error joins theirs.
func sideBySide(ctx context.Context, names []string, p *progress, do func(i int) error) error {
	var mu sync.Mutex
	var faults []error
	next := 0
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == len(names) || ctx.Err() != nil {
			return 0, false
		}
		next++
		p.show(next, names[next-1])
		return next - 1, true
	}
	var running sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		running.Go(func() {
			for i, more := take(); more; i, more = take() {
				if err := do(i); err != nil {
					mu.Lock()
					faults = append(faults, err)
					mu.Unlock()
				}
			}
		})
	}
	running.Wait()
	p.clear()
	return errors.Join(faults...)
}
