package spec

import (
	"fmt"
	"slices"
	"strings"
)

// A ChildWord is a keyword that child-tell or child-await takes after the child: a command that a
// helper child obeys, or an event of its life. Harness, child, specification and oracle read the
// same tables.
type ChildWord struct {
	// Name is the keyword's, without its colon.
	Name string
	// Lambda is what follows it in the call, and what the call returns then.
	Lambda string
	// Says is what it does, or when it has happened.
	Says string
	// Signature is Lambda, read.
	Signature
}

// The commands of helper children.
const (
	TellExit      = "exit"
	TellExitAfter = "exit-after"
	TellDie       = "die"
	TellStop      = "stop"
	TellOwnGroup  = "own-group"
	TellJoinGroup = "join-group"
	TellArgv      = "argv"
	TellEnviron   = "environ"
	TellReport    = "report-signals"
	TellIgnore    = "ignore"
	TellEcho      = "echo"
	TellFlood     = "flood"
	TellSpawn     = "spawn-grandchild"
	TellCopy      = "copy"
	TellRead      = "read"
	TellInput     = "input"
	TellClose     = "close"
	TellPause     = "pause"
	// TellKill is the one that the harness carries out itself.
	TellKill = "kill"
)

// ChildCommands is what child-tell can command. The child acknowledges before a deed that ends or
// stops it. Don't change it.
var ChildCommands = words(
	ChildWord{Name: TellExit, Lambda: "code:integer => done:boolean", Says: "calls _exit with the code, once its output is written"},
	ChildWord{Name: TellExitAfter, Lambda: "code:integer seconds:seconds &optional child:child => done:boolean",
		Says: "exits of itself, that long from now or after that other child has ended; meanwhile it obeys"},
	ChildWord{Name: TellDie, Lambda: "signal:integer => done:boolean", Says: "raises the signal on itself at its default action"},
	ChildWord{Name: TellStop, Lambda: "=> done:boolean", Says: "sends itself SIGSTOP"},
	ChildWord{Name: TellOwnGroup, Lambda: "=> group:own-pid", Says: "leads a process group of its own from now on"},
	ChildWord{Name: TellJoinGroup, Lambda: "group:pid => group:pid", Says: "is in that process group from now on"},
	ChildWord{Name: TellArgv, Lambda: "=> arguments:list", Says: "tells the arguments after its program's name, as strings; also once it has ended"},
	ChildWord{Name: TellEnviron, Lambda: "=> environment:list", Says: "tells its environment, as strings NAME=VALUE; also once it has ended"},
	ChildWord{Name: TellReport, Lambda: "=> done:boolean", Says: "lets signals no longer act on it: child-await tells them"},
	ChildWord{Name: TellIgnore, Lambda: "signal:integer => done:boolean", Says: "ignores the signal from now on"},
	ChildWord{Name: TellEcho, Lambda: "text:string &optional to:output => done:boolean", Says: "writes the text as it is to :stdout or :stderr; done once that is written"},
	ChildWord{Name: TellFlood, Lambda: "bytes:integer &optional to:output => done:boolean", Says: "writes so many bytes; done before that is written, since a reader must empty the pipe"},
	ChildWord{Name: TellSpawn, Lambda: "=> child:new-child", Says: "starts a helper child of its own, with its standard streams, and never waits for it"},
	ChildWord{Name: TellCopy, Lambda: "&optional bytes:integer => done:boolean", Says: "copies its standard input to its standard output: so many bytes, or to the end of file; told, done before that"},
	ChildWord{Name: TellRead, Lambda: "&optional bytes:integer => done:boolean", Says: "reads its standard input: so many bytes, or to the end of file; told, done before that"},
	ChildWord{Name: TellInput, Lambda: "=> text:string", Says: "tells what it has read by :read so far; also once it has ended"},
	ChildWord{Name: TellClose, Lambda: "stream:descriptor => done:boolean", Says: "closes :stdin, :stdout or :stderr"},
	ChildWord{Name: TellPause, Lambda: "seconds:seconds => done:boolean", Says: "lets that time pass before its next step"},
	ChildWord{Name: TellKill, Lambda: "signal:integer => done:boolean", Says: "is sent the signal by the harness: for one that can't listen"},
)

// ChildState is how the operating system says that a process is: what pid-state answers, without
// the colon.
type ChildState string

// The states of a process.
const (
	ChildAlive   ChildState = "alive"
	ChildStopped ChildState = "stopped"
	ChildZombie  ChildState = "zombie"
	ChildAbsent  ChildState = "absent"
)

// Ended tells whether a process in that state runs no more, reaped or not.
func (s ChildState) Ended() bool { return s == ChildZombie || s == ChildAbsent }

// Keyword is the state as a value.
func (s ChildState) Keyword() Value { return Keyword(string(s)) }

// The events of a helper child that are no states.
const (
	AwaitReady  = "ready"
	AwaitEnded  = "ended"
	AwaitSignal = "signal"
)

