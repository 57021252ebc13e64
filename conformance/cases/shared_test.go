package cases

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// Code of a process is a function of what its operations answer: nothing else tells two runs apart (refimpl.Learned). So no
// code that a process runs may assign a variable that stands around it, nor read one that is assigned after it was
// written down. What processes share goes through logs, cells, gates and the ledger.

// ofProcess tells whether a function literal is code of a process of its own: it is given that.
func ofProcess(f *ast.FuncLit) bool {
	return slices.ContainsFunc(f.Type.Params.List, func(p *ast.Field) bool {
		switch t := p.Type.(type) {
		case *ast.StarExpr:
			name, ok := t.X.(*ast.Ident)
			return ok && name.Name == "P"
		case *ast.SelectorExpr:
			return t.Sel.Name == "Frame" || t.Sel.Name == "API"
		}
		return false
	})
}

// shared lists what code of a process shares with other code of the file in any other way than it should.
func shared(file *ast.File, fset *token.FileSet) (faults []string) {
	var codes []*ast.FuncLit
	ast.Inspect(file, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncLit); ok && ofProcess(f) {
			codes = append(codes, f)
		}
		return true
	})
	inside := func(pos token.Pos) (in *ast.FuncLit) { // the innermost
		for _, f := range codes {
			if f.Pos() <= pos && pos < f.End() {
				in = f
			}
		}
		return in
	}
	assigned := func(e ast.Expr) *ast.Ident {
		for {
			switch x := e.(type) {
			case *ast.Ident:
				return x
			case *ast.IndexExpr:
				e = x.X
			case *ast.SelectorExpr:
				e = x.X
			case *ast.StarExpr:
				e = x.X
			case *ast.ParenExpr:
				e = x.X
			default:
				return nil
			}
		}
	}
	perTurn := map[any]bool{} // objects of variables of which each turn of a loop has its own
	ast.Inspect(file, func(n ast.Node) bool {
		if loop, ok := n.(*ast.ForStmt); ok {
			if init, ok := loop.Init.(*ast.AssignStmt); ok {
				for _, e := range init.Lhs {
					if name, ok := e.(*ast.Ident); ok && name.Obj != nil {
						perTurn[name.Obj] = true
					}
				}
			}
		}
		return true
	})
	assigns := func(e ast.Expr) {
		name := assigned(e)
		if name == nil || name.Name == "_" || name.Obj != nil && perTurn[name.Obj] {
			return
		}
		fault := func(why string) {
			faults = append(faults, fmt.Sprintf("line %d: %s %s", fset.Position(e.Pos()).Line, name.Name, why))
		}
		if name.Obj == nil || name.Obj.Pos() == token.NoPos {
			fault("is assigned, and is no variable of a function")
			return
		}
		if in := inside(e.Pos()); in != nil && (name.Obj.Pos() < in.Pos() || name.Obj.Pos() >= in.End()) {
			fault("is assigned by code of a process, and stands around it")
			return
		}
		for _, code := range codes {
			if e.Pos() < code.End() || name.Obj.Pos() >= code.Pos() {
				continue
			}
			ast.Inspect(code, func(n ast.Node) bool {
				if used, ok := n.(*ast.Ident); ok && used.Obj == name.Obj {
					fault(fmt.Sprintf("is assigned after code of a process has it, in line %d", fset.Position(used.Pos()).Line))
					return false
				}
				return true
			})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				if name, ok := e.(*ast.Ident); n.Tok == token.DEFINE && ok && name.Obj != nil && name.Obj.Pos() == name.Pos() {
					continue // it is declared here
				}
				assigns(e)
			}
		case *ast.IncDecStmt:
			assigns(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				assigns(n.Key)
				if n.Value != nil {
					assigns(n.Value)
				}
			}
		}
		return true
	})
	return faults
}

func TestProcessesShareNoVariables(t *testing.T) {
	operations := tested()
	for name, file := range sources(t) {
		if !plays(file, operations) {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name+".go", nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range shared(file, fset) {
			t.Errorf("%s.go, %s", name, f)
		}
	}
}

func TestSharedVariablesAreSeen(t *testing.T) {
	for body, want := range map[string]string{
		`n := 0; p.Spawn("a", func(p *P) { n++ })`:                                              "n is assigned by code of a process",
		`var x any; p.Spawn("a", func(p *P) { x = p.Read(nil) }); use(x)`:                       "x is assigned by code of a process",
		`x := 0; p.Spawn("a", func(p *P) { p.CellSet(nil, x) }); x = 7`:                         "x is assigned after code of a process has it",
		`m := map[int]int{}; p.Spawn("a", func(p *P) { m[1] = 2 })`:                             "m is assigned by code of a process",
		`var s struct{ f int }; p.Spawn("a", func(p *P) { s.f = 1 })`:                           "s is assigned by code of a process",
		`f(func(in spec.API) { global = 1 })`:                                                   "global is assigned",
		`f(func(f spec.Frame, _ []spec.Value) []spec.Value { n := 0; f.Do(n); n++; return n })`: "",
		`x := 0; x = 7; p.Spawn("a", func(p *P) { p.CellSet(nil, x) })`:                         "",
		`for i := 0; i < 3; i++ { p.Spawn("a", func(p *P) { p.CellSet(nil, i) }) }`:             "",
		`var v any; p.Until(func() bool { v = p.Read(nil); return true }); use(v)`:              "",
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "f.go", "package p\nfunc f(p *P) {"+body+"}", 0)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(shared(file, fset), "; ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}
