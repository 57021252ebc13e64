package osexec

import (
	"testing"

	"github.com/mpcheck/mpcheck/adapters/others/internal/judged"
)

func TestMain(m *testing.M) { judged.Main(m, Implementation) }

// What os/exec does with programs: nothing that the documents forbid.
func TestConformance(t *testing.T) { judged.Run(t, "", 95, "EXT") }
