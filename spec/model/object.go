package model

import "github.com/mpcheck/mpcheck/spec"

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
)

var kindNames = [...]string{"", "world", "process", "frame", "mailbox", "child", "function", "log", "cell", "gate", "object"}

func (k Kind) String() string { return kindNames[k] }

// world is the object that holds what belongs to nobody.
const world ID = 0

const testName = spec.String("mpcheck test")

// Cells of the objects. Those below the hashed count of the layout are hashed. The first
// cell of whatever makes objects counts them.
const (
	makerCount = iota
)

const (
	_ = iota + makerCount
	worldNow
	worldNextPID
	worldFirst // layout: the chain of processes, oldest first
	worldLast
	worldFree       // layout: chain of free nodes
	worldChildFirst // layout: the chain of children
	worldChildLast
	worldCells
)

const (
	_ = iota + makerCount
	processPhase
	processKilled
	processFrame // innermost frame, 0 where no code runs
	processName
	processFunction
	processArguments
	processMailbox
	processPriority
	processCleanups // count, and two cells of hash
	processCleanupsA
	processCleanupsB
	processCleanupHead // layout
	processNext        // layout
	processPrevious    // layout
	processCells
)

const (
	_ = iota // frames make nothing
	frameProcess
	frameParent
	frameCode // callback number
	frameArguments
	frameUnwound // a throw leads past it: whatever it does next, it is left
	frameState
	frameRule
	frameStage // how far an operation that runs code has come
	frameInner // what the code it ran last returned
	frameDeadline
	frameArg0
	frameArg1
	frameArg2
	frameArg3
	frameArg4
	frameFault // condition that decoding found
	frameStatus
	frameCount
	frameValue0
	frameValue1
	frameValue2
	frameCells
)

const (
	mailboxSize     = iota
	mailboxSequence // and the four cells after it
	mailboxCells    = mailboxSequence + sequenceCells
)

const (
	childPhase = iota
	childPID
	childGroup
	childTold // what it was last told and has not done, as a command
	childToldArg
	childStatus // exit code, or signal shifted left by 8
	childCommand
	childNext // layout
	childCells
)

const (
	functionCode = iota
	functionCells
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

type layout struct{ cells, hashed uint8 }

var layouts = [...]layout{
	kindWorld:    {worldCells, worldFirst},
	KindProcess:  {processCells, processCleanupHead},
	KindFrame:    {frameCells, frameCells},
	KindMailbox:  {mailboxCells, mailboxSequence + sequenceHashed},
	KindChild:    {childCells, childNext},
	KindFunction: {functionCells, functionCells},
	KindLog:      {logCells, logSequence + sequenceHashed},
	KindCell:     {cellCells, cellCells},
	KindGate:     {gateCells, gateCells},
	KindObject:   {1, 1},
}
