package refimpl

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// System is one simulated world. Its methods may be called from one goroutine at a time,
// but for Abort.
type System struct {
	simulator  *Simulator
	world      *world // nil once it is closed
	u          *model.Universe
	state      *model.State
	choices    spec.Choices
	strategy   Strategy // choices, where they are one
	recorder   spec.Recorder
	limit      int
	frameLimit int
	coverage   *Coverage
	cited      model.Citations // where there is a coverage
	steps      int

	recording  bool
	chosen     int // steps at which there was a choice
	deviations []Deviation

	funcs   []spec.Func // by callback number; 0 is the test
	running map[model.ID]*coroutine
	entered int
	acts    []model.Act
	aborted atomic.Bool
}

// Register implements [spec.System].
func (sys *System) Register(fn spec.Func) spec.Callback {
	sys.funcs = append(sys.funcs, fn)
	return spec.Callback(len(sys.funcs) - 1)
}

// Abort implements [spec.System].
func (sys *System) Abort() { sys.aborted.Store(true) }

// Steps is the number of acts the run took.
func (sys *System) Steps() int { return sys.steps }

// Run implements [spec.System]. The scheduler has a goroutine of its own, so that code
// which calls runtime.Goexit ends that one and not the caller's.
func (sys *System) Run(test func(spec.Frame)) error {
	err := error(&spec.Broken{Doing: "running the test", Err: errors.New("the scheduler ended early")})
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if r := recover(); r != nil {
				err = &spec.Broken{Doing: "simulating", Err: fmt.Errorf("%v\n%s", r, debug.Stack()), Own: true}
			}
			for _, co := range sys.running {
				if co.crash != nil {
					err = &spec.Broken{Doing: "running the code of frame " + itoa(co.number), Err: co.crash, Own: true}
				}
			}
		}()
		err = sys.schedule(test)
	}()
	<-done
	return err
}

// schedule runs the test to its end: it picks one enabled act after the other.
func (sys *System) schedule(test func(spec.Frame)) error {
	if sys.coverage != nil {
		if sys.coverage.Branched {
			sys.cited.TraceBranches()
		}
		sys.cited.Gather()
		sys.state.CiteInto(&sys.cited)
		defer sys.coverage.noteCited(&sys.cited)
	}
	root := sys.enter(sys.state.Test(), func(f spec.Frame) []spec.Value { test(f); return nil })
	if err := sys.proceed(root); err != nil {
		return err
	}
	for sys.running[root.frame] != nil || sys.state.TestCleans() {
		if sys.aborted.Load() {
			return sys.endTest(root)
		}
		sys.acts = model.Enabled(sys.state, sys.acts[:0])
		if len(sys.acts) == 0 {
			sys.recordTime(spec.QuietLabel)
			graph := sys.state.WaitGraph()
			stuck := &spec.Stuck{Op: "the test", Waits: graph.Lines(), Graph: graph, Proven: true}
			return errors.Join(sys.endTest(root), stuck)
		}
		if sys.steps++; sys.steps > sys.limit {
			broken := &spec.Broken{Doing: "simulating", Err: fmt.Errorf("the run did not end within %d steps; it waits: %s",
				sys.limit, spec.BriefList(sys.state.Waits(), "; ", 10))}
			return errors.Join(sys.endTest(root), broken)
		}
		if sys.frameLimit > 0 && len(sys.running) > sys.frameLimit {
			broken := &spec.Broken{Doing: "simulating", Err: fmt.Errorf("the run has more than %d frames open at a time", sys.frameLimit)}
			return errors.Join(sys.endTest(root), broken)
		}
		act := sys.acts[sys.pick()]
		sys.coverage.note(sys.state, act)
		if act.Kind == model.Tick {
			sys.recordTime(spec.QuietLabel)
		}
		label := model.Apply(sys.state, act, nil)
		if act.Kind == model.Tick {
			sys.recordTime(spec.ClockLabel)
		}
		var err error
		switch label.Kind {
		case model.Outcome:
			co := sys.running[label.Frame]
			err = sys.resume(co, sys.state.Return(label.Frame, nil))
		case model.Entered:
			err = sys.begin(label.Frame)
		}
		if err != nil {
			return err
		}
	}
	if sys.strategy != nil {
		sys.strategy.End(sys.state, model.Enabled(sys.state, sys.acts[:0]))
	}
	return nil
}

// pick chooses among the enabled acts.
func (sys *System) pick() int {
	var choice int
	if sys.strategy != nil {
		choice = sys.strategy.Pick(sys.state, sys.acts)
	} else {
		choice = spec.Pick(sys.choices, len(sys.acts))
	}
	if sys.recording && len(sys.acts) > 1 {
		if choice != 0 {
			sys.deviations = append(sys.deviations, Deviation{sys.chosen, choice, len(sys.acts)})
		}
		sys.chosen++
	}
	return choice
}

