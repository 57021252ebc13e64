package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// composedMark stands where a verdict or behaviour is of operations that the adapter composed: it is no word of the runtime.
const composedMark = "*"

// Text writes the matrix for people.
func (m *Matrix) Text(w io.Writer) { m.write(w, plain{w}) }

// Markdown writes it as Markdown, with headings of the second level.
func (m *Matrix) Markdown(w io.Writer) { m.write(w, markdown{w}) }

// pages is how the parts of a matrix look.
type pages interface {
	title(text string)
	line(text string)
	clause(d Deviation, rule string)
	blame(b Blame, cases string)
	table(head []string, rows [][]string)
}

func (m *Matrix) write(w io.Writer, p pages) {
	p.title("Verdicts")
	head := []string{"area"}
	for _, s := range m.Subjects {
		head = append(head, spec.Brief(s.Name, spec.NameLength))
	}
	var rows [][]string
	for _, a := range m.Areas {
		row := []string{a.Area}
		for _, c := range a.Cells {
			row = append(row, c.String())
		}
		rows = append(rows, row)
	}
	p.table(head, rows)
	for _, s := range m.Subjects {
		if s.Partial {
			p.line(s.Name + " is of a run that was cut short.")
		}
		if s.Suite.Catalogue != m.Subjects[0].Suite.Catalogue {
			p.line(s.Name + " is of another catalogue of clauses and operations than the first: a verdict may mean something else.")
		}
	}
	if len(m.Deviations) > 0 {
		p.title("Deviations, by clause and cause")
		for _, d := range m.Deviations {
			rule := "No clause is charged: the adapter broke, or nothing was shown."
			if c := spec.Clauses().Lookup(d.Clause); c != nil {
				rule = c.Rule
			}
			p.clause(d, rule)
			for _, b := range d.Causes {
				p.blame(b, caseNames(b.Cases))
			}
		}
	}
	if len(m.Behaviours) == 0 {
		return
	}
	p.title("What each does where the documents leave it open")
	head[0], rows = "clause", nil
	composed := false
	for _, b := range m.Behaviours {
		row := []string{b.Clause}
		for _, c := range b.Cells {
			text := strings.Join(c.Seen, ", ")
			if c.Composed {
				text += composedMark
				composed = true
			}
			row = append(row, orDash(text))
		}
		rows = append(rows, row)
	}
	p.table(head, rows)
	if composed {
		p.line(composedMark + " of operations that the adapter composed: it says nothing of the runtime.")
	}
}

// mostNamed is how many cases of one cause are named.
const mostNamed = 4

func caseNames(ids []string) string {
	named := make([]string, 0, mostNamed)
	for _, id := range ids[:min(len(ids), mostNamed)] {
		named = append(named, spec.Brief(id, spec.NameLength))
	}
	text := strings.Join(named, ", ")
	if more := len(ids) - mostNamed; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// String is the counts, the best verdicts first; what is not applicable is left out.
func (c Counts) String() string {
	var parts []string
	for _, v := range []verdict.Verdict{verdict.Pass, verdict.Observed, verdict.Known, verdict.Inconclusive, verdict.Error, verdict.Fail} {
		n := c.Verdicts[v.String()]
		if n == 0 {
			continue
		}
		text := fmt.Sprintf("%d %s", n, v)
		if v == verdict.Pass && c.Composed > 0 {
			text += fmt.Sprintf(" (%d composed)", c.Composed)
		}
		parts = append(parts, text)
	}
	return orDash(strings.Join(parts, ", "))
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func (b Blame) mark() string {
	if b.Composed {
		return composedMark
	}
	return ""
}

type plain struct{ w io.Writer }

func (p plain) title(text string) { fmt.Fprintf(p.w, "\n%s\n\n", text) }
func (p plain) line(text string)  { fmt.Fprintf(p.w, "  %s\n", text) }

func (p plain) clause(d Deviation, rule string) {
	name := orDash(spec.Brief(d.Clause, spec.NameLength))
	if d.Level != "" {
		name += ", " + string(d.Level)
	}
	fmt.Fprintf(p.w, "  %s: %s\n", name, rule)
}

func (p plain) blame(b Blame, cases string) {
	fmt.Fprintf(p.w, "    %s%s of %s: %s\n", b.Verdict, b.mark(), spec.Brief(b.Subject, spec.NameLength), cases)
	if b.Why != "" {
		fmt.Fprintf(p.w, "      %s\n", spec.Brief(firstLine(b.Why), spec.LineLength))
	}
}

// columnWidth is how wide a column of plain text gets: a cell is continued below.
const columnWidth = 34

func (p plain) table(head []string, rows [][]string) {
	all := append([][]string{head}, rows...)
	widths := make([]int, len(head))
	wrapped := make([][][]string, len(all))
	for i, row := range all {
		for j, cell := range row {
			lines := wrap(cell, columnWidth)
			wrapped[i] = append(wrapped[i], lines)
			for _, line := range lines {
				widths[j] = max(widths[j], utf8.RuneCountInString(line))
			}
		}
	}
	for _, row := range wrapped {
		height := 0
		for _, lines := range row {
			height = max(height, len(lines))
		}
		for i := range height {
			var b strings.Builder
			for j, lines := range row {
				text := ""
				if i < len(lines) {
					text = lines[i]
				}
				fmt.Fprintf(&b, "  %s%s", text, strings.Repeat(" ", widths[j]-utf8.RuneCountInString(text)))
			}
			fmt.Fprintln(p.w, strings.TrimRight(b.String(), " "))
		}
	}
}

// wrap breaks a text at spaces into lines of that width; a longer word is a line of its own.
func wrap(text string, width int) (lines []string) {
	for _, word := range strings.Fields(text) {
		if last := len(lines) - 1; last >= 0 && utf8.RuneCountInString(lines[last])+1+utf8.RuneCountInString(word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

type markdown struct{ w io.Writer }

func (p markdown) title(text string) { fmt.Fprintf(p.w, "\n## %s\n\n", text) }
func (p markdown) line(text string)  { fmt.Fprintf(p.w, "\n%s\n", cell(text)) }

func (p markdown) clause(d Deviation, rule string) {
	name := orDash(cell(spec.Brief(d.Clause, spec.NameLength)))
	if d.Level != "" {
		name += ", " + string(d.Level)
	}
	fmt.Fprintf(p.w, "* **%s**: %s\n", name, cell(rule))
}

func (p markdown) blame(b Blame, cases string) {
	why := ""
	if b.Why != "" {
		why = ": " + cell(spec.Brief(firstLine(b.Why), spec.LineLength))
	}
	fmt.Fprintf(p.w, "  * %s%s of %s, %s%s\n", b.Verdict, cell(b.mark()), cell(spec.Brief(b.Subject, spec.NameLength)), cell(cases), why)
}

func (p markdown) table(head []string, rows [][]string) {
	for i, row := range append([][]string{head}, rows...) {
		for _, text := range row {
			fmt.Fprintf(p.w, "| %s ", cell(text))
		}
		fmt.Fprintln(p.w, "|")
		if i == 0 {
			fmt.Fprintln(p.w, strings.Repeat("|---", len(head))+"|")
		}
	}
}

// cell is text that Markdown takes for nothing else.
func cell(text string) string {
	return strings.NewReplacer("\n", " ", "|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;", "`", "\\`").Replace(text)
}
