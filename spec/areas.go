package spec

// Areas are the areas of the clause catalogue, in the order of the chapters: the text of
// a clause id before its first hyphen.
var Areas = []string{"PROC", "BIND", "INIT", "CLEAN", "DEP", "SEND", "MBOX", "EVENT", "REAP", "EXT"}
