// Package gostart embeds what mpcheck init --lang go lays: a module with an adapter on package kit. The folder adapter is that program
// itself, which is built and judged here as it will be there.
package gostart

import (
	"embed"

	"github.com/mpcheck/mpcheck/adapters/starter"
)

//go:embed adapter/*.go
var files embed.FS

// module is the go.mod that is laid. What it requires go mod tidy finds out.
const module = `module adapter

go 1.26

// In a clone of mpcheck: go mod edit -replace github.com/mpcheck/mpcheck=FOLDER-OF-THE-CLONE
`

// Starter is the set of files.
func Starter() starter.Set {
	return starter.Set{
		Files: []starter.File{
			{Name: "go.mod", Text: []byte(module)},
			starter.Embedded(files, "adapter/main.go", "main.go"),
			starter.Embedded(files, "adapter/mailbox.go", "mailbox.go"),
			starter.Embedded(files, "adapter/adapter_test.go", "adapter_test.go"),
		},
		FillIn:  "mailbox.go, at YOURS: its mailboxes stand where your library belongs, and main.go calls them",
		Prepare: []string{"go mod tidy", "go build -o adapter ."},
		Note: "go mod tidy fetches the newest release of mpcheck. Where it can't, or to build on a clone, type before it\n\n" +
			"    go mod edit -replace github.com/mpcheck/mpcheck=FOLDER-OF-THE-CLONE",
		Command: "./adapter",
	}
}
