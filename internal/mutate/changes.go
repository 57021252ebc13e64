package main

import (
	"go/ast"
	"go/token"
	"strconv"
)

// The kinds of changes.
const (
	condition  = "condition"  // a condition is negated
	comparison = "comparison" // == for !=, <= for <, && for ||, and so on
	constant   = "constant"   // a number is one more, true is false, a word that is compared is another
	statement  = "statement"  // a statement is left out
	returned   = "return"     // a result is the zero value, a boolean one the other
)

// changes walks the syntax of a declaration and adds the mutants it sees.
type changes struct {
	src   string
	at    func(token.Pos) int
	add   func(kind string, from, to token.Pos, with string)
	names func(name string)

	decisions decisions
	idle      map[ast.Node]bool // nodes to come that are idle
	depth     int               // in how many idle nodes

	results []*ast.FieldList // of the functions around, the innermost last
	nodes   []ast.Node
}

func (c *changes) text(n ast.Node) string { return c.src[c.at(n.Pos()):c.at(n.End())] }

// others says what a comparison, a connective or an arithmetic operator is replaced by.
var others = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL,
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL,
}

// Visit implements [ast.Visitor].
func (c *changes) Visit(n ast.Node) ast.Visitor {
	if n == nil {
		last := len(c.nodes) - 1
		if t := functionType(c.nodes[last]); t != nil {
			c.results = c.results[:len(c.results)-1]
		}
		if c.idle[c.nodes[last]] {
			c.depth--
		}
		c.nodes = c.nodes[:last]
		return nil
	}
	if c.idle[n] {
		c.depth++
	}
	for _, part := range c.decisions.idleIn(n) {
		c.idle[part] = true
	}
	switch n := n.(type) {
	case *ast.ImportSpec, *ast.StructType, *ast.InterfaceType:
		return nil
	case *ast.IfStmt:
		c.negated(n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			c.negated(n.Cond)
		}
	case *ast.SwitchStmt:
		for _, s := range n.Body.List {
			for _, e := range s.(*ast.CaseClause).List {
				if n.Tag == nil {
					c.negated(e)
				} else {
					c.word(e)
				}
			}
		}
	case *ast.BinaryExpr:
		if other, ok := others[n.Op]; ok {
			c.add(comparison, n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), other.String())
		}
		if n.Op == token.EQL || n.Op == token.NEQ {
			c.word(n.X)
			c.word(n.Y)
		}
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			c.add(comparison, n.Pos(), n.X.Pos(), "")
		}
	case *ast.BasicLit:
		if v, err := strconv.ParseInt(n.Value, 0, 64); n.Kind == token.INT && err == nil {
			c.add(constant, n.Pos(), n.End(), strconv.FormatInt(v+1, 10))
		}
	case *ast.Ident:
		c.names(n.Name)
		if flipped := map[string]string{"true": "false", "false": "true"}[n.Name]; flipped != "" {
			c.add(constant, n.Pos(), n.End(), flipped)
		}
	case *ast.CompositeLit:
		if n.Type != nil && len(n.Elts) == 0 {
			if flipped := map[string]string{"spec.True": "spec.Nil", "spec.Nil": "spec.True"}[c.text(n.Type)]; flipped != "" {
				c.add(constant, n.Pos(), n.End(), flipped+"{}")
			}
		}
	case *ast.ReturnStmt:
		c.returns(n)
		c.besideError(n)
	}
	c.leaves(n)
	if t := functionType(n); t != nil {
		c.results = append(c.results, t.Results)
	}
	c.nodes = append(c.nodes, n)
	return c
}

func functionType(n ast.Node) *ast.FuncType {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Type
	case *ast.FuncLit:
		return n.Type
	}
	return nil
}

// negated negates a condition, but for one whose only mutant that would be anyway.
func (c *changes) negated(e ast.Expr) {
	switch x := e.(type) {
	case *ast.BinaryExpr:
		if x.Op == token.EQL || x.Op == token.NEQ {
			return
		}
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return
		}
	}
	c.add(condition, e.Pos(), e.End(), "!("+c.text(e)+")")
}

// word changes a string that something is compared with: those of messages are for people.
func (c *changes) word(e ast.Expr) {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		c.add(constant, e.Pos(), e.End(), strconv.Quote("another "+lit.Value[1:len(lit.Value)-1]))
	}
}

// leaves leaves out statements of a list, each once.
func (c *changes) leaves(n ast.Node) {
	var list []ast.Stmt
	switch n := n.(type) {
	case *ast.BlockStmt:
		list = n.List
	case *ast.CaseClause:
		list = n.Body
	case *ast.CommClause:
		list = n.Body
	}
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.DeferStmt, *ast.GoStmt, *ast.SendStmt, *ast.BranchStmt:
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				continue
			}
		default:
			continue
		}
		if c.idle[s] { // which its own visit will find
			c.depth++
		}
		c.add(statement, s.Pos(), s.End(), "")
		if c.idle[s] {
			c.depth--
		}
	}
}

// besideError leaves alone the constants that are returned with a variable of an error: nobody looks at them.
func (c *changes) besideError(s *ast.ReturnStmt) {
	last := len(s.Results) - 1
	if last < 1 || len(c.results) == 0 || c.results[len(c.results)-1] == nil {
		return
	}
	results := c.results[len(c.results)-1].List
	err, named := s.Results[last].(*ast.Ident)
	if c.text(results[len(results)-1].Type) != "error" || !named || err.Name == "nil" {
		return
	}
	for _, e := range s.Results[:last] {
		switch e.(type) {
		case *ast.BasicLit, *ast.Ident:
			c.idle[e] = true
		}
	}
}

// returns changes the results of a return: a boolean to the other, another to its zero value.
func (c *changes) returns(s *ast.ReturnStmt) {
	if len(c.results) == 0 || c.results[len(c.results)-1] == nil {
		return
	}
	var types []string
	for _, f := range c.results[len(c.results)-1].List {
		for range max(1, len(f.Names)) {
			types = append(types, c.text(f.Type))
		}
	}
	if len(types) != len(s.Results) {
		return // one call that gives all of them, or none: the names do
	}
	for i, e := range s.Results {
		now := c.text(e)
		if now == types[i]+"{}" {
			continue // It is the zero value.
		}
		switch zero := "*new(" + types[i] + ")"; {
		case now == "nil" || now == "0" || now == `""` || now == "true" || now == "false":
			// Zero, or changed as a constant.
		case types[i] == "bool":
			if b, ok := e.(*ast.BinaryExpr); ok && (b.Op == token.EQL || b.Op == token.NEQ) {
				continue // that is its comparison's mutant
			}
			if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.NOT {
				continue
			}
			c.add(returned, e.Pos(), e.End(), "!("+now+")")
		default:
			c.add(returned, e.Pos(), e.End(), zero)
		}
	}
}
