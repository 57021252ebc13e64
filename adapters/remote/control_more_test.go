//go:build linux

package remote

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestShellQuote(t *testing.T) {
	for _, text := range []string{"/usr/bin/mpcheck", "a b", "it's", `$x"\`, ""} {
		out, err := exec.Command("/bin/sh", "-c", "printf %s "+shellQuote(text)).Output()
		if err != nil || string(out) != text {
			t.Errorf("%q quoted is %s: a shell makes %q of it, %v", text, shellQuote(text), out, err)
		}
	}
}

// A long TMPDIR must not make the socket's path too long.
func TestShortTempDir(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 90))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	control, err := NewControl()
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(control.dir)
	if err != nil || info.Mode().Perm() != 0o700 || len(control.socket) > socketPathMax {
		t.Errorf("%s: %v, %v", control.socket, info, err)
	}
	if err := control.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(control.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s after Close: %v", control.dir, err)
	}
}
