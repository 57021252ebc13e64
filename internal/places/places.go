// Package places finds where in the sources of this module a clause is embodied, checked and broken: it reads the
// sources themselves, which are part of the program, so that nothing beside them can be out of date.
package places

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec/model"
)

// A Place is a line of a file, from the root of the module.
type Place struct {
	File string
	Line int
}

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// A Branch is a place at which clauses are cited.
type Branch struct {
	Place
	// In is the function it is in, or the operation of the rule.
	In string
	// Clauses in the order in which they are cited.
	Clauses []string
	// OfCall: the clauses speak of the arguments of a call, and are cited when it is made.
	OfCall bool
}

func (b Branch) String() string { return b.In + ": " + strings.Join(b.Clauses, ", ") }

// An Index says where things are, by their ids, each list in the order of files and lines.
type Index struct {
	// Branches are the places at which rules and decisions cite, in the order of files and lines; Cites are the same by
	// clause.
	Branches []Branch
	Cites    map[string][]Place
	// Cases and Mutants are where those are defined, once each.
	Cases, Mutants map[string][]Place
	// Native are the lines of the native adapter, and of the kit that it is built on, whose comments name a clause, Operations its functions that execute
	// an operation, once each, and Liberties where those are defined.
	Native, Operations, Liberties map[string][]Place
}

// Load reads the sources, once. It panics where they don't parse, which the build would not have survived.
var Load = sync.OnceValue(func() *Index {
	x := &Index{Cites: map[string][]Place{}, Cases: map[string][]Place{}, Mutants: map[string][]Place{}, Native: map[string][]Place{},
		Operations: map[string][]Place{}, Liberties: map[string][]Place{}}
	functions, executing := map[string]Place{}, map[string]string{}
	each(model.Sources, "spec/model", x.rules)
	each(cases.Sources, "conformance/cases", ids(x.Cases))
	each(native.Sources, "adapters/native", ids(x.Liberties))
	execute := func(at func(token.Pos) Place, file *ast.File) { executes(at, file, functions, executing) }
	each(kit.Sources, "adapters/kit", x.native)
	each(kit.Sources, "adapters/kit", execute)
	each(native.Sources, "adapters/native", x.native)
	each(native.Sources, "adapters/native", execute) // what it has itself is not the kit's
	for op, function := range executing {
		if at, ok := functions[function]; ok {
			x.Operations[op] = []Place{at}
		}
	}
	return x
})

// each reads the files of a package, but for its tests.
func each(sources fs.FS, folder string, read func(at func(token.Pos) Place, file *ast.File)) {
	names, err := fs.Glob(sources, "*.go")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := fs.ReadFile(sources, name)
		if err != nil {
			panic(err)
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			panic(err)
		}
		read(func(pos token.Pos) Place { return Place{path.Join(folder, name), files.Position(pos).Line} }, file)
	}
}

func add(to map[string][]Place, id string, p Place) {
	if !slices.Contains(to[id], p) {
		to[id] = append(to[id], p)
	}
}

// text is the string that an expression is as it stands.
func text(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// rules finds the calls of cite, and the rows of the tables of mutants, which begin with an id.
func (x *Index) rules(at func(token.Pos) Place, file *ast.File) {
	for _, d := range file.Decls {
		in := ""
		if f, ok := d.(*ast.FuncDecl); ok {
			in = f.Name.Name
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "op" {
					if op, ok := text(n.Value); ok {
						in = op
					}
				}
			case *ast.CallExpr:
				x.call(at, in, n)
			case *ast.CompositeLit:
				if n.Type != nil || len(n.Elts) < 3 {
					return true
				}
				if id, ok := text(n.Elts[0]); ok {
					add(x.Mutants, id, at(n.Pos()))
				}
			}
			return true
		})
	}
}

func (x *Index) call(at func(token.Pos) Place, in string, n *ast.CallExpr) {
	f, ok := n.Fun.(*ast.SelectorExpr)
	if !ok || f.Sel.Name != "cite" && f.Sel.Name != "citeValue" {
		return
	}
	b := Branch{Place: at(n.Pos()), In: in}
	if on, ok := f.X.(*ast.Ident); ok {
		b.OfCall = on.Name == "o"
	}
	for _, a := range n.Args {
		if id, ok := text(a); ok {
			add(x.Cites, id, b.Place)
			b.Clauses = append(b.Clauses, id)
		}
	}
	if len(b.Clauses) > 0 {
		x.Branches = append(x.Branches, b)
	}
}

// ids finds what is defined by a field ID: cases, and liberties.
func ids(to map[string][]Place) func(at func(token.Pos) Place, file *ast.File) {
	return func(at func(token.Pos) Place, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if kv, ok := n.(*ast.KeyValueExpr); ok {
				if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "ID" {
					if id, ok := text(kv.Value); ok {
						add(to, id, at(kv.Pos()))
					}
				}
			}
			return true
		})
	}
}

// executes finds where functions are, and by the tables which of them executes which operation, or is called to
// make the one that does.
func executes(at func(token.Pos) Place, file *ast.File, functions map[string]Place, executing map[string]string) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil {
				functions[n.Name.Name] = at(n.Pos())
			}
		case *ast.KeyValueExpr:
			op, ok := text(n.Key)
			if !ok {
				break
			}
			value := n.Value
			if call, ok := value.(*ast.CallExpr); ok {
				value = call.Fun
			}
			if function, ok := value.(*ast.Ident); ok {
				executing[op] = function.Name
			}
		}
		return true
	})
}

var clauseID = regexp.MustCompile(`\b[A-Z]+-[A-Z]+-[0-9]+\b`)

// native finds clauses in comments.
func (x *Index) native(at func(token.Pos) Place, file *ast.File) {
	for _, group := range file.Comments {
		for _, c := range group.List {
			for _, id := range clauseID.FindAllString(c.Text, -1) {
				add(x.Native, id, at(c.Pos()))
			}
		}
	}
}

// Unreached lists the branches that are not among those that were taken. Of those that speak of a call's arguments it is only known
// whether all their clauses were cited.
func (x *Index) Unreached(taken []model.Branch, clauses []string) (out []Branch) {
	for _, b := range x.Branches {
		there := slices.Contains(taken, model.Branch{File: path.Base(b.File), Line: b.Line})
		if b.OfCall {
			there = !slices.ContainsFunc(b.Clauses, func(id string) bool { return !slices.Contains(clauses, id) })
		}
		if !there {
			out = append(out, b)
		}
	}
	return out
}
