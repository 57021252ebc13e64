package model

import "slices"

// Mutant names a rule broken on purpose: the check of the cases, each of which must notice
// some. "" is the specification itself.
type Mutant string

// MutantInfo describes a mutant.
type MutantInfo struct {
	Mutant  Mutant
	Clauses []string // that it violates
	What    string

	amend func(*law) // what it decides otherwise
}

// Mutants lists the mutants; each chapter has its own beside the rules it breaks.
var Mutants = slices.Concat(processMutants, terminateMutants, bindingMutants, cleanupMutants, mailboxMutants, sendMutants, eventMutants, childMutants, programMutants, imageMutants)

// MutantByID returns the mutant of that id.
func MutantByID(id string) (MutantInfo, bool) {
	for _, m := range Mutants {
		if m.Mutant == Mutant(id) {
			return m, true
		}
	}
	return MutantInfo{}, false
}
