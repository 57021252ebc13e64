package native

import (
	"cmp"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// The operations on what start has returned (EXT-START-4, -6).

func (s *system) programOf(v spec.Value) (*program, error) {
	return kit.Lookup[*program](s.System, "process of the operating system that start has started", v)
}

// programStream makes the operation that answers one of its streams, nil where it is none of Lisp's (EXT-STRM).
func programStream(fd int) operation {
	return func(f *frame, c spec.Call) ([]spec.Value, error) {
		p, err := f.sys.programOf(c.Args[0])
		if err != nil {
			return nil, err
		}
		d, answer := &f.sys.decide, p.streams[fd]
		switch {
		case fd == 2 && p.merged && d.mergedOutput:
			return kit.One(p.streams[1]), nil
		case fd == 2 && p.merged && d.merged != nil:
			return d.merged()
		case !spec.Truth(answer) && !p.merged && d.noStream != nil:
			return d.noStream()
		}
		return kit.One(answer), nil
	}
}

func processP(f *frame, c spec.Call) ([]spec.Value, error) {
	_, err := f.sys.programOf(c.Args[0])
	return kit.One(spec.Bool(err == nil)), nil
}

// processID is the number that it has or had (EXT-PID).
func processID(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.programOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	if p.ended && f.sys.decide.idOfEnded != nil {
		return f.sys.decide.idOfEnded()
	}
	return kit.One(spec.Int(p.child.pid)), nil
}

// processStatus answers what has become of it by now (EXT-STAT).
func processStatus(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.programOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	p.asked(f)
	if p.lost {
		return nil, kit.SimpleError("process-status: somebody else has taken the end of %s", p.ref)
	}
	return f.sys.statusOf(p), nil
}

func (s *system) statusOf(p *program) []spec.Value {
	status := func(name string, code spec.Value) []spec.Value { return []spec.Value{spec.Keyword(name), code} }
	switch w := p.status; {
	case !p.seen || w.Continued():
		return status("running", spec.Nil{})
	case w.Stopped():
		return status("stopped", cmp.Or[spec.Value](s.decide.stopCode, spec.Int(w.StopSignal())))
	case w.Signaled():
		return status("signaled", spec.Int(w.Signal()))
	default:
		return status("exited", spec.Int(w.ExitStatus()))
	}
}

// signalMapping has the names that signal-process takes, with the numbers that the library's source has on all
// platforms (EXT-SIG-8).
var signalMapping = []namedSignal{
	{"hangup", 1}, {"interrupt", 2}, {"quit", 3}, {"illegal-instruction", 4}, {"breakpoint-trap", 5}, {"abort", 6},
	{"emulation-trap", 7}, {"arithmetic-exception", 8}, {"killed", 9}, {"bus-error", 10}, {"segmentation-fault", 11},
	{"bad-system-call", 12}, {"broken-pipe", 13}, {"alarm-clock", 14},
}

type namedSignal struct {
	name   string
	number int
}

// signalMapping is the mapping; the platform's own numbers may stand for two of the names (EXT-SIG-3).
func (s *system) signalMapping() []namedSignal {
	mapping := slices.Clone(signalMapping)
	for i, m := range mapping {
		if own := unix.SignalNum(platformNames[m.name]); s.decide.platformSignals && own != 0 {
			mapping[i].number = int(own)
		}
	}
	return mapping
}

// platformNames are those of signals that have another number here.
var platformNames = map[string]string{"bus-error": "SIGBUS", "bad-system-call": "SIGSYS"}

func signalMappingOf(f *frame, _ spec.Call) ([]spec.Value, error) {
	var entries []spec.Value
	for _, m := range f.sys.signalMapping() {
		entries = append(entries, spec.List{Items: []spec.Value{spec.Keyword(m.name)}, Dotted: spec.Int(m.number)})
	}
	return kit.One(spec.NewList(entries...)), nil
}

// signalProcess sends a signal, and returns t. One that can't be delivered is an error, as to a program whose end was
// collected: nobody else of its number is signalled (EXT-SIG-4).
func signalProcess(f *frame, c spec.Call) ([]spec.Value, error) {
	p, err := f.sys.programOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	d := &f.sys.decide
	number, err := f.sys.signalNumber(c.Args[1])
	if err != nil {
		return nil, err
	}
	if number == 0 && d.zeroRefused {
		return nil, kit.TypeError("the signal", c.Args[1], "one that there is")
	}
	if !d.signalsZombies {
		p.asked(f)
	}
	if p.ended {
		return nil, kit.SimpleError("signal-process: %s, process %d, has ended", p.ref, p.child.pid)
	}
	// It was not reaped, and won't be while the monitor is held.
	if err := syscall.Kill(p.child.pid, syscall.Signal(number)); err != nil {
		return nil, kit.SimpleError("signal-process: sending signal %d to process %d: %v", number, p.child.pid, err)
	}
	if d.signalled != nil {
		return d.signalled()
	}
	return kit.One(spec.True{}), nil
}

func (s *system) signalNumber(v spec.Value) (int, error) {
	if n, ok := v.(spec.Int); ok && n == spec.Int(int32(n)) {
		return int(n), nil
	}
	name := keywordName(v)
	for _, m := range s.signalMapping() {
		if m.name == name {
			return m.number, nil
		}
	}
	return 0, kit.TypeError("the signal", v, "a number or a keyword of the mapping")
}

// awaitEnd waits until a child has ended, and leaves it to be reaped.
func awaitEnd(pid int) {
	for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
}
