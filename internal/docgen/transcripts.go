package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// worked are the cases whose conversations are shown, one or two an area, and what to look at in each.
var worked = []struct{ id, look string }{
	{"PROC-CREATE-2/seed-example", "A process is made; its function is entered as a frame of its own, before or after the call that made it has answered."},
	{"BIND-4/at-the-call", "Forms of initial bindings."},
	{"INIT-START-1/initial-process", "A launched image. Its frames carry `image`, since a simulator has all images in one process; on a real clock it attaches by a connection of its own."},
	{"CLEAN-DUP-7/lower", "Cleanup forms are values; as the process ends each is entered, in its order."},
	{"CLEAN-FOR-1/own-process", "A foreign thread calls back."},
	{"DEP-3/arguments", "A dependent is told of an end."},
	{"SEND-DEAD-2/continue", "An operation signals an error: a handler is entered while the operation is open."},
	{"MBOX-READ-1/two-values", "Calls and their answers, values as results."},
	{"EVENT-GHE-2/calls", "Code is called by an operation: a nested frame, entered while that is open."},
	{"REAP-STAT-2/low-bits", "On a virtual clock the helper child is simulated too, so that `child-spawn` and its like come over the wire. An adapter on a real clock is asked to `start` it instead."},
	{"EXT-IO-2/discarded", "A program and its streams."},
}

// transcripts is the page of conversations. They are those of the simulator, served: the same each time.
func transcripts() (string, error) {
	var b strings.Builder
	b.WriteString(generated + `# Conversations

One case of each area, put to the simulator over the wire: what [protocol.md](protocol.md) describes, as it
is said. ` + "`->`" + ` is the harness, ` + "`<-`" + ` the adapter; the marks are not sent. Each begins where its system is opened, after
the handshake. An adapter on a real clock says the same, but for other names of objects, and where processes run side by side
in another order.
`)
	for _, w := range worked {
		lines, k, err := conversation(w.id)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s %s\n\n```\n%s```\n", w.id, k.Story, w.look, strings.Join(lines, ""))
	}
	return b.String(), nil
}

// conversation is what is said in one run of a case, a line each.
func conversation(id string) ([]string, *cases.Case, error) {
	chosen, err := cases.Select(cases.All(), []string{id}, nil)
	if err != nil {
		return nil, nil, err
	}
	fromHarness, toAdapter := io.Pipe()
	fromAdapter, toHarness := io.Pipe()
	served := make(chan error, 1)
	go func() {
		served <- wire.Serve(context.Background(), refimpl.New(refimpl.Options{}), fromHarness, toHarness)
	}()
	client, err := wire.NewClient(context.Background(), fromAdapter, toAdapter, wire.Options{})
	if err != nil {
		return nil, nil, err
	}
	heard := &listener{Adapter: client}
	report, err := run.Execute(context.Background(), run.Config{
		Adapter: heard, Cases: chosen, Seed: 1, Schedules: 1, Sizes: cases.ExploreSizes, TrustKit: true,
	})
	if err != nil {
		return nil, nil, err
	}
	if v := report.Cases[0].Verdict; v != verdict.Pass && v != verdict.Observed {
		return nil, nil, fmt.Errorf("%s, to be shown as a conversation, has verdict %s", id, v)
	}
	if err := client.Close(); err != nil {
		return nil, nil, err
	}
	return inOneOrder(heard.lines), chosen[0], <-served
}

// inOneOrder has what happens side by side stand in one order, since another run has it in another. What the adapter says between two
// words of the harness comes from several threads: answers by their numbers, and then requests. And the answer of the harness to the
// enter of a dead frame, for which nobody waits, follows what has told that the frame is dead.
func inOneOrder(lines []string) []string {
	type message struct {
		ID     int
		Method string
		Params struct{ Frame string }
		Result struct{ Status string }
		text   string
		after  string // an answer to the enter of the frame that this leaves dead
	}
	var said []*message
	frames, entered := map[int]string{}, map[int]string{} // of the harness's calls, of the adapter's enters
	dead := map[string]*message{}
	for _, line := range lines {
		m := &message{text: line}
		if err := json.Unmarshal([]byte(line[len("<- "):]), m); err != nil {
			panic(err) // it was sent as JSON
		}
		sent := strings.HasPrefix(line, "-> ")
		switch {
		case sent && m.Method == "call":
			frames[m.ID] = m.Params.Frame
		case !sent && m.Method == "enter":
			entered[m.ID] = m.Params.Frame
		case !sent && m.Result.Status == "gone":
			dead[frames[m.ID]] = m
		case sent && m.Method == "" && dead[entered[m.ID]] != nil:
			dead[entered[m.ID]].after = line
			continue
		}
		said = append(said, m)
	}
	isOfAdapter := func(m *message) bool { return strings.HasPrefix(m.text, "<- ") }
	for from := 0; from < len(said); {
		to := from
		for to < len(said) && isOfAdapter(said[to]) {
			to++
		}
		slices.SortStableFunc(said[from:to], func(a, b *message) int {
			return cmp.Or(cmp.Compare(a.Method, b.Method), cmp.Compare(a.ID, b.ID)) // answers have no method
		})
		from = max(to, from+1)
	}
	var out []string
	for _, m := range said {
		out = append(out, m.text)
		if m.after != "" {
			out = append(out, m.after)
		}
	}
	return out
}

// A listener keeps what is said of each of its systems.
type listener struct {
	spec.Adapter
	mu    sync.Mutex
	lines []string
}

func (l *listener) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	cfg.Messages = func(sent bool, line []byte) {
		mark := "<- "
		if sent {
			mark = "-> "
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.lines = append(l.lines, mark+string(line)+"\n")
	}
	return l.Adapter.Open(ctx, cfg)
}
