package traces

import (
	"fmt"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// A mailbox made without a size may have any (MBOX-MAKE-4, SEND-LIM-2): whatever it is, it explains
// what a system with that one shows.
func TestAnyDefaultSizeIsAllowed(t *testing.T) {
	yes, test := spec.True{}, spec.Ref{ID: "test", Type: "process"}
	full := func(s *scene, is spec.Value) {
		s.call(0, "mailbox-full-p", nil, theBox)
		s.ret(0, is)
	}
	kinds := map[string]func(s *scene, n int){
		"full after n sends": func(s *scene, n int) {
			for i := range n {
				full(s, spec.Nil{})
				s.send(0, i)
			}
			full(s, yes)
		},
		"full after n sends and some reads": func(s *scene, n int) {
			for i := range n + 3 {
				s.send(0, i)
				if i >= n-3 && i < n {
					s.call(0, "mailbox-read", nil, theBox)
					s.ret(0, spec.Int(i-n+3), yes)
				}
				if i < n+2 {
					full(s, spec.Nil{})
				}
			}
			full(s, yes)
		},
		"a limited send gives up after n": func(s *scene, n int) {
			for i := range n {
				s.call(0, "mailbox-send-limited", nil, theBox, i, 1, 0)
				s.ret(0, yes)
			}
			s.call(0, "mailbox-send-limited", nil, theBox, n, 1, 0)
			s.ret(0, spec.Nil{})
		},
		"a limited send to a process gives up after n": func(s *scene, n int) {
			for i := range n {
				s.call(0, "process-send", []any{key.Limit(1), key.Timeout(0)}, test, i)
				s.ret(0, yes)
			}
			s.call(0, "process-send", []any{key.Limit(1), key.Timeout(0)}, test, n)
			s.ret(0, spec.Nil{})
		},
	}
	for name, play := range kinds {
		for _, n := range []int{4, 9, 11, 12, 13, 25, 30, 41, 200, 1025} {
			s := newScene(0, nil)
			play(s, n)
			if r := Check(s.labels, CheckOptions{}); r.Verdict != Allowed {
				t.Errorf("%s, n=%d:\n%s", name, n, r.Text(s.labels))
			}
		}
	}
}

// What no size explains is forbidden all the same.
func TestNoDefaultSizeExplains(t *testing.T) {
	for _, n := range []int{1, 5, 12, 40} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := newScene(0, nil)
			for i := range n {
				s.send(0, i)
			}
			for _, is := range []spec.Value{spec.True{}, spec.Nil{}} {
				s.call(0, "mailbox-full-p", nil, theBox)
				s.ret(0, is)
			}
			if r := Check(s.labels, CheckOptions{}); r.Verdict != Forbidden {
				t.Error(r.Text(s.labels))
			}
		})
	}
}
