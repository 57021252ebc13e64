package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Kind is the kind of an object.
type Kind uint8

// The kinds of objects.
const (
	kindWorld Kind = iota + 1
	KindProcess
	KindFrame
	KindMailbox
	KindChild
	KindFunction
	KindLog
	KindCell
	KindGate
	KindObject // made by `new`, for its identity
	KindThread // one that is no process
	KindTimer
	KindImage  // one beside the first
	KindStream // bytes on their way, to external programs and from them
	KindFile
	KindProgram // the process object of an external program
	KindForeign // a thread that the Lisp did not create
	KindBoard   // entries that code of all images shares
)

var kindNames = [...]string{"", "world", "process", "frame", "mailbox", "child", "function", "log", "cell", "gate", "object", "thread", "timer", "image", "stream", "file", "external-process", "foreign-thread", "board"}

func (k Kind) String() string { return kindNames[k] }

// KindNamed is the kind that a type of the operations table names.
func KindNamed(name string) (Kind, bool) {
	i := slices.Index(kindNames[:], name)
	return Kind(i), i > 0
}

// world is the object that holds what belongs to nobody.
const world ID = 0

const testName = spec.String("mpcheck test")

// Cells of the objects. Some only lay things out and are not hashed: see layouts.

// An image is a running Lisp: see image.go.
const (
	imageOldest = iota // layout: the chain of its processes, oldest first
	imageYoungest
	imageThreads   // layout: the chain of its threads that are no processes, the latest first
	imageNext      // layout: the chain of images
	imageSuspender // the frame that suspends its other processes
	imageGlobals   // the values of symbols, see binding.go
	imageFunctions // the functions that symbols name, in the same way
	imageState     // of its multiprocessing: see image.go
	imageNumber    // which of those that were launched it is, 0 for the first image
	imageOrigin    // of which file it is, and how it starts: see image_law.go
	imageTyped     // code that was typed in and not read yet, a list
	imageQuits     // how somebody ends the others, of an open state: see image_stop.go
	imageSent      // processes were sent what may end whoever handles it, of which an open state doesn't know what it is
	imageCells

	imageHashed = imageSuspender // the first that is
)

// What belongs to the implementation and its operating system; and the first image, whose cells come first.
const (
	worldNow        = iota + imageCells
	worldSticky     // choices that the system has made once and for all
	worldDefault    // whether it is known what a send with :default makes of some priority,
	worldDefaultOf  // of which one,
	worldDefaultIs  // and what it makes of it
	worldSignals    // how many signals have come of children, in an open state: see [State.disturb]
	worldInherited  // what an implementation hands on to programs, a list, once it has shown
	worldIgnores    // the Lisp ignores the signals of its children's ends
	worldTimers     // layout: the chain of timers, the latest first
	worldFree       // layout: chain of free nodes
	worldChildFirst // layout: the chain of children
	worldChildLast
	worldCells
)

// A thread executes frames: see thread.go. A process is one, and has these cells first.
const (
	threadCalls   = iota // the calls that its code has made, the open one included
	threadEntered        // the number of the next frame that it enters
	threadFrame          // innermost frame, 0 where no code runs
	threadProcess        // whose code it executes: itself, or one that is attached to it
	threadCells
)

const (
	processThread = iota + threadCells // what executes its code
	processImage
	processBoxes // the mailboxes that were made for it
	processPhase
	processKilled
	processName
	processFunction
	processDesignator // what the function was given as
	processDying      // it was asked to end, or is being left: it may answer as if it had ended
	processForm       // the cleanup form that runs
	processArguments
	processMailbox
	processPriority
	processComputed    // how its priority is computed when it is next read
	processPending     // the number that a failed send may have set
	processRefuses     // a send to it was answered as one to a dead process
	processUnboxed     // its mailbox was taken away
	processFirst       // see [State.leaveActs]
	processStands      // it waits in a debugger, in a cleanup form
	processStop        // see stop.go
	processMark        // see internal.go
	processBindings    // its dynamic bindings, see binding.go
	processOutside     // and how many of them there were when its cleanups began
	processRemote      // its terminate method: a function that whoever terminates it calls, as a term; 0 for none
	processLocal       // or that it calls itself
	processBySend      // or it is terminated by a send: see terminate.go
	processSent        // it was sent what may end it, see imageSent
	processTerminated  // it was terminated, of an open state: it may answer as if it had ended, whatever its method does
	processForce       // a timer that kills it, 0 for none
	processInterrupts  // what it is interrupted with and has yet to take: a list, 0 for nothing
	processForeign     // the foreign thread that calls in, 0 for every other process: see foreign.go
	processServes      // the frame whose operation waits for that,
	processReturned    // and what the outermost callable has returned
	processFound       // what was found in its forms, a list, 0 for nothing yet, NilTerm where one was left for good: see foreign_form.go
	processRan         // the cleanups that have run, of a foreign thread in an open state
	processStartup     // it was made as multiprocessing started: see image_start.go
	processReads       // it has a read-eval-print loop: see image.go
	processInterrupted // how many of its waits for a child were interrupted by a signal
	processCleanups    // count, and two cells of hash
	processCleanupsA
	processCleanupsB
	processCleanupHead // layout
	processNext        // layout
	processPrevious    // layout
	processCells
)

