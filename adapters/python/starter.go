// Copyright the mpcheck authors. SPDX-License-Identifier: MIT

// Package python has what an adapter in Python begins with: the kit mpcheck_kit, and a file that uses it.
package python

import (
	"embed"
	"io/fs"

	"github.com/mpcheck/mpcheck/adapters/starter"
)

//go:embed starter.py mpcheck_kit/*.py
var files embed.FS

// Starter is the adapter, and the kit beside it.
func Starter() starter.Set {
	adapter := starter.Embedded(files, "starter.py", "adapter.py")
	adapter.Mode = 0o755
	set := starter.Set{
		Files:   []starter.File{adapter},
		FillIn:  "adapter.py, at Mailbox: yours stands in its place, and the operations below call it",
		Command: "python3 adapter.py",
	}
	kit, err := fs.Glob(files, "mpcheck_kit/*.py")
	if err != nil {
		panic(err)
	}
	for _, name := range kit {
		set.Files = append(set.Files, starter.Embedded(files, name, ""))
	}
	return set
}
