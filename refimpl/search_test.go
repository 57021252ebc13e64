package refimpl

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
)

// An automaton is threads that go round in circles: at each place a thread waits for a
// variable to have a value, and sets it. Its states, unlike those of the specification, where
// every call counts, come again.
type automaton struct {
	code  [][]move // of each thread
	state [8]uint8 // the places of four threads, the values of four variables
	past  [][8]uint8
	order uint64 // tells in which order the threads come
}

const whatever = 2 // a move that waits for no value

type move struct{ variable, from, to uint8 }

func (a *automaton) Enabled(out []model.Act) []model.Act {
	before := len(out)
	for t, code := range a.code {
		if m := code[a.state[t]]; m.from == whatever || a.state[4+m.variable] == m.from {
			out = append(out, model.Act{Kind: model.Effect, Process: model.ID(1 + t), Touches: model.Touching(model.ID(10 + m.variable))})
		}
	}
	if model.Scramble(a.key()[0]+a.order)&1 == 1 {
		slices.Reverse(out[before:])
	}
	return out
}

func (a *automaton) Step(act model.Act) {
	a.past = append(a.past, a.state)
	t := act.Process - 1
	m := a.code[t][a.state[t]]
	a.state[4+m.variable] = m.to
	a.state[t] = (a.state[t] + 1) % uint8(len(a.code[t]))
}

func (a *automaton) Revert() {
	a.state = a.past[len(a.past)-1]
	a.past = a.past[:len(a.past)-1]
}

func (a *automaton) Depth() int          { return len(a.past) }
func (a *automaton) Ended() bool         { return false }
func (a *automaton) useOf(model.Act) use { return 0 }
func (a *automaton) used() use           { return 0 }
func (a *automaton) key() (k [2]uint64) {
	for _, v := range a.state {
		k[0] = k[0]<<8 | uint64(v)
	}
	k[1] = model.Scramble(k[0])
	return k
}

func (a *automaton) visits(s Search) map[[8]uint8]bool {
	seen := map[[8]uint8]bool{}
	s.Cache, s.on, s.Visit = true, a, func() { seen[a.state] = true }
	s.Run()
	return seen
}

// Of the states of this one a cache that forgets sleep sets loses one: a state is first come to
// while an act sleeps, and when it is come to again with the act awake it is not gone on from.
// It takes a circle: of a program's states, which never come again, none is lost, since whatever
// sleeps leads to a state whose like was done with before. Nothing tells a search that there is
// no circle, so sleep sets are stored.
func TestCacheWithoutSleepSetsLosesAState(t *testing.T) {
	a := &automaton{order: 25068, code: [][]move{
		{{1, whatever, 0}, {0, 0, 1}},
		{{2, 0, 0}, {3, 0, 0}},
		{{2, 1, 0}},
		{{0, 1, 1}, {3, whatever, 0}},
	}}
	all, stored, forgotten := a.visits(Search{}), a.visits(Search{Reduce: true}), a.visits(Search{Reduce: true, forgetful: true})
	if len(all) != 12 || !maps.Equal(stored, all) {
		t.Errorf("with sleep sets stored it finds %d states of %d, want all 12", len(stored), len(all))
	}
	if len(forgotten) != 11 {
		t.Errorf("with sleep sets forgotten it finds %d states of %d, want 11", len(forgotten), len(all))
	}
}

func TestStoredSleepSetsLoseNoState(t *testing.T) {
	t.Parallel()
	automata := uint64(20_000)
	if testing.Short() {
		automata = 2000
	}
	lost := 0
	for seed := range automata {
		r := rand.New(rand.NewPCG(seed, 1))
		a := &automaton{order: seed}
		for range 2 + r.IntN(3) {
			var code []move
			for range 1 + r.IntN(3) {
				code = append(code, move{uint8(r.IntN(4)), uint8(r.IntN(3)), uint8(r.IntN(2))})
			}
			a.code = append(a.code, code)
		}
		all := a.visits(Search{})
		if got := a.visits(Search{Reduce: true}); !maps.Equal(got, all) {
			t.Fatalf("seed %d: %d states of %d", seed, len(got), len(all))
		}
		if !maps.Equal(a.visits(Search{Reduce: true, forgetful: true}), all) {
			lost++
		}
	}
	t.Logf("forgotten, sleep sets would lose states of %d of %d automata", lost, automata)
}

func TestVisitedFindsWhatItHas(t *testing.T) {
	v := newVisited(0, true)
	r := rand.New(rand.NewPCG(1, 1))
	keys := map[[2]uint64]uint32{}
	for n := range uint32(10_000) {
		key := [2]uint64{r.Uint64() % 64, r.Uint64() % 64} // few, and the zero key among them
		at, found := v.find(key)
		if value, known := keys[key]; found != known || found && v.values[at] != value {
			t.Fatalf("%v: found %v, known %v", key, found, known)
		}
		v.values[at], keys[key] = n, n
	}
	if v.count != len(keys) {
		t.Errorf("it counts %d keys, want %d", v.count, len(keys))
	}
}

// Code runs on over operations that are absent to the one behind, which may read a name: the order
// of what gives the name matters then.
func TestReductionKnowsWhatIsReadBehindAbsentOperations(t *testing.T) {
	for _, code := range []string{
		`{"call": {"op": "get-current-process"}}, {"call": {"op": "build-library", "args": [5]}},`,
		`{"call": {"op": "build-library", "args": [5]}},`,
	} {
		p, err := program.Parse([]byte(`{"blocks": [[
			{"name": "l", "call": {"op": "make-log"}},
			{"name": "f", "call": {"op": "make-function", "args": [{"callback": 1}]}},
			{"name": "p", "call": {"op": "process-run-function", "args": ["p", null, {"ref": "f"}]}},
			{"name": "x", "call": {"op": "make-cell", "args": [0]}},
			{"call": {"op": "process-join", "args": [{"ref": "p"}]}},
			{"call": {"op": "log-read", "args": [{"ref": "l"}]}}],
			[` + code + `{"call": {"op": "log-append", "args": [{"ref": "l"}, {"ref": "x"}]}}]]}`))
		if err != nil {
			t.Fatal(err)
		}
		outcomes := map[bool]map[string]bool{}
		for _, reduce := range []bool{false, true} {
			m, err := NewMachine(p, MachineOptions{Record: true})
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			s := Search{Machine: m, Reduce: reduce, Leaf: func(End) bool {
				labels := m.Labels()
				seen[labels[len(labels)-2].Return.String()] = true
				return true
			}}
			s.Run()
			outcomes[reduce] = seen
		}
		if len(outcomes[false]) != 2 || !maps.Equal(outcomes[false], outcomes[true]) {
			t.Errorf("with %s what can be read is %v, and reduced %v", code, outcomes[false], outcomes[true])
		}
	}
}
