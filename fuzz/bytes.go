// Package fuzz invents programs, runs them, has their traces judged by the specification, and
// cuts down what is found to the few lines that matter.
package fuzz

import "github.com/mpcheck/mpcheck/spec"

// Bytes makes choices of bytes, one a choice; when they are used up each choice is the first.
// So a fuzzer that changes a byte changes a choice.
type Bytes struct {
	List []byte
	next int
}

var _ spec.Choices = (*Bytes)(nil)

// Choose implements [spec.Choices].
func (b *Bytes) Choose(n int) int {
	if b.next >= len(b.List) {
		return 0
	}
	c := b.List[b.next]
	b.next++
	return int(c) % n
}
