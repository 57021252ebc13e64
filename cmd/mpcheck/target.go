package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// target is where the path of an output leads: to a file, or to a descriptor that is open
// already, as /dev/stdout and /proc/self/fd/3 are.
type target struct {
	path       string // without symbolic links; there may be nothing there yet
	descriptor int    // -1 for a path that names none
}

// mostLinks is how many symbolic links may follow each other, as for the kernel.
const mostLinks = 40

// follow finds where a path leads. What is written through a link has to land at its end: a
// link that was replaced by a file would be lost, and /dev/stdout is a link.
func follow(path string) (target, error) {
	if path != "" && os.IsPathSeparator(path[len(path)-1]) {
		return target{}, errors.New("it names a folder")
	}
	at, err := filepath.Abs(path)
	if err != nil {
		return target{}, err
	}
	for range mostLinks {
		dir, err := filepath.EvalSymlinks(filepath.Dir(at))
		if err != nil {
			return target{}, err
		}
		at = filepath.Join(dir, filepath.Base(at))
		if n, own, is := descriptorOf(at); own {
			return target{at, n}, nil
		} else if is {
			return target{at, -1}, nil // what such a link says is no path
		}
		to, err := os.Readlink(at)
		if err != nil {
			return target{at, -1}, nil
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(dir, to)
		}
		at = to
	}
	return target{}, fmt.Errorf("more than %d symbolic links", mostLinks)
}

var descriptorPath = regexp.MustCompile(`^/proc/(\d+)/(?:task/\d+/)?fd/(\d+)$`)

// descriptorOf tells whether a path is that of an open descriptor, and whether of this process.
func descriptorOf(path string) (n int, own, is bool) {
	m := descriptorPath.FindStringSubmatch(path)
	if m == nil {
		return 0, false, false
	}
	n, err := strconv.Atoi(m[2])
	return n, err == nil && m[1] == strconv.Itoa(os.Getpid()), true
}
