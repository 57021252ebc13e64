package native

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// A launch starts one program. It is prepared with the monitor held, and started without, on a goroutine of its own.
type launch struct {
	op        string
	program   string
	args, env []string
	redirect  [3]redirection

	decide *decisions // of its pumps, and feed

	given chan struct{} // closed when nobody waits for it any more

	files   [3]int // what the program gets
	theirs  []int  // those of them that are to be closed here
	streams [3]*fileStream
	feed    *feed
	pumps   []*pump
	pid     int
	err     error
}

// start opens what is redirected and starts the program. Where that fails everything is closed again, and err says why.
func (l *launch) start() {
	var path string
	path, l.err = l.find()
	if l.err == nil {
		l.err = l.open()
	}
	if l.err == nil {
		l.err = l.fork(path)
	}
	for _, fd := range l.theirs {
		_ = unix.Close(fd)
	}
	if l.err != nil {
		l.close()
	}
}

// close closes the ends that are this program's.
func (l *launch) close() {
	for _, x := range l.closers() {
		_ = x.Close()
	}
}

func (l *launch) closers() []kit.Closer {
	var all []kit.Closer
	for _, x := range l.streams {
		if x != nil {
			all = append(all, x)
		}
	}
	for _, p := range l.pumps {
		all = append(all, p)
	}
	if l.feed != nil {
		all = append(all, l.feed)
	}
	return all
}

// abandon ends a program that nobody has seen.
func (l *launch) abandon() {
	if l.err != nil {
		return
	}
	_ = syscall.Kill(l.pid, syscall.SIGKILL)
	reap(l.pid)
	l.close()
}

// reap waits for the end of a child and forgets it.
func reap(pid int) {
	for {
		if _, err := syscall.Wait4(pid, nil, 0, nil); err != syscall.EINTR {
			return
		}
	}
}

func (l *launch) open() error {
	for fd := range l.redirect {
		var err error
		if l.files[fd], err = l.openOne(fd, &l.redirect[fd]); err != nil {
			return err
		}
	}
	return nil
}

// openOne is the descriptor for one of the three.
func (l *launch) openOne(fd int, r *redirection) (int, error) {
	switch {
	case r.own:
		return ownStream(fd)
	case r.output: // once for both, so that neither overwrites the other (EXT-IO-7)
		return l.files[1], nil
	case r.fresh:
		theirs, ours, err := l.pipe(fd)
		if err != nil {
			return 0, err
		}
		l.streams[fd] = &fileStream{file: ours, input: fd > 0, pipe: true}
		return theirs, nil
	case r.given != nil:
		return l.lend(fd, r.given)
	}
	path, flags := r.path, r.flags
	if path == "" {
		path, flags = os.DevNull, os.O_RDWR
	}
	f, err := openFile(path, flags, l.given)
	if r.orNone && (errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist)) {
		return 0, errNoProgram
	}
	if err != nil {
		return 0, openError(l.op, path, err)
	}
	defer f.Close()
	// A descriptor that Go's files know nothing of, in no mode but the program's own.
	theirs, err := l.duplicate(f)
	if err != nil {
		return 0, openError(l.op, path, err)
	}
	return theirs, nil
}

// errNoProgram is the error of a launch that has none to start, and is none of run's and start's.
var errNoProgram = errors.New("no program")

func (l *launch) duplicate(f *os.File) (int, error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return 0, err
	}
	theirs := -1
	var failed error
	err = raw.Control(func(fd uintptr) {
		if theirs, failed = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 3); failed == nil {
			l.theirs = append(l.theirs, theirs)
			failed = unix.SetNonblock(theirs, false)
		}
	})
	return theirs, errors.Join(err, failed)
}

// pipe makes one whose end for the program is blocking, as any program expects, and whose other end is not.
func (l *launch) pipe(fd int) (theirs int, ours *os.File, err error) {
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return 0, nil, openError(l.op, "a pipe", err)
	}
	theirs, mine := ends[0], ends[1]
	if fd > 0 {
		theirs, mine = mine, theirs
	}
	l.theirs = append(l.theirs, theirs)
	if err := unix.SetNonblock(mine, true); err != nil {
		_ = unix.Close(mine)
		return 0, nil, openError(l.op, "a pipe", err)
	}
	return theirs, os.NewFile(uintptr(mine), "pipe"), nil
}

