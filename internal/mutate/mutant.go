package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Mutant is one change of one place.
type Mutant struct {
	File string // without folders
	Func string // the declaration around it
	Kind string
	// Original is the text that is replaced, in one line and cut where it is long, Replacement what
	// stands there instead.
	Original, Replacement string
	// N counts, from 1, the mutants of this declaration that are alike.
	N int

	Line       int
	source     string // path of the file
	start, end int    // offsets of what is replaced
	with       string
}

// Key names a mutant by what it does and not by where the line happens to be, so that it stays the
// same while the code around it changes.
func (m Mutant) Key() string {
	return fmt.Sprintf("%s %s %s %d: %s => %s", m.File, m.Func, m.Kind, m.N, m.Original, cmp.Or(m.Replacement, "nothing"))
}

// Text is the file with the change.
func (m Mutant) Text() (string, error) {
	src, err := os.ReadFile(m.source)
	if err != nil {
		return "", err
	}
	return string(src[:m.start]) + m.with + string(src[m.end:]), nil
}

// mutantsOf lists the mutants of a package as it is built here, file by file from the top.
func mutantsOf(root, dir string) ([]Mutant, error) {
	pkg, err := build.ImportDir(filepath.Join(root, dir), 0)
	if err != nil {
		return nil, err
	}
	var out []Mutant
	for _, name := range pkg.GoFiles {
		found, err := mutantsIn(filepath.Join(pkg.Dir, name))
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// mutantsIn lists those of one file.
func mutantsIn(path string) ([]Mutant, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	in := &changes{src: string(src), at: func(p token.Pos) int { return fset.Position(p).Offset }}
	in.add = func(kind string, from, to token.Pos, with string) {
		start, end := in.at(from), in.at(to)
		m := Mutant{
			File: filepath.Base(path), Func: in.decl, Kind: kind,
			Original: line(in.src[start:end]), Replacement: line(with),
			Line: fset.Position(from).Line, source: path, start: start, end: end, with: with,
		}
		in.found = append(in.found, m)
	}
	for _, d := range file.Decls {
		in.decl = nameOf(d)
		ast.Walk(in, d)
	}
	slices.SortStableFunc(in.found, func(a, b Mutant) int { return a.start - b.start })
	alike := map[string]int{}
	for i := range in.found {
		m := &in.found[i]
		alike[m.Key()]++
		m.N = alike[m.Key()]
	}
	return in.found, nil
}

// nameOf names a declaration: a function, a method as (*T).M, or the variables and constants.
func nameOf(d ast.Decl) string {
	f, ok := d.(*ast.FuncDecl)
	if !ok {
		return "package-level"
	}
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	switch t := f.Recv.List[0].Type.(type) {
	case *ast.StarExpr:
		return fmt.Sprintf("(*%s).%s", t.X, f.Name.Name)
	default:
		return fmt.Sprintf("%s.%s", t, f.Name.Name)
	}
}

// line makes one line of a text, at most 70 bytes and an ellipsis.
func line(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 70 {
		text = strings.ToValidUTF8(text[:70], "") + "..."
	}
	return text
}

// sampled picks n mutants, 0 for all, whose keys contain a text. Each mutant has its place in the
// order of a seed whatever others there are, so that a sample changes little when the code does.
func sampled(all []Mutant, seed uint64, n int, only string) []Mutant {
	rank := func(m Mutant) uint64 {
		sum := sha256.Sum256([]byte(fmt.Sprint(seed, " ", m.Key())))
		return binary.BigEndian.Uint64(sum[:8])
	}
	out := slices.DeleteFunc(slices.Clone(all), func(m Mutant) bool { return !strings.Contains(m.Key(), only) })
	slices.SortFunc(out, func(a, b Mutant) int { return cmp.Compare(rank(a), rank(b)) })
	if n > 0 && n < len(out) {
		out = out[:n]
	}
	return out
}
