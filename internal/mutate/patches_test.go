package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestReadBugs(t *testing.T) {
	const file = `# the first
bug one
what it does wrong
reports owner/name 7
clauses MBOX-READ-1, MBOX-READ-2
in deep/a.x
<<<<
old

# no comment
====
>>>>
<<<<
other
====
new
>>>>

bug two
what more
clauses PROC-CUR-1
in b.x
<<<<
x
====
y
>>>>
`
	bugs, err := readBugs(strings.NewReader(file), "f")
	if err != nil {
		t.Fatal(err)
	}
	if len(bugs) != 2 || bugs[0].Name != "one" || bugs[0].Reports != "owner/name 7" || bugs[1].What != "more" {
		t.Fatalf("read %+v", bugs)
	}
	if want := []string{"MBOX-READ-1", "MBOX-READ-2"}; !slices.Equal(bugs[0].Clauses, want) {
		t.Errorf("clauses %q", bugs[0].Clauses)
	}
	want := []Edit{{"deep/a.x", "old\n\n# no comment\n", ""}, {"deep/a.x", "other\n", "new\n"}}
	if !slices.Equal(bugs[0].Edits, want) {
		t.Errorf("places %q", bugs[0].Edits)
	}
	for _, wrong := range []string{
		"", "what it does\n", "bug one\nwhat x\nclauses A\n", "bug one\nwhat x\nin a\n<<<<\nx\n====\ny\n>>>>\n",
		"bug one\nwhat x\nclauses A\nin a\n<<<<\nx\n====\ny\n", "bug one\nwhat x\nclauses A\nin a\n<<<<\n====\ny\n>>>>\n",
		"bug one\nwhat x\nclauses A\n<<<<\nx\n====\ny\n>>>>\n", "bug one\nwhy x\n", strings.ReplaceAll(file, "bug two", "bug one"),
	} {
		if _, err := readBugs(strings.NewReader(wrong), "f"); err == nil || !strings.HasPrefix(err.Error(), "f") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

// The files of bugs and the folders of the adapters in which they are planted.
var patched = []struct{ folder, bugs string }{
	{"adapters/python", "adapters/python/planted.txt"},
	{"adapters/lisp", "adapters/lisp/planted.txt"},
}

// Every bug of a file fits the source, is named by clauses that there are, and there are twenty.
func TestPatchesFit(t *testing.T) {
	clauses := spec.Clauses()
	for _, p := range patched {
		bugs, err := bugsOf(filepath.Join("../..", p.bugs))
		if err != nil {
			t.Error(err)
			continue
		}
		if len(bugs) < 20 {
			t.Errorf("%s: only %d bugs", p.bugs, len(bugs))
		}
		for _, b := range bugs {
			texts, err := b.texts(filepath.Join("../..", p.folder))
			if err != nil {
				t.Error(err)
			}
			for _, id := range b.Clauses {
				if clauses.Lookup(id) == nil {
					t.Errorf("%s: bug %s: there is no clause %s", p.bugs, b.Name, id)
				}
			}
			for path, text := range texts {
				if err := parses(path, text); err != nil {
					t.Errorf("%s: bug %s: %v", p.bugs, b.Name, err)
				}
			}
		}
	}
	for path, wrong := range map[string]string{"x.py": "def f(:\n", "x.lisp": "(defun f ()\n", "y.lisp": "(f))\n"} {
		if _, err := exec.LookPath(readers[filepath.Ext(path)][0]); err == nil && parses(path, wrong) == nil {
			t.Errorf("%s: %q is read", path, wrong)
		}
	}
}

// readers are programs that read a text of a language from standard input, and fail where it is none.
var readers = map[string][]string{
	".py": {"python3", "-c", "import ast, sys; ast.parse(sys.stdin.read())"},
	".lisp": {"sbcl", "--noinform", "--no-sysinit", "--no-userinit", "--disable-debugger", "--eval",
		"(let ((*read-suppress* t)) (loop until (eq (read *standard-input* nil :end) :end)))", "--quit"},
}

// parses tells whether a changed text is one of its language, where that can be asked here.
func parses(path, text string) error {
	reader := readers[filepath.Ext(path)]
	if reader == nil {
		return nil
	}
	if _, err := exec.LookPath(reader[0]); err != nil {
		return nil
	}
	c := exec.Command(reader[0], reader[1:]...)
	c.Stdin = strings.NewReader(text)
	if out, err := c.CombinedOutput(); err != nil {
		return &os.PathError{Op: "parsing", Path: string(out), Err: err}
	}
	return nil
}

// A copy has what the folder has, what is changed in it, and is started by the words of the command that name the folder.
func TestCopied(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{"a/b/run.x": "run\n", "a/b/deep/part.x": "old\n", "a/c.x": "c\n"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	j := &judge{options: options{root: root, dir: "a/b", start: []string{"lang", "a/b/run.x", "a/bc"}}}
	command, err := j.made(context.Background(), map[string]string{filepath.Join(root, "a/b/deep/part.x"): "new\n"}, dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(command) != 3 || command[0] != "lang" || command[2] != "a/bc" || !strings.HasPrefix(command[1], dir) {
		t.Fatalf("started by %q", command)
	}
	for name, want := range map[string]string{command[1]: "run\n", filepath.Join(filepath.Dir(command[1]), "deep/part.x"): "new\n"} {
		if got, err := os.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want)
		}
	}
}

// Without a command line it is native that is built: what flag leaves over is an empty list then, and not nil.
func TestNativeNeedsNoCommandLine(t *testing.T) {
	if (options{start: []string{}}).inAnyLanguage() || !(options{start: []string{"python3", "a.py"}}).inAnyLanguage() {
		t.Error("an adapter in any language is one that a command line starts")
	}
}
