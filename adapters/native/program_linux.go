package native

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// program is what start has started, and run. Its child is the library's own: reap-os-subprocess doesn't consider it.
type program struct {
	sys     *system
	ref     spec.Ref // of start's
	name    string
	child   *child
	streams [3]spec.Value
	kept    []*textOutput
	merged  bool // its error goes where a stream of its output does
	feed    *feed
	pumps   []*pump

	status syscall.WaitStatus // what the last change that was seen has led to
	seen   bool               // there was one
	ended  bool               // it was reaped: the number is no longer its own
	lost   bool               // by somebody else
	ends   kit.Waiters

	hook    spec.Callback // 0 for none
	changes int           // seen so far, and to be told
	told    int           // of those, how many the hook has been called for
	calls   int           // of the hook that are over
	heard   kit.Waiters
	telling bool
	unasked bool // nobody looks but who is asked
}

// startProgram starts what a call of run or start asks for, of which the process may be killed meanwhile: there is no
// program then.
func (f *frame) startProgram(c spec.Call) (*program, error) {
	s := f.sys
	l, err := s.prepare(c)
	if err != nil {
		return nil, err
	}
	p := &program{sys: s, name: l.program, streams: [3]spec.Value{spec.Nil{}, spec.Nil{}, spec.Nil{}}}
	if hook := kit.Keyword(c, "status-hook"); spec.Truth(hook) && (c.Op == "start" || s.decide.runHooks == runCallsHooks) {
		if p.hook, err = s.FunctionOf(hook); err != nil {
			return nil, err
		}
	}
	// A child that is there and nobody's yet must not be taken for one of run-shell-command's.
	s.starting++
	started := f.Aside("to start "+l.program, l.start, func() { close(l.given) }, func() {
		l.abandon()
		s.Lock()
		defer s.Unlock()
		s.started()
	})
	switch {
	case !started:
		return nil, errGivenUp
	case l.err != nil:
		s.started()
		return nil, l.err
	case s.IsClosed(): // It would be left.
		s.Go(l.abandon)
		s.started()
		return nil, errGivenUp
	}
	s.started()
	p.child = &child{pid: l.pid, private: true, watched: true}
	s.children = append(s.children, p.child)
	s.programs = append(s.programs, p)
	s.adopt(p, l)
	s.watchPrograms()
	return p, nil
}

// started ends the time in which a child may be nobody's; the monitor is held. Who waits for children looks again.
func (s *system) started() {
	s.starting--
	s.childEvents.Wake()
}

// adopt has the ends of the program's streams be the system's.
func (s *system) adopt(p *program, l *launch) {
	for _, x := range l.closers() {
		s.AtClose(x)
	}
	for fd, x := range l.streams {
		if x != nil {
			p.streams[fd] = s.Name("stream", x)
		}
	}
	for _, r := range l.redirect {
		if r.kept != nil {
			p.kept = append(p.kept, r.kept)
		}
	}
	p.merged = l.redirect[2].output && l.streams[1] != nil
	p.feed, p.pumps = l.feed, l.pumps
	carries := func(x kit.Closer, run func()) {
		s.Go(func() {
			run()
			s.Lock()
			defer s.Unlock()
			s.NotAtClose(x)
		})
	}
	if p.feed != nil {
		carries(p.feed, p.feed.run)
	}
	for _, pump := range p.pumps {
		carries(pump, pump.run)
	}
}

// prepare reads a call of run or start.
func (s *system) prepare(c spec.Call) (l *launch, err error) {
	d := &s.decide
	l = &launch{op: c.Op, decide: d, given: make(chan struct{})}
	if l.program, err = s.program(c.Args[0]); err != nil {
		return nil, err
	}
	if l.args, err = s.arguments(c.Args[1]); err != nil {
		return nil, err
	}
	if l.env, err = s.environment(kit.Keyword(c, "environment"), spec.Truth(kit.Keyword(c, "replace-environment-p"))); err != nil {
		return nil, err
	}
	if l.redirect, err = s.redirections(c); err != nil {
		return nil, err
	}
	if d.launcher != "" {
		l.program, l.args = "/bin/sh", append([]string{"-c", d.launcher, l.program}, l.args...)
	}
	return l, nil
}

// run starts a program and waits until it has ended and what it wrote has arrived (EXT-RUN). A process that is killed
// meanwhile leaves nothing of it.
func run(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	p, err := f.startProgram(c)
	if err != nil {
		return noProgram(err)
	}
	if p.hook != 0 { // EXT-RUN-9
		p.ref = s.Name("external-process", p)
	}
	p.look()
	if s.decide.runHolds {
		defer s.hold(f.proc)()
	}
	ended := f.Wait(fmt.Sprintf("%s, process %d, to end", p.name, p.child.pid), kit.Forever, func() bool { return p.ended }, &p.ends)
	if ended == kit.Held {
		f.Aside("the output of "+p.name, func() {
			if p.feed != nil { // What comes to the input from now on is not the program's.
				_ = p.feed.Close()
			}
			for _, pump := range p.pumps {
				pump.drain()
			}
		}, p.stop, nil)
	} else {
		p.kill()
	}
	if p.lost {
		return nil, kit.SimpleError("run: somebody else has taken the end of %s", p.name)
	}
	return s.resultOf(p)
}

// resultOf are the values of run.
func (s *system) resultOf(p *program) ([]spec.Value, error) {
	if p.status.Signaled() && s.decide.runSignaled != nil {
		return s.decide.runSignaled(int64(p.status.Signal()))()
	}
	values := s.statusOf(p)
	for _, x := range p.kept {
		values = append(values, decoded(x.take()))
	}
	return values, nil
}

// noProgram is what run and start answer where nothing was started.
func noProgram(err error) ([]spec.Value, error) {
	if errors.Is(err, errNoProgram) {
		return kit.One(spec.Nil{}), nil
	}
	return nil, err
}

// stop has what the program still writes thrown away; the monitor is held.
func (p *program) stop() {
	for _, pump := range p.pumps {
		pump.stop()
	}
}

// kill ends the program of a process that was killed in run, and waits for that; the monitor is held, but not meanwhile. What comes to its
// input from now on is whose reads next, also where the program has ended by itself.
func (p *program) kill() {
	s, ended := p.sys, p.ended
	if !ended {
		_ = syscall.Kill(p.child.pid, syscall.SIGKILL)
	}
	s.Unlock()
	if p.feed != nil {
		_ = p.feed.Close()
	}
	if !ended {
		awaitEnd(p.child.pid)
		for _, pump := range p.pumps {
			_ = pump.Close()
		}
	}
	s.Lock()
	if !ended {
		p.look()
	}
}

// start starts a program and returns what stands for it (EXT-START).
func start(f *frame, c spec.Call) ([]spec.Value, error) {
	d := &f.sys.decide
	p, err := f.startProgram(c)
	if err != nil {
		return noProgram(err)
	}
	p.ref = f.sys.Name("external-process", p)
	p.unasked = d.unasked
	if d.startSeen {
		p.changes++
		p.tell()
	}
	if !p.unasked {
		p.look()
	}
	if p.hook != 0 && d.hookFirst > 0 {
		f.Wait("a call of the hook", kit.Within(d.hookFirst), func() bool { return p.calls > 0 }, &p.heard)
	}
	return kit.One(p.ref), nil
}
