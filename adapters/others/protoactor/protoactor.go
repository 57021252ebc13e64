// Package protoactor is protoactor-go, to be judged on its mailboxes, its actors and its death notices:
//
//	mailbox-send          Mailbox.PostUserMessage of an unbounded mailbox; nil is Go's nil
//	mailbox-count         Mailbox.UserMessageCount, and what was taken out ahead
//	mailbox-read          its own loop, which pushes: the mailbox is suspended (SuspendMailbox) while nobody reads
//	process-run-function  RootContext.Spawn of an actor that runs the function when it has started, and then stops itself
//	process-join          ActorContext.Watch: Terminated has come; at once where the registry doesn't know the PID any more
//	process-alive-p       the process registry knows the actor's PID
//	process-kill          composed: an actor that is busy can't be stopped, so its code is left at its next operation; then it stops
//
// Mailboxes have no size, and nobody waits for room in one.
package protoactor

import (
	"io"
	"log/slog"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Implementation is what is judged.
var Implementation = kit.Implementation{
	Name:    "protoactor-go",
	Version: "0.0.0-20240822202345-3c0e61ca19c9",
	Profile: []string{"lispworks-8:MBOX", "lispworks-8:PROC"},
	Operations: map[string]kit.Operation{
		"make-mailbox":        makeMailbox,
		"mailbox-send":        kit.On("mailbox", send),
		"mailbox-read":        kit.On("mailbox", read),
		"mailbox-count":       kit.On("mailbox", count),
		"mailbox-empty-p":     kit.On("mailbox", isEmpty),
		"mailbox-not-empty-p": kit.On("mailbox", isNotEmpty),

		"process-run-function": runFunction,
		"get-current-process":  func(f *kit.Frame, _ spec.Call) ([]spec.Value, error) { return kit.One(f.Self()), nil },
		"process-name":         kit.On("process", name),
		"process-kill":         kit.On("process", kill),
		"process-join":         kit.On("process", join),
		"process-alive-p":      kit.On("process", isAlive),
	},
	Native: []string{"mailbox-send", "mailbox-count", "process-run-function", "process-join", "process-alive-p"},
	Open: func(s *kit.System) error {
		s.Own = actor.NewActorSystem(actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger {
			return slog.New(slog.NewTextHandler(io.Discard, nil))
		}))
		return nil
	},
	Hooks: kit.Hooks{
		Outermost: func(s *kit.System) (*kit.Thread, func(spec.Func)) {
			p := newProcess(s, "outermost")
			return p.thread, func(fn spec.Func) { p.live(s, 0, fn, nil) }
		},
		Closed: func(s *kit.System) { actorsOf(s).Shutdown() },
	},
}

func actorsOf(s *kit.System) *actor.ActorSystem { return s.Own.(*actor.ActorSystem) }
