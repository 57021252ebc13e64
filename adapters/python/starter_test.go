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

// What is claimed wrongly is said where it is written, and what is withheld is not claimed.
func TestClaims(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 isn't installed")
	}
	const use = `
from mpcheck_kit import CLAIMS, operation, reader
from mpcheck_kit.threads import ThreadSystem
for wrong in "make-mailbox :size", ":size", "":
    try:
        operation("make-mailbox", wrong)(lambda: None)
    except ValueError as error:
        assert 'operation("make-mailbox", "size")' in str(error), error
    else:
        raise AssertionError(wrong)
assert "make-mailbox" not in CLAIMS
operation("make-mailbox", "size", "name")(lambda: None)

class Hello:
    def post(self, message, *rest, **more):
        self.said = message["result"]["operations"]
reader.messages = lambda unreadable: iter([{"id": 1, "method": "hello"}])
reader.os.set_inheritable = reader.os._exit = lambda *rest: None
def said(**more):
    hello = Hello()
    reader.serve("x", "1", [], ThreadSystem, writer=lambda: hello, **more)
    return hello.said
assert {"process-kill", "make-mailbox", "make-mailbox :size"} <= set(said()) == set(CLAIMS)
assert set(CLAIMS) - set(said(without=["process-kill", "make-mailbox :size"])) == {"process-kill", "make-mailbox :size"}
assert not [name for name in said(without=["make-mailbox"]) if name.startswith("make-mailbox")]
try:
    said(without=["proces-kill"])
except ValueError as error:
    assert "proces-kill" in str(error), error
else:
    raise AssertionError("withheld what there is not")
`
	c := exec.Command(python, "-c", use)
	c.Env = append(c.Environ(), "MPCHECK_IN=0", "MPCHECK_OUT=1")
	if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
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
