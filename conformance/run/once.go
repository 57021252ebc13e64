package run

import (
	"context"
	"errors"
	"hash/fnv"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// An attempt is the result of one run of a case, or the worst of several.
type attempt struct {
	verdict.Result
	// replay is asked for the command that repeats the very run; nil where there is none.
	replay func() string
}

// runOnce runs a case on a fresh system. Without choices the adapter's scheduler has the seed.
func (s *Session) runOnce(ctx context.Context, k *cases.Case, seed uint64, setting Setting, choices spec.Choices) (result attempt) {
	result.Result = verdict.Result{ID: k.ID, Clauses: k.Witnesses(), Observed: []cases.Observation{}, Seed: seed}
	var journal Journal
	cfg := spec.SystemConfig{Seed: mixSeed(seed, k.ID), Watchdog: setting.Watchdog, Choices: choices}
	if s.cfg.Journal != nil {
		journal = s.cfg.Journal()
		cfg.Recorder = journal
	}
	late := &belated{}
	if s.cfg.Tape != nil {
		cfg.Recorder = both(cfg.Recorder, late)
	}
	logged := func(verdict.Verdict) {}
	if s.cfg.Messages != nil {
		cfg.Messages, logged = s.cfg.Messages(k.ID, seed)
	}
	defer func() { logged(result.Verdict) }()
	sys, err := s.cfg.Adapter.Open(ctx, cfg)
	done := func(verdict.Verdict) {}
	if s.cfg.Tape != nil { // which says who serves, and only now that is known
		tape, end := s.cfg.Tape(s.current(), k.ID, seed)
		late.on(tape)
		if end != nil {
			done = end
		}
	}
	defer func() { done(result.Verdict) }()
	if err != nil {
		result.Verdict, result.Message = verdict.Error, "opening a system: "+err.Error()
		return result
	}
	shown := k.Perform(ctx, cases.Stage{
		System: sys, Handshake: s.current(), Choices: spec.Seeded(mixSeed(setting.Shuffle, k.ID)), Watchdog: setting.Watchdog,
		Sizes: setting.Sizes, Hangs: &s.shared.hangs, Kit: s.shared.kit,
	})
	found, message := verdict.Judge(k, shown, setting.Profile, setting.Strict)
	result.Verdict, result.Composed = found, shown.Composed
	switch found {
	case verdict.Inconclusive, verdict.NotApplicable:
		result.Reason = message
	default:
		result.Message = message
	}
	if s.handshake.Clock == spec.Real {
		result.Hang = shown.Hung
	}
	var fault *cases.KitFault
	if errors.As(shown.Broken, &fault) && found == verdict.Error {
		result.Kit = fault
	}
	result.Cause = verdict.CauseOf(found, shown)
	if f := shown.Failure; f != nil {
		result.Allowed, result.Seen = f.Allowed, f.Seen
		if found != verdict.Error { // which charges no clause
			result.Failure = f
		}
	}
	if found >= verdict.Inconclusive {
		result.Repro = s.repro(k, seed)
		if journal != nil {
			result.Trace = journal.Lines()
			result.Events = telling(journal, k, &result.Result)
			result.Diagnosis = s.diagnose(journal, found, setting)
		}
		if s.cfg.Replay != nil {
			result.replay = func() string { return s.cfg.Replay(sys, setting) }
		}
	}
	result.Observed = append(result.Observed, shown.Observed...)
	return result
}

// diagnose asks the journal what is wrong with a run, nil where it can't say.
func (s *Session) diagnose(journal Journal, v verdict.Verdict, setting Setting) *verdict.Diagnosis {
	d, ok := journal.(Diagnosing)
	if !ok || v != verdict.Fail && v != verdict.Inconclusive {
		return nil
	}
	h := s.current()
	if h.Profile = setting.Profile; setting.Strict {
		h.Profile = spec.Profiles
	}
	clauses, lines := d.Diagnose(h)
	if len(clauses) == 0 {
		return nil
	}
	return &verdict.Diagnosis{Clauses: clauses, Lines: lines}
}

// eventsTold is how many events of a run the text shows at most.
const eventsTold = 25

// telling are the events that matter for a result, nil where the journal can't say.
func telling(journal Journal, k *cases.Case, r *verdict.Result) []string {
	selective, ok := journal.(Selective)
	if !ok {
		return nil
	}
	decisive, clauses := "", []string{k.Clause()}
	if r.Cause != nil && !strings.HasPrefix(r.Cause.Operation, "what ") {
		decisive = cases.OperationOf(r.Cause.Operation)
	}
	if r.Failure != nil {
		clauses = append(clauses, r.Failure.Clause)
	}
	return selective.Telling(decisive, func(name string) bool {
		op := spec.LookupOp(name)
		return op != nil && !op.Is(spec.Kit) && cases.About(op, clauses...)
	}, eventsTold)
}

// current is the handshake with the process id of the moment: a pool may have replaced its
// process.
func (s *Session) current() spec.Handshake {
	h := s.handshake
	if h.Clock == spec.Real {
		h.PID = s.cfg.Adapter.Handshake().PID
	}
	return h
}

// both is a recorder that tells two; the first may be nil.
func both(first, second spec.Recorder) spec.Recorder {
	if first == nil {
		return second
	}
	return recorders{first, second}
}

type recorders [2]spec.Recorder

func (r recorders) Record(l spec.Label) {
	r[0].Record(l)
	r[1].Record(l)
}

// mixSeed gives each case its own stream of choices.
func mixSeed(seed uint64, id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64() ^ seed*0x9e3779b97f4a7c15
}
