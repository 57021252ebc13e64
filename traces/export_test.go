package traces

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// For the tests that need other packages of this module, which need this one.
var (
	Late        = late
	FromOutside = fromOutside
	EndingEarly = endingEarly
)

// LeastSlack is what a real clock is granted.
const LeastSlack = leastSlack

// CitedBranches are the branches that acts take in some state which fits a trace.
func CitedBranches(labels []spec.Label, o CheckOptions) []model.Branch {
	o.citing, o.Budget, o.kept = true, firstStates, firstKept
	c := newChecker(labels, o)
	c.cites.TraceBranches()
	c.judge()
	return c.cites.Branches()
}
