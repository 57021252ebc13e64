package traces

import (
	"os"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/traces/format"
)

// What a second image does is told, and not judged as if the first one did it.
func TestSecondImageIsUndecided(t *testing.T) {
	file, err := os.Open("format/testdata/formats/2.images.trace")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	trace, err := format.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if r := CheckTrace(trace); r.Verdict != Undecided || !strings.Contains(r.Why, "frame 1 runs in image 1") {
		t.Errorf("%s: %s", r.Verdict, r.Why)
	}
	if text := strings.Join(Render(trace.Labels, nil), "\n"); !strings.Contains(text, "begins callback 3 in image 1") {
		t.Errorf("the image isn't told:\n%s", text)
	}
}
