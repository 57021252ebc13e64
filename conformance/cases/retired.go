package cases

import (
	"fmt"
	"strings"
)

// Retirement says what became of a case that a release had and this one has not. An id is never
// given to another case: lists of known deviations, reports and tokens of years ago name it.
type Retirement struct {
	// ID is the retired one.
	ID string
	// Version is the first without the case.
	Version string
	// By are the cases that took its place, none where nothing does.
	By []string
	// Why it was retired, for people: the end of a sentence that begins with the id.
	Why string
}

// Retirements are all there are, in the order in which they came. testdata/ids.txt has every id
// that ever was; one that is neither a case nor here fails a test. Nobody but a test changes them.
var Retirements = []Retirement{}

// Retired is what became of the case of that id, nil where it was none that was retired.
func Retired(id string) *Retirement {
	for i := range Retirements {
		if Retirements[i].ID == id {
			return &Retirements[i]
		}
	}
	return nil
}

// Successors are the cases to which an id leads: itself where there is such a case, those that
// took its place, and theirs, where it was retired, none where there never was one.
func Successors(id string) []string {
	if Lookup(id) != nil {
		return []string{id}
	}
	var ids []string
	if r := Retired(id); r != nil {
		for _, by := range r.By {
			ids = append(ids, Successors(by)...)
		}
	}
	return ids
}

func (r *Retirement) String() string {
	text := fmt.Sprintf("it was retired in %s: %s", r.Version, r.Why)
	if len(r.By) == 0 {
		return text + "; nothing takes its place"
	}
	return text + "; in its place: " + strings.Join(r.By, ", ")
}

// NoCase says of an id that names no case what is known of it.
func NoCase(id string) string {
	if r := Retired(id); r != nil {
		return r.String()
	}
	return "there is no such case"
}

// aside is what is known of an id that names no case, where anything is, as part of a sentence.
func aside(id string) string {
	if r := Retired(id); r != nil {
		return " (" + r.String() + ")"
	}
	return ""
}
