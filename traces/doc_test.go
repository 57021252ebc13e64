package traces

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The package comments tell newcomers in which file to look.
func TestPackageCommentsNameFilesThatAreThere(t *testing.T) {
	for _, dir := range []string{".", "format", "queues", "internal/script", "../spec/model"} {
		text, err := os.ReadFile(filepath.Join(dir, "doc.go"))
		if err != nil {
			t.Fatal(err)
		}
		names := regexp.MustCompile(`[a-z_*]+\.go\b`).FindAllString(string(text), -1)
		if len(names) == 0 {
			t.Errorf("%s/doc.go names no file", dir)
		}
		for _, name := range names {
			if files, _ := filepath.Glob(filepath.Join(dir, name)); len(files) == 0 {
				t.Errorf("%s/doc.go names %s, which is not there", dir, name)
			}
		}
	}
}
