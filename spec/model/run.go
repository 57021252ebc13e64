package model

import "math/bits"

// A run is a row of bytes that was interned in a [Universe]: what one write wrote. 0 is the empty one. Its bytes
// are kept once, however many queues hold it or parts of it.
type run uint32

// A part of a run: the bytes from one offset up to another.
type part struct {
	run      run
	from, to uint32
}

func (p part) length() uint64 { return uint64(p.to - p.from) }

// cut is the first n bytes of a part, which has as many.
func (p part) cut(n uint64) part { return part{p.run, p.from, p.from + uint32(n)} }

// runBytes is what a universe knows of a run.
type runBytes struct {
	text  string
	whole polynomial
	marks []polynomial // of its first markEvery bytes, of twice as many, and so on
}

// markEvery bounds how many bytes must be looked at for the polynomial of a part.
const markEvery = 256

// internRun returns the run of some bytes, all of it, and keeps a copy of bytes that are new. No run has as many as
// 2^32 bytes.
func (u *Universe) internRun(data []byte) part {
	if len(data) == 0 {
		return part{}
	}
	r, ok := u.runOf[string(data)]
	if !ok {
		r = run(len(u.runs))
		text := string(data)
		u.runs = append(u.runs, newRunBytes(text))
		u.runOf[text] = r
	}
	return part{r, 0, uint32(len(data))}
}

func newRunBytes(text string) runBytes {
	b := runBytes{text: text, marks: make([]polynomial, 0, len(text)/markEvery)}
	for len(text) >= len(blocks{})*markEvery {
		for _, block := range blocksOf(text) {
			b.whole = b.whole.then(block, markEvery)
			b.marks = append(b.marks, b.whole)
		}
		text = text[len(blocks{})*markEvery:]
	}
	for len(text) >= markEvery {
		b.whole = b.whole.over(text[:markEvery])
		b.marks = append(b.marks, b.whole)
		text = text[markEvery:]
	}
	b.whole = b.whole.over(text)
	return b
}

// text returns the bytes of a part.
func (u *Universe) text(p part) string { return u.runs[p.run].text[p.from:p.to] }

// polynomial returns that of a part's bytes, looking at few of them.
func (u *Universe) polynomial(p part) polynomial {
	b := &u.runs[p.run]
	switch n := p.length(); {
	case n == uint64(len(b.text)):
		return b.whole
	case n <= markEvery:
		return polynomial{}.over(u.text(p))
	default:
		return b.first(p.to).minus(b.first(p.from).shifted(n))
	}
}

// first is the polynomial of the first n bytes.
func (b *runBytes) first(n uint32) polynomial {
	marks := n / markEvery
	if marks == 0 {
		return polynomial{}.over(b.text[:n])
	}
	return b.marks[marks-1].over(b.text[marks*markEvery : n])
}

// A polynomial has bytes as its coefficients, the last one that of power 0, and is evaluated at two bases. It is
// taken modulo a prime: modulo 2^64 the powers of a base that are powers of two apart are too much alike. Where two
// writers fill a pipe with blocks of 4 KiB, ABBABAABBAABABBA and BAABABBAABBABAAB would differ in 2 bits at most.
type polynomial struct{ a, b uint64 }

const prime = 1<<61 - 1

// squares are the bases, their squares, the squares of these, and so on.
var squares = func() (out [64]polynomial) {
	out[0] = polynomial{0x1e3779b97f4a7c15, 0x02b2ae3d27d4eb4f}
	for i := range out[1:] {
		out[i+1] = out[i].times(out[i])
	}
	return out
}()

// over is the polynomial of what it was that of, and then text.
func (p polynomial) over(text string) polynomial {
	a, b, base := p.a, p.b, squares[0]
	for i := range len(text) {
		a = foldedTimes(a, base.a) + uint64(text[i])
		b = foldedTimes(b, base.b) + uint64(text[i])
	}
	return polynomial{modulo(a), modulo(b)}
}

// blocks are the polynomials of as many rows of markEvery bytes, one behind the other.
type blocks [4]polynomial

// blocksOf has those that a text begins with. They don't wait for each other: that is what takes the time of one.
func blocksOf(text string) blocks {
	var p, q, r, s polynomial
	base := squares[0]
	for i := range markEvery {
		x, y, z, w := uint64(text[i]), uint64(text[i+markEvery]), uint64(text[i+2*markEvery]), uint64(text[i+3*markEvery])
		p = polynomial{foldedTimes(p.a, base.a) + x, foldedTimes(p.b, base.b) + x}
		q = polynomial{foldedTimes(q.a, base.a) + y, foldedTimes(q.b, base.b) + y}
		r = polynomial{foldedTimes(r.a, base.a) + z, foldedTimes(r.b, base.b) + z}
		s = polynomial{foldedTimes(s.a, base.a) + w, foldedTimes(s.b, base.b) + w}
	}
	out := blocks{p, q, r, s}
	for i, p := range out {
		out[i] = polynomial{modulo(p.a), modulo(p.b)}
	}
	return out
}

// then is the polynomial of what p is that of, and then the n bytes that q is that of.
func (p polynomial) then(q polynomial, n uint64) polynomial { return p.shifted(n).plus(q) }

// shifted makes room for n bytes.
func (p polynomial) shifted(n uint64) polynomial {
	for i := 0; n > 0; i, n = i+1, n>>1 {
		if n&1 == 1 {
			p = p.times(squares[i])
		}
	}
	return p
}

func (p polynomial) times(q polynomial) polynomial {
	return polynomial{timesModulo(p.a, q.a), timesModulo(p.b, q.b)}
}

func (p polynomial) plus(q polynomial) polynomial {
	return polynomial{modulo(p.a + q.a), modulo(p.b + q.b)}
}

func (p polynomial) minus(q polynomial) polynomial {
	return polynomial{modulo(p.a + prime - q.a), modulo(p.b + prime - q.b)}
}

// modulo reduces a number less than twice the prime.
func modulo(x uint64) uint64 {
	if x >= prime {
		x -= prime
	}
	return x
}

// timesModulo multiplies numbers less than the prime.
func timesModulo(x, y uint64) uint64 { return modulo(foldedTimes(x, y)) }

// foldedTimes multiplies a number less than 2^62 by one less than the prime, and leaves to modulo what is at most
// 2^61+1. 2^61 is 1: what is above is added to what is below, twice, without a branch, which nothing could predict.
func foldedTimes(x, y uint64) uint64 {
	high, low := bits.Mul64(x, y)
	sum := low&prime + (low>>61 | high<<3)
	return sum&prime + sum>>61
}
