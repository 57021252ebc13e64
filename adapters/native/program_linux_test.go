package native

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

const shell = "/bin/sh"

// script is the arguments of a shell that runs a command, with $1 and so on.
func script(command string, args ...any) spec.Value {
	words := []spec.Value{spec.String("-c"), spec.String(command), spec.String("sh")}
	for _, arg := range args {
		words = append(words, spec.Of(arg))
	}
	return spec.NewList(words...)
}

// silent are the redirections of a program that reads and writes nothing.
func silent(more ...any) []any {
	return append([]any{key.Input(nil), key.Output(nil), key.Error(nil)}, more...)
}

// alist is an environment.
func alist(names ...string) spec.Value {
	var entries []spec.Value
	for i := 0; i < len(names); i += 2 {
		entries = append(entries, spec.List{Items: []spec.Value{spec.String(names[i])}, Dotted: spec.String(names[i+1])})
	}
	return spec.NewList(entries...)
}

// wrote runs a command and returns what it wrote to its output.
func (c *scene) wrote(command spec.Value, more ...any) string {
	c.T.Helper()
	out := c.Ref(c.MakeStringOutputStream())
	c.Is(c.Run(shell, command, append([]any{key.Output(out)}, more...)...), ":exited, 0")
	return string(c.Must(c.GetOutputStreamString(out)).(spec.String))
}

// awaitEnd polls the status of a program until it has ended.
func (c *scene) awaitEnd(p spec.Ref) spec.Return {
	c.T.Helper()
	for {
		if got := c.ProcessStatus(p); got.Primary() != spec.Value(spec.Keyword("running")) && got.Primary() != spec.Value(spec.Keyword("stopped")) {
			return got
		}
		c.Pause(spec.Double(0.001))
	}
}

func TestRunResults(t *testing.T) {
	live(t, func(c *scene) {
		for _, code := range []int{0, 1, 7, 255} {
			c.Is(c.Run(shell, script(fmt.Sprint("exit ", code)), silent()...), fmt.Sprint(":exited, ", code))
		}
		c.Is(c.Run(shell, script("kill -TERM $$"), silent()...), ":signaled, 15")
		c.Is(c.Run(spec.Pathname("/bin/true"), nil, silent()...), ":exited, 0")
		c.Is(c.Run("true", nil, silent()...), ":exited, 0") // looked for in PATH
		c.Fails(c.Run("no-such-program", nil, silent()...), "file-error")
		c.Fails(c.Run("/no/such/program", nil, silent()...), "file-error")
		c.Fails(c.Run("/", nil, silent()...), "file-error")
		f := c.files()
		for _, none := range []string{"/no/such/program", "no-such-program", f.put("text", "no program")} {
			c.Fails(c.Run(none, nil, key.Output(f.path("out")), key.Input(f.path("in")), key.IfInputDoesNotExist(spec.Keyword("create"))), "file-error")
			if left, err := os.ReadDir(f.dir); err != nil || len(left) > 1 {
				t.Errorf("without a program files were made: %v, %v", left, err)
			}
		}
		c.Fails(c.Run("/etc/passwd", nil, silent()...), "file-error")
		c.Fails(c.Run("", nil, silent()...), "file-error")
		c.Fails(c.Run(3, nil, silent()...), "type-error")
		c.Fails(c.Run("/bin/true", "x", silent()...), "type-error")
		c.Fails(c.Run("/bin/true", nil, key.Output(spec.Keyword("stream"))), "program-error")
		c.Fails(c.Run("/bin/true", nil, key.StatusHook(nil)), "program-error")
	})
}

