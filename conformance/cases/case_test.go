package cases_test

import (
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
)

func TestValidateRefusesMisleadingCases(t *testing.T) {
	good := cases.Case{ID: "CLEAN-DUP-7/x", Story: "s", Run: func(*cases.C) {}}
	for want, edit := range map[string]func(k *cases.Case){
		"names no witness":           func(k *cases.Case) { k.Expects = cases.Absence },
		"not of the form":            func(k *cases.Case) { k.ID = "CLEAN-DUP-7" },
		"no clause CLEAN-DUP-70":     func(k *cases.Case) { k.ID = "CLEAN-DUP-70/x" },
		"no clause CLEAN-TYPO-1":     func(k *cases.Case) { k.ID = "CLEAN-TYPO-1/note" },
		"CLEAN-DUP-7 stands twice":   func(k *cases.Case) { k.Clauses = []string{"CLEAN-DUP-7"} },
		"which no adapter can claim": func(k *cases.Case) { k.Needs = []string{"proces-send"} },
		"a story and a function":     func(k *cases.Case) { k.Run = nil },
	} {
		k := good
		edit(&k)
		if err := cases.Validate([]*cases.Case{&k}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	if err := cases.Validate([]*cases.Case{&good}); err != nil {
		t.Error(err)
	}
	if err := cases.Validate([]*cases.Case{&good, &good}); err == nil {
		t.Error("a case that stands twice is accepted")
	}
}

func TestSelectMatchesExactly(t *testing.T) {
	table := []*cases.Case{
		{ID: "CLEAN-DUP-1/a", Clauses: []string{"CLEAN-ORDER-1"}}, {ID: "CLEAN-DUP-10/a"}, {ID: "SEND-LIM-5/a", Clauses: []string{"CLEAN-DUP-7"}}, {ID: "SEND-LIM-5/b"},
	}
	for _, test := range []struct {
		sel, skip []string
		want      string
	}{
		{nil, nil, "CLEAN-DUP-1/a CLEAN-DUP-10/a SEND-LIM-5/a SEND-LIM-5/b"},
		{[]string{"CLEAN-DUP-1"}, nil, "CLEAN-DUP-1/a"},
		{[]string{"CLEAN-DUP-1*"}, nil, "CLEAN-DUP-1/a CLEAN-DUP-10/a"},
		{[]string{"CLEAN-ORDER-1"}, nil, "CLEAN-DUP-1/a"},
		{[]string{"CLEAN-DUP"}, nil, "CLEAN-DUP-1/a CLEAN-DUP-10/a SEND-LIM-5/a"},
		{nil, []string{"CLEAN-DUP"}, "SEND-LIM-5/b"},
		{[]string{"SEND-LIM"}, []string{"CLEAN-DUP"}, "SEND-LIM-5/b"},
		{[]string{"CLEAN-O*"}, nil, "CLEAN-DUP-1/a"},
		{[]string{"CLEAN"}, nil, "CLEAN-DUP-1/a CLEAN-DUP-10/a SEND-LIM-5/a"},
		{[]string{"CLEAN*"}, []string{"SEND"}, "CLEAN-DUP-1/a CLEAN-DUP-10/a"},
		{[]string{"*/b"}, nil, "SEND-LIM-5/b"},
		{[]string{"SEND-LIM-5/a"}, nil, "SEND-LIM-5/a"},
		{[]string{"SEND-DEAD-1"}, nil, ""},
	} {
		got, err := cases.Select(table, test.sel, test.skip)
		if err != nil {
			t.Errorf("%v: %v", test.sel, err)
		}
		var ids []string
		for _, k := range got {
			ids = append(ids, k.ID)
		}
		if strings.Join(ids, " ") != test.want {
			t.Errorf("select %v skip %v: got %v, want %s", test.sel, test.skip, ids, test.want)
		}
	}
	for _, bad := range []string{"CLEAN-DUP-77", "CLEA", "SEND-LIM-5/c", "[", ""} {
		if _, err := cases.Select(table, []string{bad}, nil); err == nil {
			t.Errorf("pattern %q is accepted", bad)
		}
	}
}
