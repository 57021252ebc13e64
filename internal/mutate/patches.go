package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Bugs of an adapter in another language stand in a file beside it, as searches and replacements:
//
//	# a comment
//	bug one-woken-for-all
//	what a sentence
//	reports owner/name 17          where the kind was reported; it may be left out
//	clauses MBOX-LIM-4, SEND-LIM-5 one of these has to be named
//	in mp/mailbox.py
//	<<<<
//	lines that stand there once
//	====
//	lines that come in their place
//	>>>>
//
// A bug has one place or more. The folder is copied, changed, and started by the same command line as the folder itself.

// readBugs reads a file of bugs; name is said in errors.
func readBugs(r io.Reader, name string) (bugs []Bug, err error) {
	var (
		bug  *Bug
		file string // of the next place
		text *strings.Builder
		old  string
	)
	in, n := bufio.NewScanner(r), 0
	fault := func(format string, args ...any) error {
		return fmt.Errorf("%s:%d: %s", name, n, fmt.Sprintf(format, args...))
	}
	for in.Scan() {
		n++
		line := in.Text()
		switch {
		case line == "<<<<" && bug != nil && file != "" && text == nil:
			text, old = &strings.Builder{}, ""
			continue
		case line == "====" && text != nil && old == "":
			if old = text.String(); old == "" {
				return nil, fault("nothing is searched for")
			}
			text.Reset()
			continue
		case line == ">>>>" && text != nil && old != "":
			bug.Edits = append(bug.Edits, Edit{file, old, text.String()})
			text = nil
			continue
		case text != nil:
			text.WriteString(line + "\n")
			continue
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		if bug == nil && word != "bug" || rest == "" {
			return nil, fault("%q: want bug and its name, then what, reports, clauses, in and the places", line)
		}
		switch word {
		case "bug":
			bugs = append(bugs, Bug{Name: rest})
			bug, file = &bugs[len(bugs)-1], ""
		case "what":
			bug.What = rest
		case "reports":
			bug.Reports = rest
		case "clauses":
			for id := range strings.SplitSeq(rest, ",") {
				bug.Clauses = append(bug.Clauses, strings.TrimSpace(id))
			}
		case "in":
			file = rest
		default:
			return nil, fault("%q: want bug, what, reports, clauses or in", line)
		}
	}
	if text != nil {
		return nil, fault("a place of bug %s has no end: >>>>", bug.Name)
	}
	return bugs, cmp.Or(in.Err(), complete(bugs, name))
}

// complete tells whether each bug says all that it has to, and no name stands twice.
func complete(bugs []Bug, name string) error {
	seen := map[string]bool{}
	for _, b := range bugs {
		if seen[b.Name] || b.What == "" || len(b.Clauses) == 0 || len(b.Edits) == 0 {
			return fmt.Errorf("%s: bug %s stands twice, or lacks what, clauses or a place", name, b.Name)
		}
		seen[b.Name] = true
	}
	if len(bugs) == 0 {
		return errors.New(name + ": no bugs")
	}
	return nil
}

func bugsOf(path string) ([]Bug, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readBugs(file, path)
}

// copied makes a copy of the folder below dir, with changed texts by their paths in the folder itself, and returns the command line
// that starts it there: whatever of it is named within the folder is named within the copy.
func (j *judge) copied(texts map[string]string, dir string) ([]string, error) {
	from, to := filepath.Join(j.root, j.dir), filepath.Join(dir, "copy")
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(from, path)
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, below), 0o755)
		case !d.Type().IsRegular() || d.Name() == "" || filepath.Ext(path) == ".pyc":
			return nil // what Python compiled of the text that isn't changed
		}
		text, err := os.ReadFile(path)
		if changed, ok := texts[path]; ok {
			text = []byte(changed)
		}
		return cmp.Or(err, os.WriteFile(filepath.Join(to, below), text, 0o644))
	})
	if err != nil {
		return nil, err
	}
	command := make([]string, len(j.start))
	for i, word := range j.start {
		if below, ok := strings.CutPrefix(word, j.dir+"/"); ok {
			word = filepath.Join(to, below)
		}
		command[i] = word
	}
	return command, nil
}

// plantAsIs judges the folder without any bug: whatever is noticed of it would be noticed of each.
func (j *judge) plantAsIs(ctx context.Context) error {
	dir, err := os.MkdirTemp(j.temp, "as-it-is-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	command, err := j.copied(nil, dir)
	if err != nil {
		return err
	}
	outcome, by, err := j.cases(ctx, command, dir)
	if err == nil && outcome != Survived {
		err = fmt.Errorf("%s fails as it is: %s", j.dir, by)
	}
	return err
}
