package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// A peer is native behind a relay that spoils one message: the first answer to a method, or the
// first enter.
type peer struct {
	out    io.Writer
	mu     sync.Mutex
	asked  map[string]string // methods by the id of the harness's request
	in     *os.File
	fault  func(p *peer, line []byte)
	step   string
	spoilt bool
}

// peerSteps are the messages that are spoilt.
var peerSteps = []string{"hello", "open", "enter", "call", "finish", "close", "bye"}

// servePeer is the adapter: peer KIND STEP.
func servePeer(args []string) int {
	if len(args) != 2 {
		return exitUsage
	}
	i := slices.IndexFunc(peerKinds, func(k peerKind) bool { return k.name == args[0] })
	if i < 0 || os.Getenv("MPCHECK_IN") != "3" || os.Getenv("MPCHECK_OUT") != "4" {
		return exitUsage
	}
	syscall.CloseOnExec(3)
	syscall.CloseOnExec(4)
	p := &peer{in: os.NewFile(3, "in"), out: os.NewFile(4, "out"), asked: map[string]string{}, fault: peerKinds[i].fault, step: args[1]}
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	go p.requests(inW)
	go func() {
		if err := wire.Serve(context.Background(), anyNative(), inR, outW); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		outW.Close()
	}()
	p.answers(outR)
	return 0
}

// anyNative is native as it is built everywhere: without what it has by a C compiler alone.
func anyNative() spec.Adapter {
	h := native.New().Handshake()
	maps.DeleteFunc(h.Operations, func(claim string, _ spec.Claim) bool {
		op := spec.LookupOp(claim)
		return op != nil && op.Capability == spec.Foreign
	})
	h.Capabilities = slices.DeleteFunc(h.Capabilities, func(c spec.Capability) bool { return c == spec.Foreign })
	return native.NewReplaced(h, nil)
}

// requests hands what the harness sends to native.
func (p *peer) requests(to *io.PipeWriter) {
	lines := bufio.NewReader(p.in)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			to.CloseWithError(err)
			return
		}
		var m struct {
			ID     json.RawMessage
			Method string
		}
		if json.Unmarshal(line, &m) == nil && m.Method != "" {
			p.mu.Lock()
			p.asked[string(m.ID)] = m.Method
			p.mu.Unlock()
		}
		if _, err := to.Write(line); err != nil {
			return
		}
	}
}

// answers hands what native sends to the harness, one message spoilt.
func (p *peer) answers(from io.Reader) {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var m struct {
			ID     json.RawMessage
			Method string
		}
		_ = json.Unmarshal(line, &m)
		p.mu.Lock()
		what := m.Method
		if what == "" {
			what = p.asked[string(m.ID)]
		}
		p.mu.Unlock()
		if what == p.step && !p.spoilt {
			p.spoilt = true
			p.fault(p, line)
			continue
		}
		p.out.Write(line)
	}
}

// with is a message with a member changed; nil leaves it out.
func with(line []byte, member string, value any) []byte {
	var m map[string]any
	_ = json.Unmarshal(line, &m)
	if m[member] = value; value == nil {
		delete(m, member)
	}
	out, _ := json.Marshal(m)
	return append(out, '\n')
}

// within changes a member of the result or the parameters of a message.
func within(line []byte, member string, value any) []byte {
	var m map[string]any
	_ = json.Unmarshal(line, &m)
	for _, part := range []string{"result", "params"} {
		if inner, ok := m[part].(map[string]any); ok {
			if inner[member] = value; value == nil {
				delete(inner, member)
			}
		}
	}
	out, _ := json.Marshal(m)
	return append(out, '\n')
}

func says(text string) func(*peer, []byte) {
	return func(p *peer, _ []byte) { io.WriteString(p.out, text) }
}

func changes(f func(line []byte) []byte) func(*peer, []byte) {
	return func(p *peer, line []byte) { p.out.Write(f(line)) }
}

