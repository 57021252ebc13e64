package proc

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/spec"
)

// Stat is what /proc/PID/stat tells of one process.
type Stat struct {
	pid    int
	state  byte // R, S, D, T, t, Z, X...
	Parent int
	Group  int
	// threads not yet released by the kernel.
	threads int
	// going: the first thread is stopped, another isn't yet.
	going bool
	// Start is the moment of the start in clock ticks since boot: with pid, an identity
	// that survives the reuse of process ids.
	Start uint64
}

// Kind is the state in the kit's words. The zero Stat is absent.
//
// A zombie that still has threads counts as alive: the first thread of a process is shown
// as Z when it exits, but waitpid finds the process only when the last one is gone. In the same
// way it is shown as T while others have yet to stop, and waitpid finds a stopped process only
// when all have.
func (s Stat) Kind() spec.ChildState {
	switch s.state {
	case 0, 'X', 'x':
		return spec.ChildAbsent
	case 'Z':
		if s.threads > 1 {
			return spec.ChildAlive
		}
		return spec.ChildZombie
	case 'T', 't':
		if s.going {
			return spec.ChildAlive
		}
		return spec.ChildStopped
	}
	return spec.ChildAlive
}

// ReadStat reads /proc/PID/stat. For a process that doesn't exist it returns the zero
// Stat and no error.
func ReadStat(pid int) (Stat, error) {
	if pid <= 0 {
		return Stat{}, nil
	}
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ESRCH) {
		return Stat{}, nil
	}
	if err != nil {
		return Stat{}, fmt.Errorf("reading the state of process %d: %w", pid, err)
	}
	stat, err := parseStat(string(text))
	if err != nil {
		return Stat{}, fmt.Errorf("reading the state of process %d: %w", pid, err)
	}
	if stat.Kind() == spec.ChildStopped && stat.threads > 1 {
		if stat.going, err = anyThreadGoing(pid); err != nil {
			return Stat{}, fmt.Errorf("reading the threads of process %d: %w", pid, err)
		}
	}
	return stat, nil
}

// anyThreadGoing tells whether a thread of a process is neither stopped nor ended.
func anyThreadGoing(pid int) (bool, error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil {
		return false, err
	}
	for _, path := range threads {
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ESRCH) {
			continue // It ended meanwhile.
		}
		if err != nil {
			return false, err
		}
		thread, err := parseStat(string(text))
		if err != nil {
			return false, err
		}
		if !strings.ContainsRune("TtZXx", rune(thread.state)) {
			return true, nil
		}
	}
	return false, nil
}

// parseStat parses the text of /proc/PID/stat. Its second field, the name in parentheses,
// may hold anything, spaces and parentheses too; what follows it can't hold a ")".
func parseStat(text string) (Stat, error) {
	open, end := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return Stat{}, fmt.Errorf("no name in parentheses in %q", text)
	}
	// Numbered as in proc(5), where the state is field 3.
	fields := strings.Fields(text[end+1:])
	if len(fields) < 20 || len(fields[0]) != 1 {
		return Stat{}, fmt.Errorf("%d fields after the name in %q: want a state and at least 19 more", len(fields), text)
	}
	stat := Stat{state: fields[0][0]}
	var errs [5]error
	stat.pid, errs[0] = strconv.Atoi(strings.TrimSpace(text[:open]))
	stat.Parent, errs[1] = strconv.Atoi(fields[4-3])
	stat.Group, errs[2] = strconv.Atoi(fields[5-3])
	stat.threads, errs[3] = strconv.Atoi(fields[20-3])
	stat.Start, errs[4] = strconv.ParseUint(fields[22-3], 10, 64)
	if err := errors.Join(errs[:]...); err != nil {
		return Stat{}, fmt.Errorf("parsing %q: %w", text, err)
	}
	return stat, nil
}
