package spec

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// asked records the call that a method of API makes.
type asked struct{ call Call }

func (a *asked) Do(c Call) Return { a.call = c; return Return{} }

func TestAPIAgreesWithTheTable(t *testing.T) {
	frame := &asked{}
	api := reflect.ValueOf(API{frame})
	methods := map[string]bool{"Do": true}
	for _, op := range Ops {
		name := op.Method()
		if methods[name] {
			t.Errorf("%s: method %s stands twice", op.Name, name)
		}
		methods[name] = true
		m := api.MethodByName(name)
		if !m.IsValid() {
			t.Errorf("%s: API has no method %s: run make generate", op.Name, name)
			continue
		}
		more := len(op.Optional)+len(op.Keys) > 0 || op.Rest != nil
		want := len(op.Required)
		if more {
			want++
		}
		if m.Type().NumIn() != want || m.Type().IsVariadic() != more {
			t.Errorf("%s: method has %d parameters (variadic %v), want %d (%v): run make generate", op.Name, m.Type().NumIn(), m.Type().IsVariadic(), want, more)
			continue
		}
		args := make([]reflect.Value, len(op.Required))
		for i := range args {
			args[i] = reflect.ValueOf(i + 1)
		}
		if more {
			args = append(args, reflect.ValueOf(99), reflect.ValueOf(Key{"k", True{}}))
		}
		m.Call(args)
		call := frame.call
		if call.Op != op.Name {
			t.Errorf("method %s calls %s, want %s", name, call.Op, op.Name)
		}
		for i := range op.Required {
			if call.Arg(i) != Int(i+1) {
				t.Errorf("%s: argument %d is %v", name, i, call.Arg(i))
			}
		}
		if _, ok := call.Key("k"); more && (!ok || call.Args[len(call.Args)-1] != Int(99)) {
			t.Errorf("%s: optional arguments or keywords are lost: %s", name, call)
		}
	}
	for i := range api.NumMethod() {
		if name := api.Type().Method(i).Name; !methods[name] {
			t.Errorf("API has method %s, which is no operation: run make generate", name)
		}
	}
}

func TestTableAndCatalogueCoverEachOther(t *testing.T) {
	catalogue := Clauses()
	served := map[string]bool{}
	for _, op := range Ops {
		for _, pattern := range op.Clauses {
			prefix, open := strings.CutSuffix(pattern, "*")
			found := false
			for _, c := range catalogue.Clauses {
				if c.ID == pattern || open && strings.HasPrefix(c.ID, prefix) {
					served[c.ID] = true
					found = true
				}
			}
			if !found {
				t.Errorf("%s serves %s, which matches no clause", op.Name, pattern)
			}
		}
		for _, page := range op.Pages {
			if catalogue.Page(page) == nil {
				t.Errorf("%s: unknown page %s", op.Name, page)
			}
		}
		if op.Area != "" && !slices.Contains(Areas, op.Area) {
			t.Errorf("%s: unknown area %s", op.Name, op.Area)
		}
	}
	for _, c := range catalogue.Clauses {
		if c.Level != Note && !served[c.ID] {
			t.Errorf("no operation serves %s: %s", c.ID, c.Rule)
		}
	}
}

func TestTableIsWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, op := range Ops {
		if seen[op.Name] {
			t.Errorf("operation %s stands twice", op.Name)
		}
		seen[op.Name] = true
		if LookupOp(op.Name) != op {
			t.Errorf("LookupOp(%q) finds another row", op.Name)
		}
		if op.Is(StopsWorld) && !op.Is(MayWait) && !op.Is(RunsCode) {
			t.Errorf("%s may stop the world but never waits", op.Name)
		}
		if !op.Is(Kit) && len(op.Clauses) == 0 {
			t.Errorf("%s serves no clause", op.Name)
		}
	}
	op := LookupOp("process-run-function")
	if len(op.Required) != 3 || op.Rest == nil || len(op.Keys) != 0 || !slices.Contains(op.Extras, "process-run-function :mailbox") {
		t.Errorf("process-run-function is read wrongly: %+v", op)
	}
	for claim, want := range map[string]bool{
		"process-send": true, "process-run-function :mailbox": true, "make-mailbox :size": true,
		"process-run-function :limit": false, "child-prepare": false, "no-such": false,
	} {
		if Claimable(claim) != want {
			t.Errorf("Claimable(%q) is %v", claim, !want)
		}
	}
}

func TestHandshakeNamesEveryFault(t *testing.T) {
	good := Handshake{Contract: ContractVersion, Name: "x", Clock: Real, Profile: []string{"lispworks-8:MBOX"}, Operations: map[string]Claim{"process-send": Native}}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	bad := Handshake{
		Contract: "v9", Capabilities: []Capability{"magic"}, Profile: []string{"lispworks-9", "lispworks-8:MAGIC"},
		Operations: map[string]Claim{"proces-send": Native, "process-send": "perhaps"}, Clock: "sundial", GranularityMS: -1,
	}
	err := bad.Validate()
	for _, want := range []string{`contract "v9"`, "name is empty", `"magic"`, `"lispworks-9"`, "MAGIC", `"proces-send"`, `"perhaps"`, "sundial", "granularityMs -1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the refusal lacks %s: %v", want, err)
		}
	}
}

func TestRefusedClaimsNameWhatThereIs(t *testing.T) {
	for claim, want := range map[string]string{
		"proces-send":                      `unknown operation "proces-send": docs/operations.md`,
		"child-prepare :now":               `unknown operation "child-prepare :now"`,
		"eq :size":                         `claim "eq :size": no keyword of eq is claimed apart`,
		"make-mailbox :make-mailbox :size": `claim "make-mailbox :make-mailbox :size": claimed apart are ["make-mailbox :size" "make-mailbox :name"]`,
	} {
		h := Handshake{Contract: ContractVersion, Name: "x", Clock: Virtual, Operations: map[string]Claim{claim: Native}}
		if err := h.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", claim, err, want)
		}
	}
}

func TestClaim(t *testing.T) {
	h := Handshake{Contract: ContractVersion, Name: "x", Clock: Virtual}
	h.Claim(Native, "process-send", "child-prepare", "no-such", "process-send :limit")
	if len(h.Operations) != 1 || !h.Offers("process-send") || !slices.Equal(h.Capabilities, []Capability{Core}) {
		t.Errorf("claims %v with %v", h.Operations, h.Capabilities)
	}
	h.Claim(Composed, "save-image")
	h.Claim(Native, "run-shell-command", "run-shell-command :separate-streams")
	if h.Operations["save-image"] != Composed || !h.Offers("run-shell-command :separate-streams") || !slices.Equal(h.Capabilities, []Capability{Core, Posix, Image}) {
		t.Errorf("claims %v with %v", h.Operations, h.Capabilities)
	}
	if err := h.Validate(); err != nil {
		t.Error(err)
	}
}
