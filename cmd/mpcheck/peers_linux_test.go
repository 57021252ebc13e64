package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/spec"
)

var updatePeers = flag.Bool("peers", false, "write testdata/peers.table anew")

// told is what a run with a peer came to, in one line.
type told struct{ stdout, stderr, json, code string }

// runWith runs one case with an adapter of this binary. Where the harness has to wait for what never
// comes it waits less than it would. Every text is checked: no panic, nothing raw.
func runWith(t *testing.T, mark string, impatient bool, word ...string) told {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(t.TempDir(), "out.json")
	limit, env := "20s", append(os.Environ(), mark)
	if impatient {
		limit, env = "2s", append(env, "MPCHECK_TEST_IMPATIENT=1")
	}
	args := append([]string{"run", "--jobs", "1", "--timeout", limit, "--select", "CLEAN-DUP-7/raise", "--json", report, "--", self}, word...)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Args[0] = "mpcheck"
	cmd.Env = env
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	code := exitCode(cmd.Run())
	if ctx.Err() != nil {
		t.Errorf("%v: it does not end", word)
	}
	text, err := os.ReadFile(report)
	if err != nil {
		t.Errorf("%v: no report: %v", word, err)
	}
	all := told{out.String(), said.String(), string(text), code}
	for _, text := range []string{all.stdout, all.stderr, all.json} {
		raw(t, word, text)
		if strings.Contains(text, "panic: ") {
			t.Errorf("%v: a panic:\n%.2000s", word, text)
		}
	}
	until(t, fmt.Sprintf("%v: all processes end", word), func() bool { return len(marked(mark)) == 0 })
	return all
}

// raw finds what may not be seen as it is, and forged lines.
func raw(t *testing.T, of any, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if shown := strings.ReplaceAll(line, "\t", ""); !utf8.ValidString(line) || spec.Printable(shown) != shown {
			t.Errorf("%v: a line with what can't be seen: %.300q", of, line)
			return
		}
		// What a program wrote to its standard error has lines, and is shown indented.
		if at := strings.Index(line, "FAIL  FORGED"); at >= 0 && at < 4 {
			t.Errorf("%v: a forged line: %q", of, line)
		}
		if len(line) > 20_000 {
			t.Errorf("%v: a line of %d bytes: %.100s", of, len(line), line)
		}
	}
}

var firstNoticed = regexp.MustCompile(`(it closed its output before bye|want a line feed after each message, .*); its process ended`)

var numbers = regexp.MustCompile(`\d{3,}`)

// summary is the verdict and the text that somebody who reads only the first line sees.
func (r told) summary() string {
	var report struct {
		Error string
		Cases []struct{ Verdict, Message, Reason string }
	}
	_ = json.Unmarshal([]byte(r.json), &report)
	verdict, text := "not run", report.Error
	if len(report.Cases) > 0 {
		verdict, text = report.Cases[0].Verdict, report.Cases[0].Message+report.Cases[0].Reason
	}
	if text == "" {
		text = strings.TrimPrefix(r.stderr, "mpcheck: ")
	}
	self, _ := os.Executable()
	text = strings.ReplaceAll(text, self, "PEER")
	// Which of the two is noticed first is chance.
	text = firstNoticed.ReplaceAllString(text, "its process ended")
	lines := strings.Split(text, "\n")
	text = lines[0]
	if len(lines) > 1 && (strings.HasSuffix(text, "it wrote:")) {
		text += " " + strings.TrimSpace(lines[1]) + " ..."
	}
	return fmt.Sprintf("%s, %s: %s", r.code, verdict, numbers.ReplaceAllString(spec.Brief(text, 300), "N"))
}

