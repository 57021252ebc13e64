package run_test

import (
	"os"
	"testing"

	"github.com/mpcheck/mpcheck/internal/abreast"
)

func TestMain(m *testing.M) {
	abreast.Tests()
	os.Exit(m.Run())
}
