package run

import "sync"

// turns lets cases run beside each other, and repetitions only beside other repetitions: those
// have the machine for themselves, and all that they do is wait. The zero value is ready.
type turns struct {
	mu      sync.Mutex
	changed sync.Cond
	cases   int // that run
	alone   int // repetitions that run
	waiting int // repetitions that want to: no further case begins
}

// beside runs do as one of the cases.
func (t *turns) beside(do func()) {
	t.mu.Lock()
	t.changed.L = &t.mu
	for t.alone+t.waiting > 0 {
		t.changed.Wait()
	}
	t.cases++
	t.mu.Unlock()
	defer t.leave(&t.cases)
	do()
}

// apart runs do while no case runs.
func (t *turns) apart(do func()) {
	t.mu.Lock()
	t.changed.L = &t.mu
	t.waiting++
	for t.cases > 0 {
		t.changed.Wait()
	}
	t.waiting--
	t.alone++
	t.mu.Unlock()
	defer t.leave(&t.alone)
	do()
}

func (t *turns) leave(count *int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*count--
	t.changed.Broadcast()
}
