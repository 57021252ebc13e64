// Package others has libraries of others, judged in their own go test on what they offer: the worked example for authors of
// libraries in Go. It is a module of its own, so that whoever imports mpcheck gets none of them; make others runs its tests.
//
// Each package maps a library to operations on the kit (adapters/kit), says at its top which function of the library answers which
// operation, and where the library does something otherwise has a list of that, known.txt, with the reason of each entry.
package others