func TestArguments(t *testing.T) {
	live(t, func(c *scene) {
		command := `for x; do printf '<%s>' "$x"; done`
		got := c.wrote(script(command, "a b", "$HOME", "`", "'", "", "\n", "-x", "FOO=bar", "\xff", 3, spec.Char('x'),
			spec.Pathname("/tmp/a b"), spec.Symbol{Name: "sym"}, spec.Double(1.5)))
		if want := "<a b><$HOME><`><'><><\n><-x><FOO=bar><\ufffd><3><x></tmp/a b><sym><1.5d0>"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		much := strings.Repeat("x", 100<<10)
		if got := c.wrote(script(`printf '%s' "$1"`, much)); got != much {
			t.Errorf("an argument of %d bytes came as %d", len(much), len(got))
		}
		many := make([]any, 1000)
		for i := range many {
			many[i] = i
		}
		if got := c.wrote(script(`echo $#`, many...)); got != "1000\n" {
			t.Errorf("1000 arguments came as %s", got)
		}
		c.Fails(c.Run(shell, script("exit 0", spec.Keyword("x"), spec.NewList(spec.Int(1))), silent()...), "type-error")
		c.Fails(c.Run(shell, script("exit 0", "a\x00b"), silent()...), "simple-error")
	})
}

func TestEnvironment(t *testing.T) {
	t.Setenv("NATIVE_TEST_VARIABLE", "inherited")
	live(t, func(c *scene) {
		given := alist("FOO", "a=b 'q' x\n", "NATIVE_TEST_VARIABLE", "given", "FOO", "second")
		env := c.wrote(script("env -0"), key.Environment(given))
		entries := strings.Split(env, "\x00")
		for name, want := range map[string]string{"FOO": "a=b 'q' x\n", "NATIVE_TEST_VARIABLE": "given", "PATH": os.Getenv("PATH")} {
			n := 0
			for _, entry := range entries {
				if got, of := strings.CutPrefix(entry, name+"="); of {
					if n++; got != want {
						t.Errorf("%s is %q, want %q", name, got, want)
					}
				}
			}
			if n != 1 {
				t.Errorf("%s has %d entries", name, n)
			}
		}
		out := c.Ref(c.MakeStringOutputStream())
		c.Is(c.Run("/usr/bin/env", nil, key.Output(out), key.Environment(given), key.ReplaceEnvironmentP(true)), ":exited, 0")
		c.Is(c.GetOutputStreamString(out), spec.String("FOO=a=b 'q' x\n\nNATIVE_TEST_VARIABLE=given\n").String())
		c.Is(c.Run("/usr/bin/env", nil, key.Output(out), key.ReplaceEnvironmentP(true)), ":exited, 0")
		c.Is(c.GetOutputStreamString(out), `""`)
		pair := c.Ref(c.New(spec.Keyword("cons"), "X", "1")) // conses made by new are as good
		if got := c.wrote(script("echo $X"), key.Environment(spec.NewList(pair))); got != "1\n" {
			t.Errorf("X is %q", got)
		}
		for _, wrong := range []spec.Value{
			spec.String("x"), spec.NewList(spec.String("x")), spec.NewList(spec.List{Items: []spec.Value{spec.Int(1)}, Dotted: spec.String("x")}),
			spec.NewList(spec.List{Items: []spec.Value{spec.String("x")}, Dotted: spec.Int(1)}),
		} {
			c.Fails(c.Run(shell, script("exit 0"), key.Environment(wrong)), "type-error")
		}
		c.Fails(c.Run(shell, script("exit 0"), key.Environment(alist("A=B", "x"))), "simple-error")
		c.Fails(c.Run(shell, script("exit 0"), key.Environment(alist("A", "\x00"))), "simple-error")
	})
}

// files is a directory of files for redirections.
type files struct {
	c   *scene
	dir string
}

func (c *scene) files() files { return files{c, c.T.TempDir()} }

func (f files) path(name string) string { return filepath.Join(f.dir, name) }

func (f files) put(name, text string) string {
	f.c.T.Helper()
	if err := os.WriteFile(f.path(name), []byte(text), 0o600); err != nil {
		f.c.T.Fatal(err)
	}
	return f.path(name)
}

func (f files) is(name, want string) {
	f.c.T.Helper()
	if text, err := os.ReadFile(f.path(name)); err != nil || string(text) != want {
		f.c.T.Errorf("%s holds %q, %v; want %q", name, text, err, want)
	}
}

const both = "cat; echo e >&2"

