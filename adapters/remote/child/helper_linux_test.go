package child

import (
	"context"
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/spec"
)

// A child hangs up a moment before its parent can reap it: whoever tells it something meanwhile
// isn't told yet that it has ended.
func TestHangingUpIsNotTheEnd(t *testing.T) {
	conn, other := net.Pipe()
	other.Close()
	stat, err := proc.ReadStat(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	h := newHelper("child-1", "s1")
	h.conn, h.pid, h.start, h.welcomed, h.hungUp = conn, os.Getpid(), stat.Start, true, true
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := h.command(ctx, childCommand{Do: spec.TellOwnGroup}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a child that still runs: %v", err)
	}
	h.start++ // a later process of the same id: this one has gone
	if _, err := h.command(context.Background(), childCommand{Do: spec.TellOwnGroup}); err == nil || err.Error() != "child-1 has ended" {
		t.Errorf("a child that has gone: %v", err)
	}
}
