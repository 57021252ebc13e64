package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/verdict"
)

func isTerminal(w io.Writer) bool {
	if o, wrapped := w.(*output); wrapped {
		w = o.Writer
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colourful tells whether text for people may have colours there.
func colourful(w io.Writer) bool { return isTerminal(w) && os.Getenv("NO_COLOR") == "" }

// progress shows on a terminal what runs, on one line that it takes back. It is used by one
// goroutine at a time.
type progress struct {
	w     io.Writer // nil where there is no terminal
	total int
	shown bool
}

func newProgress(w io.Writer, total int) *progress {
	if !isTerminal(w) {
		w = nil
	}
	return &progress{w: w, total: total}
}

// show says that the thing of that number, from 1, has begun.
func (p *progress) show(number int, what string) {
	if p.w != nil {
		fmt.Fprintf(p.w, "\r\x1b[K[%d/%d] %s", number, p.total, what)
		p.shown = true
	}
}

// note shows something else than a place in a list.
func (p *progress) note(what string) {
	if p.w != nil {
		fmt.Fprintf(p.w, "\r\x1b[K%s", what)
		p.shown = true
	}
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// cases shows a run of cases and, where lines isn't nil, a line for each that has ended.
func (p *progress) cases(lines *report.Text) func(*cases.Case, int, *verdict.Result) {
	return func(k *cases.Case, done int, result *verdict.Result) {
		switch {
		case result == nil:
			p.show(done+1, k.ID)
		case lines != nil:
			p.clear()
			lines.Line(*result)
		}
	}
}
