package traces

import (
	"fmt"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// A scene is a trace as it is written down by hand: a test, which makes a mailbox, and processes
// with a frame each, numbered from 1.
type scene struct {
	labels []spec.Label
	at     time.Duration
}

var (
	theBox  = spec.Ref{ID: "box", Type: "mailbox"}
	theCode = spec.Ref{ID: "code", Type: "function"}
)

func client(n int) spec.Value { return spec.Ref{ID: fmt.Sprint("client", n), Type: "process"} }

func newScene(clients int, size any) *scene {
	s := &scene{}
	s.add(spec.Label{Kind: spec.EnterLabel, Process: spec.Ref{ID: "test", Type: "process"}})
	var keys []any
	if size != nil {
		keys = append(keys, key.Size(size))
	}
	s.call(0, "make-mailbox", keys)
	s.ret(0, theBox)
	s.call(0, "make-function", nil, spec.Callback(1))
	s.ret(0, theCode)
	for n := 1; n <= clients; n++ {
		s.call(0, "process-run-function", nil, "client", nil, theCode)
		s.ret(0, client(n))
		s.add(spec.Label{Kind: spec.EnterLabel, Frame: n, Process: client(n), Callback: 1})
	}
	return s
}

func (s *scene) add(l spec.Label) {
	l.At = s.at
	s.labels = append(s.labels, l)
}

func (s *scene) call(frame int, op string, more []any, required ...any) {
	s.add(spec.Label{Kind: spec.CallLabel, Frame: frame, Call: spec.NewCall(op, more, required...)})
}

func (s *scene) ret(frame int, values ...spec.Value) {
	s.add(spec.Label{Kind: spec.ReturnLabel, Frame: frame, Return: spec.Values(values...)})
}

func (s *scene) send(frame, value int) {
	s.call(frame, "mailbox-send", nil, theBox, value)
	s.ret(frame, spec.Nil{})
}

func (s *scene) kill(n int) {
	s.call(0, "process-kill", nil, client(n))
	s.ret(0, spec.Nil{})
	s.add(spec.Label{Kind: spec.GoneLabel, Frame: n})
}

func (s *scene) quiet() { s.add(spec.Label{Kind: spec.QuietLabel}) }

func (s *scene) clock(d time.Duration) {
	s.at += d
	s.add(spec.Label{Kind: spec.ClockLabel})
}

// What is judged apart is judged as the search does, also where it is more than a matter of queues.
func TestApartIsJudgedAsTheSearchDoes(t *testing.T) {
	one, yes := spec.Int(1), spec.True{}
	for name, play := range map[string]func(s *scene){
		"a reader waits though an object is there": func(s *scene) {
			s.call(1, "mailbox-read", nil, theBox)
			s.send(0, 1)
			s.quiet()
			s.ret(1, one, yes)
		},
		"the same, and it never returns": func(s *scene) {
			s.call(1, "mailbox-read", nil, theBox)
			s.send(0, 1)
			s.quiet()
		},
		"a sender waits though there is room": func(s *scene) {
			s.call(1, "mailbox-send-limited", nil, theBox, 1, 1)
			s.quiet()
		},
		"a reader waits longer than its time": func(s *scene) {
			s.call(1, "mailbox-read", []any{nil, 1}, theBox)
			s.clock(5 * time.Second)
			s.quiet()
			s.send(0, 1)
			s.ret(1, one, yes)
		},
		"a time-out that is no time": func(s *scene) {
			s.call(1, "mailbox-read", []any{nil, "soon"}, theBox)
			s.send(0, 1)
			s.ret(1, one, yes)
		},
		"a read with a value too many": func(s *scene) {
			s.send(0, 1)
			s.call(1, "mailbox-read", nil, theBox)
			s.ret(1, one, yes, spec.Int(5))
		},
		"a process goes on after it was killed": func(s *scene) {
			s.call(1, "mailbox-read", nil, theBox)
			s.kill(1)
			s.send(0, 1)
			s.call(1, "mailbox-read", nil, theBox)
			s.ret(1, one, yes)
		},
		"what ends after the harness has given up": func(s *scene) {
			s.call(1, "mailbox-read", nil, theBox)
			s.call(2, "mailbox-read", nil, theBox)
			s.add(spec.Label{Kind: spec.ReturnLabel, Frame: 1, Return: spec.Return{Status: spec.Aborted}})
			s.ret(2, spec.Nil{}, spec.Nil{})
		},
		"what ends after the test has": func(s *scene) {
			s.call(1, "mailbox-read", nil, theBox)
			s.add(spec.Label{Kind: spec.LeaveLabel})
			s.ret(1, spec.Nil{}, spec.Nil{})
		},
		"a sender that was killed has filled the mailbox": func(s *scene) {
			s.call(1, "mailbox-send-limited", nil, theBox, 1, 1)
			s.kill(1)
			s.call(2, "mailbox-send-limited", []any{0}, theBox, 2, 1)
			s.ret(2, spec.Nil{})
		},
	} {
		for _, virtual := range []bool{false, true} {
			s := newScene(2, 1)
			play(s)
			judgedAlike(t, fmt.Sprintf("%s, virtual %v", name, virtual), s.labels, virtual)
		}
	}
}

// judgedAlike compares the search with what is judged apart; it returns the verdict of the search,
// and whether the other one has none.
func judgedAlike(t *testing.T, name string, labels []spec.Label, virtual bool) (Verdict, bool) {
	t.Helper()
	want := Check(labels, CheckOptions{Virtual: virtual, searchOnly: true, whole: true})
	undecided := false
	for _, o := range []CheckOptions{{Virtual: virtual, whole: true}, {Virtual: virtual, apartOnly: true, whole: true}} {
		got := Check(labels, o)
		if undecided = undecided || got.Verdict == Undecided; got.Verdict == want.Verdict || got.Verdict == Undecided && o.apartOnly {
			continue
		}
		trace := ""
		for _, line := range Render(labels, nil) {
			trace += line + "\n"
		}
		t.Fatalf("%s: a search says %s, and with what is judged apart it is %s\n%s%s%s", name, want.Verdict, got.Verdict, trace, want.Text(labels), got.Text(labels))
	}
	return want.Verdict, undecided
}

// The same of random scenes: sends and reads with and without time-outs and limits, kills, values
// that may be wrong, and moments at which nothing happens.
func TestApartIsJudgedAsTheSearchDoesAtRandom(t *testing.T) {
	t.Parallel()
	scenes := uint64(tier.Of(1000, 2500, 50_000))
	verdicts, undecided := map[Verdict]int{}, 0
	for seed := range scenes {
		choose := spec.Seeded(seed)
		s, virtual := randomScene(choose), choose.Choose(2) == 0
		if !virtual {
			s.quietless()
		}
		verdict, without := judgedAlike(t, fmt.Sprint("scene ", seed), s.labels, virtual)
		verdicts[verdict]++
		if without {
			undecided++
		}
	}
	t.Log(verdicts, undecided, "undecided")
}

func (s *scene) quietless() {
	kept := s.labels[:0]
	for _, l := range s.labels {
		if l.Kind != spec.QuietLabel {
			kept = append(kept, l)
		}
	}
	s.labels = kept
}

func randomScene(choose spec.Choices) *scene {
	type state struct {
		op    string
		value int
		timed bool
		dead  bool
	}
	clients := 2 + choose.Choose(2)
	limit := choose.Choose(4)
	var size any = 1 + choose.Choose(3)
	if choose.Choose(6) == 0 {
		size = nil
	}
	s := newScene(clients, size)
	frames := make([]state, clients+1)
	value := 0
	var queue []int
	for range 4 + choose.Choose(14) {
		n := 1 + choose.Choose(clients)
		f := &frames[n]
		if f.dead {
			continue
		}
		switch {
		case choose.Choose(12) == 0:
			s.quiet()
		case f.op == "":
			f.timed = choose.Choose(3) == 0
			var timeout any
			if f.timed {
				timeout = 0
			}
			if f.op = "read"; choose.Choose(2) == 0 {
				s.call(n, "mailbox-read", []any{nil, timeout}, theBox)
				continue
			}
			value++
			f.op, f.value = "send", value
			if limit > 0 {
				s.call(n, "mailbox-send-limited", []any{timeout}, theBox, value, limit)
			} else {
				s.call(n, "mailbox-send", nil, theBox, value)
			}
		case choose.Choose(10) == 0:
			s.kill(n)
			if f.dead = true; f.op == "send" && choose.Choose(2) == 0 {
				queue = append(queue, f.value)
			}
		case f.op == "send" && f.timed && limit > 0 && choose.Choose(2) == 0:
			s.ret(n, spec.Nil{})
			f.op = ""
		case f.op == "send":
			s.ret(n, spec.True{})
			queue, f.op = append(queue, f.value), ""
		case len(queue) > 0 && choose.Choose(5) > 0:
			at := 0
			if choose.Choose(4) == 0 {
				at = choose.Choose(len(queue))
			}
			s.ret(n, spec.Int(queue[at]), spec.True{})
			queue, f.op = append(queue[:at:at], queue[at+1:]...), ""
		case f.timed || choose.Choose(8) == 0:
			s.ret(n, spec.Nil{}, spec.Nil{})
			f.op = ""
		}
	}
	return s
}
