package native

import (
	"slices"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Starting and ending multiprocessing (INIT-START, INIT-REPL, INIT-IP, INIT-STOP). The first image's environment runs it;
// in a launched image it runs from the call of initialize-multiprocessing on, or from the start, until nobody is left
// who could do anything.

// imageDecisions are those about images and multiprocessing.
type imageDecisions struct {
	again           again      // INIT-START-5: initialize-multiprocessing where it runs
	malformedFails  bool       // INIT-IP-6: an element that can't be applied is an error before anything is started
	beforehand      beforehand // PROC-CREATE-8
	endsImage       bool       // INIT-STOP-2: the image ends where initialize-multiprocessing would return
	quitsAtOnce     bool       // CLEAN-RUN-4: without terminating anybody
	quitsLast       bool       // INIT-STOP-1: who quits is ended too, after the others
	listenerAlways  bool       // INIT-REPL-2: there is a default listener beside the initial processes
	listenerBusy    bool       // INIT-REPL-3: it has a priority of its own, and an internal server beside it
	savingEndsImage bool       // save-image, once the file is there
	refusalSays     bool       // INIT-SAVE-2: a refusal is a message, and nil
	stopsThenSaves  bool       // INIT-SAVE-2: multiprocessing is ended first
	refusalLeaves   bool       // INIT-SAVE-3: a partial file
}

// again says what a second initialize-multiprocessing does.
type again uint8

const (
	againRefused again = iota
	againReturns
	againWaits
)

// beforehand says what process-run-function does while multiprocessing doesn't run (PROC-CREATE-8).
type beforehand uint8

const (
	beforehandRefused beforehand = iota
	beforehandBeginsLater
	beforehandStarts
)

// The variable that lists the processes of the startup, and how initialize-multiprocessing is called in a value.
var (
	initialProcesses = spec.Symbol{Package: "MP", Name: "*INITIAL-PROCESSES*"}
	theInitializer   = spec.Symbol{Package: "MP", Name: "INITIALIZE-MULTIPROCESSING"}
)

// isInitializer tells whether a function designator means initialize-multiprocessing.
func isInitializer(v spec.Value) bool {
	symbol, ok := v.(spec.Symbol)
	return ok && strings.EqualFold(symbol.Name, theInitializer.Name)
}

// launched is what a launched image knows of itself. The monitor guards it.
type launched struct {
	single   bool            // multiprocessing doesn't run
	unusable bool            // nor can it be started (INIT-BOOT-8)
	quitting bool            // somebody has called quit
	typed    []spec.Callback // forms that nobody has evaluated yet
	atEnd    bool            // nothing more will be typed
	readers  kit.Waiters     // those who read what is typed
	changed  chan struct{}   // closed and replaced when a process dies
	ends     kit.Waiters     // those who wait for the end of multiprocessing
	held     []func()        // begins processes that were made before it (PROC-CREATE-8)
	exit     chan int        // the exit code of the image, once it ends itself
}

// isSingle tells whether multiprocessing doesn't run; the monitor is held.
func (s *system) isSingle() bool { return s.image != nil && s.image.single }

// died tells those who wait for the end of multiprocessing that a process has died; the monitor is held.
func (s *system) died() {
	if i := s.image; i != nil {
		close(i.changed)
		i.changed = make(chan struct{})
		i.ends.Wake()
	}
}

// isLeft tells whether somebody is left who can do anything: a process that is no internal server (INIT-STOP-2).
func (s *system) isLeft() bool {
	return slices.ContainsFunc(s.processes, func(p *process) bool { return !p.internal })
}

// initializeMultiprocessing runs multiprocessing until it ends, and returns nil then (INIT-START-2, -3). The arguments are those
// of process-run-function for a process that the calling thread becomes meanwhile (INIT-START-6).
func initializeMultiprocessing(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	switch {
	case s.isSingle() && s.image.unusable:
		return nil, kit.SimpleError("this image was delivered without multiprocessing")
	case s.isSingle():
		if err := f.multiprocess(c.Args, startup{listener: true}); err != nil {
			return nil, err
		}
		if s.decide.endsImage {
			s.exits(0)
			f.Wait("the end of the image", kit.Forever, kit.Never)
		}
	case s.decide.again == againRefused:
		return nil, kit.SimpleError("multiprocessing runs already")
	case s.decide.again == againWaits && s.image != nil:
		f.Wait("the end of multiprocessing", kit.Forever, s.isOver, &s.image.ends)
	case s.decide.again == againWaits:
		f.Wait("the end of multiprocessing", kit.Forever, kit.Never)
	}
	return kit.One(spec.Nil{}), nil
}

// startup is what else begins with multiprocessing.
type startup struct {
	listener bool       // where *initial-processes* names nothing
	always   bool       // a listener anyway
	function spec.Value // is called in a process of its own, nil for none
}

// isOver tells whether multiprocessing has come to its end by itself.
func (s *system) isOver() bool { return !s.image.quitting && !s.isLeft() }

// multiprocess is multiprocessing from its beginning to its end, as seen from the thread that starts it.
func (f *frame) multiprocess(main []spec.Value, with startup) error {
	s := f.sys
	if err := f.begin(with); err != nil {
		return err
	}
	if len(main) > 0 {
		call := spec.Call{Op: "process-run-function", Args: main}
		if err := f.becomes(call); err != nil {
			return err
		}
	}
	f.Wait("the end of multiprocessing", kit.Forever, s.isOver, &s.image.ends)
	if f.Over() {
		return nil
	}
	for _, p := range slices.Clone(s.processes) { // internal servers
		p.kill()
	}
	f.Wait("the end of the internal servers", kit.Within(killGrace), func() bool { return len(s.processes) == 0 }, &s.image.ends)
	s.image.single = true
	return nil
}

// begin starts multiprocessing, with the processes that *initial-processes* lists, in its order (INIT-IP-1, -2).
func (f *frame) begin(with startup) error {
	s := f.sys
	list := f.proc.value(initialProcesses)
	if list == nil {
		list = spec.Nil{}
	}
	elements, ok := spec.Items(s.Structure(list))
	if !ok {
		return kit.TypeError("the value of *initial-processes*", list, "a list")
	}
	var calls []spec.Call
	for _, element := range elements {
		call, err := s.argumentSet(element)
		if err != nil && s.decide.malformedFails {
			return err
		}
		if err == nil {
			calls = append(calls, call)
		}
	}
	s.image.single = false
	for _, begin := range s.image.held {
		begin()
	}
	s.image.held = nil
	for _, call := range calls {
		if _, err := processRunFunction(f, call); err != nil && s.decide.malformedFails {
			return err
		}
	}
	if with.function != nil {
		call := spec.Call{Op: "process-run-function", Args: []spec.Value{spec.String("main"), spec.Nil{}, with.function}}
		if _, err := processRunFunction(f, call); err != nil {
			return err
		}
	}
	if len(elements) == 0 && with.listener || with.always || s.decide.listenerAlways && with.listener {
		s.listen()
	}
	return nil
}

// argumentSet reads one element of *initial-processes*: arguments of process-run-function.
func (s *system) argumentSet(element spec.Value) (call spec.Call, err error) {
	args, ok := spec.Items(s.Structure(element))
	if !ok {
		return call, kit.TypeError("the element of *initial-processes*", element, "a list of arguments")
	}
	call = spec.Call{Op: "process-run-function", Args: args}
	if condition := s.checkArguments(call); condition != nil {
		return call, condition
	}
	_, err = s.FunctionOf(args[2])
	return call, err
}

// becomes has the calling thread be a process that lives its whole life.
func (f *frame) becomes(call spec.Call) error {
	s := f.sys
	if condition := s.checkArguments(call); condition != nil {
		return condition
	}
	bound, err := f.firstBindings()
	if err != nil {
		return err
	}
	title, err := s.newName(call.Args[0])
	if err != nil {
		return err
	}
	p, fn, code, err := s.makeProcess(title, f.proc.priorityByDefault(), call)
	if err != nil {
		return err
	}
	p.bound = bound
	f.proc.Meanwhile("the end of "+p.name, func() { p.run(code, fn, call.Args[3:]) })
	return nil
}

// listen makes the default listener, a process that evaluates what is typed in (INIT-REPL-1).
func (s *system) listen() {
	p := s.newProcess(spec.String("default listener"), nil)
	if s.decide.listenerBusy {
		p.priority, p.normal = 10, 10
		idle := s.newProcess(spec.String("idle"), nil)
		idle.internal = true
		s.lives(idle, func(f *frame) { f.Wait("nothing", kit.Forever, kit.Never) })
	}
	s.lives(p, (*frame).readEvalLoop)
}

// lives has a process of the image's own do something, under the monitor.
func (s *system) lives(p *process, do func(*frame)) {
	s.Go(func() {
		p.run(0, func(f spec.Frame, _ []spec.Value) []spec.Value {
			s.Lock()
			defer s.Unlock()
			do(frameOf(f.(*kit.Frame)))
			return nil
		}, nil)
	})
}

// readEvalLoop evaluates what is typed in, until nothing more is, or the frame is over; the monitor is held, but not meanwhile. What
// a form signals and nobody handles leaves that form.
func (f *frame) readEvalLoop() {
	i := f.sys.image
	for {
		f.Wait("a form to be typed in", kit.Forever, func() bool { return len(i.typed) > 0 || i.atEnd }, &i.readers)
		if f.Over() || len(i.typed) == 0 {
			return
		}
		form := i.typed[0]
		i.typed = i.typed[1:]
		f.callGuarded(form)
	}
}

// callGuarded calls code, from which an error that nobody handles returns here.
func (f *frame) callGuarded(form spec.Callback) {
	f.SetMark(reading{})
	f.Call(form, nil)
	f.SetMark(nil)
}

// reading is the mark of a frame that evaluates what is typed in.
type reading struct{}

// reader is the innermost such frame of a process, nil for none; the monitor is held.
func (p *process) reader() *kit.Frame {
	f, _ := kit.Around[reading](p.Top())
	return f
}

// How long quit gives processes: to end by their own means, and once they are killed, for their cleanups.
const (
	terminateGrace = time.Second
	killGrace      = 10 * time.Second
)

// quit ends the image. The other processes are terminated, each by its method, and then killed, so that cleanups get their
// chance (INIT-STOP-1); whoever calls it stands in it until the end. It never returns.
func quit(f *frame, c spec.Call) ([]spec.Value, error) {
	s, i := f.sys, f.sys.image
	if i == nil {
		return nil, kit.SimpleError("%s: this image is its harness's to end", c.Op)
	}
	status := int64(0)
	if v := kit.Keyword(c, "status"); spec.Truth(v) {
		var err error
		if status, err = fixnumOf("the status", v); err != nil {
			return nil, err
		}
	}
	if s.decide.quitsAtOnce {
		s.exits(int(status))
	} else if !i.quitting {
		i.quitting = true
		f.terminateOthers()
		go func() {
			s.endOthers(f.proc)
			if s.decide.quitsLast {
				s.endLast(f.proc)
			}
			s.exits(int(status))
		}()
	}
	f.Wait("the end of the image", kit.Forever, kit.Never)
	return nil, nil
}

// terminateOthers terminates all other processes, each by its method, and doesn't wait for that.
func (f *frame) terminateOthers() {
	for _, p := range slices.Clone(f.sys.processes) {
		if p != f.proc && p.phase != dead {
			_ = f.terminate(p)
		}
	}
}

// stopOthers ends the other processes, by terminating and then by killing them, and returns once they have ended.
func (f *frame) stopOthers() {
	s := f.sys
	alone := func() bool { return !slices.ContainsFunc(s.processes, func(p *process) bool { return p != f.proc }) }
	f.terminateOthers()
	f.Wait("the other processes to end", kit.Within(terminateGrace), alone, &s.image.ends)
	for _, p := range slices.Clone(s.processes) {
		if p != f.proc {
			p.kill()
		}
	}
	f.Wait("the other processes to end", kit.Within(killGrace), alone, &s.image.ends)
}

// endOthers waits for the end of all processes that were terminated, and kills those that don't come to theirs; but for one.
func (s *system) endOthers(but *process) {
	if s.isAlone(but, terminateGrace) {
		return
	}
	s.Lock()
	for _, p := range slices.Clone(s.processes) {
		if p != but {
			p.kill()
		}
	}
	s.Unlock()
	s.isAlone(but, killGrace)
}

// endLast ends the process that quit, whose cleanups run; a thread that is none stands in quit.
func (s *system) endLast(p *process) {
	s.Lock()
	if p.IsProcess() {
		p.kill()
	}
	s.Unlock()
	if p.IsProcess() {
		s.isAlone(nil, killGrace)
	}
}

// isAlone waits so long until no other process is left; mu isn't held.
func (s *system) isAlone(but *process, within time.Duration) bool {
	limit := time.NewTimer(within)
	defer limit.Stop()
	for {
		s.Lock()
		others := slices.ContainsFunc(s.processes, func(p *process) bool { return p != but })
		changed := s.image.changed
		s.Unlock()
		if !others {
			return true
		}
		select {
		case <-changed:
		case <-limit.C:
			return false
		}
	}
}

// exits ends the program of a launched image.
func (s *system) exits(status int) {
	select {
	case s.image.exit <- status:
	default: // it ends already
	}
}
