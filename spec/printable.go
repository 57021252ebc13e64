package spec

import (
	"fmt"
	"strconv"
	"strings"
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
