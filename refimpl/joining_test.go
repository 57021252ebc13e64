package refimpl

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// That something was joined that isn't the same is not forgotten for other code that is kept apart.
func TestMisjoiningIsRemembered(t *testing.T) {
	tree := newTree()
	start := tree.start(beginning{callback: 1})
	l := &Learned{tree: tree, joins: true, misjoined: true}
	if l.joined(start, &arc{}, &deed{kind: callDeed, registered: []spec.Callback{2}}) != nil || !start.apart || !l.misjoined {
		t.Errorf("apart %v, misjoined %v", start.apart, l.misjoined)
	}
}
