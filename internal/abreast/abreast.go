// Package abreast is for test binaries whose tests wait for real time.
package abreast

import "flag"

// Tests has six parallel tests at a time run beside each other, also where there are fewer processors:
// they wait more than they work. What -parallel says goes first. TestMain calls it before flags are parsed;
// make test doesn't pass the flag itself, because Ginkgo refuses to run under it.
func Tests() {
	if f := flag.Lookup("test.parallel"); f != nil {
		_ = f.Value.Set("6")
	}
}
