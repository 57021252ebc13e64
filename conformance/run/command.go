package run

import (
	"fmt"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
)

// repro is the command that repeats a run: on virtual time exactly.
func (s *Session) repro(k *cases.Case, seed uint64) string { return s.command(k, seed, 1) }

// command is the command that runs a case again, so many times.
func (s *Session) command(k *cases.Case, seed uint64, times int) string {
	if s.cfg.RepeatCase != nil {
		return s.cfg.RepeatCase(k.ID, times)
	}
	flags := fmt.Sprintf("--select %s --seed %d", k.ID, seed)
	switch {
	case s.handshake.Clock != spec.Virtual:
	case s.cfg.Enumerate != nil:
		flags += " --schedules all"
	default:
		flags += " --schedules 1"
	}
	if times > 1 {
		flags += fmt.Sprintf(" --repeat %d", times)
	}
	if s.cfg.Command == nil {
		return "mpcheck run " + flags
	}
	return s.cfg.Command(flags)
}
