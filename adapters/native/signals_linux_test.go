package native

import (
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// Which signals a program has blocked or ignored: none, whatever this program has.

// ofLibraries are the signals 32 to 34 among those that a process ignores.
var ofLibraries = regexp.MustCompile(`SigIgn:\t0000000[0-3][08]0000000`)

// Signals that are ignored or blocked here are neither in a program; but for 32 to 34, which the C libraries keep for themselves,
// and leave ignored in what some of them start, as make does.
func TestSignalsArePlain(t *testing.T) {
	ignored := []os.Signal{syscall.SIGHUP, syscall.SIGUSR2, syscall.SIGCHLD, syscall.SIGTSTP, syscall.Signal(40)}
	signal.Ignore(ignored...)
	t.Cleanup(func() {
		signal.Stop(forgotten)
		signal.Reset(ignored...)
	})
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var set, old unix.Sigset_t
	set.Val[0] = 1<<(unix.SIGUSR1-1) | 1<<(40-1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &set, &old); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil) }()
	out := &textOutput{}
	l := &launch{program: "/bin/cat", args: []string{"/proc/self/status"}, given: make(chan struct{}), decide: &decisions{}}
	l.redirect[1].given = out
	if l.start(); l.err != nil {
		t.Fatal(l.err)
	}
	l.pumps[0].run()
	reap(l.pid)
	text := ofLibraries.ReplaceAllString(string(out.take()), "SigIgn:\t0000000000000000")
	for _, want := range []string{"SigBlk:\t0000000000000000\n", "SigIgn:\t0000000000000000\n", "SigCgt:\t0000000000000000\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("a program's signals lack %q:\n%s", want, text)
		}
	}
	var now unix.Sigset_t
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, nil, &now); err != nil || now != set {
		t.Errorf("the mask of the thread is %x, %v; want it as it was", now.Val[0], err)
	}
}

// Where this program was started with signals blocked all of its threads have them so, and whoever starts a program
// from several at once still starts each without.
func TestSignalsBlockedFromTheStart(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var set, old unix.Sigset_t
	set.Val[0] = 1 << (unix.SIGUSR2 - 1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &set, &old); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil) }()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "NATIVE_TEST_CHILD=starts-many")
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := strings.Fields(string(out)); len(got) != 1 || got[0] != "0000000000000000" {
		t.Errorf("programs have the signals %q blocked", got)
	}
}

// startedBlocked are the masks of blocked signals that programs have which are started at once, each once. Somebody is
// always in the way of a fork, so that a goroutine which may leave its thread does.
func startedBlocked() []string {
	var all sync.Map
	var going sync.WaitGroup
	var over atomic.Bool
	defer over.Store(true)
	go func() {
		for !over.Load() {
			syscall.ForkLock.RLock()
			runtime.Gosched()
			syscall.ForkLock.RUnlock()
		}
	}()
	for range 16 {
		going.Go(func() {
			for range 10 {
				out := &textOutput{}
				l := &launch{program: "/bin/cat", args: []string{"/proc/self/status"}, given: make(chan struct{}), decide: &decisions{}}
				l.redirect[1].given = out
				if l.start(); l.err != nil {
					all.Store(l.err.Error(), true)
					continue
				}
				l.pumps[0].run()
				reap(l.pid)
				_, mask, _ := strings.Cut(string(out.take()), "SigBlk:\t")
				all.Store(strings.Split(mask, "\n")[0], true)
			}
		})
	}
	going.Wait()
	var masks []string
	all.Range(func(mask, _ any) bool {
		masks = append(masks, mask.(string))
		return true
	})
	return masks
}
