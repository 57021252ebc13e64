package spec

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Clause is one numbered sentence of the catalogue.
type Clause struct {
	// ID such as CLEAN-DUP-7; the area is the text before the first hyphen.
	ID         string     `json:"id"`
	Level      Level      `json:"level"`
	Capability Capability `json:"capability"`
	// Sources are keys of seed sentences (S1.15c) and pages (LW-MSL) of [Catalogue].
	Sources    []string `json:"sources"`
	SourceNote string   `json:"sourceNote,omitempty"`
	// Derived clauses follow from a seed sentence by logic alone.
	Derived bool   `json:"derived,omitempty"`
	Rule    string `json:"rule"`
	// Accept is the leeway of a MUST, DOC or NOTE clause, in prose.
	Accept string `json:"accept,omitempty"`
	// Scope and Behaviours are what a SILENT clause leaves open.
	Scope       Scope       `json:"scope,omitempty"`
	Behaviours  []Behaviour `json:"behaviours,omitempty"`
	Ambiguities []string    `json:"ambiguities,omitempty"`
}

// Level says what a violation means (semantics 0.1).
type Level string

// The levels.
const (
	Must   Level = "MUST"
	Doc    Level = "DOC"
	Silent Level = "SILENT"
	Note   Level = "NOTE"
)

// Scope of a SILENT clause: may the behaviour differ from call to call, or is it one
// decision of an implementation?
type Scope string

// The scopes.
const (
	Occurrence Scope = "occurrence"
	WholeOf    Scope = "system"
)

// Behaviour is one thing that a SILENT clause accepts. Lists are open: what is not listed
// is recorded as [Other].
type Behaviour struct {
	// Key is stable; it stands in fingerprints and reports.
	Key         string `json:"key"`
	Text        string `json:"text"`
	Recommended bool   `json:"recommended,omitempty"`
}

// Other is the key of a behaviour that its clause does not list.
const Other = "other"

// Area is the text of the id before the first hyphen.
func (c *Clause) Area() string {
	area, _, _ := strings.Cut(c.ID, "-")
	return area
}

// Seed is one of the five documents that MUST clauses rest on.
type Seed struct {
	Key       string     `json:"key"`
	What      string     `json:"file"`
	Sentences []Sentence `json:"sentences"`
}

// Sentence is a numbered sentence of a seed; the gloss is only a label to find it by.
type Sentence struct {
	Key   string `json:"key"`
	Gloss string `json:"gloss"`
}

// Page is another public manual page. Profiles are the named sets it belongs to; a page
// that fits none (an experiment, another Lisp's source) is recorded only.
type Page struct {
	Key      string   `json:"key"`
	Where    string   `json:"where"`
	What     string   `json:"what"`
	Profiles []string `json:"profiles"`
}

// Ambiguity is a conflict between documents, and how the catalogue resolves it.
type Ambiguity struct {
	ID         string   `json:"id"`
	Where      string   `json:"where"`
	Conflict   string   `json:"conflict"`
	Resolution string   `json:"resolution"`
	Reason     string   `json:"reason"`
	Clauses    []string `json:"clauses"`
}

// Catalogue is the whole of the documented semantics as data. It is immutable.
type Catalogue struct {
	Clauses     []*Clause
	Seeds       []Seed
	Pages       []Page
	Ambiguities []Ambiguity

	byID      map[string]*Clause
	pages     map[string]*Page
	sentences map[string]Sentence
}

//go:embed clauses/*.json
var clauseFiles embed.FS

// Clauses returns the embedded catalogue. It panics where the embedded files are not
// valid, which a test excludes.
var Clauses = sync.OnceValue(func() *Catalogue {
	sub, err := fs.Sub(clauseFiles, "clauses")
	if err == nil {
		var c *Catalogue
		if c, err = LoadCatalogue(sub); err == nil {
			return c
		}
	}
	panic(fmt.Sprintf("embedded catalogue: %v", err))
})

// Lookup returns the clause of that id, or nil.
func (c *Catalogue) Lookup(id string) *Clause { return c.byID[id] }

// Page returns the page of that key, or nil.
func (c *Catalogue) Page(key string) *Page { return c.pages[key] }

// Describe says in one line where a source key leads: the seed's title and the gloss of
// the sentence, or the page's title and address.
func (c *Catalogue) Describe(source string) string {
	if s, ok := c.sentences[source]; ok {
		key, _, _ := strings.Cut(source, ".")
		for _, seed := range c.Seeds {
			if seed.Key == key {
				return fmt.Sprintf("%s (%s)", seed.What, s.Gloss)
			}
		}
	}
	if p := c.pages[source]; p != nil {
		return p.What + ", " + p.Where
	}
	return source
}

// Profiles returns the profiles whose pages state the clause, without doubles, in the
// order of [Profiles]. A DOC clause is judged where any of them is claimed.
func (c *Catalogue) Profiles(clause *Clause) []string {
	var out []string
	for _, p := range Profiles {
		if slices.ContainsFunc(clause.Sources, func(s string) bool {
			page := c.pages[s]
			return page != nil && slices.Contains(page.Profiles, p)
		}) {
			out = append(out, p)
		}
	}
	return out
}

