package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// Boards: logs that code of all images shares. They are objects of the world, by the harness.

// boardCount is the slot of how many entries are awaited.
const boardCount slot = 1

var boardRules = []rule{
	{op: "make-board", effect: makeEmpty(KindBoard)},
	{op: "board-post", decode: decodeObjectAndValue(KindBoard), touches: writesSubject, effect: appendToLog},
	{op: "board-read", decode: decodeObject(KindBoard), touches: readsSubject, effect: readLog},
	{
		op: "board-await",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			n, ok := call.Arg(1).(spec.Int)
			if !ok || n < 0 {
				return wrongType("the number of entries", call.Arg(1), "a non-negative integer")
			}
			o.args[boardCount] = uint64(n)
			if c := objectArg(u, call.Arg(0), KindBoard, &o.args[argSubject]); c != nil {
				return c
			}
			return o.within(call.Arg(2))
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			board := s.subject(act.Frame)
			act.Touches = onlyReads(board)
			if s.length(board, logSequence) >= s.arg(act.Frame, boardCount) {
				out = append(out, act)
			}
			return out
		},
		effect:  func(s *State, act Act) { s.returns(act.Frame, TrueTerm) },
		timeUp:  func(s *State, act Act) { s.returns(act.Frame, NilTerm) },
		waitsOn: firstArgument,
		waits: func(s *State, f ID) string {
			return fmt.Sprintf("%d entries on %s", s.arg(f, boardCount), s.u.Ref(s.subject(f)))
		},
	},
}
