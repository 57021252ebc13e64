//go:build linux

package smoke

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/adapters/wire"
)

// A plumbing is native with something between it and the harness that does one thing wrong. in and
// out get each line of that direction and say what goes on; nil passes all.
type plumbing struct {
	step    string // that has to notice
	in, out func(m *middle, line string) []string
	// writes is what writes to the harness, os.File.Write where nil.
	writes func(m *middle, to io.Writer, line string)
	deaf   bool // does not end with its input
	hangs  bool // the step waits until its time is up
}

// middle is what is remembered between lines.
type middle struct {
	mu          sync.Mutex
	count       int
	names       map[string]string
	outermost   string
	killed      bool
	held        []string
	holds       string // the id of the call until whose answer all is held
	toServer    io.Writer
	writing     sync.Mutex
	written     *sync.Cond // of writing
	pinged      string     // of the ping that is to be answered, its id
	lastWasHalf bool
}

var (
	frameName   = regexp.MustCompile(`"frame":"([^"]*)"`)
	processName = regexp.MustCompile(`"process":\{"ref":"([^"]*)"`)
	messageID   = regexp.MustCompile(`"id":([0-9]+)`)
)

func one(line string) []string { return []string{line} }

// replaces puts one text in the place of another.
func replaces(old, by string) func(*middle, string) []string {
	return func(_ *middle, line string) []string { return one(strings.ReplaceAll(line, old, by)) }
}

func isEnter(line string) bool { return strings.Contains(line, `"method":"enter"`) }

