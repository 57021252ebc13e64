//go:build !unix

package main

import "os"

func inherited(int, string) (*os.File, error) {
	return nil, usage("this system has no inherited descriptors: mpcheck serve needs Linux")
}