func dies(sig syscall.Signal) func(*peer, []byte) {
	return func(*peer, []byte) {
		signal.Reset(sig)
		syscall.Kill(os.Getpid(), sig)
		time.Sleep(time.Hour)
	}
}

// evil has all that must never be seen raw: escapes, line ends, C1, marks of direction.
const evil = "x\x1b[2J\nFAIL  FORGED-1/line\r\u009b31m\u202e\u2066\u200f\u2028\x00\x7fy"

// forever goes on until nobody reads.
func forever(p *peer, text []byte) {
	for {
		if _, err := p.out.Write(text); err != nil {
			os.Exit(0)
		}
	}
}

func keeper() int {
	return os.Getppid()
}

type peerKind struct {
	name  string
	fault func(p *peer, line []byte)
	slow  bool // the harness has to wait to find it out
}

// peerKinds are the ways in which a message is spoilt; "right" is none.
var peerKinds = []peerKind{
	{"right", changes(bytes.Clone), false},
	{"crlf", changes(func(l []byte) []byte { return append(bytes.TrimSuffix(l, []byte("\n")), "\r\n"...) }), false},
	{"spaces", changes(func(l []byte) []byte { return append([]byte("  \t"), l...) }), false},
	{"blank-lines", changes(func(l []byte) []byte { return append([]byte("\n\r\n \n"), l...) }), false},
	{"in-bytes", func(p *peer, l []byte) {
		for i := range l {
			p.out.Write(l[i : i+1])
		}
	}, false},
	{"exit-0", func(*peer, []byte) { os.Exit(0) }, false},
	{"exit-3", func(*peer, []byte) { os.Exit(3) }, false},
	{"says-why", func(*peer, []byte) {
		fmt.Fprintf(os.Stderr, "debugger invoked on a FLOOD-ERROR\n%s\nwhich is the end", strings.Repeat("  backtrace\n", 5000))
		os.Exit(1)
	}, false},
	{"segv", dies(syscall.SIGSEGV), false},
	{"kill", dies(syscall.SIGKILL), false},
	{"abort", dies(syscall.SIGABRT), false},
	{"half-line", func(p *peer, l []byte) { p.out.Write(l[:len(l)/2]); os.Exit(1) }, false},
	{"torn-line", changes(func(l []byte) []byte { return append(slices.Clone(l[:len(l)/2]), l...) }), false},
	{"garbage", says("hello, I am no JSON\n"), false},
	{"empty-object", says("{}\n"), false},
	{"array", says("[1,2]\n"), false},
	{"null", says("null\n"), false},
	{"number", says("17\n"), false},
	{"two-in-a-line", changes(func(l []byte) []byte { return append(bytes.TrimSuffix(slices.Clone(l), []byte("\n")), l...) }), false},
	{"utf16", says("\xff\xfe{\x00}\x00\n\x00"), false},
	{"byte-order-mark", changes(func(l []byte) []byte { return append([]byte("\xef\xbb\xbf"), l...) }), false},
	{"latin1", says("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"\xe9\"}\n"), false},
	{"lone-surrogate", says(`{"jsonrpc":"2.0","id":1,"result":"\ud800"}` + "\n"), false},
	{"deep", says(strings.Repeat("[", 100_000) + "\n"), false},
	{"version-1", changes(func(l []byte) []byte { return with(l, "jsonrpc", "1.0") }), false},
	{"no-version", changes(func(l []byte) []byte { return with(l, "jsonrpc", nil) }), false},
	{"unknown-member", changes(func(l []byte) []byte { return with(l, "extra"+evil, 1) }), false},
	{"other-id", changes(func(l []byte) []byte { return with(l, "id", 999_999) }), false},
	{"id-as-text", changes(func(l []byte) []byte { return with(l, "id", evil) }), false},
	{"no-id", changes(func(l []byte) []byte { return with(l, "id", nil) }), false},
	{"twice", changes(func(l []byte) []byte { return append(slices.Clone(l), l...) }), false},
	{"error", changes(func(l []byte) []byte {
		return with(with(with(l, "result", nil), "method", nil), "error", map[string]any{"code": -32603, "message": "out of order " + evil})
	}), false},
	{"long-error", changes(func(l []byte) []byte {
		return with(with(with(l, "result", nil), "method", nil), "error", map[string]any{"code": 1, "message": strings.Repeat("long ", 1<<20)})
	}), false},
	{"result-and-error", changes(func(l []byte) []byte { return with(l, "error", map[string]any{"code": 1, "message": "both"}) }), false},
	{"result-text", changes(func(l []byte) []byte { return with(with(l, "method", nil), "result", "fine") }), false},
	{"result-null", changes(func(l []byte) []byte { return with(with(l, "method", nil), "result", json.RawMessage("null")) }), false},
	{"result-unknown", changes(func(l []byte) []byte { return within(l, "surprise", 1) }), false},
	{"unknown-method", says(`{"jsonrpc":"2.0","id":1,"method":"leave` + `\u001b","params":{}}` + "\n"), false},
	{"notification", says(`{"jsonrpc":"2.0","method":"enter","params":{}}` + "\n"), false},
	{"enter-nowhere", says(`{"jsonrpc":"2.0","id":"e","method":"enter","params":{"system":"s99","frame":"f","callback":1,"process":null,"args":[]}}` + "\n"), false},
	{"enter-unknown-code", func(p *peer, l []byte) {
		io.WriteString(p.out, `{"jsonrpc":"2.0","id":"e","method":"enter","params":{"system":"s1","frame":"f","callback":4711,"process":null,"args":[]}}`+"\n")
		p.out.Write(l)
	}, false},
	{"too-long", func(p *peer, _ []byte) { forever(p, bytes.Repeat([]byte("x"), 1<<20)) }, false},
	{"flood-of-blanks", func(p *peer, _ []byte) { forever(p, bytes.Repeat([]byte("\n"), 1<<20)) }, false},
	{"flood-of-garbage", func(p *peer, _ []byte) { forever(p, bytes.Repeat([]byte("y\n"), 1<<19)) }, false},
	{"flood-on-stderr", func(*peer, []byte) {
		fmt.Fprintln(os.Stderr, "this is why")
		for range 20 << 4 {
			os.Stderr.Write(bytes.Repeat([]byte("y\n"), 1<<15))
		}
		os.Exit(1)
	}, false},
	{"closes-output", func(p *peer, _ []byte) { syscall.Close(4); standStill() }, true},
	{"silent", func(*peer, []byte) {}, true},
	{"deaf", func(*peer, []byte) { standStill() }, true},
	{"stopped", func(*peer, []byte) { syscall.Kill(os.Getpid(), syscall.SIGSTOP) }, true},
	{"kills-keeper", func(*peer, []byte) {
		syscall.Kill(keeper(), syscall.SIGKILL)
		time.Sleep(time.Hour)
	}, false},
	{"daemon-kills-keeper", func(*peer, []byte) {
		daemon := exec.Command("sleep", "1000")
		daemon.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		daemon.Start()
		syscall.Kill(keeper(), syscall.SIGKILL)
		time.Sleep(time.Hour)
	}, false},
	{"stops-keeper", func(*peer, []byte) {
		syscall.Kill(keeper(), syscall.SIGSTOP)
		standStill()
	}, true},
	{"daemon", func(p *peer, _ []byte) {
		daemon := exec.Command("sleep", "1000")
		daemon.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		daemon.Start()
		os.Exit(4)
	}, false},
}

