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
	"regexp"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/spec/program"
)

// Token is a run of the simulator, to be repeated exactly anywhere.
type Token struct {
	// Specification is its digest: another specification has other runs.
	Specification string `json:"s"`
	// Version is that of the mpcheck that made it, "" in tokens that don't say.
	Version string       `json:"v,omitempty"`
	Mutant  model.Mutant `json:"m,omitempty"`
	// Program or Case is what was run.
	Program *program.Program `json:"p,omitempty"`
	Case    *run.Setting     `json:"k,omitempty"`
	// Deviations say where its schedule differs from the one that always takes the first.
	Deviations []refimpl.Deviation `json:"-"`
	// Prints tell whether another run shows the same labels.
	Prints *prints `json:"l,omitempty"`
	// Packed are the deviations: how many choices after the one before, which, of how many.
	Packed [][3]int `json:"d,omitempty"`
}

// tokenFormat is the version of the form that tokens have, and the only one that is read: a token
// is a run of one specification, so that one of another form could not be run again either.
const tokenFormat = 3

var tokenPrefix = fmt.Sprintf("mpc%d-", tokenFormat)

var tokenBegins = regexp.MustCompile(`^mpc([0-9]+)-`)

// IsToken tells whether a text looks like a token, of this version or of another.
func IsToken(text string) bool { return tokenBegins.MatchString(text) }

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
		return nil, fmt.Errorf("the token is of form %s, and mpcheck %s reads form %s: repeat it with the mpcheck that printed it, or find the run again with this one",
			strings.TrimSuffix(tokenBegins.FindString(text), "-"), cases.Version(), strings.TrimSuffix(tokenPrefix, "-"))
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

// Origin says of what the token is, for whoever has another mpcheck: its version where it tells
// that, and its specification.
func (t *Token) Origin() string {
	if t.Version == "" {
		return "specification " + t.Specification
	}
	return "mpcheck " + t.Version + ", specification " + t.Specification
}
