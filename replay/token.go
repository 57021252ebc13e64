package replay

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Token is a run of the simulator, to be repeated exactly anywhere.
type Token struct {
	// Specification is its digest: another specification has other runs.
	Specification string       `json:"s"`
	Mutant        model.Mutant `json:"m,omitempty"`
	// Program or Case is what was run.
	Program *program.Program     `json:"p,omitempty"`
	Case    *conformance.Setting `json:"k,omitempty"`
	// Deviations say where its schedule differs from the one that always takes the first.
	Deviations []refimpl.Deviation `json:"-"`
	// Prints tell whether another run shows the same labels.
	Prints *prints `json:"l,omitempty"`
	// Packed are the deviations: how many choices after the one before, which, of how many.
	Packed [][3]int `json:"d,omitempty"`
}

const tokenPrefix = "mpc2-"

// IsToken tells whether a text looks like a token.
func IsToken(text string) bool {
	return strings.HasPrefix(text, tokenPrefix) || strings.HasPrefix(text, "mpc1-")
}

// String is the token as people pass it on.
func (t *Token) String() string {
	t.Packed = nil
	last := 0
	for _, d := range t.Deviations {
		t.Packed = append(t.Packed, [3]int{d.Step - last, d.Choice, d.Of})
		last = d.Step
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

// Parse reads a token; the error says whether it was cut short or is none.
func Parse(text string) (*Token, error) {
	text = strings.TrimSpace(text)
	rest, ok := strings.CutPrefix(text, tokenPrefix)
	switch {
	case !ok && IsToken(text):
		return nil, errors.New("the token is of an earlier mpcheck: find the run again with this one")
	case !ok:
		return nil, fmt.Errorf("a token begins with %s", tokenPrefix)
	}
	var sum uint32
	head, body, ok := strings.Cut(rest, "-")
	if _, err := fmt.Sscanf(head, "%08x", &sum); err != nil || !ok || len(head) != 8 {
		return nil, errors.New("the token has no checksum: part of it is missing; copy it whole")
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
	if err := t.complete(); err != nil {
		return nil, fmt.Errorf("the token: %w", err)
	}
	return &t, nil
}

// complete unpacks the deviations and refuses what can't be run.
func (t *Token) complete() error {
	switch {
	case t.Program == nil && t.Case == nil, t.Program != nil && t.Case != nil:
		return errors.New("it has to have a program or a case")
	case t.Program != nil:
		if err := t.Program.Validate(); err != nil {
			return fmt.Errorf("its program: %w", err)
		}
	default:
		if _, err := t.Case.Find(); err != nil {
			return err
		}
	}
	if _, known := model.MutantByID(string(t.Mutant)); t.Mutant != "" && !known {
		return fmt.Errorf("it is of the mutant %q, which there is not here", t.Mutant)
	}
	step := 0
	for _, d := range t.Packed {
		step += d[0]
		t.Deviations = append(t.Deviations, refimpl.Deviation{Step: step, Choice: d[1], Of: d[2]})
	}
	return nil
}
