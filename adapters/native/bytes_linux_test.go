package native

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What has no clause: what comes to a program, and back, to the last byte, and nothing that is ours.

// A program has its three descriptors, whatever this program has open, and whatever it was started with.
func TestDescriptorsStayHere(t *testing.T) {
	var leak [2]int
	if err := unix.Pipe2(leak[:], 0); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(leak[0])
	defer unix.Close(leak[1])
	live(t, func(c *scene) {
		f := c.files()
		c.OpenFileStream(f.put("in", ""), spec.Keyword("input"))
		other := c.begun(script("cat"), piped()...)
		text, written := c.Ref(c.MakeStringInputStream("")), c.Ref(c.MakeStringOutputStream())
		for _, more := range [][]any{
			{key.Input(nil), key.Output(f.path("out")), key.Error(nil)},
			{key.Input(f.path("in")), key.Output(f.path("out2")), key.Error(spec.Keyword("output"))},
			{key.Input(text), key.Output(written), key.Error(c.Ref(c.MakeStringOutputStream()))},
			{key.Input(text), key.Output(written), key.Error(true)},
		} {
			c.Is(c.Run(shell, script(`for fd in /proc/$$/fd/*; do echo "${fd##*/}"; done`), more...), ":exited, 0")
		}
		// The last is the shell's own, for the directory, or none.
		for _, got := range []string{f.text("out"), f.text("out2"), string(c.Must(c.GetOutputStreamString(written)).(spec.String))} {
			if fds := strings.Fields(got); !slices.Equal(fds[:3], []string{"0", "1", "2"}) || strings.Contains(got, "4\n") {
				t.Errorf("a program has the descriptors %q", fds)
			}
		}
		c.SignalProcess(other, 9)
		c.awaitEnd(other)
	})
}

func (f files) text(name string) string {
	f.c.T.Helper()
	text, err := os.ReadFile(f.path(name))
	if err != nil {
		f.c.T.Error(err)
	}
	return string(text)
}

// What this program was started with is a program's too, unless it is kept from others, as the wire is.
func TestOwnStream(t *testing.T) {
	for fd, flags := range []int{0, unix.FD_CLOEXEC} {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, flags); err != nil {
			t.Fatal(err)
		}
		got, err := ownStream(fd)
		if flags == 0 && (got != fd || err != nil) || flags != 0 && err == nil {
			t.Errorf("descriptor %d with flags %d: %d, %v", fd, flags, got, err)
		}
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0); err != nil {
			t.Fatal(err)
		}
	}
}

// A character that comes in two parts is read when it is whole.
func TestSplitCharacters(t *testing.T) {
	live(t, func(c *scene) {
		command := script(`printf 'a\303'; read x; printf '\274\360\237'; read x; printf '\230\200\377\n\303'`)
		out := c.Ref(c.MakeStringOutputStream())
		p := c.begun(command, key.Input(spec.Keyword("stream")), key.Output(out))
		in := c.Ref(c.ProcessInputStream(p))
		text := c.sys.Object(out).(*textOutput)
		var got []string
		for _, bytes := range []int{2, 4, 7} { // in the stream, before anything is taken
			for text.size() != bytes {
				runtime.Gosched()
			}
			got = append(got, string(c.Must(c.GetOutputStreamString(out)).(spec.String)))
			c.StreamWrite(in, "\n")
		}
		c.awaitEnd(p)
		c.StreamClose(out)
		got = append(got, string(c.Must(c.GetOutputStreamString(out)).(spec.String)))
		if want := []string{"a", "ü", "😀\ufffd\n", "\ufffd"}; !slices.Equal(got, want) {
			t.Errorf("read %q, want %q", got, want)
		}
		p = c.begun(command, piped()...)
		c.StreamWrite(c.Ref(c.ProcessInputStream(p)), "\n\n")
		stream := c.Ref(c.ProcessOutputStream(p))
		c.Is(c.StreamReadLine(stream), spec.String("aü😀\ufffd").String())
		c.Is(c.StreamReadLine(stream), spec.String("\ufffd").String())
		c.Is(c.StreamReadLine(stream), "nil")
		c.awaitEnd(p)
	})
}

func (x *textOutput) size() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.written)
}

func TestBegunCharacters(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "a": 0, "\xc3": 1, "a\xe2\x82": 2, "\xf0\x9f\x98": 3, "ü": 0, "€": 0, "😀": 0, "\xff": 0, "\x80": 0, "\x80\x80\x80\x80": 0, "\xc3a": 0,
	} {
		if got := begun([]byte(text)); got != want {
			t.Errorf("%q: %d bytes begin a character, want %d", text, got, want)
		}
	}
}

