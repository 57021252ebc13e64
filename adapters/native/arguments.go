package native

import (
	"os"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// What a program is told: its arguments and its environment (EXT-RUN-5, EXT-ENV).

// argument makes one argument of a value, which no shell sees (EXT-RUN-5).
func (s *system) argument(v spec.Value) (string, error) {
	text, ok := s.pathOf(v)
	switch v := v.(type) {
	case spec.Symbol:
		text, ok = v.Name, true
	case spec.Char:
		text, ok = string(rune(v)), true
	case spec.Int, spec.BigInt, spec.Ratio, spec.Single, spec.Double:
		text, ok = v.String(), true
	}
	if !ok {
		return "", kit.TypeError("the argument", v, "a string, a symbol, a character, a number or a pathname")
	}
	return passable("the argument", text)
}

// passable refuses what no program can be given.
func passable(what, text string) (string, error) {
	if strings.ContainsRune(text, 0) {
		return "", kit.SimpleError("%s %q has a character of code 0, which ends what a program is given", what, text)
	}
	return text, nil
}

func (s *system) arguments(v spec.Value) ([]string, error) {
	items, ok := spec.Items(s.Structure(v))
	if !ok {
		return nil, kit.TypeError("the arguments", v, "a list")
	}
	out := make([]string, len(items))
	for i, item := range items {
		var err error
		if out[i], err = s.argument(item); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// environment is that of a program: the entries of an alist, and, unless they replace it, what this program has of
// others. Each name stands once; of one given twice the first entry counts, as in any alist (EXT-ENV-1 to -5).
func (s *system) environment(alist spec.Value, replace bool) ([]string, error) {
	entries, ok := spec.Items(s.Structure(alist))
	if !ok {
		return nil, kit.TypeError("the environment", alist, "an alist")
	}
	if s.decide.repeatedLast {
		entries = slices.Clone(entries)
		slices.Reverse(entries)
	}
	names := map[string]bool{}
	var given []string
	for _, entry := range entries {
		name, value, err := s.entry(entry)
		switch {
		case err != nil:
			return nil, err
		case names[name] && s.decide.repeatedRefused:
			return nil, kit.SimpleError("the variable %s is given twice", name)
		case !names[name]:
			names[name] = true
			given = append(given, name+"="+value)
		}
	}
	if replace {
		return given, nil
	}
	inherited := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return names[name]
	})
	return append(inherited, given...), nil
}

// entry reads one of an alist: a name and a value, both strings.
func (s *system) entry(v spec.Value) (name, value string, err error) {
	pair, ok := s.Structure(v).(spec.List)
	if !ok || len(pair.Items) != 1 || pair.Dotted == nil {
		return "", "", kit.TypeError("the environment's entry", v, "a cons of a name and a value")
	}
	name, isName := s.Text(pair.Items[0])
	value, isValue := s.Text(pair.Dotted)
	if s.decide.variables {
		name, err = s.argument(pair.Items[0])
		isName = err == nil
		value, err = s.argument(pair.Dotted)
		isValue = err == nil
	}
	switch {
	case !isName:
		return "", "", kit.TypeError("the variable's name", pair.Items[0], "a string")
	case !isValue:
		return "", "", kit.TypeError("the value of "+name, pair.Dotted, "a string")
	case name == "" || strings.ContainsRune(name, '='):
		return "", "", kit.SimpleError("%q is no name that a variable can have", name)
	}
	if _, err := passable("the variable", name+"="+value); err != nil {
		return "", "", err
	}
	return name, value, nil
}

// program is what is to be started: a name with a slash is a path, another is looked for in PATH.
func (s *system) program(v spec.Value) (string, error) {
	name, ok := s.pathOf(v)
	if !ok {
		return "", kit.TypeError("the program", v, "a string or a pathname")
	}
	if name == "" {
		return "", &spec.Condition{Type: "file-error", Message: "the empty string names no program"}
	}
	return passable("the program", name)
}

// keywordName is a keyword's, in lower case, "" of what is none.
func keywordName(v spec.Value) string {
	if symbol, ok := v.(spec.Symbol); ok && symbol.Package == "KEYWORD" {
		return strings.ToLower(symbol.Name)
	}
	return ""
}
