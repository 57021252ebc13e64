// Package cases holds the cases - hand-written expectations, each of which reads like the clause it
// checks - and performs them: a case runs on a fresh system and hands on evidence ([Case.Perform]). What
// that means for the implementation is the matter of package verdict.
//
// The cases never consult the executable specification: they are a second, independent reading of the
// documents, and the two check each other.
//
// A chapter is a file that holds cases. It is named after its family of clauses, or after the area where
// families have few: CLEAN-DUP-7/raise stands in clean_dup.go. Scenery, such as life.go and child.go, is
// what chapters share. The rest is the engine: what a case is (case.go) and how one runs (c.go,
// p.go, perform.go); its operations, which are checked (checked.go) and kept (opened.go); what is expected
// of them (expect.go), what decided (cause.go) and what hung (hang.go, kit.go).
package cases
