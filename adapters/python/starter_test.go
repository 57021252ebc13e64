// Copyright the mpcheck authors. SPDX-License-Identifier: MIT

package python

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The kit is laid whole, and uses nothing but itself and what comes with Python.
func TestKitIsWhole(t *testing.T) {
	laid := map[string]string{}
	for _, f := range Starter().Files {
		laid[f.Name] = string(f.Text)
	}
	kit, err := filepath.Glob("mpcheck_kit/*")
	if err != nil || len(kit) < 5 {
		t.Fatalf("no kit: %q, %v", kit, err)
	}
	for _, name := range kit {
		if filepath.Base(name) != "__pycache__" && laid[name] == "" {
			t.Errorf("%s is not laid", name)
		}
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 isn't installed")
	}
	out, err := exec.Command(python, "-c", "import sys; print(*sys.stdlib_module_names, 'mpcheck_kit')").Output()
	if err != nil {
		t.Fatal(err)
	}
	ours := strings.Fields(string(out))
	imports := regexp.MustCompile(`(?m)^\s*(?:import|from) ([a-zA-Z_]+)`)
	for name, text := range laid {
		for _, m := range imports.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(ours, m[1]) {
				t.Errorf("%s imports %s", name, m[1])
			}
		}
	}
}

// What users copy knows nothing of mpcheck.
func TestPortableLayerStandsAlone(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 isn't installed")
	}
	const use = `
import sys, mp
log = []
def serve():
    while True:
        mp.handle_event(mp.wait_for_event())
worker = mp.Process(serve, name="worker")
mp.ensure_cleanup((lambda process, text: log.append((process, text)), "over"), process=worker)
done = mp.Mailbox()
assert mp.send(worker, (done.send, 7), limit=100, timeout=1) and done.read() == (7, True)
worker.kill()
assert worker.join(60) and log == [(worker, "over")] and not mp.send(worker, 8)
strangers = [name for name in sys.modules if name.startswith("mpcheck")]
assert not strangers, strangers
`
	c := exec.Command(python, "-c", use)
	if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
