package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces/format"
)

// The page that promises what stays tells of the versions that this program has.
func TestStabilityPageIsOfThisVersion(t *testing.T) {
	data, err := os.ReadFile("../../docs/stability.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		fmt.Sprintf("has its format, %d today", format.Version),
		fmt.Sprintf("`contract` in the handshake is `%s`", spec.ContractVersion),
		"A token (`mpc3-...`)", "`format` is 1",
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("docs/stability.md lacks %q", want)
		}
	}
}
