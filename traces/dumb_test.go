package traces

import (
	"context"
	"fmt"
	"testing"

	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// dumb judges a trace without any cleverness: before each label it lets everything happen that
// may, in every order, and keeps the states in which the label can come.
func dumb(labels []spec.Label, o CheckOptions) Verdict {
	u := model.NewUniverse()
	initial := model.NewState(u, model.Config{Untimed: true, Lossy: true, Open: true})
	c := &checker{o: o, report: &Report{}, calls: map[model.ID]*script.Call{}, skipped: map[int]bool{}, blind: true}
	c.script = script.Read(u, initial.TestProcess(), labels, o.reading())
	states := []*model.State{initial}
	for i, l := range labels {
		f := c.script.Frames[l.Frame]
		var next []*model.State
		seen := map[[16]byte]bool{}
		for _, s := range everything(states) {
			switch l.Kind {
			case spec.EnterLabel:
				if l.Frame != 0 && !(s.Exists(f) && c.begins(s, f, i)) {
					continue
				}
			case spec.CallLabel:
				if len(c.absent(s, c.script.Opens[i])) > 0 {
					continue
				}
				s.Call(f, c.script.Opens[i].Operation, nil)
			case spec.ReturnLabel, spec.GoneLabel:
				if !s.HasOutcome(f) || !s.Fits(f, &c.calls[f].Seen) {
					continue
				}
				s.Return(f, nil)
			case spec.LeaveLabel:
				s.Leave(f, c.script.Values(l.Return.Values), nil)
			case spec.QuietLabel:
				if !c.idle(s, i) {
					continue
				}
			}
			if h := s.Hash(); !seen[h] {
				seen[h] = true
				next = append(next, s)
			}
		}
		if l.Kind == spec.CallLabel {
			c.calls[f] = c.script.Opens[i]
		}
		if states = next; len(states) == 0 {
			return Forbidden
		}
		if len(states) > 20_000 {
			return Undecided
		}
	}
	return Allowed
}

// everything returns copies of all states that can be reached.
func everything(from []*model.State) []*model.State {
	seen := map[[16]byte]bool{}
	var out []*model.State
	add := func(s *model.State) {
		if h := s.Hash(); !seen[h] {
			seen[h] = true
			out = append(out, s.Clone())
		}
	}
	for _, s := range from {
		add(s)
	}
	var log model.UndoLog
	for i := 0; i < len(out); i++ {
		for _, a := range model.Enabled(out[i], nil) {
			model.Apply(out[i], a, &log)
			add(out[i])
			out[i].Revert(&log)
		}
	}
	return out
}

// scramble runs a small random program on the simulator and returns its labels: three processes
// and the test, which send, read, wait, register cleanups and kill each other.
func scramble(t *testing.T, seed uint64) []spec.Label {
	t.Helper()
	choose := spec.Seeded(seed)
	tape := &spec.Tape{}
	sys, err := refimpl.New(refimpl.Options{}).Open(context.Background(), spec.SystemConfig{Seed: seed, Recorder: tape})
	if err != nil {
		t.Fatal(err)
	}
	err = sys.Run(func(f spec.Frame) {
		api := spec.API{Frame: f}
		box, log := api.MakeMailbox(key.Size(1)).Primary(), api.MakeLog().Primary()
		processes := make([]spec.Value, 3)
		value := 0
		form := api.MakeFunction(sys.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
			spec.API{Frame: f}.LogAppend(log, "form")
			return nil
		})).Primary()
		some := func() spec.Value { return processes[spec.Pick(choose, len(processes))] }
		step := func(api spec.API) {
			value++
			switch spec.Pick(choose, 10) {
			case 0:
				api.MailboxSend(box, value)
			case 1:
				api.MailboxSendLimited(box, value, 1, spec.Pick(choose, 2))
			case 2, 3:
				api.MailboxRead(box, nil, spec.Pick(choose, 2))
			case 4:
				if p := some(); p != nil {
					api.ProcessSend(p, value, key.Limit(1), key.Timeout(0))
				}
			case 5:
				if p := some(); p != nil {
					api.ProcessKill(p)
				}
			case 6:
				if p := some(); p != nil {
					api.EnsureProcessCleanup(form, key.Priority(spec.Pick(choose, 2)), key.Process(p), key.Force(true))
				}
			case 7:
				api.MailboxCount(box)
			case 8:
				api.ProcessWaitForEvent(key.NoHangP(true))
			default:
				api.LogRead(log)
			}
		}
		code := api.MakeFunction(sys.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
			for range 2 {
				step(spec.API{Frame: f})
			}
			return nil
		})).Primary()
		for i := range processes {
			processes[i] = api.ProcessRunFunction(fmt.Sprint("p", i), nil, code).Primary()
		}
		step(api)
		api.Pause(2)
		api.LogRead(log)
		api.MailboxCount(box)
	})
	if err != nil {
		t.Fatal(err)
	}
	sys.Close()
	return tape.Stop()
}

