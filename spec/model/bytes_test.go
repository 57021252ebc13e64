package model

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// stream makes the nth stream of a state for a test.
func (s *State) stream(nth uint32, capacity uint64) ID {
	id := s.u.Name(world, nth, KindStream)
	s.create(id, KindStream)
	s.set(id, streamCapacity, capacity)
	return id
}

func held(s *State, id ID) []byte { return s.peekBytes(id, streamBytes, never, []byte{}) }

// What is pushed and taken at random is what a slice has, the hash is that of the contents, and everything is
// taken back to every depth.
func TestBytesAreThoseOfASlice(t *testing.T) {
	type past struct {
		cells   []uint64
		sum     hash128
		content [3]string
	}
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 0))
		s := NewState(NewUniverse(), Config{})
		var content [3]string
		var ids [3]ID
		for i := range ids {
			ids[i] = s.stream(uint32(i), 0)
		}
		var log UndoLog
		var before []past
		step := func() {
			i := random.IntN(len(ids))
			id := ids[i]
			before = append(before, past{slices.Clone(s.cells), s.sum, content})
			s.begin(&log)
			switch n := len(content[i]); random.IntN(7) {
			case 0, 1, 2:
				most := []int{4, 4, 40, 3 * markEvery}[random.IntN(4)]
				run := s.u.internRun(randomBytes(random, random.IntN(most)))
				run.from += uint32(random.IntN(int(run.length()) + 1))
				content[i] += s.u.text(run)
				s.pushBytes(id, streamBytes, run)
			case 3: // what is written again and again
				content[i] += "again"
				s.pushBytes(id, streamBytes, s.u.internRun([]byte("again")))
			case 4:
				n = min(n, random.IntN(8))
				fallthrough
			case 5:
				take := random.IntN(n + 1)
				content[i] = content[i][take:]
				s.takeBytes(id, streamBytes, uint64(take))
			case 6:
				if random.IntN(3) == 0 {
					content[i] = ""
					s.emptyBytes(id, streamBytes)
				}
			}
		}
		check := func() {
			t.Helper()
			for i, id := range ids {
				if got := held(s, id); string(got) != content[i] || s.bytesHeld(id, streamBytes) != uint64(len(content[i])) {
					t.Fatalf("seed %d: %d bytes %q, not %q", seed, s.bytesHeld(id, streamBytes), got, content[i])
				}
				n := random.IntN(len(content[i]) + 1)
				if got := s.peekBytes(id, streamBytes, uint64(n), []byte("x")); string(got) != "x"+content[i][:n] {
					t.Fatalf("seed %d: the first %d bytes are %q, not %q", seed, n, got[1:], content[i][:n])
				}
			}
			if sum, key := recompute(s); sum != s.sum {
				t.Fatalf("seed %d: incremental hash %x, recomputed %x in\n%s", seed, s.sum, sum, key)
			}
		}
		back := func() {
			t.Helper()
			last := before[len(before)-1]
			before = before[:len(before)-1]
			s.Revert(&log)
			content = last.content
			if !slices.Equal(last.cells, s.cells) || last.sum != s.sum {
				t.Fatalf("seed %d: revert to depth %d does not restore the state", seed, log.Depth())
			}
		}
		for range 150 {
			step()
			check()
			for len(before) > 0 && random.IntN(3) == 0 {
				back()
				check()
			}
		}
		for len(before) > 0 {
			back()
			check()
		}
	}
}

// Queues of equal bytes hash alike, in whatever runs they were written and whatever was before them.
func TestBytesHashAlikeHoweverCut(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	u := NewUniverse()
	for _, n := range []int{0, 1, 2, 50, 3000} {
		data := randomBytes(random, n)
		var want [16]byte
		for way := range 40 {
			s := NewState(u, Config{})
			id := s.stream(1, 0)
			gone := way % 3 * random.IntN(400)
			rest := slices.Concat(randomBytes(random, gone), data)
			for len(rest) > 0 {
				cut := len(rest)
				if way > 0 {
					cut = 1 + random.IntN(len(rest))
				}
				s.pushBytes(id, streamBytes, u.internRun(rest[:cut]))
				rest = rest[cut:]
				if gone > 0 && random.IntN(2) == 0 {
					take := min(gone, int(s.bytesHeld(id, streamBytes)))
					s.takeBytes(id, streamBytes, uint64(take))
					gone -= take
				}
			}
			s.takeBytes(id, streamBytes, uint64(gone))
			if got := held(s, id); !bytes.Equal(got, data) {
				t.Fatalf("%q, not %q", got, data)
			}
			if way == 0 {
				want = s.Hash()
			}
			if s.Hash() != want {
				t.Errorf("%d bytes hash otherwise the %d. way", n, way)
			}
		}
	}
}