// Peers that spoil one message, each at each step, get the verdict and the text that stand in
// testdata/peers.table, reviewed by hand. A sample, or with MPCHECK_WHOLE set every one.
func TestPeers(t *testing.T) {
	t.Parallel()
	const golden = "testdata/peers.table"
	want := map[string]string{}
	old, err := os.ReadFile(golden)
	if err != nil && !*updatePeers {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(old)) {
		name, text, _ := strings.Cut(strings.TrimRight(line, "\n"), " => ")
		want[name] = text
	}
	whole := *updatePeers || tier.Whole()
	type peerRun struct {
		kind, step string
		slow       bool
	}
	var runs []peerRun
	for i, k := range peerKinds {
		for j, step := range peerSteps {
			if _, ofHello := handshakes[k.name]; ofHello && step != "hello" {
				continue
			}
			if whole || !k.slow && (7*i+j)%19 == 3 || k.name == "daemon-kills-keeper" && step == "call" {
				runs = append(runs, peerRun{k.name, step, k.slow})
			}
		}
	}
	got := make([]string, len(runs))
	t.Run("all", func(t *testing.T) {
		for i, r := range runs {
			t.Run(r.kind+"/"+r.step, func(t *testing.T) {
				t.Parallel()
				mark := fmt.Sprintf("MPCHECK_TEST_MARK=%d-peer-%s-%s", os.Getpid(), r.kind, r.step)
				name := r.kind + " at " + r.step
				got[i] = runWith(t, mark, r.slow, "peer", r.kind, r.step).summary()
				if !*updatePeers && got[i] != want[name] && !slices.Contains(strings.Split(want[name], " | "), got[i]) {
					t.Errorf("%s\n got  %s\n want %s", name, got[i], want[name])
				}
			})
		}
	})
	if *updatePeers {
		var b strings.Builder
		for i, r := range runs {
			name := r.kind + " at " + r.step
			// -run may have left it out: what stood there stays.
			fmt.Fprintf(&b, "%s => %s\n", name, cmp.Or(got[i], want[name]))
		}
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d peers of %d kinds", len(runs), len(peerKinds))
}

// An adapter that says escapes, line ends and marks of direction wherever it can: no output of any
// command shows one, and no line is forged.
func TestEvilText(t *testing.T) {
	t.Parallel()
	mark := fmt.Sprintf("MPCHECK_TEST_MARK=%d-evil", os.Getpid())
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	command := func(args ...string) told {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, self, args...)
		cmd.Args[0] = "mpcheck"
		cmd.Env = append(os.Environ(), mark, "MPCHECK_TEST_IMPATIENT=1")
		var out, said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &said
		code := exitCode(cmd.Run())
		raw(t, args[:1], out.String())
		raw(t, args[:1], said.String())
		return told{stdout: out.String(), stderr: said.String(), code: code}
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	ran := command("run", "-v", "--jobs", "2", "--timeout", "1s", "--select", "MBOX-READ-1", "--select", "PROC-NAME-1", "--select", "CLEAN-DUP-7", "--select", "SEND-Q-5",
		"--json", at("out.json"), "--junit", at("out.xml"), "--traces", at("traces"), "--log", at("traces"), "--", self, "evil")
	if !strings.Contains(ran.stdout+ran.stderr, `x\x1b[2J\nFAIL`) {
		t.Errorf("nothing evil was shown at all: the test shows nothing\n%s%s", ran.stdout, ran.stderr)
	}
	traces, _ := filepath.Glob(at("traces/*.trace"))
	if len(traces) == 0 {
		t.Error("no traces")
	}
	logs, _ := filepath.Glob(at("traces/*.log"))
	if len(logs) == 0 {
		t.Error("no logs")
	}
	command("smoke", "--timeout", "1s", "--json", at("smoke.json"), "--", self, "evil")
	command("diff", "-v", "--json", at("diff.json"), at("out.json"), at("out.json"))
	for _, path := range slices.Concat(traces, logs, []string{at("out.json"), at("out.xml"), at("smoke.json"), at("diff.json")}) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		raw(t, filepath.Base(path), string(text))
		if strings.HasSuffix(path, ".trace") {
			command("replay", "-v", path)
		}
	}
	command("fuzz", "--programs", "3", "--for", "5s", "--jobs", "1", "--", self, "evil")
	spoilt, _ := json.Marshal(evil)
	for name, text := range map[string]string{
		"name":    `{"blocks": [[{"name": ` + string(spoilt) + `, "call": {"op": "make-mailbox"}}, {"call": {"op": "mailbox-send", "args": [{"ref": ` + string(spoilt) + `}, ` + string(spoilt) + `]}}]]}`,
		"op":      `{"blocks": [[{"call": {"op": ` + string(spoilt) + `}}]]}`,
		"key":     `{"blocks": [[{"call": {"op": "make-mailbox", "keys": [[` + string(spoilt) + `, 1]]}}]]}`,
		"former":  `{"blocks": [[{"call": {"op": "make-mailbox", "keys": [{"name": ` + string(spoilt) + `, "value": 1}]}}]]}`,
		"member":  `{"blocks": [[{` + string(spoilt) + `: 1}]]}`,
		"value":   `{"blocks": [[{"call": {"op": "make-mailbox", "args": [{` + string(spoilt) + `: 1}]}}]]}`,
		"process": `{"blocks": [[{"name": "f", "call": {"op": "make-function", "args": [{"callback": 1}]}}, {"call": {"op": "process-run-function", "args": [` + string(spoilt) + `, null, {"ref": "f"}]}}, {"name": "m", "call": {"op": "make-mailbox"}}, {"call": {"op": "mailbox-read", "args": [{"ref": "m"}]}}], [{"call": {"op": "get-current-process"}}]]}`,
	} {
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		command("explore", "--program", at(name))
	}
	header := `{"trace":1,"adapter":` + string(spoilt) + `,"story":` + string(spoilt) + `,"clock":"real","specification":` + string(spoilt) + "}\n"
	enter := `{"label":"enter","at":0,"frame":0,"callback":0,"process":{"ref":"p1","type":"process"}}` + "\n"
	for n, text := range []string{
		header, strings.Replace(header, `"real"`, string(spoilt), 1), strings.Replace(header, `"story"`, string(spoilt), 1),
		header + enter + `{"label":"call","at":0,"frame":0,"op":` + string(spoilt) + "}\n" + `{"label":"return","at":0,"frame":0,"values":[` + string(spoilt) + "]}\n",
		header + enter + `{"label":"call","at":0,"frame":0,"op":"mailbox-count","args":[` + string(spoilt) + "]}\n" + `{"label":"return","at":0,"frame":0,"values":[{"sym":` + string(spoilt) + "}]}\n",
		header + enter + `{"label":` + string(spoilt) + `,"at":0,"frame":0}` + "\n" + enter,
		header + enter + `{"label":"return","at":0,"frame":0,"status":` + string(spoilt) + "}\n" + enter,
	} {
		path := at("hostile-" + strconv.Itoa(n))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		command("replay", "-v", path)
		command("run", "--known", path)
		command("run", "--rerun", path)
		command("diff", path, path)
	}
	until(t, "all processes end", func() bool { return len(marked(mark)) == 0 })
}

