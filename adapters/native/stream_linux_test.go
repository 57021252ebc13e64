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
		in, out := c.ref(c.ProcessInputStream(p)), c.ref(c.ProcessOutputStream(p))
		read := func(c *scene) { c.StreamReadLine(out) }
		c.killedIn(read) // reading
		c.StreamWrite(in, "0\n")
		c.is(c.StreamReadLine(out), `"0"`)
		x := c.sys.Object(out).(*fileStream)
		for range 10 { // whose turn comes first is chance
			first := c.spawn(func(c *scene) { c.is(c.StreamReadLine(out), `"1"`) })
			c.until(func() bool { return !x.idle() })
			for range 3 {
				c.killedIn(read) // waiting for the turn
			}
			c.StreamWrite(in, "1\n2\n")
			c.is(c.ProcessJoin(first), "t")
			c.is(c.StreamReadLine(out), `"2"`)
		}
		c.StreamWrite(in, "3")
		c.StreamClose(in)
		c.is(c.StreamReadLine(out), `"3"`)
		c.is(c.awaitEnd(p), ":exited, 0")
	})
}

// Who is killed writing leaves room for others once there is some.
func TestKilledWriterLeavesTheStream(t *testing.T) {
	live(t, func(c *scene) {
		p := c.begun(script("read go; cat >/dev/null; exit 3"), piped()...)
		in := c.ref(c.ProcessInputStream(p))
		much := strings.Repeat("x", 1<<20) + "\n"
		write := func(c *scene) { c.StreamWrite(in, much) }
		c.is(c.SignalProcess(p, 19), "t")
		c.awaitStatus(p, ":stopped, 19")
		for range 2 {
			c.killedIn(write)
		}
		c.is(c.SignalProcess(p, 18), "t")
		c.is(c.StreamWrite(in, much), spec.String(much).String())
		c.is(c.StreamClose(in), "t")
		c.is(c.awaitEnd(p), ":exited, 3")
	})
}

// The same through run, between the streams of two other programs.
func TestKilledRunLeavesItsStreams(t *testing.T) {
	live(t, func(c *scene) {
		from, to := c.begun(script("cat"), piped()...), c.begun(script("cat"), piped()...)
		out, in := c.ref(c.ProcessOutputStream(from)), c.ref(c.ProcessInputStream(to))
		c.killedIn(func(c *scene) { c.Run("/bin/cat", nil, key.Input(out), key.Output(in)) })
		c.StreamWrite(c.ref(c.ProcessInputStream(from)), "line\n")
		c.StreamClose(c.ref(c.ProcessInputStream(from)))
		c.is(c.Run("/bin/cat", nil, key.Input(out), key.Output(in)), ":exited, 0")
		c.StreamClose(in)
		c.is(c.StreamReadLine(c.ref(c.ProcessOutputStream(to))), `"line"`)
		c.is(c.awaitEnd(from), ":exited, 0")
		c.is(c.awaitEnd(to), ":exited, 0")
	})
}

// A stream that was lent to a program is read from as before, and who is killed reading takes nothing.
func TestLentStreamStaysAsItWas(t *testing.T) {
	live(t, func(c *scene) {
		p := c.begun(script("cat"), piped()...)
		in, out := c.ref(c.ProcessInputStream(p)), c.ref(c.ProcessOutputStream(p))
		c.is(c.Run("/bin/true", nil, key.Input(out), key.Output(in)), ":exited, 0")
		x := c.sys.Object(out).(*fileStream)
		for range 20 { // how far the reader has come is chance
			reader := c.spawn(func(c *scene) { c.StreamReadLine(out) })
			c.until(func() bool { return !x.idle() })
			c.ProcessKill(reader)
			c.is(c.ProcessJoin(reader), "t")
			c.is(c.StreamWrite(in, "line\n"), spec.String("line\n").String())
			c.is(c.StreamReadLine(out), `"line"`)
		}
		c.StreamClose(in)
		c.is(c.awaitEnd(p), ":exited, 0")
	})
}

// Streams refuse what they can't do, and say so.
func TestStreamsRefuse(t *testing.T) {
	live(t, func(c *scene) {
		f := c.files()
		word := spec.Keyword
		in, out := c.ref(c.OpenFileStream(f.put("in", "a\nb\n"), word("input"))), c.ref(c.OpenFileStream(spec.Pathname(f.path("out")), word("output")))
		text, kept := c.ref(c.MakeStringInputStream("a\nb\n")), c.ref(c.MakeStringOutputStream())
		for _, input := range []spec.Ref{in, text} {
			c.fails(c.StreamWrite(input, "x"), "stream-error")
			c.fails(c.GetOutputStreamString(input), "type-error")
			c.fails(c.Run("/bin/true", nil, key.Output(input)), "type-error")
			for _, line := range []string{`"a"`, `"b"`, "nil", "nil"} {
				c.is(c.StreamReadLine(input), line)
			}
		}
		folder := c.ref(c.OpenFileStream(f.dir, word("input")))
		c.fails(c.StreamReadLine(folder), "stream-error")
		c.StreamClose(folder)
		for _, output := range []spec.Ref{out, kept} {
			c.fails(c.StreamReadLine(output), "stream-error")
			c.fails(c.Run("/bin/true", nil, key.Input(output)), "type-error")
			c.is(c.StreamWrite(output, "x"), `"x"`)
			c.fails(c.StreamWrite(output, 3), "type-error")
		}
		c.fails(c.GetOutputStreamString(out), "type-error")
		for _, x := range []spec.Ref{in, out, text, kept} {
			for range 2 {
				c.is(c.StreamClose(x), "t")
			}
		}
		for _, input := range []spec.Ref{in, text} {
			c.fails(c.StreamReadLine(input), "stream-error")
		}
		for _, output := range []spec.Ref{out, kept} {
			c.fails(c.StreamWrite(output, "y"), "stream-error")
		}
		c.is(c.GetOutputStreamString(kept), `"x"`)
		f.is("out", "x")
		for _, closed := range [][]any{{key.Input(in)}, {key.Output(out), key.Input(nil)}} {
			c.fails(c.Run("/bin/true", nil, closed...), "stream-error")
		}
		for _, none := range []any{3, "x", nil, c.must(c.GetCurrentProcess())} {
			c.fails(c.StreamReadLine(none), "type-error")
			c.fails(c.StreamWrite(none, "x"), "type-error")
			c.fails(c.StreamClose(none), "type-error")
			c.fails(c.GetOutputStreamString(none), "type-error")
		}
		c.fails(c.MakeStringInputStream(3), "type-error")
		c.fails(c.OpenFileStream(3, word("input")), "type-error")
		c.fails(c.OpenFileStream(f.path("in"), word("io")), "type-error")
		c.fails(c.OpenFileStream(f.path("none"), word("input")), "file-error")
		c.fails(c.OpenFileStream(f.path("no/folder"), word("output")), "file-error")
		c.fails(c.Do(spec.NewCall("with-captured-output", nil, 3)), "type-error")
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