// plumbings are faults of adapters that people have written, or nearly.
var plumbings = map[string]plumbing{
	"unknown-capability": {step: "handshake", out: replaces(`"capabilities":["core"`, `"capabilities":["core","telepathy"`)},
	"misspelt-member":    {step: "handshake", out: replaces(`"granularityMs"`, `"granularity"`)},
	"ping-answers-pong": {step: "handshake", out: func(_ *middle, line string) []string {
		if strings.HasSuffix(line, `"id":2,"result":{}}`) {
			line = strings.Replace(line, `"result":{}`, `"result":"pong"`, 1)
		}
		return one(line)
	}},
	"pid-of-another": {step: "pid", out: func(_ *middle, line string) []string {
		return one(regexp.MustCompile(`"pid":[0-9]+`).ReplaceAllString(line, `"pid":1`))
	}},
	"frame-named-again": {step: "frames", out: func(m *middle, line string) []string {
		if isEnter(line) && strings.Contains(line, `"callback":0`) {
			m.names["f1"] = frameName.FindStringSubmatch(line)[1]
			line = frameName.ReplaceAllString(line, `"frame":"f1"`)
		}
		return one(line)
	}, in: func(m *middle, line string) []string {
		if m.names["f1"] != "" {
			line = strings.Replace(line, `"frame":"f1"`, `"frame":"`+m.names["f1"]+`"`, 1)
		}
		return one(line)
	}},
	"test-of-no-process": {step: "frames", out: func(_ *middle, line string) []string {
		return one(regexp.MustCompile(`"callback":0,"process":\{[^}]*\}`).ReplaceAllString(line, `"callback":0,"process":null`))
	}},
	"answered-twice": {step: "frames", out: func(m *middle, line string) []string {
		if m.count++; m.count == 9 && !isEnter(line) {
			return []string{line, line}
		}
		return one(line)
	}},
	"integers-are-doubles": {step: "literals", out: func(_ *middle, line string) []string {
		return one(regexp.MustCompile(`\{"int":"(-?[0-9]+)"\}`).ReplaceAllStringFunc(line, func(text string) string {
			f, _ := strconv.ParseFloat(strings.Trim(text, `{}":int`), 64)
			return fmt.Sprintf(`{"int":"%.0f"}`, f)
		}))
	}},
	"ascii-only":     {step: "literals", in: replaces("λ", "?")},
	"keywords-shout": {step: "literals", out: replaces(`{"key":"default"}`, `{"key":"DEFAULT"}`)},
	"object-named-anew": {step: "identity", out: func(m *middle, line string) []string {
		return one(regexp.MustCompile(`\{"ref":"(cons-[0-9]+)"`).ReplaceAllStringFunc(line, func(text string) string {
			m.count++
			alias := fmt.Sprint("alias-", m.count)
			m.names[alias] = strings.Split(text, `"`)[3]
			return `{"ref":"` + alias + `"`
		}))
	}, in: func(m *middle, line string) []string {
		return one(regexp.MustCompile(`alias-[0-9]+`).ReplaceAllStringFunc(line, func(alias string) string { return m.names[alias] }))
	}},
	"values-lost": {step: "nested-frames", in: func(_ *middle, line string) []string {
		return one(regexp.MustCompile(`"result":\{"values":\[[^\]]+"more"\]\}`).ReplaceAllString(line, `"result":{"values":[]}`))
	}},
	"other-name-in-enter": {step: "enter-overtakes", out: func(m *middle, line string) []string {
		if isEnter(line) {
			process := processName.FindStringSubmatch(line)
			switch {
			case process == nil:
			case strings.Contains(line, `"callback":0`):
				m.outermost = process[1]
			case process[1] != m.outermost:
				line = strings.Replace(line, `"process":{"ref":"`, `"process":{"ref":"thread-of-`, 1)
			}
		}
		return one(line)
	}},
	"reader-executes": {step: "waiting", hangs: true, in: func(m *middle, line string) []string {
		if m.holds != "" {
			m.held = append(m.held, line)
			return nil
		}
		if strings.Contains(line, `"op":"gate-wait"`) {
			m.holds = messageID.FindStringSubmatch(line)[1]
		}
		return one(line)
	}, out: func(m *middle, line string) []string {
		if m.holds != "" && strings.Contains(line, `"id":`+m.holds+`,"result"`) {
			m.holds = ""
			for _, held := range m.held {
				io.WriteString(m.toServer, held+"\n")
			}
			m.held = nil
		}
		return one(line)
	}},
	"reads-once-written": {step: "reading", hangs: true, in: func(m *middle, line string) []string {
		m.writing.Lock()
		defer m.writing.Unlock()
		for m.pinged != "" { // nothing is read before what was asked is answered, and that written
			m.written.Wait()
		}
		if strings.Contains(line, `"method":"ping"`) {
			m.pinged = messageID.FindString(line)
		}
		return one(line)
	}, writes: func(m *middle, to io.Writer, line string) {
		io.WriteString(to, line+"\n")
		m.writing.Lock()
		defer m.writing.Unlock()
		if !strings.Contains(line, `"method"`) && messageID.FindString(line) == m.pinged {
			m.pinged = ""
		}
		m.written.Broadcast()
	}},
	"torn-lines": {step: "kills", in: notesKills, out: func(m *middle, line string) []string {
		if m.killed && len(line) > 2000 {
			m.killed = false
			m.lastWasHalf = true
			return one(line[:1000])
		}
		return one(line)
	}, writes: func(m *middle, to io.Writer, line string) {
		if m.lastWasHalf {
			m.lastWasHalf = false
			io.WriteString(to, line) // the thread was killed while it wrote
			return
		}
		io.WriteString(to, line+"\n")
	}},
	"gone-is-silent": {step: "kills", hangs: true, in: notesKills, out: func(m *middle, line string) []string {
		if m.killed && strings.Contains(line, `"status":"gone"`) {
			return nil
		}
		return one(line)
	}},
	"dead-frames-forgotten": {step: "kills", in: notesKills, out: func(m *middle, line string) []string {
		if m.killed && strings.Contains(line, `"result":{"status":"gone"}`) {
			if m.count++; m.count > 1 {
				return one(strings.Replace(line, `"result":{"status":"gone"}`, `"error":{"code":-32602,"message":"unknown frame"}`, 1))
			}
		}
		return one(line)
	}},
	"image-of-another-name": {step: "images", in: replaces(`"ref":"picture-`, `"ref":"image-`), out: replaces(`"ref":"image-`, `"ref":"picture-`)},
	"absent-is-an-error":    {step: "unknown", out: replaces(`"result":{"status":"absent"}`, `"error":{"code":-32601,"message":"no such operation"}`)},
	"dies-of-garbage": {step: "garbage", in: func(_ *middle, line string) []string {
		if !strings.HasPrefix(line, "{") {
			fmt.Fprintln(os.Stderr, "unexpected token in JSON")
			os.Exit(1)
		}
		return one(line)
	}},
	"cells-never-change": {step: "kit", in: replaces(`"op":"cell-set"`, `"op":"eq"`)},
	"bye-unheard": {step: "bye", hangs: true, in: func(_ *middle, line string) []string {
		if strings.Contains(line, `"method":"bye"`) {
			return nil
		}
		return one(line)
	}},
	"outlives-its-input": {step: "end-of-input", hangs: true, deaf: true},
}

