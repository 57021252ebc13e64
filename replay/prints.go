package replay

import (
	"fmt"
	"hash/fnv"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
	"github.com/mpcheck/mpcheck/traces/format"
)

// prints are what a token knows of the labels of its run: enough to say at which one another
// run differs first.
type prints struct {
	// Count of the labels, and the hash of all.
	Count int    `json:"n"`
	Sum   uint64 `json:"h"`
	// Marks has, for every so many labels, a byte of the hash of all up to there.
	Marks []byte `json:"b"`
}

// maxMarks bounds the bytes; runs of more labels are compared in steps of 2, 4, ...
const maxMarks = 64

func stride(labels int) int {
	n := 1
	for labels/n > maxMarks {
		n *= 2
	}
	return n
}

func printsOf(labels []spec.Label) *prints {
	p := &prints{Count: len(labels), Marks: []byte{}}
	sums := hashes(labels)
	for i := stride(len(labels)) - 1; i < len(sums); i += stride(len(labels)) {
		p.Marks = append(p.Marks, byte(sums[i]))
	}
	if len(sums) > 0 {
		p.Sum = sums[len(sums)-1]
	}
	return p
}

// hashes are of the labels up to each.
func hashes(labels []spec.Label) []uint64 {
	h := fnv.New64a()
	out := make([]uint64, len(labels))
	for i, l := range labels {
		line, err := format.EncodeLabel(l)
		if err != nil {
			line = []byte(err.Error())
		}
		h.Write(append(line, '\n'))
		out[i] = h.Sum64()
	}
	return out
}

// differs says at which label a run is another than that of the prints, "" where at none.
func (p *prints) differs(labels []spec.Label) string {
	sums := hashes(labels)
	if len(sums) == p.Count && (p.Count == 0 || sums[p.Count-1] == p.Sum) {
		return ""
	}
	lines := traces.Render(labels, nil)
	step := stride(p.Count)
	for n, mark := range p.Marks {
		first, last := n*step, n*step+step-1
		switch {
		case last >= len(labels):
			return fmt.Sprintf("it ends after %d labels of %d", len(labels), p.Count)
		case byte(sums[last]) == mark:
		case first == last:
			return fmt.Sprintf("it differs from label %d on, which is here\n%s", first, lines[first])
		default:
			return fmt.Sprintf("it differs from one of the labels %d to %d on, which are here\n%s\n...\n%s", first, last, lines[first], lines[last])
		}
	}
	return fmt.Sprintf("it differs in one of its last labels: it has %d, and had %d", len(labels), p.Count)
}
