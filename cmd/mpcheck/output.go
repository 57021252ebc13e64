package main

import (
	"bytes"
	"io"
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/mpcheck/mpcheck/spec"
)

// output is where the commands write: standard output or error. It is the last place at which text
// could still command a terminal: all but line ends, tabs and our own colours is printable there
// ([spec.Printable]), whatever whoever wrote it forgot.
//
// It remembers the first error of writing: half an answer must not count as a whole one. Where
// nobody reads any more what is being done has no purpose either; reports in files are still
// written.
type output struct {
	io.Writer
	err  error
	lost func() // told once that nobody reads
}

func (o *output) Write(p []byte) (int, error) {
	_, err := o.Writer.Write(harmless(p, isTerminal(o.Writer)))
	if o.err == nil && err != nil {
		o.err = err
		if isBrokenPipe(err) {
			o.lost()
		}
	}
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// ours are the sequences that this program itself writes to a terminal: colours, and what takes a
// line of progress back.
var ours = regexp.MustCompile("^(\x1b\\[[0-9;]*m|\r\x1b\\[K)")

// harmless is text with escapes for what can't be seen; to a terminal our own sequences go through.
func harmless(p []byte, terminal bool) []byte {
	plain := func(r rune) bool { return strconv.IsPrint(r) || r == '\n' || r == '\t' }
	if utf8.Valid(p) && bytes.IndexFunc(p, func(r rune) bool { return !plain(r) }) < 0 {
		return p
	}
	out := make([]byte, 0, len(p)+16)
	for len(p) > 0 {
		if own := ours.Find(p); own != nil && terminal {
			out, p = append(out, own...), p[len(own):]
			continue
		}
		r, size := utf8.DecodeRune(p)
		if plain(r) && (r != utf8.RuneError || size > 1) {
			out = append(out, p[:size]...)
		} else {
			out = append(out, spec.Printable(string(p[:size]))...)
		}
		p = p[size:]
	}
	return out
}
