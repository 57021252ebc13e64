// Package docs embeds what of the documents is there to be copied.
package docs

import (
	"embed"

	"github.com/mpcheck/mpcheck/adapters/starter"
)

//go:embed adapter.py
var files embed.FS

// OnePage is the adapter that write-an-adapter.md speaks of.
func OnePage() starter.Set {
	return starter.Set{
		Files:   []starter.File{starter.Embedded(files, "adapter.py", "")},
		FillIn:  "adapter.py, at OPERATIONS: its mailboxes stand where yours belong",
		Command: "python3 adapter.py",
	}
}
