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
	runs(t, `
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
`)
}

// runs has Python run a program, which has to end well and say nothing.
func runs(t *testing.T, program string) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 isn't installed")
	}
	c := exec.Command(python, "-c", program)
	c.Env = append(c.Environ(), "MPCHECK_IN=0", "MPCHECK_OUT=1")
	if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// What operations raise is what they signal, whatever they were given, and nothing that ends the program.
func TestErrorsAreSignalled(t *testing.T) {
	runs(t, `
from mpcheck_kit import Throw, operation, operations
from mpcheck_kit.frames import HERE
from mpcheck_kit.threads import ThreadSystem, threading

class Silent:
    def post(self, *rest, **more):
        pass
class Frame:
    system = ThreadSystem("s1", Silent())
def said(name, *args):
    outcome = operations.perform(Frame, name, list(args), [])
    return outcome.get("condition", {}).get("type", outcome["status"])

operation("mailbox-peek")(lambda mailbox: mailbox.items)
mail = {"key": "mailbox"}
assert said("mailbox-peek", mail) == "attribute-error"
assert said("mailbox-peek") == "type-error"
assert said("log-append", mail, 1) == said("cell-get", mail) == "attribute-error"

HERE.handlers = [("restart", "outer", None)]
assert said("invoke-restart", {"sym": "retry"}) == "control-error"
for name, tag in ({"sym": "continue"}, "outer"), ({"key": "continue"}, "outer"), (None, "case"):
    try:
        said("invoke-restart", name) if tag == "outer" else said("signal-error", "")
    except Throw as throw:
        assert throw.tag == tag and (tag == "outer" or throw.value.message == ""), (throw.tag, throw.value)
    else:
        raise AssertionError(name)
    HERE.handlers = [("restart", "outer", None), ("case", "case", None)]
HERE.handlers = []

def start(thread):
    raise RuntimeError("can't start new thread")
threading.Thread.start = start
function = operations.perform(Frame, "make-function", [{"callback": 1}], [])["values"][0]
assert said("process-run-function", "p", None, function) == "out-of-resources"
assert Frame.system.processes() == []
`)
}

// A process of the portable layer for which there is no thread is none; and what nobody can be told of holds up nothing.
func TestPortableLayerSurvives(t *testing.T) {
	runs(t, `
import threading, mp
def breaks(*rest):
    raise OSError("nobody listens")
threading.excepthook = breaks
log = []
worker = mp.Process(breaks)
mp.ensure_cleanup(log.append, process=mp.Process(lambda: mp.process_wait(lambda: log)))
gate = mp.Mailbox()
worker = mp.Process(lambda: gate.read() and breaks())
mp.ensure_cleanup(breaks, 1, process=worker)
mp.ensure_cleanup(log.append, 2, process=worker)
gate.send(0)
assert worker.join(60) and log[0] is worker, log
for process in mp.processes():
    assert process.join(60)

def start(thread):
    raise RuntimeError("can't start new thread")
threading.Thread.start = start
try:
    mp.Process(breaks)
except RuntimeError:
    assert mp.processes() == []
else:
    raise AssertionError("it began")
`)
}

// What users copy knows nothing of mpcheck.
func TestPortableLayerStandsAlone(t *testing.T) {
	runs(t, `
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
`)
}
