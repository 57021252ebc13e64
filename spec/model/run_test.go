package model

import (
	"bytes"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// polynomialOf is the polynomial of some bytes by its definition.
func polynomialOf(data []byte) (out polynomial) {
	at := func(base uint64) (sum uint64) {
		for _, c := range data {
			high, low := bits.Mul64(sum, base)
			low, carry := bits.Add64(low, uint64(c), 0)
			sum = bits.Rem64(high+carry, low, prime)
		}
		return sum
	}
	return polynomial{at(squares[0].a), at(squares[0].b)}
}

func randomBytes(random *rand.Rand, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(random.Uint32())
	}
	return out
}

// Equal bytes are one run and others another, in a universe that is used again; the runs keep their bytes whatever
// becomes of those that they were made from.
func TestRunsAreInternedOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	u := NewUniverse()
	for round := range 5 {
		known := map[string]run{}
		bytesOf := map[run]string{}
		buffer := make([]byte, 2000)
		for range 2000 {
			data := buffer[:random.IntN(4)]
			if random.IntN(20) == 0 {
				data = buffer[:random.IntN(len(buffer))]
			}
			for i := range data {
				data[i] = byte(random.IntN(3))
			}
			p := u.internRun(data)
			if got := u.text(p); got != string(data) || p.from != 0 {
				t.Fatalf("round %d: the run of %q has %q", round, data, got)
			}
			if r, ok := known[string(data)]; ok && r != p.run {
				t.Fatalf("round %d: %q has the runs %d and %d", round, data, r, p.run)
			}
			if other, ok := bytesOf[p.run]; ok && other != string(data) {
				t.Fatalf("round %d: %q and %q have the run %d", round, data, other, p.run)
			}
			known[string(data)], bytesOf[p.run] = p.run, string(data)
		}
		if known[""] != 0 {
			t.Errorf("the empty run is %d", known[""])
		}
		clear(buffer)
		for r, text := range bytesOf {
			if got := u.text(part{r, 0, uint32(len(text))}); got != text {
				t.Fatalf("round %d: a run of %q became %q", round, text, got)
			}
		}
		u.Reset()
		if len(u.runs) != 1 || len(u.runOf) != 0 {
			t.Errorf("round %d: %d runs are left, %d are found", round, len(u.runs), len(u.runOf))
		}
	}
}

// The polynomial of a part is that of its bytes, wherever it begins and ends.
func TestPolynomialOfPart(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	u := NewUniverse()
	for _, n := range []int{0, 1, markEvery - 1, markEvery, markEvery + 1, 4*markEvery + 17, 8 * markEvery} {
		data := randomBytes(random, n)
		if random.IntN(2) == 0 {
			data = bytes.Repeat([]byte{255}, n)
		}
		whole := u.internRun(data)
		for range 300 {
			from := random.IntN(n + 1)
			to := from + random.IntN(n-from+1)
			p := part{whole.run, uint32(from), uint32(to)}
			if got, want := u.polynomial(p), polynomialOf(data[from:to]); got != want {
				t.Fatalf("bytes %d to %d of %d: %x, not %x", from, to, n, got, want)
			}
		}
		if got, want := u.polynomial(whole), polynomialOf(data); got != want {
			t.Fatalf("%d bytes: %x, not %x", n, got, want)
		}
	}
}

// Numbers next to the prime are multiplied right.
func TestTimesModulo(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	numbers := []uint64{0, 1, 2, prime - 1, prime - 2, 1 << 60, 1<<60 - 1, prime >> 1}
	for range 1000 {
		numbers = append(numbers, random.Uint64N(prime))
	}
	for i, x := range numbers {
		for _, y := range numbers[:i+1] {
			high, low := bits.Mul64(x, y)
			if got, want := timesModulo(x, y), bits.Rem64(high, low, prime); got != want {
				t.Fatalf("%d times %d is %d, not %d", x, y, got, want)
			}
		}
	}
}
