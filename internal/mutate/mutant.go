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
	File string // without folders, but for that of a package beside the first, as in kit/wait.go
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
	idle       bool // it changes what native as it is doesn't run
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

// mutantsOf lists the mutants of packages as they are built here, file by file from the top: those
// of code that runs.
func mutantsOf(root string, dirs ...string) ([]Mutant, error) {
	var paths []string
	for _, dir := range dirs {
		pkg, err := build.ImportDir(filepath.Join(root, dir), 0)
		if err != nil {
			return nil, err
		}
		for _, name := range pkg.GoFiles {
			paths = append(paths, filepath.Join(pkg.Dir, name))
		}
	}
	return mutantsIn(paths...)
}

// mutantsIn lists those of files; those beside the first one are of the package that is judged.
func mutantsIn(paths ...string) ([]Mutant, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, path := range paths {
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	decisions := decisionsOf(files)
	var all []*declaration
	for i, file := range files {
		src, err := os.ReadFile(paths[i])
		if err != nil {
			return nil, err
		}
		alike := map[string]int{}
		for _, d := range file.Decls {
			one := declared(fset, paths[i], called(paths[i], paths[0]), string(src), d, decisions)
			for n := range one.found {
				m := &one.found[n]
				alike[m.Key()]++
				m.N = alike[m.Key()]
			}
			all = append(all, one)
		}
	}
	settle(all)
	var out []Mutant
	for _, d := range all {
		if !d.isIdle {
			out = append(out, slices.DeleteFunc(d.found, func(m Mutant) bool { return m.idle })...)
		}
	}
	return out, nil
}

// called is a file's name in keys.
func called(path, first string) string {
	if dir := filepath.Dir(path); dir != filepath.Dir(first) {
		return filepath.Base(dir) + "/" + filepath.Base(path)
	}
	return filepath.Base(path)
}

// declared looks at one declaration of a file.
func declared(fset *token.FileSet, path, file, src string, d ast.Decl, all decisions) *declaration {
	out := &declaration{file: file, active: map[string]bool{}, idle: map[string]bool{}}
	if f, ok := d.(*ast.FuncDecl); ok {
		out.name = f.Name.Name
	}
	in := &changes{src: src, at: func(p token.Pos) int { return fset.Position(p).Offset }, decisions: all, idle: map[ast.Node]bool{}}
	in.add = func(kind string, from, to token.Pos, with string) {
		start, end := in.at(from), in.at(to)
		out.found = append(out.found, Mutant{
			File: out.file, Func: nameOf(d), Kind: kind,
			Original: line(src[start:end]), Replacement: line(with),
			Line: fset.Position(from).Line, source: path, start: start, end: end, with: with, idle: in.depth > 0,
		})
	}
	in.names = func(name string) {
		if in.depth > 0 {
			out.idle[name] = true
		} else {
			out.active[name] = true
		}
	}
	ast.Walk(in, d)
	slices.SortStableFunc(out.found, func(a, b Mutant) int { return a.start - b.start })
	return out
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

// sampled picks n mutants, 0 for all, of those that are wanted. Each mutant has its place in the
// order of a seed whatever others there are, so that a sample changes little when the code does.
func sampled(all []Mutant, seed uint64, n int, wanted func(Mutant) bool) []Mutant {
	rank := func(m Mutant) uint64 {
		sum := sha256.Sum256([]byte(fmt.Sprint(seed, " ", m.Key())))
		return binary.BigEndian.Uint64(sum[:8])
	}
	out := slices.DeleteFunc(slices.Clone(all), func(m Mutant) bool { return !wanted(m) })
	slices.SortFunc(out, func(a, b Mutant) int { return cmp.Compare(rank(a), rank(b)) })
	if n > 0 && n < len(out) {
		out = out[:n]
	}
	return out
}
