package program

import (
	"bytes"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestPrevious(t *testing.T) {
	for _, plus := range []int{0, 1, -3} {
		if got, ok := AsPrevious(Previous(plus).(spec.Ref)); !ok || got != plus {
			t.Errorf("Previous(%d) is %d, %v", plus, got, ok)
		}
	}
	if _, ok := AsPrevious(Named("x").(spec.Ref)); ok {
		t.Error("a name is taken for the value of the step before")
	}
	if Sum(spec.Int(2), 1) != spec.Int(3) || Sum(spec.String("a"), 1) != (spec.Nil{}) || Sum(spec.String("a"), 0) != spec.String("a") {
		t.Error("the sums are wrong")
	}
}

func TestValidate(t *testing.T) {
	step := func(name string, v spec.Value) Step { return Step{Name: name, Call: spec.NewCall("cell-get", nil, v)} }
	for name, c := range map[string]struct {
		steps []Step
		ok    bool
	}{
		"a name":              {[]Step{{Name: "c", Call: spec.NewCall("make-cell", nil, 0)}, step("", Named("c"))}, true},
		"a name nobody gives": {[]Step{step("", Named("c"))}, false},
		"the step before":     {[]Step{step("", Previous(0)), step("", Previous(2))}, true},
		"no number":           {[]Step{step("", spec.Ref{ID: "^x"})}, false},
		"a name like it":      {[]Step{step("^", spec.Nil{})}, false},
	} {
		if err := (&Program{Blocks: [][]Step{c.steps}}).Validate(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReached(t *testing.T) {
	step := func(op string, blocks ...int) Step {
		var args []any
		for _, b := range blocks {
			args = append(args, spec.Callback(b))
		}
		return Step{Call: spec.NewCall(op, nil, args...)}
	}
	p := &Program{Blocks: [][]Step{
		{step("unwind-protect", 4, 6), step("funcall", 4)},
		{step("funcall", 2)}, // nothing runs these two
		{step("pause")},
		{},
		{step("funcall", 5)},
		{},
		{step("funcall", 4)},
	}}
	before := p.String()
	const want = `test:
  (unwind-protect block-1 block-3)
  (funcall block-1)
block 1:
  (funcall block-2)
block 2:
  nothing
block 3:
  (funcall block-1)
`
	got := p.Reached()
	if got.String() != want || p.String() != before || got.Validate() != nil {
		t.Errorf("got\n%s\nof\n%s", got, p)
	}
	if got.Steps() != 4 || p.Steps() != 6 {
		t.Errorf("%d steps of %d", got.Steps(), p.Steps())
	}
	if text, err := got.Encode(); err != nil || bytes.Contains(text, []byte("null")) {
		t.Errorf("%s, %v", text, err)
	}
}
