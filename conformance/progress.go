package conformance

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
)

// progress shows how far a run under go test has come, in one line on the terminal: what a test
// writes is shown at its end, or with -v. Where there is no terminal it shows nothing.
type progress struct {
	terminal *os.File // nil for none
	cases    int

	mu      sync.Mutex
	done    int
	failed  int
	latest  string
	written time.Time
}

// progressEvery is how often the line is written at most.
const progressEvery = 200 * time.Millisecond

func newProgress(cases int) *progress {
	p := &progress{cases: cases}
	if !testing.Verbose() {
		p.terminal, _ = os.OpenFile("/dev/tty", os.O_WRONLY, 0)
	}
	return p
}

func (p *progress) begins(k *cases.Case) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latest = k.ID
	p.write()
}

func (p *progress) ended(r verdict.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done++; r.Verdict >= verdict.Inconclusive {
		p.failed++
	}
	p.write()
}

// write writes the line; mu is held.
func (p *progress) write() {
	if p.terminal == nil || time.Since(p.written) < progressEvery {
		return
	}
	p.written = time.Now()
	fmt.Fprintf(p.terminal, "\r\x1b[Kmpcheck: %d of %d cases, %d not passed; %s", p.done, p.cases, p.failed, p.latest)
}

// clear takes the line away.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal == nil {
		return
	}
	if !p.written.IsZero() {
		fmt.Fprint(p.terminal, "\r\x1b[K")
	}
	p.terminal.Close()
	p.terminal = nil
}
