package wire

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

var update = flag.Bool("update", false, "rewrite the golden conversation")

// protocolPage shows the golden conversation to people; it has to be the same.
const protocolPage = "../../docs/protocol.md"

// conversation notes what both ends write, a line each, with who wrote it.
type conversation struct {
	mu   sync.Mutex
	text bytes.Buffer
}

type speaker struct {
	*conversation
	mark string
	w    io.WriteCloser
}

func (s speaker) Close() error { return s.w.Close() }

// Write notes before it writes, so that an answer stands after what it answers.
func (s speaker) Write(b []byte) (int, error) {
	s.mu.Lock()
	for line := range strings.Lines(string(b)) {
		s.text.WriteString(s.mark + line)
	}
	s.mu.Unlock()
	return s.w.Write(b)
}

// TestConversation pins the bytes of a whole conversation.
func TestConversation(t *testing.T) {
	var talk conversation
	fromHarness, toAdapter := io.Pipe()
	fromAdapter, toHarness := io.Pipe()
	a := newFake()
	a.hand.Operations = map[string]spec.Claim{"new": spec.Native, "funcall": spec.Native, "signal-error": spec.Native, "current-process-kill": spec.Composed}
	served := make(chan error, 1)
	go func() { served <- Serve(context.Background(), a, fromHarness, speaker{&talk, "<- ", toHarness}) }()
	c, err := NewClient(context.Background(), fromAdapter, speaker{&talk, "-> ", toAdapter}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, c, spec.SystemConfig{Seed: 18446744073709551615})
	body := s.Register(func(f spec.Frame, args []spec.Value) []spec.Value {
		f.Do(call("signal-error", "no such file"))
		return []spec.Value{spec.NewRatio(1, 5), args[0]}
	})
	if err := s.Run(func(f spec.Frame) {
		f.Do(call("new", spec.Keyword("string"), "h\u00e9", spec.Key{Name: "size", Value: spec.Int(2)}))
		f.Do(call("funcall", body, spec.Symbol{Package: "CL-USER", Name: "X"}))
		f.Do(call("current-process-kill"))
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-served; err != nil {
		t.Fatal(err)
	}

	const golden = "testdata/conversation.txt"
	const story = `# A harness (->) greets an adapter (<-) and opens a system. The adapter enters the outermost
# frame, f1. The frame makes an object, calls a function back (frame f2, in which an operation
# signals an error), and kills its own process: gone. The system is finished and closed.
`
	got := story + talk.text.String()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("conversation:\n%swant:\n%s", got, want)
	}
	page, err := os.ReadFile(protocolPage)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), talk.text.String()) {
		t.Errorf("%s doesn't show this conversation; put the lines of %s into its example", protocolPage, golden)
	}
}
