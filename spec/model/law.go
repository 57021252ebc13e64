package model

import "sync"

// The law is what rules leave to decisions: small, named, each as the documents have it. A rule asks
// the law of its state; it doesn't know that somebody may have amended it.
//
// A decision is a function or a plain value. It cites the clauses that it embodies, as rules do.
type law struct {
	processLaw
	bindingLaw
	cleanupLaw
	sendLaw
	mailboxLaw
	eventLaw
	childLaw
	reapLaw
	shellLaw
	programLaw
	imageLaw

	// refuses answers a call of which decoding found that it is wrong.
	refuses func(s *State, f ID)
	// watched tells whether a wait may be left alone until what it waits on is written.
	watched bool
}

// documented is the law as the documents have it.
var documented = law{
	processLaw: documentedProcesses,
	bindingLaw: documentedBindings,
	cleanupLaw: documentedCleanups,
	sendLaw:    documentedSends,
	mailboxLaw: documentedMailboxes,
	eventLaw:   documentedEvents,
	childLaw:   documentedChildren,
	reapLaw:    documentedReaping,
	shellLaw:   documentedShell,
	programLaw: documentedPrograms,
	imageLaw:   documentedImages,
	refuses:    func(s *State, f ID) { s.signal(f, uint32(s.get(f, frameFault))) },
	watched:    true,
}

// lawOf is the law under a mutant.
func lawOf(m Mutant) *law {
	if m == "" {
		return &documented
	}
	if l := amended()[m]; l != nil {
		return l
	}
	return &documented
}

var amended = sync.OnceValue(func() map[Mutant]*law {
	laws := map[Mutant]*law{}
	for _, m := range Mutants {
		l := documented
		l.watched = false // it may wait for more than the rule knows
		if m.amend != nil {
			m.amend(&l)
		}
		laws[m.Mutant] = &l
	}
	return laws
})