const (
	_ = iota // frames make nothing
	frameThread
	frameParent
	frameKind
	frameScope // what holds while its code runs, and that of frames nested in it
	frameCode  // callback number
	frameArguments
	frameUnwound // a throw leads past it: whatever it does next, it is left; see frame.go
	frameState
	frameRule
	frameCall    // which of its thread's calls it is, once code has begun in it: see callOf
	frameStage   // how far an operation that runs code has come
	frameInner   // what the code it ran last returned
	frameHandler // the operation whose handler runs for the error of this one
	frameDeadline
	frameSlots    = iota                 // and those after it: see slot.go
	frameFault    = iota + nearSlots - 1 // condition that decoding found
	frameDoubt                           // condition that an open state may signal
	frameVain                            // and else nothing is done
	frameForetold                        // first value that it is known to return
	frameForetoldCount
	frameStatus
	frameCount
	frameValues                                     // and those after it
	frameMore   = iota + nearSlots + valueCells - 2 // layout: the first cell of the slots beyond those, 0 for none,
	frameRoom                                       // and how many they are
	frameCells
)

const (
	mailboxSize     = iota
	mailboxMost     // of an open state: what the size is at most, where mailboxSize is what it is at least
	mailboxMaker    // the process that made it by make-mailbox
	mailboxSequence // and the four cells after it
	mailboxCells    = mailboxSequence + sequenceCells
)

const (
	childPhase = iota
	childPID
	childGroup
	childParent  // process id
	childKind    // what it is and whose
	childTold    // what it was last told and has not done, as a command
	childToldArg // exit code or signal
	childTimed   // it will exit of itself: with this code, one more than it so that 0 is none,
	childDelay   // that many microseconds after
	childAfter   // that other child has ended, 0 for none
	childTimer   // which rings then
	childStatus  // exit code, or signal shifted left by 16
	childWhole   // the argument of its exit, where a wait that keeps all bits has yet to tell it
	childCommand
	childStdin  // what its standard streams are: see descriptor.go
	childStdout // and the one after it
	childStderr
	childOut // what it has to write to each, as streams that hold it
	childErr
	childInput   // what it has read, as a stream that holds it
	childSteps   // what it does of itself, as a log: see child_step.go
	childPlan    // how many of the steps come before it obeys
	childDone    // how far the first of them has come
	childPause   // a timer, while it lets time pass
	childIgnores // signals that it ignores, a bit each
	childReports // it reports signals instead of being ended by them
	childSignals // those that it has reported, as a log
	childPending // signals that were sent and have not arrived, a bit each
	childLate    // what it was told and nobody waits for any longer, as frames: see child_late.go
	childArguments
	childEnvironment
	childGiven   // the variables that it was given, and whether there are no others
	childProgram // the process object that stands for it, 0 for none
	childNext    // layout
	childCells
)

const (
	functionCode = iota
	functionCells
)

const (
	objectType  = iota // a keyword
	objectParts        // a list
	objectCells
)

const (
	logSequence = iota
	logCells    = logSequence + sequenceCells
)

const (
	cellValue = iota
	cellCells
)

const (
	gateOpen = iota
	gateCells
)

// A stream is what external programs read and write: a pipe with its capacity, a text, a file that is open. See
// stream.go.
const (
	streamKind     = iota
	streamCapacity // how many bytes it holds at most, 0 for any number
	streamDrained  // how many of them whoever reads it in the Lisp has taken out of the pipe already
	streamFile     // the file that it is open on,
	streamOffset   // and how much of that was read
	streamEnds     // which ends of it the Lisp has open
	streamBytes    // and the four cells after it
	streamCells    = streamBytes + bytesCells
)

const (
	fileExists    = iota
	fileImage     // the kind of image that was saved in it, 0 for none: see image_save.go
	fileStarts    // how that starts,
	fileFunction  // and with which function, 0 for none
	fileGlobals   // what symbols had as values,
	fileFunctions // and as names of functions
	fileBytes     // and the four cells after it
	fileCells     = fileBytes + bytesCells
)

// The process object of an external program: see program.go.
const (
	programChild  = iota
	programStream // what it makes of its three standard streams for the Lisp, 0 where nothing
	_
	_
	programFlags
	programHook    // what is called when its status changes, as a term; 0 for nothing
	programCalled  // how often that was
	programTold    // the status of which it was told last
	programChanges // how often the status has changed
	programShown   // the status that the Lisp has seen
	programPassed  // the statuses that the Lisp may have yet to hear of, see passes
	programCells
)

// A foreign thread: see foreign.go.
const (
	foreignImage   = iota
	foreignProcess // that it had in its latest call, 0 before that
	foreignBusy    // it has called in, and is not back
	foreignLog     // and the four cells after it
	foreignCells   = foreignLog + sequenceCells
)

// A layout is how many cells an object has, and which of them are hashed: from one up to another.
type layout struct{ cells, from, hashed uint8 }

var layouts = [...]layout{
	kindWorld:    {worldCells, imageHashed, worldTimers},
	KindProcess:  {processCells, 0, processCleanupHead},
	KindFrame:    {frameCells, 0, frameMore},
	KindMailbox:  {mailboxCells, 0, mailboxSequence + sequenceHashed},
	KindChild:    {childCells, 0, childNext},
	KindFunction: {functionCells, 0, functionCells},
	KindLog:      {logCells, 0, logSequence + sequenceHashed},
	KindCell:     {cellCells, 0, cellCells},
	KindGate:     {gateCells, 0, gateCells},
	KindObject:   {objectCells, 0, objectCells},
	KindThread:   {processCells, 0, processCleanupHead},
	KindTimer:    {timerCells, 0, timerNext},
	KindImage:    {imageCells, imageHashed, imageCells},
	KindStream:   {streamCells, 0, streamBytes + bytesHashed},
	KindFile:     {fileCells, 0, fileBytes + bytesHashed},
	KindProgram:  {programCells, 0, programCells},
	KindForeign:  {foreignCells, 0, foreignLog + sequenceHashed},
	KindBoard:    {logCells, 0, logSequence + sequenceHashed},
}
