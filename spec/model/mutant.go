package model

// Mutant is a rule broken on purpose: the check of the cases, each of which must notice
// some. 0 is the specification itself.
type Mutant uint16

// The mutants.
const (
	ForcedMoveKeepsOldEntry Mutant = iota + 1
	ForcedMoveIgnored
	LimitedSendNeverWaits
	LimitedSendIgnoresLimit
	NoHangForgetsPID
	NoHangNamesChild
)

// MutantInfo describes a mutant.
type MutantInfo struct {
	Mutant  Mutant
	ID      string
	Clauses []string // that it violates
	What    string
}

// Mutants lists the mutants.
var Mutants = []MutantInfo{
	{ForcedMoveKeepsOldEntry, "forced-move-keeps-old-entry", []string{"CLEAN-DUP-7"},
		"a forced re-registration adds the form anew but leaves the old entry: it runs twice"},
	{ForcedMoveIgnored, "forced-move-ignored", []string{"CLEAN-DUP-7"},
		"a forced re-registration does nothing: the form keeps its old place"},
	{LimitedSendNeverWaits, "limited-send-never-waits", []string{"SEND-LIM-5"},
		"a limited send without timeout to a full mailbox returns false at once"},
	{LimitedSendIgnoresLimit, "limited-send-ignores-limit", []string{"SEND-LIM-5"},
		"a limited send without timeout to a full mailbox grows it past its limit instead of waiting"},
	{NoHangForgetsPID, "no-hang-forgets-pid", []string{"REAP-NOHANG-3"},
		"with wait nil and only running children the second value is nil"},
	{NoHangNamesChild, "no-hang-names-child", []string{"REAP-NOHANG-3"},
		"with wait nil and only running children the second value is a child's pid instead of the argument"},
}

// MutantByID returns the mutant of that id.
func MutantByID(id string) (MutantInfo, bool) {
	for _, m := range Mutants {
		if m.ID == id {
			return m, true
		}
	}
	return MutantInfo{}, false
}