// handshakes are spoilt only there.
var handshakes = map[string]func(line []byte) []byte{
	"pid-of-another":     func(l []byte) []byte { return within(l, "pid", 1) },
	"pid-missing":        func(l []byte) []byte { return within(l, "pid", nil) },
	"pid-of-the-keeper":  func(l []byte) []byte { return within(l, "pid", os.Getppid()) },
	"capability-unknown": func(l []byte) []byte { return within(l, "capabilities", []string{"core", "telepathy" + evil}) },
	"operation-unknown":  func(l []byte) []byte { return within(l, "operations", map[string]string{"levitate" + evil: "native"}) },
	"claim-unknown": func(l []byte) []byte {
		return within(l, "operations", map[string]string{"process-send": "perhaps" + evil})
	},
	"profile-unknown":      func(l []byte) []byte { return within(l, "profile", []string{"lispworks-99" + evil}) },
	"profiles-many":        func(l []byte) []byte { return within(l, "profile", slices.Repeat([]string{"lispworks-8"}, 100_000)) },
	"profiles-many-wrong":  func(l []byte) []byte { return within(l, "profile", slices.Repeat([]string{"none" + evil}, 100_000)) },
	"contract-of-tomorrow": func(l []byte) []byte { return within(l, "contract", "v9"+evil) },
	"clock-unknown":        func(l []byte) []byte { return within(l, "clock", "sun"+evil) },
	"granularity":          func(l []byte) []byte { return within(l, "granularityMs", -1) },
	"name-empty":           func(l []byte) []byte { return within(l, "name", "") },
	"name-evil":            func(l []byte) []byte { return within(within(l, "name", evil), "version", evil) },
	"name-long":            func(l []byte) []byte { return within(l, "name", strings.Repeat("long ", 1<<20)) },
}