// Bytes that are no characters come as they are, from a file to a file, and from one program to another.
func TestBytesComeThrough(t *testing.T) {
	live(t, func(c *scene) {
		f := c.files()
		all := make([]byte, 256*1000)
		for i := range all {
			all[i] = byte(i * (1 + i/256))
		}
		f.put("in", string(all))
		input := c.Ref(c.OpenFileStream(f.path("in"), spec.Keyword("input")))
		first := c.begun(script("cat"), key.Input(input), key.Output(spec.Keyword("stream")))
		between := c.Ref(c.ProcessOutputStream(first))
		second := c.begun(script("cat"), key.Input(spec.Keyword("stream")), key.Output(f.path("out")))
		to := c.Ref(c.ProcessInputStream(second))
		c.Is(c.Run("/bin/cat", nil, key.Input(between), key.Output(to)), ":exited, 0")
		c.StreamClose(to)
		c.Is(c.awaitEnd(first), ":exited, 0")
		c.Is(c.awaitEnd(second), ":exited, 0")
		if f.text("out") != string(all) {
			t.Error("other bytes came through")
		}
	})
}

// A program that copies is written to and read from at once, far more than pipes hold, in bounded memory.
func TestMuchBothWays(t *testing.T) {
	const lines, width, most = 1600, 1 << 16, 32 << 20 // 100 MB
	live(t, func(c *scene) {
		p := c.begun(script("exec cat"), piped()...)
		in, out := c.Ref(c.ProcessInputStream(p)), c.Ref(c.ProcessOutputStream(p))
		line := strings.Repeat("0123456789abcdef", width/16)[:width-1]
		writer := c.Spawn(func(c *scene) {
			for range lines {
				c.StreamWrite(in, line+"\n")
			}
			c.StreamClose(in)
		})
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		for i := range lines {
			if got := c.Must(c.StreamReadLine(out)); got != spec.Value(spec.String(line)) {
				t.Fatalf("line %d is %.40s", i, got)
			}
			if i%(lines/8) == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				if now.HeapAlloc > before.HeapAlloc+most {
					t.Errorf("after %d lines of %d bytes %d more bytes are taken, want at most %d", i, width, now.HeapAlloc-before.HeapAlloc, most)
				}
			}
		}
		c.Is(c.StreamReadLine(out), "nil")
		c.Is(c.ProcessJoin(writer), "t")
		c.Is(c.awaitEnd(p), ":exited, 0")
	})
}

// By run, of two streams, one of which a program fills while the other is read.
func TestMuchThroughRun(t *testing.T) {
	live(t, func(c *scene) {
		text := strings.Repeat("0123456789abcde\n", 1<<20)
		out, errors := c.Ref(c.MakeStringOutputStream()), c.Ref(c.MakeStringOutputStream())
		c.Is(c.Run(shell, script("tee /dev/stderr"), key.Input(c.Ref(c.MakeStringInputStream(text))), key.Output(out), key.Error(errors)), ":exited, 0")
		for _, x := range []spec.Ref{out, errors} {
			if got := c.Must(c.GetOutputStreamString(x)); got != spec.Value(spec.String(text)) {
				t.Errorf("%d bytes came, want %d", len(got.(spec.String)), len(text))
			}
		}
	})
}

// What a pump is behind with, up to all that a pipe holds, it carries before run returns.
func TestDrainCarriesAll(t *testing.T) {
	for _, size := range []int{0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk} {
		var ends [2]int
		if err := unix.Pipe2(ends[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
			t.Fatal(err)
		}
		writer := os.NewFile(uintptr(ends[1]), "pipe")
		out := &textOutput{}
		p := newPump(os.NewFile(uintptr(ends[0]), "pipe"), out, &decisions{})
		if _, err := writer.WriteString(strings.Repeat("x", size)); err != nil {
			t.Fatal(err)
		}
		for range 2 { // also where there is nothing, and once nobody can write any more
			if p.drain(); out.size() != size {
				t.Errorf("of %d bytes %d were carried", size, out.size())
			}
			writer.Close()
		}
		_ = p.Close()
		if p.drain(); out.size() != size {
			t.Errorf("a pump that is closed carried %d more bytes", out.size()-size)
		}
	}
}

// As many programs at once as may be, up to a thousand, each with an end of its own.
func TestManyAtOnce(t *testing.T) {
	n := 1000
	if tasks, limited := remote.CountTasks(); limited {
		n = min(n, tasks.Left()-100)
	}
	live(t, func(c *scene) {
		gate := newPipe(t)
		programs := make([]spec.Ref, n)
		var called sync.WaitGroup
		called.Add(n)
		hook := c.Function(func(*scene, []spec.Value) { called.Done() })
		for i := range programs {
			command := script("read x; exit $1", i%256)
			programs[i] = c.begun(command, key.Input(gate.path), key.Output(nil), key.Error(nil), key.StatusHook(hook))
		}
		pids := map[spec.Value]bool{}
		for _, p := range programs {
			pids[c.Must(c.ProcessId(p))] = true
			c.Is(c.ProcessStatus(p), ":running, nil")
		}
		if len(pids) != n {
			t.Errorf("%d programs have %d numbers", n, len(pids))
		}
		gate.end()
		called.Wait()
		for i, p := range programs {
			if want := spec.Values(spec.Keyword("exited"), spec.Int(i%256)).String(); c.ProcessStatus(p).String() != want {
				t.Errorf("program %d: %s, want %s", i, c.ProcessStatus(p), want)
			}
		}
	})
}
