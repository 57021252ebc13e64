package main

import "github.com/mpcheck/mpcheck/spec"

// shown is a word of the command line or of a file as it may be shown.
func shown(word string) string { return spec.Brief(word, spec.NameLength) }
