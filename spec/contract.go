package spec

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The adapter contract, version v1. An implementation under test is an [Adapter]; it
// opens a [System] for each case; a case runs as callbacks, each of which gets a [Frame]
// and issues operations on it. The wire protocol (adapters/wire) carries the same
// contract to other processes and languages, and the simulator (refimpl) is an Adapter
// like any other.

// ContractVersion is the version of the operations table and of the wire protocol.
//
// It is frozen: an adapter that speaks it is served by every mpcheck of the same major version. Names of operations,
// of keywords that are claimed apart and of capabilities may be added.
const ContractVersion = "v1"

// Adapter is an implementation under test. Its methods may be called from any goroutine.
type Adapter interface {
	// Handshake says who the adapter is and what it claims. Nothing in it changes but the
	// pid, where a process was replaced.
	Handshake() Handshake
	// Open makes a fresh system. Systems of one adapter are used one after another.
	Open(ctx context.Context, cfg SystemConfig) (System, error)
	// Close ends the adapter and everything it started.
	Close() error
}

// SystemConfig is what a harness tells a new system. The zero value is valid.
type SystemConfig struct {
	// Seed feeds every choice that the adapter makes at random; on virtual time it
	// fixes the schedule.
	Seed uint64
	// Choices, where not nil, is asked instead of a generator made from Seed. Adapters in
	// another process ignore it.
	Choices Choices
	// Watchdog is how long one operation of the outermost frame may take on a real
	// clock before it is called stuck, beside the time that the operation itself was asked to
	// wait; 0 means [DefaultWatchdog], a negative one none: somebody else watches.
	Watchdog time.Duration
	// Recorder, where not nil, is told every label.
	Recorder Recorder
	// Messages, where not nil, is told every message between harness and adapter while the system is
	// open, from that which opens it to the answer which closes it: one line without its end, valid
	// during the call alone. Adapters without a wire have none. It is called by one goroutine at a
	// time for each direction, and must not wait.
	Messages func(sent bool, line []byte)
}

// DefaultWatchdog is the limit for one operation on a real clock (semantics 0.4).
const DefaultWatchdog = 20 * time.Second

// Func is code that runs inside a process: its function, a cleanup form, a hook. It
// issues operations on f until it returns the values of the Lisp function. Once an
// operation answers [Gone] the process has unwound: the Func must return at once, its
// values are not used.
type Func func(f Frame, args []Value) []Value

// System is one fresh world: the processes, mailboxes and children of one case.
type System interface {
	// Register makes fn callable by the system and returns its number.
	Register(fn Func) Callback
	// Run runs test as the outermost frame, in a process of its own, until that process has
	// ended: once test has returned it runs its cleanups, as every process does.
	// The error is a *[Stuck] or a *[Broken], or nil. Run is called once.
	Run(test func(Frame)) error
	// Abort makes the operation that the outermost frame waits in answer [Aborted], and
	// every later one. It may be called from any goroutine, also before and after Run.
	Abort()
	// Close tears the system down: it ends its processes and children, so that every Func
	// returns, and tells what had to be ended.
	Close() (Leftover, error)
}

// Discarder is a [System] that can be given up together with what runs it, where nothing good is
// to be expected of that any more: an operation hangs of which it is known that it does.
type Discarder interface {
	System
	// Discard makes every operation answer [Aborted] and Run return, and has Close wait for
	// nothing; the adapter replaces what ran the system. It may be called from any goroutine,
	// also before Run and after Close.
	Discard()
}

// Notebook is a [System] that follows what code does beside its operations: what it notes, and what it reads of that which
// any code has noted. All that code may depend on is its operations' answers and what it reads here. Methods are
// called by code that runs.
type Notebook interface {
	System
	// Note takes down that something was noted that nobody reads: in which order is no matter.
	Note(what string)
	// Add takes down that a value was put under a heading.
	Add(heading string, v Value)
	// Under takes down that code has read what stands under a heading, in the order of [Sorted].
	Under(heading string, values []Value)
}

// Leftover counts what a closing system still had: a process or child that a case left
// behind. An adapter that could not end something says so in Unclean; it is replaced.
type Leftover struct {
	Processes int  `json:"processes"`
	Children  int  `json:"children"`
	Unclean   bool `json:"unclean"`
}

// Frame is the handle for "the current process" while one callback runs. At most one
// operation is open on a frame; frames nested on the same process (a cleanup form, an
// interrupt) may be served while it is.
type Frame interface {
	// Do issues one operation and returns when it has returned.
	Do(call Call) Return
}

// ProcessFrame is a frame that says whose code it is. The frames of an adapter must have it: the
// specification judges a process by what its own code does, so that code which belongs to nobody
// proves that no process function, cleanup form, hook or handler ever ran.
type ProcessFrame interface {
	Frame
	// Process is the process that runs the frame's code, as a reference that names the same
	// process in values and arguments; nil on a thread that is no Lisp process. It doesn't change,
	// issues no operation, and may be called from any goroutine, also while one is open.
	Process() Value
}

