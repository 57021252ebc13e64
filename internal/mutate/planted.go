package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Bug is one that somebody reported of other software of this field, or one of its kind, planted in an adapter: what
// the report tells of, done wrong in the same way.
type Bug struct {
	Name string
	// Reports are where the kind was reported; empty for one that is merely likely.
	Reports string
	What    string
	Edits   []Edit
	// Clauses are those of which one must be named by what notices it.
	Clauses []string
}

// Edit replaces a text, which must stand once in a file, by another. The file is one of native's, or ../kit/NAME.
type Edit struct{ File, Old, New string }

// texts are the changed files of a bug, by path.
func (b Bug) texts(dir string) (map[string]string, error) {
	out := map[string]string{}
	for _, e := range b.Edits {
		path := filepath.Join(dir, e.File)
		text, changed := out[path]
		if !changed {
			src, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			text = string(src)
		}
		if n := strings.Count(text, e.Old); n != 1 {
			return nil, fmt.Errorf("bug %s: %q stands %d times in %s, want once", b.Name, e.Old, n, e.File)
		}
		out[path] = strings.Replace(text, e.Old, e.New, 1)
	}
	return out, nil
}

// plantAll judges the bugs whose names contain a text, one after the other, and tells how many
// were noticed and named rightly.
func (j *judge) plantAll(ctx context.Context, only string) (code int, err error) {
	noticed, named, tried, bugs := 0, 0, 0, bugs
	if j.inAnyLanguage() {
		if bugs, err = bugsOf(j.path(j.bugs)); err != nil {
			return 2, err
		}
		if err := j.plantAsIs(ctx); err != nil {
			return 2, err
		}
	}
	for _, b := range bugs {
		if !strings.Contains(b.Name, only) {
			continue
		}
		texts, err := b.texts(filepath.Join(j.root, j.dirs()[0]))
		if err != nil {
			return 2, err
		}
		r, err := j.judgeTexts(ctx, b.Name, texts)
		if ctx.Err() != nil {
			return 130, nil
		}
		if err != nil {
			return 2, err
		}
		if r.Outcome == NotBuilt {
			return 2, fmt.Errorf("bug %s does not compile", b.Name)
		}
		tried++
		word := "not noticed"
		if r.Outcome == Killed {
			noticed++
			word = "noticed, but not named"
			if slices.ContainsFunc(b.Clauses, func(id string) bool { return slices.Contains(words(charged(r.By)), id) }) {
				named++
				word = "named"
			}
		}
		fmt.Printf("%-24s %-22s %3.0f s  %s\n", b.Name, word, r.Seconds, r.By)
	}
	fmt.Printf("%d bugs planted, %d noticed, %d named rightly\n", tried, noticed, named)
	if tried-named > tried/10 {
		return 1, nil
	}
	return 0, nil
}

// charged is the part of what noticed a mutant that says what it was charged with: not the name of
// the case.
func charged(by string) string {
	_, rest, ok := strings.Cut(by, ": ")
	if !ok {
		return by
	}
	return rest
}

// words splits what was said at all that is no part of a clause's id.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}