// The first Ctrl-C of a run whose adapter is stuck, in whatever way, takes a second and what it takes
// to clear up; nothing is left.
func TestInterruptOfAStuckAdapter(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, peer := range [][]string{{"deaf", "call"}, {"silent", "hello"}, {"stopped", "call"}, {"stops-keeper", "call"}, {"silent", "close"}} {
		t.Run(peer[0]+"/"+peer[1], func(t *testing.T) {
			t.Parallel()
			mark := fmt.Sprintf("MPCHECK_TEST_MARK=%d-stuck-%s-%s", os.Getpid(), peer[0], peer[1])
			cmd := harness(t, mark, "run", "--jobs", "1", "--select", "CLEAN-DUP-7/raise", "--", self, "peer", peer[0], peer[1])
			until(t, "the run starts its adapter", func() bool { return len(marked(mark)) >= 3 })
			for range 20 { // let it come to where it is stuck
				marked(mark)
				time.Sleep(20 * time.Millisecond)
			}
			cmd.Process.Signal(os.Interrupt)
			began := time.Now()
			if code := exitCode(cmd.Wait()); code != "130" && code != "3" {
				t.Errorf("%v: exit code %s", peer, code)
			}
			t.Logf("%v: %v", peer, time.Since(began))
			until(t, "all processes end", func() bool { return len(marked(mark)) == 0 })
		})
	}
}
