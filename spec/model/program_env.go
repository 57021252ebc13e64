package model

import (
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// What a program is given beside its streams: arguments, and the environment.

// inherited is the environment of the simulated implementation.
var inherited = []string{"HOME=/home/simulated", "LANG=C.UTF-8", "PATH=/usr/bin:/bin", "MPCHECK_SIMULATED=1"}

// A variable is one that a call gives.
type variable struct{ name, value string }

// isText tells whether a text is one of a value: that of a symbol may be told in lower or upper case.
func isText(v spec.Value, text string) bool {
	if _, ok := v.(spec.Symbol); ok {
		return strings.EqualFold(plainText(v), strings.TrimPrefix(text, ":"))
	}
	return plainText(v) == text
}

// environment reads an alist. Names and values that are no strings may be refused, or are converted.
func (o *Operation) environment(u *Universe, v spec.Value) *spec.Condition {
	entries, ok := spec.Items(v)
	if !ok {
		return wrongType("the environment", v, "an alist")
	}
	names := map[string]bool{}
	given := make([]spec.Value, len(entries))
	for i, entry := range entries {
		pair, ok := entry.(spec.List)
		if !ok || len(pair.Items) != 1 || pair.Dotted == nil {
			return wrongType("a variable", entry, "a pair of a name and a value")
		}
		name, plain := pair.Items[0].(spec.String)
		_, too := pair.Dotted.(spec.String)
		if !plain || !too || names[string(name)] {
			o.cite("EXT-ENV-5")
			o.doubts(u, wrongType("a variable", entry, "a string with a string, and none twice"))
		}
		names[plainText(pair.Items[0])] = true
		given[i] = spec.NewList(pair.Items[0], pair.Dotted)
	}
	o.put(programEnv, uint64(u.Intern(spec.NewList(given...))))
	return nil
}

// plainText is a value as a text, in the obvious way.
func plainText(v spec.Value) string {
	switch v := v.(type) {
	case spec.String:
		return string(v)
	case spec.Symbol:
		return v.Name
	case spec.Char:
		return string(rune(v))
	case spec.Pathname:
		return string(v)
	}
	return v.String()
}

// argumentText: each argument is one, whatever is in it.
func argumentText(s *State, v spec.Value) []string { return []string{plainText(v)} }

func (s *State) argumentsOf(f ID) Term {
	s.cite("EXT-RUN-5")
	items, _ := spec.Items(s.u.Value(Term(s.arg(f, programArgs))))
	var texts []spec.Value
	for _, v := range items {
		for _, text := range s.law.argument(s, v) {
			texts = append(texts, decoded([]byte(text)))
		}
	}
	return s.u.Intern(spec.NewList(texts...))
}

// environmentOf: what is given, beside what there is or instead of it. A name is there once.
func environmentOf(s *State, given []variable, replace bool) []string {
	var out []string
	if !replace {
		out = slices.DeleteFunc(slices.Clone(inherited), func(entry string) bool {
			return slices.ContainsFunc(given, func(v variable) bool { return strings.HasPrefix(entry, v.name+"=") })
		})
	}
	for i, v := range given {
		if !slices.ContainsFunc(given[:i], func(o variable) bool { return o.name == v.name }) {
			out = append(out, v.name+"="+v.value)
		}
	}
	return out
}

// giveEnvironment gives a child that begins its environment.
func (s *State) giveEnvironment(f, c ID) {
	replace := s.arg(f, programFlag)&programReplaces != 0
	given := s.variables(Term(s.arg(f, programEnv)))
	if s.cited != nil {
		s.citeEnvironment(given, replace)
	}
	texts := s.law.variables(s, given, replace)
	values := make([]spec.Value, len(texts))
	for i, text := range texts {
		values[i] = spec.String(text)
	}
	s.set(c, childEnvironment, uint64(s.u.Intern(spec.NewList(values...))))
	s.set(c, childGiven, s.arg(f, programEnv)<<1|bit(replace))
}

func (s *State) citeEnvironment(given []variable, replace bool) {
	switch {
	case replace:
		s.cite("EXT-ENV-4")
	case slices.ContainsFunc(inherited, func(entry string) bool {
		return slices.ContainsFunc(given, func(v variable) bool { return strings.HasPrefix(entry, v.name+"=") })
	}):
		s.cite("EXT-ENV-3")
	default:
		s.cite("EXT-ENV-2")
	}
	if len(given) > 0 {
		s.cite("EXT-ENV-1")
	}
}

// variables reads what a call gives.
func (s *State) variables(t Term) []variable {
	entries, _ := spec.Items(s.u.Value(t))
	out := make([]variable, len(entries))
	for i, entry := range entries {
		pair, _ := spec.Items(entry)
		out[i] = variable{plainText(pair[0]), plainText(pair[1])}
	}
	return out
}

// environOf is the environment that a child tells. What an implementation inherits nobody knows who judges it: all that
// is told is right that has what was given, and no more where that replaces it.
func (s *State) environOf(f, c ID) Term {
	if s.cited != nil && s.isOfProgram(c) {
		s.citeEnvironment(s.variables(Term(s.get(c, childGiven)>>1)), s.get(c, childGiven)&1 != 0)
	}
	own := s.get(c, childEnvironment)
	told, known := s.foretold(f)
	switch {
	case s.open && known && s.mayTell(c, told):
		if given := s.get(c, childGiven); s.isOfProgram(c) && given&1 == 0 && Term(given>>1) <= NilTerm {
			s.set(world, worldInherited, uint64(told))
		}
		return told
	case own == 0 && !s.open: // a shell's
		values := make([]spec.Value, len(inherited))
		for i, text := range inherited {
			values[i] = spec.String(text)
		}
		return s.u.Intern(spec.NewList(values...))
	case own == 0:
		return unspecified
	}
	return Term(own)
}

// addedToAny are variables that may be there although nobody gave them: the library's, and those of a shell.
var addedToAny = []string{"PATH", "PWD", "OLDPWD", "SHLVL", "_"}

func (s *State) mayTell(c ID, told Term) bool {
	entries, ok := spec.Items(s.u.Value(told))
	given, _ := spec.Items(s.u.Value(Term(s.get(c, childGiven) >> 1)))
	replace := s.get(c, childGiven)&1 != 0
	seen := map[string]bool{}
	for _, entry := range entries {
		text, _ := entry.(spec.String)
		name, value, _ := strings.Cut(string(text), "=")
		its, right := gives(given, name, value)
		switch {
		case seen[name]: // what stands first counts
		case its && !right && !replace && s.loose.overrides: // it is what was inherited
			continue
		case its && !right, !its && replace && !slices.Contains(addedToAny, name):
			return false
		}
		seen[name] = true
	}
	lacks := slices.ContainsFunc(given, func(v spec.Value) bool {
		pair, _ := spec.Items(v)
		for name := range seen {
			if isText(pair[0], name) {
				return false
			}
		}
		return true
	})
	return ok && !lacks && (replace || s.handsOn(seen))
}

// gives tells whether variables that a call gives have one of that name, and one with that value.
func gives(given []spec.Value, name, value string) (its, right bool) {
	for _, v := range given {
		if pair, _ := spec.Items(v); isText(pair[0], name) {
			its, right = true, right || isText(pair[1], value)
		}
	}
	return its, right
}

// handsOn tells whether variables of these names include all that the implementation is known to hand on.
func (s *State) handsOn(names map[string]bool) bool {
	entries, _ := spec.Items(s.u.Value(Term(s.get(world, worldInherited))))
	return !slices.ContainsFunc(entries, func(entry spec.Value) bool {
		text, _ := entry.(spec.String)
		name, _, _ := strings.Cut(string(text), "=")
		return !names[name] && !slices.Contains(addedToAny, name)
	})
}
