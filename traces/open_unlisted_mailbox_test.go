package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What is left open of mailboxes, and of who sends to them and waits at them.
var unlistedOfMailboxes = []unlisted{
	{"EVENT-MWE-4_no-hang-two-cells", "Two others set a cell each while a process looks for an event with no-hang-p and a wait function that looks at both: with both set it is false, and the object is no event.", func(s *stage) {
		s.passedOverMeanwhile(1, 2).is(nil)
		answer{s, 1}.is(nil)
		answer{s, 2}.is(nil)
	}, func(s *stage) {
		s.passedOverMeanwhile(1).is(nil) // of the two cells one is as it was
		answer{s, 1}.is(nil)
	}},
}

// passedOverMeanwhile has process 3 look for an event at mailbox 1, which holds an object, with a wait function that is true until
// both of two cells are set; some processes set those of their numbers meanwhile.
func (s *stage) passedOverMeanwhile(setters ...int) answer {
	s.box(1)
	var either []any
	for n := 1; n <= 2; n++ {
		s.does(0, "make-cell", true).is(cell(n))
		either = append(either, []any{spec.Keyword("cell-is"), cell(n), true})
		s.spawn(n)
	}
	s.spawn(3)
	s.send(1, 7)
	for _, n := range setters {
		s.does(n, "cell-set", cell(n), nil)
	}
	stop := key.WaitFunction(append([]any{spec.Keyword("or")}, either...))
	return s.does(3, "mailbox-wait-for-event", mailbox(1), stop, key.NoHangP(true))
}