// ChildEvents is what child-await can wait for. Where the event can no longer happen because the
// child has ended (for :absent: never), the answer is its state, at once. Don't change it.
var ChildEvents = words(
	ChildWord{Name: AwaitReady, Lambda: "=> pid:own-pid", Says: "it has connected"},
	ChildWord{Name: string(ChildZombie), Lambda: "=> state:keyword", Says: "it has ended and nobody has reaped it"},
	ChildWord{Name: string(ChildAbsent), Lambda: "=> state:keyword", Says: "it has ended and was reaped"},
	ChildWord{Name: string(ChildStopped), Lambda: "=> state:keyword", Says: "it is stopped"},
	ChildWord{Name: AwaitEnded, Lambda: "=> state:keyword", Says: "it has ended: :zombie or :absent, whichever it is seen in"},
	ChildWord{Name: AwaitSignal, Lambda: "=> signal:integer", Says: "it has reported another signal"},
)

func words(rows ...ChildWord) []*ChildWord {
	out := make([]*ChildWord, len(rows))
	for i := range rows {
		out[i] = &rows[i]
		rows[i].parse(rows[i].Name, rows[i].Lambda)
	}
	return out
}

// LookupChildWord finds the row of a keyword, nil where there is none.
func LookupChildWord(rows []*ChildWord, v Value) *ChildWord {
	word, ok := v.(Symbol)
	if !ok || word.Package != "KEYWORD" {
		return nil
	}
	for _, row := range rows {
		if row.Name == word.Name {
			return row
		}
	}
	return nil
}

// childArgs is how many arguments of child-tell and child-await stand before those of the word.
const childArgs = 2

// descriptors are the names of a child's standard streams, each at its number.
var descriptors = []string{"stdin", "stdout", "stderr"}

// childWords are the words that an operation takes, none of most.
func childWords(op string) []*ChildWord {
	switch op {
	case "child-tell", "child-plan":
		return ChildCommands
	case "child-await":
		return ChildEvents
	}
	return nil
}

// childWord is the row of what a call tells or awaits, nil of other calls and of words that there
// are not.
func (c Call) childWord() *ChildWord {
	if rows := childWords(c.Op); rows != nil {
		return LookupChildWord(rows, c.Arg(childArgs-1))
	}
	return nil
}

// Told is what a call of child-tell commands, read. Fields that the command doesn't have are zero.
type Told struct {
	Command *ChildWord
	// N is an exit code, signal or count of bytes, of 32 bits, or a process group.
	N    int
	Text string
	// Stderr: output goes there instead of to stdout.
	Stderr bool
	// Descriptor is which of its standard streams is meant: 0 to 2.
	Descriptor int
	// Seconds to let pass first, from 0 to [MaxChildDelay].
	Seconds float64
	// Child whose end comes before that, nil for none. Whether it is a child isn't checked.
	Child Value
}

// Planned tells whether a child can do it of itself: see child-plan.
func (w *ChildWord) Planned() bool { return w.Name != TellKill && w.Results[0].Name == "done" }

// MaxChildDelay, in seconds, is more than any case lets a child wait.
const MaxChildDelay = 3600

// ReadTold reads a call of child-tell; the error says which argument is wrong.
func ReadTold(call Call) (Told, error) {
	t := Told{Command: call.childWord()}
	if t.Command == nil {
		return t, fmt.Errorf("unknown command %v", call.Arg(childArgs-1))
	}
	args := call.Args[childArgs:]
	for i := range max(len(args), len(t.Command.Required)) {
		p := t.Command.Positional(i)
		if p == nil {
			return t, fmt.Errorf("too many arguments for :%s", t.Command.Name)
		}
		var v Value
		if i < len(args) {
			v = args[i]
		}
		if want := t.read(p, v); want != "" {
			return t, fmt.Errorf(":%s wants %s as its %s", t.Command.Name, want, p.Name)
		}
	}
	return t, nil
}

// read takes one argument, nil where it is missing, and says what is wanted instead of a wrong one.
func (t *Told) read(p *Param, v Value) (want string) {
	ok := false
	switch p.Type {
	case "integer":
		n, isInt := v.(Int)
		ok, t.N, want = isInt && int64(n) == int64(int32(n)), int(n), "an integer of 32 bits"
	case "pid": // a group that there can't be is no other mistake than one that there isn't
		n, isInt := v.(Int)
		ok, t.N, want = isInt, int(n), "an integer"
	case "string":
		text, isString := v.(String)
		ok, t.Text, want = isString, string(text), "a string"
	case "seconds":
		s, isNumber := Seconds(v)
		ok, t.Seconds, want = isNumber && s >= 0 && s <= MaxChildDelay, s, fmt.Sprintf("a number of seconds from 0 to %d", MaxChildDelay)
	case "output":
		t.Stderr = v == Keyword("stderr")
		ok, want = t.Stderr || v == Keyword("stdout"), ":stdout or :stderr"
	case "descriptor":
		t.Descriptor = slices.IndexFunc(descriptors, func(name string) bool { return v == Keyword(name) })
		ok, want = t.Descriptor >= 0, ":stdin, :stdout or :stderr"
	case "child":
		if ok = true; Truth(v) {
			t.Child = v
		}
	}
	if ok {
		return ""
	}
	return want
}

// wordList names words with their arguments, as in ":exit CODE, :stop".
func wordList(rows []*ChildWord) string {
	var out []string
	for _, row := range rows {
		text := ":" + row.Name
		for _, p := range row.Required {
			text += " " + strings.ToUpper(p.Name)
		}
		for _, p := range row.Optional {
			text += " [" + strings.ToUpper(p.Name) + "]"
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}
