package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Printable returns text that came from elsewhere - an adapter, a file, a program - as it may be
// shown: in one line of visible characters. Control characters, line ends, marks that change the
// direction of text and whatever else can't be seen are written as Go writes them, as in \x1b, \n
// and \u202e; bytes that are no UTF-8 as in \xff. So no text can forge a line of a report or
// command a terminal. It is idempotent; a backslash is left as it is.
func Printable(text string) string {
	if visible(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 16)
	for i, r := range text {
		switch {
		case r == utf8.RuneError && text[i] != "\uFFFD"[0]:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

func visible(text string) bool {
	for i, r := range text {
		if r == utf8.RuneError && text[i] != "\uFFFD"[0] || !strconv.IsPrint(r) {
			return false
		}
	}
	return true
}

// Lines is [Printable] for text that may have several lines, as what a program wrote to its
// standard error. Each is printable, at most length characters of it (0 is no bound); a carriage
// return before a line end is left out.
func Lines(text string, length int) []string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.TrimSuffix(line, "\r")
		if length > 0 {
			line = Brief(line, length)
		}
		lines[i] = Printable(line)
	}
	return lines
}

// Brief is [Printable] text of which at most so many characters are shown; where there are more
// it says how many bytes there were.
func Brief(text string, most int) string {
	if len(text) > most {
		n := 0
		for i := range text {
			if n++; n > most {
				return fmt.Sprintf("%s... (%d bytes)", Printable(text[:i]), len(text))
			}
		}
	}
	return Printable(text)
}

// BriefList joins the first of a list's words, each brief, and says how many more there are.
func BriefList(words []string, separator string, most int) string {
	shown := make([]string, 0, min(len(words), most)+1)
	for i, word := range words {
		if i == most {
			shown = append(shown, fmt.Sprintf("and %d more", len(words)-most))
			break
		}
		shown = append(shown, Brief(word, LineLength))
	}
	return strings.Join(shown, separator)
}

// WriteJSON writes a value as one object of printable text: indented, and what can't be seen as an
// escape, which means the same to whoever reads the object.
func WriteJSON(w io.Writer, v any) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(PrintableJSON(text.Bytes()))
	return err
}

// PrintableJSON is JSON with an escape for each character in its strings that can't be seen. What
// Go's encoder has written has none but in strings.
func PrintableJSON(text []byte) []byte {
	ok := func(r rune) bool { return strconv.IsPrint(r) || r == '\n' }
	if bytes.IndexFunc(text, func(r rune) bool { return !ok(r) }) < 0 {
		return text
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		switch {
		case ok(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.Bytes()
}

// NameLength is how many characters of a name are shown.
const NameLength = 200

// BriefLines is printable text of at most so many lines, with their ends; where there are more it
// says how many.
func BriefLines(text string, most int) string {
	lines := Lines(strings.TrimRight(text, "\n"), LineLength)
	if len(lines) > most {
		lines = append(lines[:most:most], fmt.Sprintf("... (%d lines)", len(lines)))
	}
	return strings.Join(lines, "\n")
}

// LineLength is how many characters of a line are shown.
const LineLength = 1000

// Plural writes a count of things: "1 case", "2 cases".
func Plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