// Queues of different bytes hash differently, also where the bytes are much alike: zeros, exchanged blocks.
func TestBytesHashTellsThemApart(t *testing.T) {
	u := NewUniverse()
	var contents []string
	for n := range 5 {
		contents = append(contents, strings.Repeat("\x00", n), strings.Repeat("\x00", n)+"\x01", "\x01"+strings.Repeat("\x00", n+1))
	}
	text := strings.Repeat("the same ", 500)
	contents = append(contents, text)
	for at := range len(text) {
		contents = append(contents, text[:at]+"#"+text[at+1:])
	}
	for _, size := range []int{1, 64, 4096, 65536} {
		random := rand.New(rand.NewPCG(uint64(size), 0))
		a, b := string(randomBytes(random, size)), string(randomBytes(random, size))
		order := "A"
		for len(order) < 32 {
			other := strings.NewReplacer("A", "B", "B", "A").Replace(order)
			order += other
			contents = append(contents,
				strings.NewReplacer("A", a, "B", b).Replace(order), strings.NewReplacer("A", b, "B", a).Replace(order))
		}
	}
	seen := map[[16]byte]string{}
	for _, content := range contents {
		s := NewState(u, Config{})
		s.pushBytes(s.stream(1, 0), streamBytes, u.internRun([]byte(content)))
		if other, ok := seen[s.Hash()]; ok && other != content {
			t.Errorf("two contents of %d and %d bytes have one hash", len(content), len(other))
		}
		seen[s.Hash()] = content
	}
}

// A read may return any number of bytes up to what there is; tried are those where a write ended.
func TestReadSizes(t *testing.T) {
	many := slices.Repeat([]string{"ab"}, 100)
	for _, test := range []struct {
		writes []string
		taken  uint64
		want   uint64
		sizes  string
	}{
		{nil, 0, 10, "[]"},
		{[]string{"abc"}, 0, 0, "[]"},
		{[]string{"abc"}, 3, 10, "[]"},
		{[]string{"a"}, 0, 10, "[1]"},
		{[]string{"abc"}, 0, 1, "[1]"},
		{[]string{"abc"}, 0, 2, "[1 2]"},
		{[]string{"abc"}, 0, 3, "[1 3]"},
		{[]string{"abc"}, 0, never, "[1 3]"},
		{[]string{"abc", "de", "f"}, 0, 10, "[1 3 5 6]"},
		{[]string{"abc", "de", "f"}, 0, 5, "[1 3 5]"},
		{[]string{"abc", "de", "f"}, 0, 4, "[1 3 4]"},
		{[]string{"abc", "", "de", "f"}, 2, 10, "[1 3 4]"},
		{[]string{"a", "b", "c"}, 0, 10, "[1 2 3]"},
		{many, 0, 1000, "[1 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 32 200]"},
		{many, 1, 20, "[1 3 5 7 9 11 13 15 17 19 20]"},
	} {
		s := NewState(NewUniverse(), Config{})
		id := s.stream(1, 0)
		for _, w := range test.writes {
			s.pushBytes(id, streamBytes, s.u.internRun([]byte(w)))
		}
		s.takeBytes(id, streamBytes, test.taken)
		sizes := s.readSizes(id, streamBytes, test.want, nil)
		if got := fmt.Sprint(sizes); got != test.sizes || len(sizes) > mostSizes {
			t.Errorf("%q, %d taken: a read of %d is tried with %s, not %s", test.writes, test.taken, test.want, got, test.sizes)
		}
		for choice, n := range sizes {
			if got := s.readSize(id, streamBytes, test.want, uint16(choice)); got != n || !s.mayRead(id, streamBytes, test.want, n) {
				t.Errorf("%q: choice %d of a read of %d returns %d, not %d, or may not", test.writes, choice, test.want, got, n)
			}
		}
		possible := 0
		for n := range uint64(300) {
			if s.mayRead(id, streamBytes, test.want, n) {
				possible++
			}
		}
		most := 0
		if len(sizes) > 0 {
			most = int(sizes[len(sizes)-1])
		}
		if possible != most || s.mayRead(id, streamBytes, test.want, 0) {
			t.Errorf("%q: %d numbers are possible for a read of %d, not %d", test.writes, possible, test.want, most)
		}
	}
}

