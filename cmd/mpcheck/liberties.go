package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/spec"
)

// liberal is native with liberties taken.
func liberal(ids []string) (spec.Adapter, error) {
	for _, id := range ids {
		if _, ok := native.LibertyByID(id); !ok {
			return nil, usage("unknown liberty %q%s", id, nearLiberties(id))
		}
	}
	return native.NewLiberal(ids...)
}

// nearLiberties names those that share a word with an id that doesn't exist.
func nearLiberties(id string) string {
	var near []string
	for _, l := range native.Liberties {
		words := strings.Split(l.ID, "-")
		if strings.Contains(l.ID, id) || slices.ContainsFunc(strings.Split(id, "-"), func(word string) bool {
			return len(word) > 2 && slices.Contains(words, word)
		}) {
			near = append(near, l.ID)
		}
	}
	if near == nil {
		return ": mpcheck list --liberties shows those there are"
	}
	return ": there are " + strings.Join(near, ", ")
}

// libertyOf says how a liberty is taken, if it is one of that clause.
func libertyOf(l native.Liberty, clause *spec.Clause) (text string, of bool) {
	behaviours, of := l.Of(clause.ID)
	text = l.ID + ": " + l.Story
	if len(behaviours) > 0 {
		text += " (" + strings.Join(behaviours, ", ") + ")"
	}
	return text, of
}

// listLiberties writes all of them.
func listLiberties(w io.Writer) {
	for _, l := range native.Liberties {
		fmt.Fprintf(w, "%-31s %s\n%-31s %s\n", l.ID, l.Story, "", strings.Join(l.Shows, ", "))
	}
}
