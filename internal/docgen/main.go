// Command docgen writes the pages and schemas of docs/ that are derived from the catalogue and the
// operations table. Run it by `make generate`.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	calls, err := examples()
	if err != nil {
		log.Fatal(err)
	}
	pages := map[string]string{"behaviours.md": behaviours(), "operations.md": operations(calls)}
	if pages["transcripts.md"], err = transcripts(); err != nil {
		log.Fatal(err)
	}
	for name, s := range map[string]schema{"schema/from-harness.json": fromHarness(), "schema/from-adapter.json": fromAdapter()} {
		if pages[name], err = written(s); err != nil {
			log.Fatal(err)
		}
	}
	for name, text := range pages {
		path := filepath.Join(root, "docs", name)
		if old, err := os.ReadFile(path); err == nil && string(old) == text {
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

const generated = "<!-- Written by internal/docgen: change the catalogue and run make generate. -->\n\n"

// behaviours shows the keys that fingerprints are made of, and the profiles of DOC clauses.
func behaviours() string {
	var b strings.Builder
	b.WriteString(generated + `# What the documents leave open

For each SILENT clause: what it leaves open, whether an implementation may decide anew at
each occurrence or decides once for a whole system, and the behaviours that are accepted,
by the keys under which reports record them. The lists are open: another behaviour is
recorded as ` + "`other`" + `. An asterisk marks the behaviour that the catalogue recommends.

| clause | left open | scope | behaviours |
|---|---|---|---|
`)
	for _, c := range spec.Clauses().Clauses {
		if c.Level != spec.Silent {
			continue
		}
		var keys []string
		for _, x := range c.Behaviours {
			star := ""
			if x.Recommended {
				star = "\\*"
			}
			keys = append(keys, fmt.Sprintf("`%s`%s", x.Key, star))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.ID, cell(c.Rule), c.Scope, strings.Join(keys, ", "))
	}
	b.WriteString(`
# Profiles of DOC clauses

A DOC clause is judged where the adapter claims a profile that has one of its pages. A
clause without a profile is recorded only.

| clause | rule | profiles |
|---|---|---|
`)
	for _, c := range spec.Clauses().Clauses {
		if c.Level == spec.Doc {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", c.ID, cell(c.Rule), strings.Join(spec.Clauses().Profiles(c), ", "))
		}
	}
	return b.String()
}

// operations shows the operations table, and what is to be known of each operation.
func operations(calls map[string]example) string {
	var b strings.Builder
	fmt.Fprintf(&b, generated+`# Operations, contract %s

What an adapter can be asked to do. A handshake claims each operation it offers as native
or composed, and each keyword of the column "claimed apart" as "operation :keyword".

* class: atomic operations take effect at one instant between call and return; interval
  ones answer for some time between; the answer of an advisory one may be out of date at once.
* waits: it may block until another process or the clock acts. stops: it may suspend the
  whole implementation; the harness then sends nothing. code: it runs callbacks in frames
  nested on the calling process. kills: it asks a process to end.
* The harness executes the operations marked harness - helper children, files, what the operating system says - itself for an
  adapter on a real clock; on a virtual clock the adapter has its own children.
* An error is one that an operation signals, signal-error or any other, and goes to the handlers
  around the operation as in Common Lisp, from the inside out: handler-case leaves its body with it,
  so that the operation never returns; handler-bind calls its handler, which may invoke a restart or
  decline by returning. A handler gets one argument, the list (TYPE MESSAGE) of two strings, and is
  itself outside its own handler-bind. What nobody handles is what the operation answers; of
  signal-error it is what PROC-EXIT-4 and CLEAN-ERR-1 leave open.
* Types are what is ordinarily passed. new-mailbox: the call makes the object; own-mailbox, own-pid: that of the first
  argument; each-process, count-process: a list of all that there are, and how many; sent and taken: it is put into a
  mailbox, or was taken out of one; pid: an integer of the operating system, parent-pid of a process that has started
  another, started-pid of what the call has started where its wait is nil; command: a text that may be a helper
  child's; seconds: a time that the call may take; unspecified: the documents say nothing of the value; a result with
  a question mark some releases leave out.
* Values beyond those that are named here mean nothing. The code that an operation runs may
  return any number.
* Where an operation names no handler, its error is the answer of the call and nothing else: the frame goes
  on, and what the harness does about it is the harness's. Only signal-error doesn't come back.
* A kill takes effect at any time from the call of process-kill on: in the operation that the target waits
  in, before its next, or between two. What waits - gate-wait, await, pause and handlers' bodies too - is
  reached by it. gone may be told late, after what the end has already caused, but the operation must answer.
* Callbacks stand in arguments as {"callback":N}, also in a list; an answer never has one: what was made of it
  by make-function is a reference, and a list that holds a callback is answered as one that holds a reference
  to a function of it.
* Seconds are real numbers of any kind. Symbols are interned, strings and lists in arguments are fresh each time.
* abort gives a case up: the operation of the outermost frame, and every later one, answers aborted; nothing else
  has to happen. close ends what is left - processes, children, helper threads - and need not run a cleanup
  or the cleanup of an unwind-protect; operations that are open may answer gone or aborted.
* Operations marked harness are refused in a handshake: they need no claim.

An example is the shortest call of its operation in a run of the cases on the simulator, and its answer, by
the case named; what the members system and frame say is left out.
`, spec.ContractVersion)
	area, notes := "none", ""
	for _, op := range spec.Ops {
		title := op.Area
		if op.Is(spec.Kit) {
			title = "the kit"
		}
		if title != area {
			area = title
			b.WriteString(notes)
			notes = ""
			fmt.Fprintf(&b, "\n## %s\n\n| operation | class | flags | capability | claimed apart | pages | clauses |\n|---|---|---|---|---|---|---|\n", area)
		}
		var flags []string
		for _, f := range []struct {
			flag spec.Flags
			word string
		}{{spec.MayWait, "waits"}, {spec.StopsWorld, "stops"}, {spec.RunsCode, "code"}, {spec.Kills, "kills"}, {spec.ByHarness, "harness"}} {
			if op.Is(f.flag) {
				flags = append(flags, f.word)
			}
		}
		fmt.Fprintf(&b, "| `(%s)` | %s | %s | %s | %s | %s | %s |\n", strings.TrimSpace(op.Name+" "+op.Lambda), op.Class,
			strings.Join(flags, " "), op.Capability, strings.Join(op.Extras, ", "), strings.Join(op.Pages, ", "), strings.Join(op.Clauses, ", "))
		notes += note(op, calls)
	}
	b.WriteString(notes)
	b.WriteString(childWords())
	return b.String()
}

// childWords shows the tables of what helper children are told, and of what is awaited of them.
func childWords() string {
	var b strings.Builder
	for _, t := range []struct {
		op, verb string
		rows     []*spec.ChildWord
	}{{"child-tell", "the child", spec.ChildCommands}, {"child-await", "happens once", spec.ChildEvents}} {
		fmt.Fprintf(&b, "\n## What follows the child in %s\n\n| word and arguments | %s |\n|---|---|\n", t.op, t.verb)
		for _, row := range t.rows {
			fmt.Fprintf(&b, "| `%s` | %s |\n", strings.TrimSpace(":"+row.Name+" "+row.Lambda), cell(row.Says))
		}
	}
	return b.String()
}

// note is what is to be known of an operation, with an example; "" where there is neither.
func note(op *spec.Op, calls map[string]example) string {
	e, called := calls[op.Name]
	if op.Says() == "" && !called {
		return ""
	}
	text := fmt.Sprintf("\n**%s** %s\n", op.Name, op.Says())
	if called {
		text = strings.TrimRight(text, " \n") + fmt.Sprintf("\n\n    -> %s\n    <- %s\n", e.call, e.answer)
		text = strings.Replace(text, "\n\n    ->", fmt.Sprintf(" In %s:\n\n    ->", e.id), 1)
	}
	return strings.ReplaceAll(text, "** \n", "**\n")
}

func cell(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "|", "\\|"), "*", "\\*")
}
