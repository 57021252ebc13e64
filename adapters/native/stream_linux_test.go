package native

import (
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What a killed process was doing on a stream is over, and the stream is as good as before for others.

// Who is killed reading, or waiting for a turn to, has taken nothing of what comes.
func TestKilledReaderTakesNothing(t *testing.T) {
	live(t, func(c *scene) {
		p := c.begun(script("cat"), piped()...)
		in, out := c.Ref(c.ProcessInputStream(p)), c.Ref(c.ProcessOutputStream(p))
		read := func(c *scene) { c.StreamReadLine(out) }
		c.killedIn(read) // reading
		c.StreamWrite(in, "0\n")
		c.Is(c.StreamReadLine(out), `"0"`)
		x := c.sys.Object(out).(*fileStream)
		for range 10 { // whose turn comes first is chance
			first := c.Spawn(func(c *scene) { c.Is(c.StreamReadLine(out), `"1"`) })
			c.until(func() bool { return !x.idle() })
			for range 3 {
				c.killedIn(read) // waiting for the turn
			}
			c.StreamWrite(in, "1\n2\n")
			c.Is(c.ProcessJoin(first), "t")
			c.Is(c.StreamReadLine(out), `"2"`)
		}
		c.StreamWrite(in, "3")
		c.StreamClose(in)
		c.Is(c.StreamReadLine(out), `"3"`)
		c.Is(c.awaitEnd(p), ":exited, 0")
	})
}

// Who is killed writing leaves room for others once there is some.
func TestKilledWriterLeavesTheStream(t *testing.T) {
	live(t, func(c *scene) {
		p := c.begun(script("read go; cat >/dev/null; exit 3"), piped()...)
		in := c.Ref(c.ProcessInputStream(p))
		much := strings.Repeat("x", 1<<20) + "\n"
		write := func(c *scene) { c.StreamWrite(in, much) }
		c.Is(c.SignalProcess(p, 19), "t")
		c.awaitStatus(p, ":stopped, 19")
		for range 2 {
			c.killedIn(write)
		}
		c.Is(c.SignalProcess(p, 18), "t")
		c.Is(c.StreamWrite(in, much), spec.String(much).String())
		c.Is(c.StreamClose(in), "t")
		c.Is(c.awaitEnd(p), ":exited, 3")
	})
}

// The same through run, between the streams of two other programs.
func TestKilledRunLeavesItsStreams(t *testing.T) {
	live(t, func(c *scene) {
		from, to := c.begun(script("cat"), piped()...), c.begun(script("cat"), piped()...)
		out, in := c.Ref(c.ProcessOutputStream(from)), c.Ref(c.ProcessInputStream(to))
		c.killedIn(func(c *scene) { c.Run("/bin/cat", nil, key.Input(out), key.Output(in)) })
		c.StreamWrite(c.Ref(c.ProcessInputStream(from)), "line\n")
		c.StreamClose(c.Ref(c.ProcessInputStream(from)))
		c.Is(c.Run("/bin/cat", nil, key.Input(out), key.Output(in)), ":exited, 0")
		c.StreamClose(in)
		c.Is(c.StreamReadLine(c.Ref(c.ProcessOutputStream(to))), `"line"`)
		c.Is(c.awaitEnd(from), ":exited, 0")
		c.Is(c.awaitEnd(to), ":exited, 0")
	})
}

// A stream that was lent to a program is read from as before, and who is killed reading takes nothing.
func TestLentStreamStaysAsItWas(t *testing.T) {
	live(t, func(c *scene) {
		p := c.begun(script("cat"), piped()...)
		in, out := c.Ref(c.ProcessInputStream(p)), c.Ref(c.ProcessOutputStream(p))
		c.Is(c.Run("/bin/true", nil, key.Input(out), key.Output(in)), ":exited, 0")
		x := c.sys.Object(out).(*fileStream)
		for range 20 { // how far the reader has come is chance
			reader := c.Spawn(func(c *scene) { c.StreamReadLine(out) })
			c.until(func() bool { return !x.idle() })
			c.ProcessKill(reader)
			c.Is(c.ProcessJoin(reader), "t")
			c.Is(c.StreamWrite(in, "line\n"), spec.String("line\n").String())
			c.Is(c.StreamReadLine(out), `"line"`)
		}
		c.StreamClose(in)
		c.Is(c.awaitEnd(p), ":exited, 0")
	})
}

// Streams refuse what they can't do, and say so.
func TestStreamsRefuse(t *testing.T) {
	live(t, func(c *scene) {
		f := c.files()
		word := spec.Keyword
		in, out := c.Ref(c.OpenFileStream(f.put("in", "a\nb\n"), word("input"))), c.Ref(c.OpenFileStream(spec.Pathname(f.path("out")), word("output")))
		text, kept := c.Ref(c.MakeStringInputStream("a\nb\n")), c.Ref(c.MakeStringOutputStream())
		for _, input := range []spec.Ref{in, text} {
			c.Fails(c.StreamWrite(input, "x"), "stream-error")
			c.Fails(c.GetOutputStreamString(input), "type-error")
			c.Fails(c.Run("/bin/true", nil, key.Output(input)), "type-error")
			for _, line := range []string{`"a"`, `"b"`, "nil", "nil"} {
				c.Is(c.StreamReadLine(input), line)
			}
		}
		folder := c.Ref(c.OpenFileStream(f.dir, word("input")))
		c.Fails(c.StreamReadLine(folder), "stream-error")
		c.StreamClose(folder)
		for _, output := range []spec.Ref{out, kept} {
			c.Fails(c.StreamReadLine(output), "stream-error")
			c.Fails(c.Run("/bin/true", nil, key.Input(output)), "type-error")
			c.Is(c.StreamWrite(output, "x"), `"x"`)
			c.Fails(c.StreamWrite(output, 3), "type-error")
		}
		c.Fails(c.GetOutputStreamString(out), "type-error")
		for _, x := range []spec.Ref{in, out, text, kept} {
			for range 2 {
				c.Is(c.StreamClose(x), "t")
			}
		}
		for _, input := range []spec.Ref{in, text} {
			c.Fails(c.StreamReadLine(input), "stream-error")
		}
		for _, output := range []spec.Ref{out, kept} {
			c.Fails(c.StreamWrite(output, "y"), "stream-error")
		}
		c.Is(c.GetOutputStreamString(kept), `"x"`)
		f.is("out", "x")
		for _, closed := range [][]any{{key.Input(in)}, {key.Output(out), key.Input(nil)}} {
			c.Fails(c.Run("/bin/true", nil, closed...), "stream-error")
		}
		for _, none := range []any{3, "x", nil, c.Must(c.GetCurrentProcess())} {
			c.Fails(c.StreamReadLine(none), "type-error")
			c.Fails(c.StreamWrite(none, "x"), "type-error")
			c.Fails(c.StreamClose(none), "type-error")
			c.Fails(c.GetOutputStreamString(none), "type-error")
		}
		c.Fails(c.MakeStringInputStream(3), "type-error")
		c.Fails(c.OpenFileStream(3, word("input")), "type-error")
		c.Fails(c.OpenFileStream(f.path("in"), word("io")), "type-error")
		c.Fails(c.OpenFileStream(f.path("none"), word("input")), "file-error")
		c.Fails(c.OpenFileStream(f.path("no/folder"), word("output")), "file-error")
		c.Fails(c.Do(spec.NewCall("with-captured-output", nil, 3)), "type-error")
	})
}

// until waits for something that has no event.
func (c *scene) until(holds func() bool) {
	for !holds() {
		c.Pause(spec.Double(0.001))
	}
}

// idle tells whether nobody reads or writes.
func (x *fileStream) idle() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.current == nil
}
