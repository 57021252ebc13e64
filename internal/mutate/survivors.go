package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// The reasons for which a mutant may survive, the first word of each entry's reason.
var reasons = []string{
	"equivalent",  // nothing that anybody could ask differs
	"allowed",     // it does what the catalogue leaves open
	"performance", // it is slower, or wakes who has nothing to do
	"text",        // another message for people
	"teardown",    // of a system that is being closed: the harness cleans up
	"contract",    // it matters to users of the package in Go, not over the wire; its own tests see it
	"race",        // seen now and then
	"deviation",   // a real one that nothing notices: at most one of a hundred mutants
}

// survivors is the checked list: reasons by the mutant's key.
type survivors map[string]string

// readSurvivors reads the list: a line each, KEY -- REASON: WORDS. Empty lines and those that begin
// with # are for people.
func readSurvivors(path string) (survivors, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	list := survivors{}
	var faults []error
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		key, reason, ok := cutLast(text, " -- ")
		kind, words, _ := strings.Cut(reason, ": ")
		switch {
		case !ok || words == "" || !slices.Contains(reasons, kind):
			faults = append(faults, fmt.Errorf("%s:%d: want KEY -- REASON: WORDS with one of the reasons %s", path, n, strings.Join(reasons, ", ")))
		case list[key] != "":
			faults = append(faults, fmt.Errorf("%s:%d: stands twice: %s", path, n, key))
		default:
			list[key] = reason
		}
	}
	return list, errors.Join(append(faults, lines.Err())...)
}

// cutLast cuts at the last separator: a key may have any text in it.
func cutLast(text, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(sep):], true
}

// unknown lists the entries for which there is no mutant any more. Of a file that is there and not built here, as one that needs a C
// compiler, nothing is known.
func (s survivors) unknown(all []Mutant) []string {
	there, built, folders := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, m := range all {
		there[m.Key()], built[m.File] = true, true
		folders[strings.TrimSuffix(m.source, m.File)] = true
	}
	leftOut := func(key string) bool {
		file, _, _ := strings.Cut(key, " ")
		if built[file] {
			return false
		}
		for folder := range folders {
			if _, err := os.Stat(folder + file); err == nil {
				return true
			}
		}
		return false
	}
	var out []string
	for key := range s {
		if !there[key] && !leftOut(key) {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

// kind is the first word of an entry's reason, "" for a mutant that is not listed.
func (s survivors) kind(key string) string {
	kind, _, _ := strings.Cut(s[key], ":")
	return kind
}
