package refimpl

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// Simulator is the reference implementation as an adapter.
type Simulator struct {
	options Options
	// longest is the number of acts of the longest run so far.
	longest atomic.Int64
	// worlds are those of systems that were closed, each a *world: an enumerator opens
	// thousands of systems one after the other.
	worlds sync.Pool
}

// A world is what a system is made of.
type world struct {
	u     *model.Universe
	state *model.State
}

// world returns one as it is in the beginning. Used before or not, it gives the same names to
// the same objects: a seed means the same run.
func (s *Simulator) world() *world {
	cfg := model.Config{Mutant: s.options.Mutant}
	if w, ok := s.worlds.Get().(*world); ok {
		w.u.Reset()
		w.state.Reset(cfg)
		return w
	}
	u := model.NewUniverse()
	return &world{u, model.NewState(u, cfg)}
}

// maxKept bounds the objects of a world that is kept: to empty a large one costs more than a new
// one.
const maxKept = 1000

// release keeps the world of a closed system for another.
func (s *Simulator) release(w *world) {
	if w.u.Size() <= maxKept {
		s.worlds.Put(w)
	}
}

// Options of a simulator. The zero value is the specification as it stands.
type Options struct {
	// Mutant breaks one rule of the specification on purpose.
	Mutant model.Mutant
	// StepLimit ends a run that takes more steps, 0 means [DefaultStepLimit].
	StepLimit int
	// FrameLimit ends a run in which more pieces of code have begun and not ended, 0 is no bound.
	FrameLimit int
	// PCTDepth, where not 0, has a system without Choices pick by [PCT] with that depth instead
	// of evenly. The number of acts is that of the longest run of the simulator so far.
	PCTDepth int
	// Record has a system keep where its schedule deviates from the one that always takes the
	// first: [System.Deviations].
	Record bool
	// Coverage, where not nil, is told the clauses of every act.
	Coverage *Coverage
}

// DefaultStepLimit is far above what any case needs: a run that reaches it goes in circles.
const DefaultStepLimit = 1_000_000

// New returns a simulator. It may be used from any goroutine, one system at a time on each.
func New(o Options) *Simulator {
	if o.StepLimit == 0 {
		o.StepLimit = DefaultStepLimit
	}
	return &Simulator{options: o}
}

// extras are what the specification knows of that which is claimed apart.
var extras = []string{
	"run-shell-command :separate-streams",
	"save-image :restart-function",
	"save-image :multiprocessing",
	"start :status-hook",
	"run :environment",
	"run :replace-environment-p",
	"start :environment",
	"start :replace-environment-p",
	"process-run-function :mailbox",
	"process-run-function :priority",
	"process-run-function :internal-server",
	"process-run-function :remote-terminator",
	"process-run-function :terminate-by-send",
	"process-run-function :local-terminator",
	"current-process-set-terminate-method :local-terminator",
	"make-mailbox :size",
	"make-mailbox :name",
	"process-wait-for-event :wait-function",
	"process-wait-for-event :no-hang-p",
}

// Handshake implements [spec.Adapter].
func (s *Simulator) Handshake() spec.Handshake {
	name := "refimpl"
	for _, m := range model.Mutants {
		if m.Mutant == s.options.Mutant {
			name += " with mutant " + string(m.Mutant)
		}
	}
	h := spec.Handshake{
		Contract: spec.ContractVersion,
		Name:     name,
		Version:  spec.ContractVersion,
		Profile:  []string{"lispworks-4:SEND", "lispworks-6:BIND", "lispworks-6:MBOX", "lispworks-7", "lispworks-8", "allegro-6", "allegro-7+", "posix-waitpid", "external-program-source"},
		Clock:    spec.Virtual,
		PID:      model.AdapterPID,
	}
	all := claims()
	h.Capabilities, h.Operations = slices.Clone(all.Capabilities), maps.Clone(all.Operations)
	return h
}

// claims is a handshake with what the simulator claims; each that it hands out has its own copy.
var claims = sync.OnceValue(func() (h spec.Handshake) {
	h.Claim(spec.Native, model.Operations()...)
	h.Claim(spec.Native, extras...)
	return h
})

// Open implements [spec.Adapter].
func (s *Simulator) Open(_ context.Context, cfg spec.SystemConfig) (spec.System, error) {
	choices := cfg.Choices
	if choices == nil {
		choices = spec.Seeded(cfg.Seed)
		if s.options.PCTDepth > 0 {
			choices = NewPCT(choices, s.options.PCTDepth, int(s.longest.Load()))
		}
	}
	w := s.world()
	strategy, _ := choices.(Strategy)
	return &System{
		simulator: s, strategy: strategy, world: w, u: w.u, state: w.state,
		choices: choices, recorder: cfg.Recorder, recording: s.options.Record, limit: s.options.StepLimit, frameLimit: s.options.FrameLimit, coverage: s.options.Coverage,
		funcs: []spec.Func{nil}, running: map[model.ID]*coroutine{},
	}, nil
}

// Close implements [spec.Adapter]; there is nothing to end.
func (s *Simulator) Close() error { return nil }
