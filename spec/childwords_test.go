package spec

import (
	"slices"
	"strings"
	"testing"
)

// Whoever reads the rows of helper children's words knows these types alone.
func TestChildWordsAreWellFormed(t *testing.T) {
	arguments := []string{"integer", "pid", "string", "seconds", "output", "descriptor", "child"}
	results := []string{"boolean", "pid", "list", "child", "keyword", "integer", "string"}
	for name, rows := range map[string][]*ChildWord{"child-tell": ChildCommands, "child-await": ChildEvents} {
		seen := map[string]bool{}
		for _, row := range rows {
			if row.Says == "" || seen[row.Name] || len(row.Results) != 1 || row.Rest != nil || len(row.Keys) > 0 {
				t.Errorf("%s :%s is said nothing of, stands twice, or has no one result: %+v", name, row.Name, row)
			}
			seen[row.Name] = true
			for _, p := range slices.Concat(row.Required, row.Optional) {
				if !slices.Contains(arguments, p.Type) {
					t.Errorf("%s :%s: nobody reads arguments of type %s", name, row.Name, p.Type)
				}
			}
			for _, p := range row.Results {
				if !slices.Contains(results, p.Type) {
					t.Errorf("%s :%s: nobody answers a %s", name, row.Name, p.Type)
				}
			}
			if !strings.Contains(LookupOp(name).Says(), ":"+row.Name) {
				t.Errorf("the table of operations doesn't say that %s takes :%s", name, row.Name)
			}
		}
	}
}

func TestReadTold(t *testing.T) {
	child := Ref{ID: "child-1", Type: "child"}
	for _, test := range []struct {
		word  Value
		more  []any
		want  Told
		fault string
	}{
		{word: Keyword("exit"), more: []any{3}, want: Told{N: 3}},
		{word: Keyword("exit"), fault: ":exit wants an integer of 32 bits as its code"},
		{word: Keyword("exit"), more: []any{1 << 40}, fault: "32 bits"},
		{word: Keyword("exit"), more: []any{1, 2}, fault: "too many arguments"},
		{word: Keyword("exit-after"), more: []any{3, NewRatio(1, 2), child}, want: Told{N: 3, Seconds: 0.5, Child: child}},
		{word: Keyword("exit-after"), more: []any{3, 0, nil}, want: Told{N: 3}},
		{word: Keyword("exit-after"), more: []any{3, MaxChildDelay + 1}, fault: "number of seconds"},
		{word: Keyword("join-group"), more: []any{1 << 40}, want: Told{N: 1 << 40}},
		{word: Keyword("echo"), more: []any{"x", Keyword("stderr")}, want: Told{Text: "x", Stderr: true}},
		{word: Keyword("echo"), more: []any{"x", Keyword("stdin")}, fault: ":stdout or :stderr"},
		{word: Keyword("close"), more: []any{Keyword("stderr")}, want: Told{Descriptor: 2}},
		{word: Keyword("close"), more: []any{3}, fault: ":stdin, :stdout or :stderr"},
		{word: Keyword("copy"), want: Told{}},
		{word: Keyword("read"), more: []any{5}, want: Told{N: 5}},
		{word: Keyword("jump"), fault: "unknown command :jump"},
		{word: Symbol{Name: "exit"}, more: []any{3}, fault: "unknown command"},
	} {
		got, err := ReadTold(NewCall("child-tell", test.more, child, test.word))
		if test.fault != "" {
			if err == nil || !strings.Contains(err.Error(), test.fault) {
				t.Errorf("%v %v: %v, want %q", test.word, test.more, err, test.fault)
			}
			continue
		}
		got.Command = nil
		if err != nil || got != test.want {
			t.Errorf("%v %v: %+v, %v; want %+v", test.word, test.more, got, err, test.want)
		}
	}
}

// What a call is given and returns depends on the word that a helper child is told.
func TestParametersOfWords(t *testing.T) {
	child := Ref{ID: "child-1", Type: "child"}
	joins := NewCall("child-tell", []any{7}, child, Keyword("join-group"))
	if p := joins.Positional(2); p == nil || p.Type != "pid" || joins.Results()[0].Type != "pid" || joins.Positional(3) != nil {
		t.Errorf("%s: argument %+v, results %+v", joins, p, joins.Results())
	}
	ready := NewCall("child-await", nil, child, Keyword("ready"))
	if ready.Results()[0].Type != "pid" || ready.Positional(0).Type != "child" {
		t.Errorf("%s: %+v", ready, ready.Results())
	}
	reads := NewCall("mailbox-read", nil, child)
	if reads.Positional(0).Type != "mailbox" || reads.Results()[0].Role != Taken {
		t.Errorf("%s: %+v", reads, reads.Results())
	}
	for name, want := range map[string]bool{"child-tell": true, "child-await": true, "pid-state": true, "mailbox-read": false} {
		if got := LookupOp(name).Deals("pid"); got != want {
			t.Errorf("%s deals in pids: %v", name, got)
		}
	}
}
