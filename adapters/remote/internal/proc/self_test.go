package proc

import (
	"strings"
	"testing"
)

func TestSelfNeedsPlay(t *testing.T) {
	if _, err := Self(); err == nil || !strings.Contains(err.Error(), "call remote.Main first") {
		t.Errorf("Self before Play: %v", err)
	}
	Play(nil)
	if path, err := Self(); err != nil || path == "" {
		t.Errorf("Self after Play: %q, %v", path, err)
	}
}
