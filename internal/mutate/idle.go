package main

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// Native as it is takes no liberty: all of its decisions are the zero value. What runs only where
// one is taken is idle, and nobody could notice a mutant of it; `make liberties` and the package's
// tests look there. Liberties themselves stand in files whose names begin with libertiesFiles.
const (
	decisionsType  = "decisions"
	decisionsOfKit = "Decisions"
	libertiesFiles = "liberties"
)

// decisions has the names of the fields of the struct type of that name, and of those it embeds; and of the
// constants with which others of their kind begin, such as a decision is where no liberty is taken.
type decisions struct{ fields, first map[string]bool }

func decisionsOf(files []*ast.File) decisions {
	structs := map[string]*ast.StructType{}
	all := decisions{map[string]bool{}, map[string]bool{}}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.StructType); ok {
					structs[n.Name.Name] = s
				}
			case *ast.GenDecl:
				if n.Tok == token.CONST {
					all.first[n.Specs[0].(*ast.ValueSpec).Names[0].Name] = true
				}
			}
			return true
		})
	}
	var add func(s *ast.StructType)
	add = func(s *ast.StructType) {
		for _, field := range s.Fields.List {
			for _, name := range field.Names {
				all.fields[name.Name] = true
			}
			if embedded, ok := field.Type.(*ast.Ident); ok && len(field.Names) == 0 && structs[embedded.Name] != nil {
				add(structs[embedded.Name])
			}
		}
	}
	for _, name := range []string{decisionsType, decisionsOfKit} {
		if s := structs[name]; s != nil {
			add(s)
		}
	}
	return all
}

// taken tells whether an expression names a decision: as a field of decide, or of d, which is what
// native calls it for short.
func (d decisions) taken(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok || !d.fields[s.Sel.Name] {
		return false
	}
	switch of := s.X.(type) {
	case *ast.Ident:
		return of.Name == "d" || of.Name == "decide"
	case *ast.SelectorExpr:
		return of.Sel.Name == "decide"
	}
	return false
}

// needs tells whether a condition holds only where a decision is not the zero value. local is a
// variable that holds one, or "".
func (d decisions) needs(e ast.Expr, local string) bool {
	is := func(e ast.Expr) bool {
		name, ok := e.(*ast.Ident)
		return d.taken(e) || ok && local != "" && name.Name == local
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return d.needs(e.X, local)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND:
			return d.needs(e.X, local) || d.needs(e.Y, local)
		case token.LOR:
			return d.needs(e.X, local) && d.needs(e.Y, local)
		case token.NEQ, token.GTR: // nil, 0
			return is(e.X)
		case token.EQL:
			value, named := e.Y.(*ast.Ident)
			return is(e.X) && named && !d.first[value.Name] && value.Name != "nil" && value.Name != "false"
		}
		return false
	}
	return is(e)
}

// heldBy is the variable to which the first part of an if assigns a decision.
func (d decisions) heldBy(s ast.Stmt) string {
	if s, ok := s.(*ast.AssignStmt); ok && len(s.Lhs) == 1 && len(s.Rhs) == 1 && d.taken(s.Rhs[0]) {
		if name, ok := s.Lhs[0].(*ast.Ident); ok {
			return name.Name
		}
	}
	return ""
}

// idleIn lists what is idle in a node: bodies of conditions that need a decision, and what else is
// asked beside one. Which value a switch compares with a decision is not looked at: none of
// native's compares it with zero.
func (d decisions) idleIn(n ast.Node) (idle []ast.Node) {
	switch n := n.(type) {
	case *ast.IfStmt:
		if d.needs(n.Cond, d.heldBy(n.Init)) {
			idle = append(idle, n.Body)
		}
	case *ast.ForStmt:
		if n.Cond != nil && d.needs(n.Cond, "") {
			idle = append(idle, n.Body)
		}
	case *ast.SwitchStmt:
		for _, s := range n.Body.List {
			c := s.(*ast.CaseClause)
			needs := func(e ast.Expr) bool { return n.Tag == nil && d.needs(e, "") || n.Tag != nil && d.taken(n.Tag) }
			if len(c.List) > 0 && !slices.ContainsFunc(c.List, func(e ast.Expr) bool { return !needs(e) }) {
				for _, s := range c.Body {
					idle = append(idle, s)
				}
			}
		}
	case *ast.BinaryExpr:
		if n.Op != token.LAND || !d.needs(n, "") {
			break
		}
		for _, e := range []ast.Expr{n.X, n.Y} {
			if !d.needs(e, "") {
				idle = append(idle, e)
			}
		}
	}
	return idle
}

// A declaration is one of a package, with its mutants and the names in it.
type declaration struct {
	file   string
	name   string          // of a function or method, without its type; "" for others
	found  []Mutant        // in the order of the text
	active map[string]bool // what is named where something runs
	idle   map[string]bool // and in idle code
	isIdle bool            // as a whole
}

// settle finds the declarations that are idle as a whole: functions that only idle code names.
func settle(all []*declaration) {
	for _, d := range all {
		d.isIdle = strings.HasPrefix(d.file, libertiesFiles)
	}
	for changed := true; changed; {
		changed = false
		for _, d := range all {
			if d.name == "" || d.isIdle {
				continue
			}
			named, runs := false, false
			for _, by := range all {
				if by == d {
					continue
				}
				named = named || by.active[d.name] || by.idle[d.name]
				runs = runs || by.active[d.name] && !by.isIdle
			}
			if named && !runs {
				d.isIdle, changed = true, true
			}
		}
	}
}
