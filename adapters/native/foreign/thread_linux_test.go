//go:build cgo

package foreign

import (
	"slices"
	"sync"
	"testing"
)

// What C writes and what Go notes stand in one log, in the order in which they happened; calls that come together are made one
// after the other.
func TestThread(t *testing.T) {
	thread, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	defer thread.Close()
	if log := thread.Log(); len(log) != 0 {
		t.Errorf("a thread that is idle has %v", log)
	}
	thread.Call(func() {
		thread.Note(1)
		Inside(func() { thread.Note(2) })
		thread.Note(3)
	})
	if want, log := []int{Called, 1, 2, 3, Back}, thread.Log(); !slices.Equal(log, want) {
		t.Errorf("the log is %v, not %v", log, want)
	}
	var calls sync.WaitGroup
	for range 20 {
		calls.Go(func() { thread.Call(func() { thread.Note(4) }) })
	}
	calls.Wait()
	for i, log := 5, thread.Log(); i < len(log); i += 3 {
		if !slices.Equal(log[i:i+3], []int{Called, 4, Back}) {
			t.Fatalf("calls overlap: %v", log)
		}
	}
}

// Whoever is late finds a thread that does nothing.
func TestClosedThread(t *testing.T) {
	for range 50 {
		thread, err := Start()
		if err != nil {
			t.Fatal(err)
		}
		var late sync.WaitGroup
		for range 3 {
			late.Go(func() { thread.Call(func() { thread.Note(1) }) })
			late.Go(func() { thread.Note(2) })
			late.Go(func() { thread.Log() })
		}
		thread.Close()
		late.Wait()
		thread.Call(func() { t.Error("a thread that is closed calls in") })
		if log := thread.Log(); len(log) != 0 {
			t.Errorf("its log is %v", log)
		}
	}
}

// Code that a thread calls in may wait for others, which a second thread runs.
func TestThreadsSideBySide(t *testing.T) {
	var both sync.WaitGroup
	first, second := make(chan bool), make(chan bool)
	for _, code := range []func(){
		func() { first <- true; <-second },
		func() { <-first; second <- true },
	} {
		thread, err := Start()
		if err != nil {
			t.Fatal(err)
		}
		both.Go(func() { thread.Call(code); thread.Close() })
	}
	both.Wait()
}
