package protoactor

import (
	"testing"

	"github.com/mpcheck/mpcheck/adapters/others/internal/judged"
)

func TestMain(m *testing.M) { judged.Main(m, Implementation) }

// Its mailboxes, and its actors with the notices of their death.
func TestConformance(t *testing.T) { judged.Run(t, "known.txt", 34, "MBOX", "PROC") }