func notesKills(m *middle, line string) []string {
	m.killed = m.killed || strings.Contains(line, `"op":"process-kill"`)
	return one(line)
}

// serveFaulty is the adapter's process: args name the plumbing, none is sound.
func serveFaulty(args []string) int {
	var p plumbing
	if len(args) > 0 {
		p = plumbings[args[0]]
	}
	m := &middle{names: map[string]string{}}
	m.written = sync.NewCond(&m.writing)
	in, out := os.NewFile(3, "in"), os.NewFile(4, "out")
	serverIn, toServer := io.Pipe()
	fromServer, serverOut := io.Pipe()
	var queued buffer // as the adapter's own writer, it never keeps the adapter from reading
	queued.filled = sync.NewCond(&queued.mu)
	m.toServer = toServer
	go func() {
		_ = wire.Serve(context.Background(), native.New(), serverIn, serverOut)
		_ = serverOut.Close()
	}()
	over := make(chan struct{})
	go func() {
		defer close(over)
		lines := bufio.NewReaderSize(fromServer, 1<<20)
		for {
			line, err := lines.ReadString('\n')
			if line = strings.TrimSuffix(line, "\n"); line != "" {
				m.mu.Lock()
				passed := one(line)
				if p.out != nil {
					passed = p.out(m, line)
				}
				m.mu.Unlock()
				for _, text := range passed {
					if p.writes != nil {
						p.writes(m, out, text)
					} else {
						io.WriteString(out, text+"\n")
					}
				}
			}
			if err != nil {
				return
			}
		}
	}()
	go queued.drain(toServer)
	go func() { // which is how bye ends it
		<-over
		os.Exit(0)
	}()
	lines := bufio.NewReaderSize(in, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		line = strings.TrimSuffix(line, "\n")
		passed := one(line)
		if p.in != nil {
			if p.writes == nil || p.step != "reading" {
				m.mu.Lock()
			}
			passed = p.in(m, line)
			if p.writes == nil || p.step != "reading" {
				m.mu.Unlock()
			}
		}
		for _, text := range passed {
			if p.step == "reading" {
				io.WriteString(toServer, text+"\n")
			} else {
				queued.add(text + "\n")
			}
		}
	}
	if p.deaf {
		forever()
	}
	queued.close()
	<-over
	forever() // until the exit above
	return 0
}

// buffer takes what is written without waiting for who reads.
type buffer struct {
	mu     sync.Mutex
	filled *sync.Cond
	data   bytes.Buffer
	closed bool
}

func (b *buffer) add(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.data.WriteString(text)
	b.filled.Signal()
}

func (b *buffer) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.filled.Signal()
}

func (b *buffer) drain(to io.WriteCloser) {
	for {
		b.mu.Lock()
		for b.data.Len() == 0 && !b.closed {
			b.filled.Wait()
		}
		data, closed := bytes.Clone(b.data.Bytes()), b.closed
		b.data.Reset()
		b.mu.Unlock()
		to.Write(data)
		if closed && len(data) == 0 {
			to.Close()
			return
		}
	}
}

// forever blocks. A bare select ends a program in which nothing else goes on: the runtime takes it for a deadlock, where no C
// is linked in.
func forever() {
	for {
		time.Sleep(time.Hour)
	}
}
