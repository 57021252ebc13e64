// Copyright the mpcheck authors. SPDX-License-Identifier: MIT

// Package lisp has the kit in Common Lisp, and the starting adapter that mpcheck init lays with it. The adapters beside it are
// subjects: docs/subjects.md.
package lisp

import (
	"embed"
	"path"

	"github.com/mpcheck/mpcheck/adapters/starter"
)

// kit are the files of the kit, as parts.lisp names them, for threads and for the documented functions.
//
//go:embed parts.lisp package.lisp threads.lisp host.lisp protecting.lisp platform.lisp json.lisp wire.lisp system.lisp
//go:embed values.lisp frames.lisp operations.lisp kit.lisp predicates.lisp streams.lisp reader.lisp lives.lisp processes.lisp
//go:embed documented.lisp documented-locks.lisp documented-operations.lisp
var kit embed.FS

//go:embed starter/adapter.lisp
var start embed.FS

// Starter is one file and the kit beside it.
func Starter() starter.Set {
	set := starter.Set{
		Files:   []starter.File{starter.Embedded(start, "starter/adapter.lisp", "adapter.lisp")},
		FillIn:  "adapter.lisp, at FILL: its mailboxes stand where yours belong",
		Command: "sbcl --script adapter.lisp",
	}
	files, err := kit.ReadDir(".")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		set.Files = append(set.Files, starter.Embedded(kit, f.Name(), path.Join("kit", f.Name())))
	}
	return set
}
