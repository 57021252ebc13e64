package cases_test

import (
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// unspoken are the words of the operations table that no case uses, with the reason.
var unspoken = map[string]string{}

// Every kind of object, designator, predicate, keyword and literal in the operations table is used
// by a case, or stands in the list.
func TestCasesUseTheVocabulary(t *testing.T) {
	var used spec.Usage
	for _, k := range cases.All() {
		used.Begin()
		if _, err := run.Execute(t.Context(), run.Config{
			Adapter: refimpl.New(refimpl.Options{}), Seed: 1, Schedules: 1, Sizes: cases.ExploreSizes, Cases: []*cases.Case{k},
			Journal: func() run.Journal { return usage{&used} },
		}); err != nil {
			t.Fatal(err)
		}
	}
	there := map[string]bool{}
	for _, word := range used.Words() {
		there[word] = true
	}
	words := spec.Vocabulary()
	for word, op := range words {
		noRule := op != nil && !model.HasRule(op.Name) // of an area that has no case yet
		switch reason := unspoken[word]; {
		case there[word] && reason != "":
			t.Errorf("%s is used, and listed: %s", word, reason)
		case !there[word] && reason == "" && !noRule:
			t.Errorf("no case uses %s", word)
		}
	}
	for word := range unspoken {
		if _, ok := words[word]; !ok {
			t.Errorf("%s is listed, but is no word of the table", word)
		}
	}
}

type usage struct{ *spec.Usage }

func (usage) Lines() []string { return nil }
