package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mpcheck/mpcheck/spec"
)

var freeze = flag.Bool("freeze", false, "write what of the contract is new into the frozen one")

// frozenAt is the folder of the contract as it was frozen. An adapter that was written for it must be served by every
// later mpcheck of the same version.
func frozenAt(name string) string {
	return filepath.Join("testdata", spec.ContractVersion, name)
}

// What the operations table promises to adapters, a line each: how an operation is called, which keywords are claimed
// apart, and what the wire does while it is open. A line that has gone or is another breaks adapters that are right by it.
// Lines may be added: an operation or keyword that nobody claims is never asked for.
func operationFacts() []string {
	var facts []string
	for _, op := range spec.Ops {
		apart := map[string]bool{}
		for _, claim := range op.Extras {
			facts = append(facts, "claimed apart: "+claim)
			_, keyword, _ := strings.Cut(claim, " :")
			apart[keyword] = true
		}
		var words []string
		list := func(mark string, params []spec.Param) {
			for i, p := range params {
				if mark == "&key" && apart[p.Name] {
					continue
				}
				if mark != "" && (i == 0 || !slices.Contains(words, mark)) {
					words = append(words, mark)
				}
				words = append(words, p.Name)
			}
		}
		list("", op.Required)
		list("&optional", op.Optional)
		if op.Rest != nil {
			list("&rest", []spec.Param{*op.Rest})
		}
		list("&key", op.Keys)
		list("=>", op.Results)
		for flag, says := range map[spec.Flags]string{spec.StopsWorld: "stops the world", spec.ByHarness: "by the harness", spec.RunsCode: "runs code"} {
			if op.Is(flag) {
				facts = append(facts, op.Name+" "+says)
			}
		}
		facts = append(facts, fmt.Sprintf("%s (%s): %s", op.Name, op.Capability, strings.Join(words, " ")))
	}
	slices.Sort(facts)
	return facts
}

// TestOperationsAreFrozen refuses a change of the operations table that an adapter of this contract would notice.
func TestOperationsAreFrozen(t *testing.T) {
	now := operationFacts()
	path := frozenAt("operations.txt")
	was := lines(t, path)
	for _, fact := range was {
		if !slices.Contains(now, fact) {
			t.Errorf("contract %s is frozen and says %q, which the operations table doesn't any more: make it another operation, or a keyword that is claimed apart", spec.ContractVersion, fact)
		}
	}
	added := slices.DeleteFunc(slices.Clone(now), func(fact string) bool { return slices.Contains(was, fact) })
	if len(added) == 0 {
		return
	}
	if *freeze {
		whole := append(was, added...)
		slices.Sort(whole)
		if err := os.WriteFile(path, []byte(strings.Join(whole, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the operations table says more than is frozen: go test ./internal/docgen -freeze adds it, for ever:\n%s", strings.Join(added, "\n"))
}

func lines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !*freeze {
		t.Fatal(err)
	}
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}

// TestMessagesAreFrozen refuses a change of the messages that an adapter of this contract would notice: but for names
// that are added to those which an adapter may claim, and of operations that it may be asked for, the schemas are the frozen ones.
func TestMessagesAreFrozen(t *testing.T) {
	for name, now := range map[string]schema{"from-harness.json": fromHarness(), "from-adapter.json": fromAdapter()} {
		current, err := written(now)
		if err != nil {
			t.Fatal(err)
		}
		path := frozenAt(name)
		if *freeze {
			if _, err := os.Stat(path); err != nil {
				if err := os.WriteFile(path, []byte(current), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var frozen, grown any
		if err := json.Unmarshal(text, &frozen); err != nil {
			t.Fatal(path, err)
		}
		if err := json.Unmarshal([]byte(current), &grown); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(frozen, withoutGrowth(frozen, grown)); diff != "" {
			t.Errorf("contract %s is frozen, and %s says another thing (- frozen, + now):\n%s", spec.ContractVersion, name, diff)
		}
	}
}

// withoutGrowth is a schema without what may be added to a frozen one: members of objects whose every member is a claim, and
// further words of an enumeration of names.
func withoutGrowth(frozen, now any) any {
	switch f := frozen.(type) {
	case map[string]any:
		n, is := now.(map[string]any)
		if !is {
			return now
		}
		out := map[string]any{}
		for name, v := range n {
			old, known := f[name]
			switch {
			case name == "enum" && known && len(old.([]any)) > 5: // names of operations and capabilities, no choice of two
				out[name] = slices.DeleteFunc(slices.Clone(v.([]any)), func(word any) bool { return !slices.Contains(old.([]any), word) })
			case name == "pattern" && known && moreWords(old.(string), v.(string)): // of profiles
				out[name] = old
			case known:
				out[name] = withoutGrowth(old, v)
			case isClaim(v):
			default:
				out[name] = v
			}
		}
		return out
	case []any:
		n, is := now.([]any)
		if !is || len(n) != len(f) {
			return now
		}
		out := make([]any, len(n))
		for i := range n {
			out[i] = withoutGrowth(f[i], n[i])
		}
		return out
	}
	return now
}

// moreWords tells whether a pattern of alternatives has those of another.
func moreWords(old, now string) bool {
	words := func(pattern string) []string {
		return strings.FieldsFunc(pattern, func(r rune) bool { return strings.ContainsRune("^$()|:?", r) })
	}
	return strings.Contains(old, "|") && !slices.ContainsFunc(words(old), func(w string) bool { return !slices.Contains(words(now), w) })
}

// isClaim tells whether a member says how an operation is claimed.
func isClaim(v any) bool {
	m, is := v.(map[string]any)
	return is && len(m) == 1 && cmp.Equal(m["enum"], []any{string(spec.Native), string(spec.Composed)})
}

// What breaks an adapter is noticed, and what doesn't isn't.
func TestFrozenMessagesMayGrowInNames(t *testing.T) {
	read := func(text string) (v any) {
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	const frozen = `{"op": {"enum": ["a", "b", "c", "d", "e", "f"]}, "claims": {"a": {"enum": ["native", "composed"]}}, "required": ["x"], "kind": {"enum": ["real", "virtual"]}, "pattern": "^(lisp-4|lisp-5)(:(A|B))?$"}`
	for now, same := range map[string]bool{
		frozen: true,
		strings.Replace(frozen, `"f"]`, `"f", "g"]`, 1):                                       true,
		strings.Replace(frozen, `"a": {`, `"g": {"enum": ["native", "composed"]}, "a": {`, 1): true,
		strings.Replace(frozen, `"a", "b"`, `"a"`, 1):                                         false,
		strings.Replace(frozen, `["x"]`, `["x", "y"]`, 1):                                     false,
		strings.Replace(frozen, `"required": ["x"]`, `"required": ["x"], "more": {}`, 1):      false,
		strings.Replace(frozen, `|lisp-5`, `|lisp-5|lisp-6`, 1):                               true,
		strings.Replace(frozen, `|lisp-5`, ``, 1):                                             false,
		strings.Replace(frozen, `"virtual"]`, `"virtual", "logical"]`, 1):                     false,
		strings.Replace(frozen, `"native", `, ``, 1):                                          false,
	} {
		if got := cmp.Equal(read(frozen), withoutGrowth(read(frozen), read(now))); got != same {
			t.Errorf("%s: the same %v, want %v", now, got, same)
		}
	}
}