func init() {
	names := make([]string, 0, len(handshakes))
	for name := range handshakes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		peerKinds = append(peerKinds, peerKind{name, changes(handshakes[name]), false})
	}
}

// serveEvil is native whose every text is evil, where it may say what it likes: peer-evil.
func serveEvil([]string) int {
	syscall.CloseOnExec(3)
	syscall.CloseOnExec(4)
	in, out := os.NewFile(3, "in"), os.NewFile(4, "out")
	fmt.Fprintln(os.Stderr, evil)
	outR, outW := io.Pipe()
	go func() {
		_ = wire.Serve(context.Background(), anyNative(), in, outW)
		outW.Close()
	}()
	spoilt, _ := json.Marshal(evil)
	lines := bufio.NewReader(outR)
	for n := 0; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return 0
		}
		if n == 0 {
			line = within(within(line, "name", evil), "version", evil)
		} else if answer := bytes.Index(line, []byte(`"values":[`)); answer > 0 && n%7 == 3 {
			switch (n / 7) % 4 { // a value that is a text, a symbol, a reference, a condition instead
			case 0:
				line = []byte(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"status":"returned","values":[%s]}}`+"\n", idOf(line), spoilt))
			case 1:
				line = []byte(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"status":"returned","values":[{"sym":%s,"pkg":%s}]}}`+"\n", idOf(line), spoilt, spoilt))
			case 2:
				line = []byte(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"status":"returned","values":[{"ref":%s,"type":%s}]}}`+"\n", idOf(line), spoilt, spoilt))
			default:
				line = []byte(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"status":"signalled","condition":{"type":%s,"message":%s}}}`+"\n", idOf(line), spoilt, spoilt))
			}
		}
		out.Write(line)
	}
}

func idOf(line []byte) string {
	var m struct{ ID json.RawMessage }
	_ = json.Unmarshal(line, &m)
	if _, err := strconv.Atoi(string(m.ID)); err != nil {
		return "0"
	}
	return string(m.ID)
}

func init() {
	peers = map[string]func(args []string) int{"peer": servePeer, "evil": serveEvil}
}

// standStill blocks. A bare select ends a program in which nothing else goes on: the runtime takes it for a deadlock, where no C
// is linked in.
func standStill() {
	for {
		time.Sleep(time.Hour)
	}
}