// Deviations says where the run took another act than the first, whoever chose; with
// [Options].Record. [Deviating] repeats it.
func (sys *System) Deviations() []Deviation { return sys.deviations }

// Mutant is the rule that is broken, "" for none.
func (sys *System) Mutant() model.Mutant { return sys.simulator.options.Mutant }

// endTest answers Aborted to the outermost frame until its code has returned.
func (sys *System) endTest(root *coroutine) error {
	if sys.running[root.frame] == nil {
		return nil // its process was running its cleanups
	}
	root.ended = spec.Aborted
	return sys.resume(root, spec.Return{Status: spec.Aborted})
}

// begin starts the code of a frame that the specification entered.
func (sys *System) begin(frame model.ID) error {
	entry := sys.state.Entry(frame)
	if int(entry.Callback) >= len(sys.funcs) || sys.funcs[entry.Callback] == nil {
		return &spec.Broken{Doing: "entering callback " + itoa(int(entry.Callback)), Err: errors.New("it was never registered")}
	}
	fn := sys.funcs[entry.Callback]
	return sys.proceed(sys.enter(frame, func(f spec.Frame) []spec.Value { return fn(f, entry.Arguments) }))
}

// fewFrames is up to how many frames memory for their code is of no account.
const fewFrames = 1000

func (sys *System) enter(frame model.ID, body func(spec.Frame) []spec.Value) *coroutine {
	entry := sys.state.Entry(frame)
	co := newCoroutine(frame, sys.entered, entry.Process, sys.state.ImageOf(frame), len(sys.running) < fewFrames, body)
	sys.entered++
	sys.running[frame] = co
	sys.record(co, spec.Label{Kind: spec.EnterLabel, Process: entry.Process, Image: co.image, Callback: entry.Callback, Args: entry.Arguments})
	return co
}

// resume gives a frame's code the outcome of its operation and lets it go on.
func (sys *System) resume(co *coroutine, outcome spec.Return) error {
	if outcome.Status == spec.Gone {
		sys.record(co, spec.Label{Kind: spec.GoneLabel})
	} else {
		sys.record(co, spec.Label{Kind: spec.ReturnLabel, Return: outcome})
	}
	co.reply = outcome
	return sys.proceed(co)
}

// proceed runs a frame's code until it has opened its next operation or ended.
func (sys *System) proceed(co *coroutine) error {
	call, more := co.next()
	if !more {
		if co.crash != nil {
			return &spec.Broken{Doing: "running the code of frame " + itoa(co.number), Err: co.crash, Own: true}
		}
		delete(sys.running, co.frame)
		sys.state.Leave(co.frame, co.values, nil)
		sys.record(co, spec.Label{Kind: spec.LeaveLabel, Return: spec.Values(co.values...)})
		return nil
	}
	sys.record(co, spec.Label{Kind: spec.CallLabel, Call: call})
	operation, err := model.Decode(sys.u, call)
	if err != nil {
		return sys.resume(co, spec.Return{Status: spec.Absent})
	}
	sys.state.Call(co.frame, operation, nil)
	return nil
}

func (sys *System) record(co *coroutine, l spec.Label) {
	if sys.recorder == nil {
		return
	}
	l.Frame = co.number
	l.At = time.Duration(sys.state.Now()) * time.Microsecond
	sys.recorder.Record(l)
}

// recordTime records a label that belongs to no frame.
func (sys *System) recordTime(kind spec.LabelKind) {
	if sys.recorder != nil {
		sys.recorder.Record(spec.Label{Kind: kind, At: time.Duration(sys.state.Now()) * time.Microsecond})
	}
}

// Close implements [spec.System]: it ends the code of every frame.
func (sys *System) Close() (spec.Leftover, error) {
	if sys.world == nil {
		return spec.Leftover{}, nil // its state is another's
	}
	for longest := &sys.simulator.longest; ; {
		if n := longest.Load(); n >= int64(sys.steps) || longest.CompareAndSwap(n, int64(sys.steps)) {
			break
		}
	}
	processes, children := sys.state.Living()
	left := spec.Leftover{Processes: processes, Children: children}
	frames := make([]model.ID, 0, len(sys.running))
	for frame := range sys.running {
		frames = append(frames, frame)
	}
	slices.Sort(frames)
	for _, frame := range frames {
		co := sys.running[frame]
		delete(sys.running, frame)
		co.ended = spec.Gone
		sys.stop(co)
	}
	sys.simulator.release(sys.world)
	sys.world = nil
	return left, nil
}

// stop ends a coroutine on a goroutine of its own, since its code may call Goexit on the
// way out.
func (sys *System) stop(co *coroutine) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		co.stop()
	}()
	<-done
}
