package fuzz

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Token is a run of the simulator, to be repeated exactly anywhere: the program, and where its
// schedule differs from the one that always takes the first.
type Token struct {
	// Specification is its digest: another specification has other runs.
	Specification string              `json:"s"`
	Mutant        model.Mutant        `json:"m,omitempty"`
	Program       *program.Program    `json:"p"`
	Deviations    []refimpl.Deviation `json:"-"`
	Packed        [][3]int            `json:"d,omitempty"`
}

const tokenPrefix = "mpc1-"

// IsToken tells whether a text looks like a token.
func IsToken(text string) bool { return strings.HasPrefix(text, tokenPrefix) }

// NewToken repeats the schedule of a failure once more and makes its token.
func NewToken(ctx context.Context, f *Failure, mutant model.Mutant) (*Token, error) {
	recording := &refimpl.Recording{From: &refimpl.Recorded{List: f.Choices}}
	_, err := Execute(ctx, refimpl.New(refimpl.Options{Mutant: mutant}), f.Program, spec.SystemConfig{Choices: recording})
	if err != nil {
		return nil, err
	}
	return &Token{Specification: spec.Digest(), Mutant: mutant, Program: f.Program, Deviations: recording.Deviations()}, nil
}

// String is the token as people pass it on.
func (t *Token) String() string {
	t.Packed = nil
	for _, d := range t.Deviations {
		t.Packed = append(t.Packed, [3]int{d.Step, d.Choice, d.Of})
	}
	text, err := json.Marshal(t)
	if err != nil {
		return "(no token: " + err.Error() + ")"
	}
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestCompression) // the level is one that there is
	w.Write(text)
	w.Close()
	sum := crc32.ChecksumIEEE(packed.Bytes())
	return fmt.Sprintf("%s%08x-%s", tokenPrefix, sum, base64.RawURLEncoding.EncodeToString(packed.Bytes()))
}

// maxToken bounds what a token unpacks to.
const maxToken = 1 << 20

// ParseToken reads a token; the error says whether it was cut short or is none.
func ParseToken(text string) (*Token, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), tokenPrefix)
	if !ok {
		return nil, fmt.Errorf("a token begins with %s", tokenPrefix)
	}
	var sum uint32
	head, body, ok := strings.Cut(rest, "-")
	if _, err := fmt.Sscanf(head, "%08x", &sum); err != nil || !ok || len(head) != 8 {
		return nil, errors.New("the token has no checksum: part of it is missing")
	}
	packed, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || crc32.ChecksumIEEE(packed) != sum {
		return nil, errors.New("the token is damaged: its checksum is another; copy it whole")
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxToken))
	if err != nil {
		return nil, fmt.Errorf("unpacking the token: %w", err)
	}
	var t Token
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("reading the token: %w", err)
	}
	if t.Program == nil {
		return nil, errors.New("the token has no program")
	}
	if err := t.Program.Validate(); err != nil {
		return nil, fmt.Errorf("the program of the token: %w", err)
	}
	if _, known := model.MutantByID(string(t.Mutant)); t.Mutant != "" && !known {
		return nil, fmt.Errorf("the token is of the mutant %q, which there is not", t.Mutant)
	}
	for _, d := range t.Packed {
		t.Deviations = append(t.Deviations, refimpl.Deviation{Step: d[0], Choice: d[1], Of: d[2]})
	}
	return &t, nil
}

// Replay runs the token's program under its schedule. differs is the first step at which it is
// another run, "" where it is the same.
func (t *Token) Replay(ctx context.Context) (run *Run, differs string, err error) {
	choices := &refimpl.Deviating{List: t.Deviations}
	run, err = Execute(ctx, refimpl.New(refimpl.Options{Mutant: t.Mutant}), t.Program, spec.SystemConfig{Choices: choices})
	differs = choices.Differs
	if err == nil && differs == "" && len(choices.List) > 0 {
		differs = fmt.Sprintf("the run ends before step %d, at which it had a choice among %d", choices.List[0].Step, choices.List[0].Of)
	}
	return run, differs, err
}