// lend has a program use a stream of Lisp's: a file's own description, so that what either reads or writes comes after
// what the other has; of other streams the data is carried over.
func (l *launch) lend(fd int, x stream) (int, error) {
	if file, ok := x.(*fileStream); ok && !file.pipe {
		if lent, err := l.lendFile(file); lent != 0 || err != nil {
			return lent, err
		}
	}
	theirs, ours, err := l.pipe(fd)
	if err != nil {
		return 0, err
	}
	if fd == 0 {
		l.feed = &feed{from: x, to: ours, decide: l.decide}
	} else {
		l.pumps = append(l.pumps, newPump(ours, x, l.decide))
	}
	return theirs, nil
}

// lendFile is 0 where something was read ahead that can't be given back.
func (l *launch) lendFile(x *fileStream) (int, error) {
	var t transfer
	if err := x.begin(&t); err != nil {
		return 0, l.notLent(err)
	}
	defer x.finish()
	if ahead := len(x.rest); ahead > 0 {
		if _, err := x.file.Seek(int64(-ahead), 1); err != nil {
			return 0, nil
		}
		x.rest = nil
	}
	theirs, err := l.duplicate(x.file)
	if err != nil {
		return 0, l.notLent(err)
	}
	return theirs, nil
}

func (l *launch) notLent(err error) error {
	return &spec.Condition{Type: "stream-error", Message: fmt.Sprintf("%s: lending a stream: %v", l.op, err)}
}

// find finds the program, before any file is made or emptied for it.
func (l *launch) find() (path string, err error) {
	if path, err = exec.LookPath(l.program); err != nil {
		return "", l.notStarted(err)
	}
	return path, nil
}

// fork starts the program with descriptors 0 to 2 and no other, no signal ignored or blocked.
func (l *launch) fork(path string) error {
	if err := catchIgnored(); err != nil {
		return l.notStarted(err)
	}
	// Where the kernel can't do that, what whoever started this program has left open stays so.
	_ = unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC)
	files := make([]uintptr, len(l.files))
	for fd, theirs := range l.files {
		files[fd] = uintptr(theirs)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var none, old unix.Sigset_t
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &none, &old); err != nil {
		return l.notStarted(err)
	}
	var err error
	l.pid, err = syscall.ForkExec(path, append([]string{l.program}, l.args...), &syscall.ProcAttr{Env: l.env, Files: files})
	_ = unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil)
	if err != nil {
		return l.notStarted(err)
	}
	return nil
}

func (l *launch) notStarted(err error) error {
	kind := "simple-error"
	switch {
	case isRefused(err):
		kind = spec.OutOfResources
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission), errors.Is(err, exec.ErrNotFound), errors.Is(err, syscall.EISDIR):
		kind = "file-error"
	}
	return &spec.Condition{Type: kind, Message: fmt.Sprintf("%s: starting %s: %v", l.op, filepath.Clean(l.program), err)}
}

// catchIgnored has signals caught that are ignored, and forgotten: it is the same for this program, but a program that it
// starts gets them at their default action.
func catchIgnored() error {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(string(status), "\nSigIgn:\t")
	mask, _, _ := strings.Cut(rest, "\n")
	ignored, err := strconv.ParseUint(mask, 16, 64)
	if err != nil {
		return fmt.Errorf("reading which signals are ignored: %w", err)
	}
	for sig := range 64 {
		if ignored&(1<<sig) != 0 {
			signal.Notify(forgotten, syscall.Signal(sig+1))
		}
	}
	return nil
}

// forgotten is full: what is sent to it is dropped.
var forgotten = func() chan os.Signal {
	full := make(chan os.Signal, 1)
	full <- syscall.SIGURG
	return full
}()
