package spec

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Handshake is what an adapter says of itself, once, before anything else.
type Handshake struct {
	// Contract is the version it speaks: [ContractVersion].
	Contract string `json:"contract"`
	// Name and Version are the implementation's own.
	Name    string `json:"name"`
	Version string `json:"version"`
	// Capabilities it claims; core is always meant.
	Capabilities []Capability `json:"capabilities"`
	// Profile names the manual pages whose DOC clauses the adapter claims: [Profiles], each
	// also for single areas as in "lispworks-8:MBOX".
	Profile []string `json:"profile"`
	// Operations claims each operation it offers, and each optional keyword as
	// "operation :keyword". What isn't there is absent.
	Operations map[string]Claim `json:"operations"`
	// Clock is virtual where time is simulated and quiescence exact, else real.
	Clock Clock `json:"clock"`
	// GranularityMS is the granularity of a real clock in milliseconds.
	GranularityMS int `json:"granularityMs"`
	// PID is the process id of the adapter, as its children see it; simulated in virtual time.
	PID int `json:"pid"`
}

// Claim says how an adapter has an operation.
type Claim string

// The claims. Composed means built by the adapter from other means: the verdict then
// judges the adapter and never counts as a pass of the runtime.
const (
	Native   Claim = "native"
	Composed Claim = "composed"
)

// Clock is the kind of clock that an adapter lives by.
type Clock string

// The clocks.
const (
	Real    Clock = "real"
	Virtual Clock = "virtual"
)

// Capability names what an implementation must have for a clause to apply (semantics 0.3).
type Capability string

// The capabilities.
const (
	Core    Capability = "core"
	Posix   Capability = "posix"
	Image   Capability = "image"
	Foreign Capability = "foreign"
	GUI     Capability = "gui"
	Dbg     Capability = "dbg"
)

// Capabilities is the closed list of capabilities.
var Capabilities = []Capability{Core, Posix, Image, Foreign, GUI, Dbg}

// Profiles is the closed list of named sets of manual pages.
var Profiles = []string{
	"lispworks-4", "lispworks-5", "lispworks-6", "lispworks-7", "lispworks-8",
	"allegro-6", "allegro-7+", "external-program-source", "posix-waitpid",
}

// Offers tells whether the adapter claims the operation, or "operation :keyword".
func (h Handshake) Offers(claim string) bool { return h.Operations[claim] != "" }

// Claim adds claims to the handshake - operations, and what is claimed apart of them as "operation
// :keyword" - and the capabilities that these need. Names that nobody claims, as of what the harness
// executes, are left out.
func (h *Handshake) Claim(claim Claim, names ...string) {
	if h.Operations == nil {
		h.Operations = map[string]Claim{}
	}
	needed := map[Capability]bool{Core: true}
	for _, c := range h.Capabilities {
		needed[c] = true
	}
	for _, name := range names {
		if Claimable(name) {
			h.Operations[name] = claim
			operation, _, _ := strings.Cut(name, " ")
			needed[LookupOp(operation).Capability] = true
		}
	}
	h.Capabilities = slices.DeleteFunc(slices.Clone(Capabilities), func(c Capability) bool { return !needed[c] })
}

// Has tells whether the adapter claims the capability.
func (h Handshake) Has(c Capability) bool { return c == Core || slices.Contains(h.Capabilities, c) }

// Validate refuses a handshake that names what doesn't exist. The error lists every fault.
func (h Handshake) Validate() error {
	var faults []string
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if h.Contract != ContractVersion {
		bad("contract %q: this mpcheck speaks %q", Brief(h.Contract, NameLength), ContractVersion)
	}
	if h.Name == "" {
		bad("name is empty")
	}
	if len(h.Profile) > mostProfiles {
		bad("%d profiles: there are %d, each of the whole or of %d areas", len(h.Profile), len(Profiles), len(Areas))
	}
	for _, c := range h.Capabilities {
		if !slices.Contains(Capabilities, c) {
			bad("unknown capability %q: want one of %v", Brief(string(c), NameLength), Capabilities)
		}
	}
	for _, p := range h.Profile {
		if err := CheckProfile(p); err != nil {
			bad("%v", err)
		}
	}
	if h.Clock != Real && h.Clock != Virtual {
		bad("unknown clock %q: want real or virtual", Brief(string(h.Clock), NameLength))
	}
	if h.GranularityMS < 0 || h.GranularityMS > 1000 {
		bad("granularityMs %d: want 0 to 1000", h.GranularityMS)
	}
	if h.PID < 0 || h.PID == 0 && h.Clock == Real && h.Has(Posix) {
		bad("pid %d: an adapter that claims posix names its process", h.PID)
	}
	for name, claim := range h.Operations {
		if claim != Native && claim != Composed {
			bad("operation %q is %q: want native or composed (leave absent ones out)", Brief(name, NameLength), Brief(string(claim), NameLength))
		}
		if !Claimable(name) {
			bad("%s", unclaimable(name))
		}
	}
	if faults == nil {
		return nil
	}
	sort.Strings(faults)
	return fmt.Errorf("refused handshake: %s", BriefList(faults, "; ", mostFaults))
}

// mostProfiles is more than there are in whatever combination that says something, and mostFaults
// how many faults of a handshake are told.
const (
	mostProfiles = 200
	mostFaults   = 10
)

// CheckProfile refuses a profile that isn't of the closed list.
func CheckProfile(p string) error {
	name, area, scoped := strings.Cut(p, ":")
	if !slices.Contains(Profiles, name) {
		return fmt.Errorf("unknown profile %q: want one of %s", Brief(p, NameLength), strings.Join(Profiles, ", "))
	}
	if scoped && !slices.Contains(Areas, area) {
		return fmt.Errorf("unknown area in profile %q: want one of %s", Brief(p, NameLength), strings.Join(Areas, ", "))
	}
	return nil
}

// unclaimable says of a claim of what there is not what there is.
func unclaimable(claim string) string {
	name, _, extra := strings.Cut(claim, " ")
	op := LookupOp(name)
	switch {
	case op == nil || op.Is(ByHarness) || !extra:
		return fmt.Sprintf("unknown operation %q: docs/operations.md has those there are", Brief(claim, NameLength))
	case len(op.Extras) == 0:
		return fmt.Sprintf("claim %q: no keyword of %s is claimed apart", Brief(claim, NameLength), name)
	default:
		return fmt.Sprintf("claim %q: claimed apart are %q", Brief(claim, NameLength), op.Extras)
	}
}