// spoil changes a trace a little: the outcome of a call becomes that of another, a return comes
// earlier or later, a label is dropped.
func spoil(labels []spec.Label, choose spec.Choices) []spec.Label {
	out := append([]spec.Label{}, labels...)
	var returns []int
	for i, l := range out {
		if l.Kind == spec.ReturnLabel && i > 10 {
			returns = append(returns, i)
		}
	}
	if len(returns) < 2 {
		return out
	}
	i, j := returns[spec.Pick(choose, len(returns))], returns[spec.Pick(choose, len(returns))]
	switch spec.Pick(choose, 3) {
	case 0:
		out[i].Return, out[j].Return = out[j].Return, out[i].Return
	case 1: // later, past labels of other frames
		for n := i; n+1 < len(out) && out[n+1].Frame != out[n].Frame && out[n+1].Kind < spec.QuietLabel && spec.Pick(choose, 3) > 0; n++ {
			out[n], out[n+1] = out[n+1], out[n]
		}
	case 2:
		values := [][]spec.Value{{spec.Nil{}}, {spec.True{}}, {spec.Int(1)}, {spec.Int(2), spec.True{}}, {spec.Nil{}, spec.Nil{}}}
		out[i].Return = spec.Return{Values: values[spec.Pick(choose, len(values))]}
	}
	return out
}

func TestOracleAgreesWithADumbOne(t *testing.T) {
	t.Parallel()
	seeds := uint64(tier.Of(200, 250, 5000))
	counts, near := map[Verdict]int{}, 0
	o := CheckOptions{Virtual: true, AdapterPID: model.AdapterPID, Budget: DefaultBudget}
	nearest := o
	nearest.nearest = true
	for seed := range seeds {
		labels := scramble(t, seed)
		for n := range 3 {
			if n > 0 {
				labels = spoil(labels, spec.Seeded(seed<<2+uint64(n)))
			}
			want := dumb(labels, o)
			if want == Undecided {
				continue
			}
			counts[want]++
			if check(labels, nearest).Verdict == Allowed {
				if near++; want != Allowed {
					t.Fatalf("seed %d, spoilt %d times: the nearest states allow what is %s", seed, n, want)
				}
			}
			got := Check(labels, o)
			if got.Verdict == Undecided { // the origin of a process is not in the trace
				counts[Undecided]++
				continue
			}
			if got.Verdict != want {
				var j Journal
				for _, l := range labels {
					j.Record(l)
				}
				for _, line := range j.Lines() {
					t.Log(line)
				}
				t.Fatalf("seed %d, spoilt %d times: the oracle says %s, %+v, the dumb one %s", seed, n, got.Verdict, got.Findings, want)
			}
		}
	}
	t.Logf("%v, %d of those allowed by the nearest states alone", counts, near)
	if near < counts[Allowed]*9/10 {
		t.Errorf("the nearest states allow %d of %d", near, counts[Allowed])
	}
	if counts[Allowed] < int(seeds) || counts[Forbidden] < int(seeds)/5 || counts[Undecided] > int(seeds)/10 {
		t.Errorf("the traces say too little: %v", counts)
	}
}