// Judged tells whether a violation of the clause is a failure for an adapter that claims
// these profiles: MUST where it [Catalogue.Applies], DOC where a profile of its pages is claimed or strict is
// true, the rest never.
func (c *Catalogue) Judged(clause *Clause, claimed []string, strict bool) bool {
	switch clause.Level {
	case Must:
		return c.Applies(clause, claimed)
	case Doc:
		return strict || slices.ContainsFunc(c.Profiles(clause), func(p string) bool {
			return slices.Contains(claimed, p) || slices.Contains(claimed, p+":"+clause.Area())
		})
	}
	return false
}

// Applies tells whether a clause is about an implementation that claims these profiles: one of CLEAN-FOR-1 and -2 is not, where
// they are of releases of LispWorks before 7 alone, since those never ran such forms (CLEAN-FOR-3).
func (c *Catalogue) Applies(clause *Clause, claimed []string) bool {
	if clause.ID != "CLEAN-FOR-1" && clause.ID != "CLEAN-FOR-2" {
		return true
	}
	before := false
	for _, p := range claimed {
		switch name, area, scoped := strings.Cut(p, ":"); {
		case scoped && area != clause.Area():
		case name == "lispworks-7", name == "lispworks-8":
			return true
		case strings.HasPrefix(name, "lispworks-"):
			before = true
		}
	}
	return !before
}

// LoadCatalogue reads and checks a catalogue: AREA.json for each of [Areas], sources.json
// and ambiguities.json. The error lists every fault, naming file and clause.
func LoadCatalogue(fsys fs.FS) (*Catalogue, error) {
	c := &Catalogue{byID: map[string]*Clause{}, pages: map[string]*Page{}, sentences: map[string]Sentence{}}
	var sources struct {
		Seeds []Seed `json:"seeds"`
		Pages []Page `json:"pages"`
	}
	if err := readJSON(fsys, "sources.json", &sources); err != nil {
		return nil, err
	}
	c.Seeds, c.Pages = sources.Seeds, sources.Pages
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	for i := range c.Pages {
		p := &c.Pages[i]
		if c.pages[p.Key] != nil {
			fault("sources.json: page %s stands twice", p.Key)
		}
		c.pages[p.Key] = p
		for _, name := range p.Profiles {
			if !slices.Contains(Profiles, name) {
				fault("sources.json: page %s: unknown profile %q", p.Key, name)
			}
		}
	}
	for _, seed := range c.Seeds {
		for _, s := range seed.Sentences {
			c.sentences[s.Key] = s
		}
	}
	if err := readJSON(fsys, "ambiguities.json", &c.Ambiguities); err != nil {
		return nil, err
	}
	for _, area := range Areas {
		file := area + ".json"
		var clauses []*Clause
		if err := readJSON(fsys, file, &clauses); err != nil {
			return nil, err
		}
		for _, clause := range clauses {
			if c.byID[clause.ID] != nil {
				fault("%s: clause %s stands twice", file, clause.ID)
			}
			c.byID[clause.ID] = clause
			c.Clauses = append(c.Clauses, clause)
			for _, f := range c.check(clause, area) {
				fault("%s: clause %s: %s", file, clause.ID, f)
			}
		}
	}
	for _, a := range c.Ambiguities {
		for _, id := range a.Clauses {
			if c.byID[id] == nil {
				fault("ambiguities.json: %s names the unknown clause %s", a.ID, id)
			}
		}
	}
	return c, errors.Join(faults...)
}

var (
	clauseID     = regexp.MustCompile(`^[A-Z]+(-[A-Z]+)*-[0-9]+$`)
	behaviourKey = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// check lists what is wrong with a clause.
func (c *Catalogue) check(clause *Clause, area string) (faults []string) {
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if !clauseID.MatchString(clause.ID) || clause.Area() != area {
		bad("the id is not of the form %s-FAMILY-NUMBER", area)
	}
	if !slices.Contains([]Level{Must, Doc, Silent, Note}, clause.Level) {
		bad("unknown level %q", clause.Level)
	}
	if !slices.Contains(Capabilities, clause.Capability) {
		bad("unknown capability %q", clause.Capability)
	}
	if clause.Rule == "" {
		bad("no rule")
	}
	seeded := false
	for _, s := range clause.Sources {
		_, isSentence := c.sentences[s]
		seeded = seeded || isSentence
		if !isSentence && c.pages[s] == nil {
			bad("unknown source %q", s)
		}
	}
	if clause.Level == Must && !seeded {
		bad("a MUST clause needs a sentence of a seed among its sources")
	}
	if (clause.Level == Silent) != (len(clause.Behaviours) > 0) {
		bad("a SILENT clause, and no other, needs behaviours")
	}
	if (clause.Level == Silent) != (clause.Scope == Occurrence || clause.Scope == WholeOf) {
		bad("a SILENT clause, and no other, needs a scope: occurrence or system")
	}
	seen := map[string]bool{}
	for _, b := range clause.Behaviours {
		if !behaviourKey.MatchString(b.Key) || b.Key == Other {
			bad("behaviour key %q is not kebab-case, or reserved", b.Key)
		}
		if seen[b.Key] {
			bad("behaviour %s stands twice", b.Key)
		}
		seen[b.Key] = true
	}
	return faults
}

func readJSON(fsys fs.FS, name string, into any) error {
	f, err := fsys.Open(name)
	if err != nil {
		return fmt.Errorf("catalogue: %w", err)
	}
	defer f.Close()
	dec := json.NewDecoder(f)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("catalogue: %s: %w", name, err)
	}
	return nil
}
