package traces

import (
	"os"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/traces/format"
)

// What code does in an image of which nothing says that it was launched is told, and not judged.
func TestUnlaunchedImageIsUndecided(t *testing.T) {
	file, err := os.Open("format/testdata/formats/2.images.trace")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	trace, err := format.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if r := CheckTrace(trace); r.Verdict != Undecided || !strings.Contains(r.Why, "nothing says where the process of frame 1 comes from") {
		t.Errorf("%s: %s", r.Verdict, r.Why)
	}
	if text := strings.Join(Render(trace.Labels, nil), "\n"); !strings.Contains(text, "begins callback 3 in image 1") {
		t.Errorf("the image isn't told:\n%s", text)
	}
}
