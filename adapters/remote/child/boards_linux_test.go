package child

import (
	"context"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestBoards(t *testing.T) {
	b := newBench(t)
	board := b.do("make-board").Primary()
	b.want("nil", "board-read", board)
	b.want("nil", "board-await", board, 1, 0)
	awaited := make(chan spec.Return)
	for range 2 {
		go func() { awaited <- b.do("board-await", board, 2, nil) }()
	}
	b.want("nil", "board-post", board, "one")
	b.want("nil", "board-post", board, spec.NewList(spec.Int(2)))
	for range 2 {
		if got := <-awaited; got.String() != "t" {
			t.Errorf("an await of what is posted: %v", got)
		}
	}
	b.want(`("one" (2))`, "board-read", board)
	b.want("t", "board-await", board, 2, 0)
	b.want("nil", "board-await", board, 3, 0.001)
	b.want("nil", "board-read", b.do("make-board").Primary())
	b.wantError("type-error", "no number of entries", "board-await", board, "two", 1)
	b.wantError("type-error", "no number of seconds", "board-await", board, 1, "soon")
	b.system = "s2"
	b.wantError("type-error", "no board of this system", "board-read", board)
}

func TestBoardsEnd(t *testing.T) {
	b := newBench(t)
	board := b.do("make-board").Primary()
	call := spec.NewCall("board-await", nil, board, 1, nil)
	ctx, cancel := context.WithCancel(t.Context())
	awaited := make(chan spec.Return)
	go func() { awaited <- b.control.Do(ctx, b.system, call) }()
	cancel()
	if got := <-awaited; got.Status != spec.Aborted {
		t.Errorf("%v, given up: %v", call, got)
	}
	go func() { awaited <- b.do("board-await", board, 1, nil) }()
	b.control.EndSystem(b.system)
	if got := <-awaited; got.Status != spec.Aborted {
		t.Errorf("%v when its system ends: %v", call, got)
	}
	b.want("aborted", "board-post", board, 1)
}
