package osexec

import (
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// files are those that were opened for a program, which has them once it is started.
type files []*os.File

func (f files) close() {
	for _, file := range f {
		_ = file.Close()
	}
}

// prepare reads a call of run or start. The files are to be closed once the program has them.
func (p *program) prepare(f *kit.Frame, c spec.Call) (files, error) {
	s := f.System()
	path, ok := pathOf(s, c.Args[0])
	if !ok {
		return nil, kit.TypeError("the program", c.Args[0], "a string or a pathname")
	}
	args, err := texts(s, c.Args[1])
	if err != nil {
		return nil, err
	}
	p.cmd = exec.Command(path, args...)
	if p.cmd.Err != nil { // it is in no folder of PATH
		return nil, notStarted(path, p.cmd.Err)
	}
	if p.cmd.Env, err = environment(s, c); err != nil {
		return nil, err
	}
	return p.redirect(f, c)
}

func pathOf(s *kit.System, v spec.Value) (string, bool) {
	if path, ok := v.(spec.Pathname); ok {
		return string(path), true
	}
	return s.Text(v)
}

func texts(s *kit.System, v spec.Value) ([]string, error) {
	items, ok := spec.Items(s.Structure(v))
	if !ok {
		return nil, kit.TypeError("the arguments", v, "a list")
	}
	out := make([]string, len(items))
	for i, item := range items {
		if out[i], ok = s.Text(item); !ok {
			return nil, kit.TypeError("the argument", item, "a string")
		}
	}
	return out, nil
}

// environment is Cmd.Env: this program's, before what the alist gives, unless it is replaced. Of two that are given the first counts in
// an alist, the last in Cmd.Env.
func environment(s *kit.System, c spec.Call) ([]string, error) {
	entries, ok := spec.Items(s.Structure(kit.Keyword(c, "environment")))
	if !ok {
		return nil, kit.TypeError("the environment", kit.Keyword(c, "environment"), "an alist")
	}
	env := []string{} // nil would be this program's
	if !spec.Truth(kit.Keyword(c, "replace-environment-p")) {
		env = os.Environ()
	}
	for i := len(entries) - 1; i >= 0; i-- {
		pair, ok := s.Structure(entries[i]).(spec.List)
		if !ok || len(pair.Items) != 1 || pair.Dotted == nil {
			return nil, kit.TypeError("the entry", entries[i], "a cons of two strings")
		}
		name, isName := s.Text(pair.Items[0])
		value, isValue := s.Text(pair.Dotted)
		if !isName || !isValue || name == "" || strings.Contains(name, "=") {
			return nil, kit.TypeError("the entry", entries[i], "a cons of a name and a value")
		}
		env = append(env, name+"="+value)
	}
	return env, nil
}

// The three of a program: what each is called, and its option.
var redirections = [3]struct {
	name, option string
	own          *os.File
	flags        func(spec.Value) (int, bool)
}{
	{"input", "if-input-does-not-exist", os.Stdin, inputFlags},
	{"output", "if-output-exists", os.Stdout, outputFlags},
	{"error", "if-error-exists", os.Stderr, outputFlags},
}

// redirect sets what the program's three streams are.
func (p *program) redirect(f *kit.Frame, c spec.Call) (opened files, err error) {
	s := f.System()
	var given [3]*os.File
	for fd, r := range redirections {
		v := kit.Keyword(c, r.name)
		switch word(v) {
		case "stream":
			if c.Op == "run" {
				return opened, kit.ProgramError("run: :%s :stream: nobody could use the stream", r.name)
			}
			theirs, ours, err := pipe(s, fd)
			if err != nil {
				return opened, err
			}
			p.streams[fd], given[fd] = s.Name("stream", ours), theirs
			opened = append(opened, theirs)
			continue
		case "output":
			if fd != 2 {
				return opened, kit.ProgramError("%s: :output is for :error, not for :%s", c.Op, r.name)
			}
			given[2] = given[1]
			continue
		}
		switch v.(type) {
		case spec.Nil:
			continue
		case spec.True:
			given[fd] = r.own
			continue
		}
		if x, ok := s.Object(v).(*stream); ok {
			if (x.reader != nil) != (fd == 0) || x.reader != nil && x.reader.Buffered() > 0 {
				return opened, kit.TypeError("the "+r.name, v, "a stream of that direction, of which nothing was read ahead")
			}
			given[fd] = x.file
			continue
		}
		path, ok := pathOf(s, v)
		if !ok {
			return opened, kit.TypeError("the "+r.name, v, "nil, t, a string, a pathname, or for start :stream")
		}
		choice, chosen := c.Key(r.option)
		if !chosen {
			choice = spec.Keyword("error")
		}
		how, ok := r.flags(choice)
		if !ok {
			return opened, kit.TypeError(r.option, choice, "one of those of open")
		}
		if given[fd], err = open(f, path, how); err != nil {
			return opened, &spec.Condition{Type: "file-error", Message: fmt.Sprintf("%s: %v", c.Op, err)}
		}
		opened = append(opened, given[fd])
	}
	// A nil file is no nil reader.
	if given[0] != nil {
		p.cmd.Stdin = given[0]
	}
	if given[1] != nil {
		p.cmd.Stdout = given[1]
	}
	if given[2] != nil {
		p.cmd.Stderr = given[2]
	}
	return opened, nil
}

// open opens a file, which may wait: a named pipe does for its other end. Others go on meanwhile.
func open(f *kit.Frame, path string, how int) (file *os.File, err error) {
	opened := f.Aside("to open "+path, func() { file, err = os.OpenFile(path, how, 0o666) }, nil, func() {
		if err == nil {
			file.Close()
		}
	})
	if !opened { // nobody sees what this returns
		return nil, os.ErrClosed
	}
	return file, err
}

// word is the name of a keyword in lower case.
func word(v spec.Value) string {
	if symbol, ok := v.(spec.Symbol); ok && symbol.Package == "KEYWORD" {
		return strings.ToLower(symbol.Name)
	}
	return ""
}

func inputFlags(v spec.Value) (int, bool) {
	switch word(v) {
	case "create":
		return os.O_RDONLY | os.O_CREATE, true
	case "error":
		return os.O_RDONLY, true
	}
	return os.O_RDONLY, !spec.Truth(v)
}

func outputFlags(v spec.Value) (int, bool) {
	const output = os.O_WRONLY | os.O_CREATE
	switch word(v) {
	case "supersede":
		return output | os.O_TRUNC, true
	case "append":
		return output | os.O_APPEND, true
	case "error":
		return output | os.O_EXCL, true
	}
	return output | os.O_EXCL, !spec.Truth(v)
}
