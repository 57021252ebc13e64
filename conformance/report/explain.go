package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
)

// Beside is what is known of a clause beside the catalogue and the table of cases.
type Beside struct {
	// Mutants that violate it and liberties that are about it, each with what it does and where it stands.
	Mutants, Liberties []string
	// Rule and Native are the places at which the specification embodies it, and the native adapter. Where none of
	// native names the clause, Native are the functions that execute the operations which serve it.
	Rule, Native []string
	// Case says where a case stands; nil leaves that out.
	Case func(id string) string
}

// Explain writes all that is known of a clause.
func (t Text) Explain(c *spec.Clause, beside Beside) {
	catalogue := spec.Clauses()
	meaning := map[spec.Level]string{
		spec.Must:   "a violation is a failure",
		spec.Doc:    "a violation is a failure where a profile with one of its pages is claimed",
		spec.Silent: "the documents leave it open; what is seen is recorded",
		spec.Note:   "explains a sentence; nothing is judged",
	}
	fmt.Fprintf(t.W, "%s  %s: %s\n", c.ID, c.Level, meaning[c.Level])
	line := func(word, text string) {
		if text != "" {
			fmt.Fprintf(t.W, "  %-10s %s\n", word, strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 13)))
		}
	}
	line("rule", c.Rule)
	line("accepted", c.Accept)
	for _, b := range c.Behaviours {
		text := b.Key + ": " + b.Text
		if b.Recommended {
			text += " (recommended)"
		}
		line("behaviour", text)
	}
	if c.Scope != "" {
		line("scope", map[spec.Scope]string{
			spec.Occurrence: "occurrence: it may differ from call to call",
			spec.WholeOf:    "system: one decision of an implementation",
		}[c.Scope])
	}
	line("needs", "capability "+string(c.Capability))
	for _, s := range c.Sources {
		line("source", s+": "+catalogue.Describe(s))
	}
	if c.Derived {
		line("", "follows from it by logic alone")
	}
	line("", c.SourceNote)
	if profiles := catalogue.Profiles(c); c.Level == spec.Doc {
		line("profiles", orNone(profiles))
	}
	for _, a := range catalogue.Ambiguities {
		if slices.Contains(c.Ambiguities, a.ID) {
			line("ambiguity", fmt.Sprintf("%s: %s. Resolved: %s, because %s", a.ID, a.Conflict, a.Resolution, a.Reason))
		}
	}
	for _, place := range beside.Rule {
		line("embodied", place)
	}
	if len(beside.Rule) == 0 && c.Level != spec.Note {
		line("embodied", "nowhere yet: no rule of the specification cites it")
	}
	for _, place := range beside.Native {
		line("native", place)
	}
	none := true
	for _, k := range cases.All() {
		if slices.Contains(k.Witnesses(), c.ID) {
			line("case", k.ID+": "+k.Story)
			if beside.Case != nil {
				line("", beside.Case(k.ID))
			}
			none = false
		}
	}
	if none && c.Level != spec.Note {
		line("case", "none: "+cases.NotTestable[c.ID])
	}
	for _, m := range beside.Mutants {
		line("mutant", m)
	}
	if reason := cases.WhyUnbroken(c); len(beside.Mutants) == 0 && len(beside.Rule) > 0 && reason != "" {
		line("mutant", "none: "+reason)
	}
	for _, l := range beside.Liberties {
		line("liberty", l)
	}
}