// A writer fills a pipe up to its capacity and goes on where a reader made room; a file holds everything.
func TestBytesFit(t *testing.T) {
	s := NewState(NewUniverse(), Config{})
	pipe, file := s.stream(1, 10), s.stream(2, 0)
	text := s.u.internRun([]byte("twelve bytes"))
	fit := func(id ID, n uint64) uint64 {
		return s.bytesFit(id, streamBytes, s.get(id, streamCapacity), n)
	}
	if fit(file, text.length()) != 12 || fit(pipe, 4) != 4 || fit(pipe, text.length()) != 10 {
		t.Error("not as many bytes fit as there is room for")
	}
	first := text.cut(fit(pipe, text.length()))
	s.pushBytes(pipe, streamBytes, first)
	rest := part{text.run, first.to, text.to}
	if fit(pipe, rest.length()) != 0 {
		t.Error("more fits into a pipe that is full")
	}
	s.takeBytes(pipe, streamBytes, 1)
	if fit(pipe, rest.length()) != 1 {
		t.Error("a read makes no room")
	}
	s.set(pipe, streamCapacity, 3)
	if fit(pipe, 1) != 0 {
		t.Error("more fits into a pipe that holds more than its capacity")
	}
	s.takeBytes(pipe, streamBytes, 9)
	s.pushBytes(pipe, streamBytes, rest)
	if got := string(held(s, pipe)); got != "es" {
		t.Errorf("the rest is %q", got)
	}
}

// Nodes of bytes that were taken are used again, by whatever needs some.
func TestBytesReuseNodes(t *testing.T) {
	s := NewState(NewUniverse(), Config{})
	id := s.stream(1, 0)
	text := s.u.internRun([]byte("text"))
	fill := func() {
		for range 10 {
			s.pushBytes(id, streamBytes, text)
		}
	}
	fill()
	cells := len(s.cells)
	for range 5 {
		s.takeBytes(id, streamBytes, 4*3+1)
		s.takeBytes(id, streamBytes, 4*7-1)
		fill()
		s.emptyBytes(id, streamBytes)
		fill()
	}
	if len(s.cells) != cells {
		t.Errorf("%d cells where %d were enough", len(s.cells), cells)
	}
	s.emptyBytes(id, streamBytes)
	if at := s.newNode(1, 0); s.cells[at+nodeWay] != 0 {
		t.Error("a node keeps what it held")
	}
}

func BenchmarkBytes(b *testing.B) {
	const size = 64 << 10
	setup := func(b *testing.B) (*State, ID, []byte) {
		s := NewState(NewUniverse(), Config{})
		b.ReportAllocs()
		return s, s.stream(1, 0), randomBytes(rand.New(rand.NewPCG(1, 2)), size)
	}
	b.Run("runs known", func(b *testing.B) { // the same 64 KiB are written and read, all at once
		s, id, data := setup(b)
		s.pushBytes(id, streamBytes, s.u.internRun([]byte("before")))
		b.SetBytes(size)
		for b.Loop() {
			s.pushBytes(id, streamBytes, s.u.internRun(data))
			s.takeBytes(id, streamBytes, size)
		}
	})
	b.Run("runs new", func(b *testing.B) { // others each time
		s, id, data := setup(b)
		s.pushBytes(id, streamBytes, s.u.internRun([]byte("before")))
		b.SetBytes(size)
		n := 0
		for b.Loop() {
			data[0], data[1], data[2] = byte(n), byte(n>>8), byte(n>>16)
			if n++; n%1024 == 0 { // 64 MiB are enough to keep
				s.emptyBytes(id, streamBytes)
				s.u.Reset()
				s.Reset(Config{})
				id = s.stream(1, 0)
				s.pushBytes(id, streamBytes, s.u.internRun([]byte("before")))
			}
			s.pushBytes(id, streamBytes, s.u.internRun(data))
			s.takeBytes(id, streamBytes, size)
		}
	})
	b.Run("take 1", func(b *testing.B) { // and revert
		s, id, data := setup(b)
		s.pushBytes(id, streamBytes, s.u.internRun(data))
		s.takeBytes(id, streamBytes, size/3)
		var log UndoLog
		for b.Loop() {
			s.begin(&log)
			s.takeBytes(id, streamBytes, 1)
			s.Revert(&log)
		}
	})
	b.Run("take half", func(b *testing.B) { // and revert
		s, id, data := setup(b)
		s.pushBytes(id, streamBytes, s.u.internRun(data))
		s.takeBytes(id, streamBytes, 100)
		var log UndoLog
		for b.Loop() {
			s.begin(&log)
			s.takeBytes(id, streamBytes, size/2)
			s.Revert(&log)
		}
	})
}
