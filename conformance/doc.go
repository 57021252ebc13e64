// Package conformance holds the cases - hand-written expectations, each of which reads like
// the clause it checks - and the runner that puts them to an adapter and gives verdicts.
//
// The cases never consult the executable specification: they are a second, independent
// reading of the documents, and the two check each other.
package conformance