// ProcessOf is the process that runs the code of a frame, nil where the frame names none.
func ProcessOf(f Frame) Value {
	p, ok := f.(ProcessFrame)
	if !ok {
		return nil
	}
	if v := p.Process(); v != (Nil{}) { // Lisp's nil names no process either
		return v
	}
	return nil
}

// ImageFrame is a frame that says in which image its code runs, where launched Lisps have frames of their own.
type ImageFrame interface {
	Frame
	// Image is the number of the image, in order of launching: 0 is the one that the harness opened. It doesn't change,
	// issues no operation, and may be called from any goroutine.
	Image() int
}

// ImageOf is the image in which the code of a frame runs, 0 where the frame names none.
func ImageOf(f Frame) int {
	i, ok := f.(ImageFrame)
	if !ok {
		return 0
	}
	return i.Image()
}

// ErrNoProcess is the fault of an adapter whose frames don't name their process.
var ErrNoProcess = errors.New("the adapter ran code of a process without naming the process: " +
	"want it in the field process of enter, or in Go from Process of spec.ProcessFrame, which the frames of an adapter must have (docs/adapters.md)")

// Call is one operation with its arguments. Keys keep the order in which they are given.
type Call struct {
	Op   string
	Args []Value
	Keys []Key
}

// Key is one keyword argument; the name has no colon.
type Key struct {
	Name  string
	Value Value
}

// Key returns the value of the first keyword argument of that name.
func (c Call) Key(name string) (Value, bool) {
	for _, k := range c.Keys {
		if k.Name == name {
			return k.Value, true
		}
	}
	return nil, false
}

// Status is how an operation ended.
type Status uint8

const (
	// Returned: the operation returned Values.
	Returned Status = iota
	// Signalled: the operation signalled the error Condition to its caller.
	Signalled
	// Gone: the frame's process has unwound; the Func must return at once.
	Gone
	// Absent: the adapter doesn't offer the operation, or not with these keywords.
	Absent
	// Aborted: the harness gave the case up; the Func must return at once.
	Aborted
)

var statusNames = [...]string{"returned", "signalled", "gone", "absent", "aborted"}

func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("status(%d)", uint8(s))
}

// ParseStatus reads the name of a status.
func ParseStatus(name string) (Status, error) {
	if i := slices.Index(statusNames[:], name); i >= 0 {
		return Status(i), nil
	}
	last := len(statusNames) - 1
	return 0, fmt.Errorf("want a status (%s or %s), got %q", strings.Join(statusNames[:last], ", "), statusNames[last], Brief(name, NameLength))
}

// Return is the outcome of one operation. Values may be empty: Lisp functions may return
// no values. The zero Return is a return without values.
type Return struct {
	Status    Status
	Values    []Value
	Condition *Condition
}

// Condition describes a signalled error. Continuable is true where a restart named
// continue was established by the operation.
type Condition struct {
	Type        string `json:"type"`
	Message     string `json:"message"`
	Continuable bool   `json:"continuable,omitempty"`
}

// OutOfResources is the type of the condition by which an adapter says that the operating system
// refused what an operation needs - a descriptor, a process, memory - and that this says nothing of
// the implementation. A case that meets it is not applicable on this machine.
const OutOfResources = "out-of-resources"

func (c *Condition) Error() string {
	return Brief(c.Type, NameLength) + ": " + Brief(c.Message, LineLength)
}

// Values returns a normal return of those values.
func Values(values ...Value) Return { return Return{Values: values} }

// Signal returns the outcome of an operation that signalled an error.
func Signal(kind, format string, args ...any) Return {
	return Return{Status: Signalled, Condition: &Condition{Type: kind, Message: fmt.Sprintf(format, args...)}}
}

// Primary is the first value, Nil where there is none, as Lisp has it.
func (r Return) Primary() Value { return r.Nth(0) }

// Nth is the value at index i, Nil where there are fewer.
func (r Return) Nth(i int) Value {
	if i < len(r.Values) {
		return r.Values[i]
	}
	return Nil{}
}

// Stuck is the error of a run that can't go on: an operation that never returns. On
// virtual time it is proven (nothing can run); on a real clock the watchdog ran out while
// the adapter still answered.
type Stuck struct {
	// Op is the operation of the outermost frame that didn't return.
	Op string
	// Waits says of each blocked frame what it waits for, one line each; a line about a cycle of
	// them may follow.
	Waits []string
	// Graph says besides who could end these waits, where that is known; Waits then has its
	// lines.
	Graph WaitGraph
	// Proven is true on virtual time.
	Proven bool
}

func (s *Stuck) Error() string {
	if s.Proven {
		return s.Op + " can never return: nothing else can run"
	}
	return s.Op + " did not return before the watchdog ran out; the adapter still answers"
}

// Broken is the error of a run whose harness or adapter broke: a crash, a hang without
// an answer to ping, a malformed message. It says nothing about the documents.
type Broken struct {
	// What was being done, and what went wrong.
	Doing string
	Err   error
	// Own is true where the adapter itself tells that it broke, as of a panic in its code. What
	// was seen of it in that run, also before, may have come of it and is not judged.
	Own bool
}

func (b *Broken) Error() string { return b.Doing + ": " + b.Err.Error() }
func (b *Broken) Unwrap() error { return b.Err }
