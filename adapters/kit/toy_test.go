package kit

import (
	"context"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// toy is an implementation with a few operations of each kind, to try the kit with.
var toy = Implementation{
	Name: "toy",
	Operations: map[string]Operation{
		"make-mailbox": func(f *Frame, _ spec.Call) ([]spec.Value, error) {
			return One(f.System().Name("mailbox", &toyBox{changed: make(chan struct{})})), nil
		},
		"mailbox-send": On("mailbox", func(_ *Frame, b *toyBox, c spec.Call) ([]spec.Value, error) {
			b.send(c.Args[1])
			return One(c.Args[1]), nil // and tells nobody
		}),
		"mailbox-read": On("mailbox", func(f *Frame, b *toyBox, _ spec.Call) ([]spec.Value, error) {
			v := spec.Value(spec.Nil{})
			f.Outside("mail", func(ctx context.Context) { v = b.receive(ctx) })
			return One(v), nil
		}),
		// Dead processes are refused with an error that can be continued.
		"process-send": func(f *Frame, c spec.Call) ([]spec.Value, error) {
			p, err := Lookup[*process](f.System(), "process", c.Args[0])
			switch {
			case err != nil:
				return nil, err
			case p.dead && spec.Truth(Keyword(c, "error-if-dead-p")):
				return nil, &spec.Condition{Type: "simple-error", Message: "dead", Continuable: true}
			}
			return One(spec.Bool(!p.dead)), nil
		},
		"process-wait": func(f *Frame, c spec.Call) ([]spec.Value, error) { return f.Await(c.Args[1], spec.Nil{}) },
		"process-wait-with-timeout": func(f *Frame, c spec.Call) ([]spec.Value, error) {
			return f.Await(c.Args[2], c.Args[1])
		},
	},
}

// A toyBox is a queue of the kind that a library has: it knows nothing of the kit.
type toyBox struct {
	mu      sync.Mutex
	objects []spec.Value
	changed chan struct{}
}

func (b *toyBox) HasMail() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.objects) > 0
}

func (b *toyBox) send(v spec.Value) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.objects = append(b.objects, v)
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *toyBox) receive(ctx context.Context) spec.Value {
	for {
		b.mu.Lock()
		if len(b.objects) > 0 {
			defer b.mu.Unlock()
			v := b.objects[0]
			b.objects = b.objects[1:]
			return v
		}
		changed := b.changed
		b.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return spec.Nil{}
		}
	}
}
