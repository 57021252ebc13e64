package refimpl

import "github.com/mpcheck/mpcheck/spec/model"

// An asleep is an act that a search need not explore, since it was explored before and nothing
// since has mattered to it.
type asleep struct {
	act model.Act
	use use
}

// A use is what an act may do with the names that code of several processes shares.
type use uint8

const (
	readsShared use = 1 << iota
	givesShared
)

// feeds tells whether what one act may give another may read. One may do both.
func (u use) feeds(other use) bool { return u&givesShared != 0 && other&readsShared != 0 }

// useOf says what the code that goes on after an act may do, rather too much than too little.
// Names are given by the test's code only.
func (m *Machine) useOf(a model.Act) use {
	if a.Kind == model.Obey || a.Kind == model.Tick {
		return 0
	}
	if a.Process == m.state.TestProcess() {
		if p := &m.places[m.state.Test()]; !m.left && m.code.givesShared[p.at] {
			return givesShared
		}
		return 0
	}
	if m.code.entryReads {
		return readsShared
	}
	if a.Frame != 0 {
		if p := &m.places[a.Frame]; m.code.readsShared[p.block][p.at+1] {
			return readsShared
		}
	}
	return 0
}

// used implements [walk]: all was said before the step.
func (m *Machine) used() use { return 0 }

// dependent tells whether the order of two acts may matter.
func (a asleep) dependent(b asleep) bool {
	return model.Dependent(a.act, b.act) || a.use.feeds(b.use) || b.use.feeds(a.use)
}

func contains(set []asleep, act model.Act) bool {
	for i := range set {
		if set[i].act == act {
			return true
		}
	}
	return false
}
