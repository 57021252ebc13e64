package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// interruptible returns a context that ends with the first signal that asks for an end, so that
// what there is can be reported. The second ends the program at once, whatever it is doing; the
// keepers then clear up. One that quits is the second at once. Temporary files are removed
// before. A SIGHUP that is ignored, as by nohup, stays so.
func interruptible(parent context.Context) context.Context {
	ctx, cancel := context.WithCancel(parent)
	told := make(chan os.Signal, 2)
	for _, sig := range endings {
		if sig != syscall.SIGHUP || !signal.Ignored(sig) {
			signal.Notify(told, sig)
		}
	}
	go func() {
		sig := <-told
		if !quits(sig) {
			cancel()
			sig = <-told
		}
		temporary.removeAll()
		dieOf(sig)
	}()
	return ctx
}

// temporaries are the files that must not stay behind, wherever the program ends.
type temporaries struct {
	mu    sync.Mutex
	names map[string]bool
}

var temporary = temporaries{names: map[string]bool{}}

func (t *temporaries) add(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.names[name] = true
}

// forget says that a file is no longer temporary, or gone.
func (t *temporaries) forget(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.names, name)
}

// removeAll removes them; none is made afterwards.
func (t *temporaries) removeAll() {
	t.mu.Lock() // and never unlocked: the program ends
	for name := range t.names {
		os.Remove(name)
	}
}