func TestRedirections(t *testing.T) {
	live(t, func(c *scene) {
		f := c.files()
		in := f.put("in", "text\n")
		for _, input := range []any{in, spec.Pathname(in)} {
			for i, output := range []any{f.path("out"), spec.Pathname(f.path("out2"))} {
				name := []string{"out", "out2"}[i]
				c.Is(c.Run(shell, script(both), key.Input(input), key.Output(output), key.Error(spec.Keyword("output")), key.IfOutputExists(spec.Keyword("supersede"))), ":exited, 0")
				f.is(name, "text\ne\n")
			}
		}
		// The streams of Lisp: of files, which go on where the program has stopped, and of strings.
		input := c.Ref(c.OpenFileStream(f.put("lines", "1\n2\n3\n4\n"), spec.Keyword("input")))
		output := c.Ref(c.OpenFileStream(f.path("written"), spec.Keyword("output")))
		c.Is(c.StreamReadLine(input), `"1"`)
		c.StreamWrite(output, "first\n")
		c.Is(c.Run(shell, script("head -c 2; echo e >&2"), key.Input(input), key.Output(output), key.Error(spec.Keyword("output"))), ":exited, 0")
		c.Is(c.StreamReadLine(input), `"3"`)
		c.StreamWrite(output, "last\n")
		f.is("written", "first\n2\ne\nlast\n")
		c.StreamClose(input)
		c.StreamClose(output)
		text := c.Ref(c.MakeStringInputStream("a\nb\n"))
		c.Is(c.StreamReadLine(text), `"a"`)
		written, failed := c.Ref(c.MakeStringOutputStream()), c.Ref(c.MakeStringOutputStream())
		c.Is(c.Run(shell, script(both), key.Input(text), key.Output(written), key.Error(failed)), ":exited, 0")
		c.Is(c.GetOutputStreamString(written), spec.String("b\n").String())
		c.Is(c.GetOutputStreamString(failed), spec.String("e\n").String())
		c.Is(c.StreamReadLine(text), "nil")
		// Nothing, and much that is thrown away.
		c.Is(c.Run(shell, script("cat; head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"), silent()...), ":exited, 0")
		for _, wrong := range [][]any{
			{key.Input(spec.Keyword("output"))}, {key.Output(spec.Keyword("output"))},
		} {
			c.Fails(c.Run(shell, script("exit 0"), wrong...), "program-error")
		}
		for _, wrong := range [][]any{
			{key.Input(3)}, {key.Output(spec.Keyword("x"))}, {key.Output(text)}, {key.Input(written)}, {key.Error("")},
		} {
			c.Fails(c.Run(shell, script("exit 0"), wrong...), "type-error")
		}
		c.StreamClose(written)
		c.Is(c.Run(shell, script("head -c 1000000 /dev/zero"), key.Output(written)), ":exited, 0") // it reaches nobody
	})
}

func TestIfOptions(t *testing.T) {
	live(t, func(c *scene) {
		f := c.files()
		word := spec.Keyword
		run := func(more ...any) spec.Return { return c.Run(shell, script("cat; echo new; echo bad >&2"), more...) }
		for _, option := range []any{nil, word("error")} {
			out := f.put("out", "old")
			c.Fails(run(key.Output(out), key.IfOutputExists(option)), "file-error")
			c.Fails(run(key.Error(out), key.IfErrorExists(option)), "file-error")
			c.Fails(run(key.Input(f.path("none")), key.IfInputDoesNotExist(option)), "file-error")
			f.is("out", "old")
		}
		c.Fails(run(key.Output(f.path("out"))), "file-error") // as :error
		c.Is(run(key.Output(f.path("out")), key.IfOutputExists(word("supersede"))), ":exited, 0")
		f.is("out", "new\n")
		c.Is(run(key.Output(f.path("out")), key.IfOutputExists(word("append")), key.Error(f.put("err", "x\n")), key.IfErrorExists(word("append"))), ":exited, 0")
		f.is("out", "new\nnew\n")
		f.is("err", "x\nbad\n")
		c.Is(run(key.Input(f.path("made")), key.IfInputDoesNotExist(word("create"))), ":exited, 0")
		f.is("made", "")
		c.Fails(run(key.IfOutputExists(word("create"))), "type-error")
		c.Fails(run(key.IfInputDoesNotExist(word("append"))), "type-error")
	})
}
