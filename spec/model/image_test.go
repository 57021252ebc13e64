package model

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Images know nothing of each other's processes and names; what the implementation has decided holds in all.
func TestImages(t *testing.T) {
	s := newScene(t)
	image := s.newImage(s.u.Name(world, 1, KindImage))
	s.newImage(s.u.Name(world, 2, KindImage))
	p := s.newProcess(s.u.Name(image, 0, KindProcess), image)
	f, here := s.begun(p), s.Test()

	for frame, process := range map[ID]ID{f: p, here: s.test} {
		if got := s.does(frame, "processes-count", nil); got != spec.Int(1) {
			t.Errorf("an image counts %v processes", got)
		}
		want := spec.NewList(s.u.Ref(process))
		if got := s.does(frame, "list-all-processes", nil); !spec.Equal(got, want) {
			t.Errorf("an image lists %v, not %v", got, want)
		}
	}
	symbol := spec.Symbol{Name: "f"}
	s.does(f, "defun", nil, symbol, spec.Callback(1))
	s.call(here, "funcall", nil, symbol)
	s.act(here)
	if r := s.Return(here, nil); r.Status != spec.Signalled {
		t.Errorf("a name of another image is called: %v", r)
	}
	s.call(f, "funcall", nil, symbol)
	s.Leave(s.act(f).Frame, nil, nil)
	s.act(f)
	s.takes(f)

	// One that is made is its maker's; it ends in its own image.
	code := s.does(f, "make-function", nil, spec.Callback(2))
	made, _ := s.u.Object(s.does(f, "process-run-function", nil, "q", nil, code), KindProcess)
	if s.imageOf(made) != image || s.does(here, "processes-count", nil) != spec.Int(1) {
		t.Error("a process is made in another image than its maker's")
	}
	n := 0
	for range s.processes {
		n++
	}
	if n != 3 {
		t.Errorf("there are %d processes, not 3", n)
	}
	s.does(here, "process-kill", nil, s.u.Ref(made)) // the model has no way to get at it but this

	// What suspends processes does so in its image.
	alone := s.pushFrame(p, newFrame{code: 3, arguments: NilTerm, scope: scopeAlone})
	if !s.suspended(made) || s.suspended(s.test) {
		t.Error("code that runs alone suspends the processes of the other image, or not those of its own")
	}
	s.Leave(alone, nil, nil)

	// A choice of the implementation is one.
	m := s.does(here, "make-mailbox", []any{key.Size(1)})
	s.does(here, "mailbox-send", nil, m, 1)
	s.does(here, "mailbox-send", nil, m, 2)
	if s.decided(stickyGrowth) == undecided {
		t.Fatal("nothing was decided")
	}
	m = s.does(f, "make-mailbox", []any{key.Size(1)})
	s.does(f, "mailbox-send", nil, m, 1)
	s.call(f, "mailbox-send", nil, m, 2)
	if acts := s.can(f); len(acts) != 1 {
		t.Errorf("the other image decides anew: %v", acts)
	}
}
