package report

import (
	"io"
	"slices"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
)

// Listing is the JSON form of the table of cases: `list --json`.
type Listing struct {
	Cases   []ListedCase   `json:"cases"`
	Clauses []ListedClause `json:"clauses"`
}

// ListedCase is a case of a [Listing].
type ListedCase struct {
	ID      string   `json:"id"`
	Clauses []string `json:"clauses"`
	Needs   []string `json:"needs"`
	// Kit are the operations of the adapter's kit that the case uses, null where that is not known.
	Kit   []string `json:"kit"`
	Story string   `json:"story"`
}

// ListedClause is a clause of a [Listing]. NotTestable says why no case can witness it, ""
// where one can.
type ListedClause struct {
	ID          string     `json:"id"`
	Level       spec.Level `json:"level"`
	Cases       []string   `json:"cases"`
	NotTestable string     `json:"not_testable"`
}

// WriteListing writes the cases, and the clauses that they witness, as one JSON object. kit has, by
// case id, the operations of the kit that a case uses.
func WriteListing(w io.Writer, chosen []*cases.Case, kit map[string][]string) error {
	listing := Listing{Cases: []ListedCase{}, Clauses: []ListedClause{}}
	for _, k := range chosen {
		listing.Cases = append(listing.Cases, ListedCase{k.ID, k.Witnesses(), append([]string{}, k.Needs...), kit[k.ID], k.Story})
	}
	for _, c := range spec.Clauses().Clauses {
		ids := []string{}
		for _, k := range chosen {
			if slices.Contains(k.Witnesses(), c.ID) {
				ids = append(ids, k.ID)
			}
		}
		listing.Clauses = append(listing.Clauses, ListedClause{ID: c.ID, Level: c.Level, Cases: ids, NotTestable: cases.NotTestable[c.ID]})
	}
	return spec.WriteJSON(w, listing)
}
