package native

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// TestMain lets the test binary play a child, and checks that the tests leave none.
func TestMain(m *testing.M) {
	// A race build that exits 0 sleeps a second first, and this one starts itself often.
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	remote.Main(map[string]func([]string) int{"serve-native": serveNative})
	if role := os.Getenv("NATIVE_TEST_CHILD"); role != "" {
		playChild(role)
	}
	code := m.Run()
	if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); err != syscall.ECHILD {
		fmt.Fprintf(os.Stderr, "the tests left a child: wait4 answers %d, %v\n", pid, err)
		code = 1
	}
	os.Exit(code)
}

// serveNative is the test binary as an adapter; its arguments are liberties.
func serveNative(liberties []string) int {
	var adapter spec.Adapter
	adapter, err := NewLiberal(liberties...)
	if err == nil {
		err = wire.ServeInherited(context.Background(), adapter)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// playChild is the test binary as a child: it does what its role says and doesn't return.
// The roles end when their standard input does.
func playChild(role string) {
	lines := bufio.NewScanner(os.Stdin)
	switch role {
	case "own-group": // Joins a group of its own at once, ends with code 5.
		if err := syscall.Setpgid(0, 0); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		lines.Scan()
		os.Exit(5)
	case "parent": // Starts a child of its own and writes its pid.
		in, out, _ := os.Pipe()
		pid, err := syscall.ForkExec("/bin/sh", []string{"sh", "-c", "read x"},
			&syscall.ProcAttr{Files: []uintptr{in.Fd(), 1, 2}})
		if err != nil {
			os.Exit(1)
		}
		fmt.Println(pid)
		lines.Scan()
		out.Close()
		syscall.Wait4(pid, nil, 0, nil)
		os.Exit(0)
	case "starts-many": // Starts programs side by side, and tells which signals they have blocked.
		for _, blocked := range startedBlocked() {
			fmt.Println(blocked)
		}
		os.Exit(0)
	case "starts-one": // Starts a program, and tells which descriptors that has.
		fmt.Print(startsOne())
		os.Exit(0)
	default:
		code, _ := strconv.Atoi(role)
		lines.Scan()
		syscall.Exit(code)
	}
}
