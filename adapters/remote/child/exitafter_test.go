//go:build linux

package child

import (
	"fmt"
	"os"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestChildExitsOfItself(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	k.tell("t", "exit-after", 7, spec.Double(0.01))
	k.await(":zombie", "zombie")
	if got := k.end(); got.ExitStatus() != 7 {
		t.Errorf("ended with %x, want status 7", got)
	}
}

// Until its time has come the child obeys; it is awaited that the other ends, not reaped.
func TestChildExitsAfterAnother(t *testing.T) {
	b := newBench(t)
	first, second, third := b.kid(), b.kid(), b.kid()
	second.tell("t", "exit-after", 5, 0, first.ref)
	third.tell("t", "exit-after", 6, spec.Double(0.01), second.ref)
	second.tell(fmt.Sprint(second.pid()), "own-group")
	b.want(fmt.Sprintf(":alive, %d, %d", second.pid(), os.Getpid()), "pid-state", second.pid())
	first.tell("t", "exit", 0)
	third.await(":zombie", "ended")
	first.await(":zombie", "ended")
	second.await(":zombie", "ended")
	for k, status := range map[*kid]int{first: 0, second: 5, third: 6} {
		if got := k.end(); got.ExitStatus() != status {
			t.Errorf("child %d ended with %x, want status %d", k.pid(), got, status)
		}
	}
	// One that has gone has ended.
	last := b.kid()
	last.tell("t", "exit-after", 8, 0, first.ref)
	if got := last.end(); got.ExitStatus() != 8 {
		t.Errorf("ended with %x, want status 8", got)
	}
}

func TestExitAfterRefusesWhatMakesNoSense(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	word := spec.Keyword("exit-after")
	b.wantError("type-error", "a number of seconds", "child-tell", k.ref, word, 7)
	b.wantError("type-error", "a number of seconds", "child-tell", k.ref, word, 7, -1)
	b.wantError("type-error", "is not a helper child", "child-tell", k.ref, word, 7, 0, spec.Int(1))
	b.wantError("type-error", "too many arguments", "child-tell", k.ref, word, 7, 0, k.ref, 1)
	k.tell("t", "exit", 0)
	k.end()
}
