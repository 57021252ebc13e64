package kit

import "embed"

// Sources are the files of this package, by which mpcheck explain says where something stands. A program
// that doesn't ask for them is linked without.
//
//go:embed *.go
var Sources embed.FS
