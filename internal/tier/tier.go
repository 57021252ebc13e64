// Package tier says how much a test tries: make race little, make test a sample, and with MPCHECK_WHOLE set
// the whole, as the targets of make verify do that name such tests.
package tier

import (
	"os"
	"testing"
)

// Whole says whether everything is to be tried.
func Whole() bool { return os.Getenv("MPCHECK_WHOLE") != "" }

// Of chooses among three counts: under -short, in make test, and of the whole.
func Of(short, sample, whole int) int {
	switch {
	case Whole():
		return whole
	case testing.Short():
		return short
	}
	return sample
}
