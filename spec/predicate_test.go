package spec

import (
	"fmt"
	"strings"
	"testing"
)

type answers struct{ recorded int }

func (a *answers) CellValue(cell Ref) (Value, error) {
	if cell.ID == "gone" {
		return nil, fmt.Errorf("no such cell")
	}
	return String("full"), nil
}
func (a *answers) HasMail(Ref) (bool, error) { return true, nil }
func (a *answers) Record(Ref) error          { a.recorded++; return nil }

func TestPredicatesAreData(t *testing.T) {
	cell, box := Ref{"c", "cell"}, Ref{"m", "mailbox"}
	for _, test := range []struct {
		v    Value
		want bool
	}{
		{Always(), true}, {Never(), false}, {CellIs(cell, "full"), true}, {CellNot(cell, "full"), false}, {CellIs(cell, 1), false},
		{HasMail(box), true}, {And(), true}, {Or(), false}, {And(Always(), Never()), false}, {Or(Never(), Always()), true},
		{Recording(box, Or(Never(), And(Always(), CellNot(cell, nil)))), true},
	} {
		p, err := ParsePredicate(test.v)
		if err != nil {
			t.Fatal(err)
		}
		host := &answers{}
		got, err := p.Eval(host)
		if got != test.want || err != nil {
			t.Errorf("%s is %v, %v", test.v, got, err)
		}
		if !Equal(p.AsValue(), test.v) {
			t.Errorf("%s reads back as %s", test.v, p.AsValue())
		}
		if recorded := strings.Contains(test.v.String(), ":recording"); recorded != (host.recorded == 1) {
			t.Errorf("%s recorded %d evaluations", test.v, host.recorded)
		}
	}
	if p, _ := ParsePredicate(CellIs(Ref{"gone", ""}, 1)); true {
		if _, err := p.Eval(&answers{}); err == nil {
			t.Error("an unknown cell is no error")
		}
	}
}

func TestParsePredicateRefuses(t *testing.T) {
	cell := Ref{"c", "cell"}
	for _, v := range []Value{
		Nil{}, Int(1), NewList(Int(1)), NewList(Symbol{"P", "always"}), NewList(Keyword("sometimes")), NewList(Keyword("cell-is")),
		NewList(Keyword("cell-is"), cell), NewList(Keyword("cell-is"), Int(1), Int(2)), NewList(Keyword("always"), Int(1)),
		NewList(Keyword("cell-is"), cell, Int(1), Int(2)), NewList(Keyword("recording"), cell), NewList(Keyword("and"), Int(1)),
		List{[]Value{Keyword("always")}, Int(1)},
	} {
		if p, err := ParsePredicate(v); err == nil {
			t.Errorf("%s is read as %+v", v, p)
		}
	}
}

func TestSeededIsTheSameEverywhere(t *testing.T) {
	c := Seeded(42)
	var got []int
	for range 12 {
		got = append(got, c.Choose(10))
	}
	if want := "[7 1 2 3 0 8 2 8 3 6 2 4]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	counts := make([]int, 7)
	for range 70000 {
		counts[c.Choose(7)]++
	}
	for n, count := range counts {
		if count < 9500 || count > 10500 {
			t.Errorf("%d came %d times of 70000, want about 10000", n, count)
		}
	}
}
