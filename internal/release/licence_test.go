package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// notice is how a file names the licence that it is under.
const notice = "Copyright the mpcheck authors. SPDX-License-Identifier: MIT"

// handed are the files and folders whose files implementers are told to begin theirs with. Such a copy
// leaves LICENSE behind, so that each file names it.
var handed = []string{"adapters/lisp", "adapters/python", "adapters/gostart/adapter", "docs/adapter.py"}

func TestLicenceIsNamed(t *testing.T) {
	root := filepath.Join("..", "..")
	licence := read(t, filepath.Join(root, "LICENSE"))
	for _, want := range []string{"MIT License", "Copyright (c) the mpcheck authors", "WITHOUT WARRANTY OF ANY KIND"} {
		if !strings.Contains(licence, want) {
			t.Errorf("LICENSE lacks %q", want)
		}
	}
	if text := read(t, filepath.Join(root, "README.md")); !strings.Contains(text, "[MIT licence](LICENSE)") || !strings.Contains(text, "the mpcheck authors") {
		t.Error("README.md doesn't name the licence")
	}
	files := 0
	for _, folder := range handed {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Name() == "__pycache__" {
				return filepath.SkipDir
			}
			if err != nil || d.IsDir() {
				return err
			}
			files++
			lines := strings.SplitN(read(t, path), "\n", 4)
			if !strings.Contains(strings.Join(lines[:min(3, len(lines))], "\n"), notice) {
				t.Errorf("%s: want %q in one of its first three lines", path, notice)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 30 {
		t.Errorf("only %d files are handed to others", files)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
