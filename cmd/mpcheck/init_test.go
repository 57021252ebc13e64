package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/starter"
	"github.com/mpcheck/mpcheck/internal/tier"
)

// What init lays passes smoke as it is, and run judges some of it and finds nothing wrong; make subjects has all of it judged. Prepare is typed first.
func TestInit(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("adapters in processes of their own need Linux")
	}
	for _, s := range starters {
		t.Run(s.lang, func(t *testing.T) {
			set := s.starter()
			for _, line := range append([]string{set.Command}, set.Prepare...) {
				needs(t, line)
			}
			folder := filepath.Join(t.TempDir(), "mine")
			namesWhatIsThere(t, folder, set, string(said(t, "init", "--lang", s.lang, folder)))
			if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
				root, err := filepath.Abs("../..")
				if err != nil {
					t.Fatal(err)
				}
				inFolder(t, folder, "go", "mod", "edit", "-replace", "github.com/mpcheck/mpcheck="+root)
			}
			for _, line := range set.Prepare {
				inFolder(t, folder, strings.Fields(line)...)
			}
			adapter := append([]string{"--"}, strings.Fields(set.Command)...)
			t.Chdir(folder)
			run := []string{"run"}
			if !tier.Whole() {
				run = append(run, "--select", "MBOX-READ-1", "--select", "MBOX-SEND-1")
			}
			for _, ask := range [][]string{{"smoke"}, run} {
				said(t, append(ask, adapter...)...)
			}
		})
	}
}

// needs skips a test whose command line has no program here.
func needs(t *testing.T, line string) {
	program := strings.Fields(line)[0]
	if strings.HasPrefix(program, "./") {
		return // one that is made first
	}
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s isn't installed", program)
	}
}

// namesWhatIsThere checks that what init says is so: the files, and the place to fill in.
func namesWhatIsThere(t *testing.T, folder string, set starter.Set, said string) {
	t.Helper()
	for _, f := range set.Files {
		path := filepath.Join(folder, filepath.FromSlash(f.Name))
		if _, err := os.Stat(path); err != nil || !strings.Contains(said, "laid  "+path+"\n") {
			t.Errorf("%s is not laid (%v), or not told of:\n%s", path, err, said)
		}
	}
	file, place, _ := strings.Cut(set.FillIn, ", at ")
	word := strings.Trim(strings.Fields(place + " ?")[0], ":;,")
	text, err := os.ReadFile(filepath.Join(folder, file))
	if err != nil || !strings.Contains(string(text), word) {
		t.Errorf("FillIn %q: want FILE, at WORD, which is in the file: %v", set.FillIn, err)
	}
	if !strings.Contains(said, set.FillIn) {
		t.Errorf("the place to fill in is not told:\n%s", said)
	}
}

func inFolder(t *testing.T, folder string, command ...string) {
	t.Helper()
	c := exec.Command(command[0], command[1:]...)
	c.Dir = folder
	c.Env = append(os.Environ(), "GOPROXY=off", "GOSUMDB=off", "GOFLAGS=") // whatever is tested here needs nothing of the network
	out, err := c.CombinedOutput()
	if err != nil && strings.Contains(string(out), "GOPROXY=off") {
		t.Skipf("%s needs modules that were never fetched here:\n%s", strings.Join(command, " "), out)
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
}
