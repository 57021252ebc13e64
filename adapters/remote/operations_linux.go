package remote

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// tell executes (child-tell child command arguments...). It waits for the child to connect,
// and for its acknowledgement; never for the effect of one that ends or stops it.
//
//	:exit CODE                => t    any integer that fits _exit's; output is written first
//	:exit-after CODE SECONDS [CHILD] => t  exits of itself, that long after now, or after
//	                             that other child has ended; until then it obeys
//	:die SIGNAL               => t    raises it on itself at its default action
//	:stop                     => t    SIGSTOP to itself
//	:own-group                => the group it then leads
//	:join-group GROUP         => the group it is then in
//	:argv, :environ           => a list of strings
//	:report-signals           => t    signals no longer act on it: child-await tells them
//	:ignore SIGNAL            => t
//	:echo TEXT [:stderr]      => t    as it is, once written
//	:flood BYTES [:stderr]    => t    before it is written: a reader must empty the pipe
//	:spawn-grandchild         => a reference to the new child of this child
//	:kill SIGNAL              => t    sent by the harness, for a child that can't listen
func (c *Control) tell(ctx context.Context, h *helper, call spec.Call) (spec.Return, error) {
	done := spec.Values(spec.True{})
	word, ok := keyword(call.Arg(1))
	shape, known := tellShapes[word]
	if !ok || !known {
		return spec.Signal("type-error", "%v: unknown command %v", call, call.Arg(1)), nil
	}
	arguments := call.Args[2:]
	var after *helper
	if word == doExitAfter && len(arguments) == 3 {
		var ok bool
		if after, ok = c.helperOf(h.system, arguments[2]); !ok {
			return spec.Signal("type-error", "%v: %v is not a helper child of this system", call, arguments[2]), nil
		}
		arguments = arguments[:2]
	}
	command, err := shape.command(word, arguments)
	if err != nil {
		return spec.Signal("type-error", "%v: %v", call, err), nil
	}
	if after != nil {
		if err := after.ready(ctx); err != nil {
			return spec.Return{}, err
		}
		command.After = after.processID()
	}
	if word == tellKill {
		if err := h.ready(ctx); err != nil {
			return spec.Return{}, err
		}
		return done, h.kill(command.N)
	}
	var grandchild *helper
	if word == doSpawn {
		if grandchild, err = c.newHelper(h.system); err != nil {
			return spec.Return{}, err
		}
		command.Text = grandchild.token
	}
	answer, err := h.command(ctx, command)
	if err != nil {
		return spec.Return{}, err
	}
	switch word {
	case doOwnGroup, doJoinGroup:
		return spec.Values(spec.Int(answer.N)), nil
	case doArgv, doEnviron:
		items := make([]spec.Value, len(answer.List))
		for i, text := range answer.List {
			items[i] = spec.String(text)
		}
		return spec.Values(spec.NewList(items...)), nil
	case doSpawn:
		return spec.Values(grandchild.ref()), nil
	}
	return done, nil
}

// tellKill is the one command that the harness carries out itself.
const tellKill = "kill"

// maxDelay, in seconds, is more than any case lets a child wait.
const maxDelay = 3600

// A tellShape says what arguments a command has.
type tellShape struct {
	number, text bool // the first argument
	stream       bool // an optional :stderr
	seconds      bool // a second argument
}

var tellShapes = map[string]tellShape{
	doExit:          {number: true},
	doExitAfter:     {number: true, seconds: true},
	doDie:           {number: true},
	doStop:          {},
	doOwnGroup:      {},
	doJoinGroup:     {number: true},
	doArgv:          {},
	doEnviron:       {},
	doReportSignals: {},
	doIgnore:        {number: true},
	doEcho:          {text: true, stream: true},
	doFlood:         {number: true, stream: true},
	doSpawn:         {},
	tellKill:        {number: true},
}

// command reads the arguments of a command.
func (s tellShape) command(word string, args []spec.Value) (childCommand, error) {
	command := childCommand{Do: word}
	take := func() spec.Value {
		if len(args) == 0 {
			return nil
		}
		first := args[0]
		args = args[1:]
		return first
	}
	switch {
	case s.number:
		n, ok := take().(spec.Int)
		if !ok || int64(n) != int64(int32(n)) {
			return command, fmt.Errorf(":%s wants an integer of 32 bits", word)
		}
		command.N = int(n)
	case s.text:
		text, ok := take().(spec.String)
		if !ok {
			return command, fmt.Errorf(":%s wants a string", word)
		}
		command.Text = string(text)
	}
	if s.seconds {
		seconds, ok := spec.Seconds(take())
		if !ok || !(seconds >= 0 && seconds <= maxDelay) {
			return command, fmt.Errorf(":%s wants a number of seconds from 0 to %d as its second argument", word, maxDelay)
		}
		command.Seconds = seconds
	}
	if s.stream && len(args) > 0 {
		stream, _ := keyword(take())
		if stream != "stdout" && stream != "stderr" {
			return command, fmt.Errorf("the last argument of :%s is :stdout or :stderr", word)
		}
		command.Error = stream == "stderr"
	}
	if len(args) > 0 {
		return command, fmt.Errorf("too many arguments for :%s", word)
	}
	return command, nil
}

// await executes (child-await child event).
//
//	:ready    => its process id, once it has connected
//	:zombie, :absent, :stopped => that keyword, once it is in that state
//	:ended    => :zombie or :absent, whichever it is first seen in
//	:signal   => the number of the next signal that it reports
//
// Where the event can no longer happen, because the child has ended (for :zombie: has been
// reaped), the answer is :zombie or :absent, as it is, at once.
func (c *Control) await(ctx context.Context, h *helper, call spec.Call) (spec.Return, error) {
	event, ok := keyword(call.Arg(1))
	if !ok || !slices.Contains([]string{"ready", "zombie", "absent", "stopped", "ended", "signal"}, event) {
		return spec.Signal("type-error", "%v: unknown event %v", call, call.Arg(1)), nil
	}
	if err := h.ready(ctx); err != nil {
		return spec.Return{}, err
	}
	var ret spec.Return
	if event == "ready" {
		return spec.Values(spec.Int(h.processID())), nil
	}
	// The end of a child shows in its connection; only the steps after it, and stopping,
	// have to be looked for. Signals come as messages.
	err := h.until(ctx, true, func() (bool, error) {
		if event == "signal" {
			if len(h.signals) > 0 {
				ret = spec.Values(spec.Int(h.signals[0]))
				h.signals = h.signals[1:]
				return true, nil
			}
			if !h.hungUp {
				return false, nil
			}
		}
		state, err := h.state()
		if err != nil {
			return false, err
		}
		ret = spec.Values(spec.Keyword(string(state)))
		happened := string(state) == event || event == "ended" && state.ended()
		tooLate := state == absent || state == zombie && event != "absent"
		return happened || tooLate, nil
	})
	return ret, err
}

// pidState executes (pid-state pid): the state, the process group and the parent, the last
// two nil for a process that doesn't exist.
func pidState(v spec.Value) spec.Return {
	pid, ok := v.(spec.Int)
	if !ok {
		return spec.Signal("type-error", "%v is no process id: want an integer", v)
	}
	stat, err := readStat(int(pid))
	if err != nil {
		return spec.Signal("child-error", "%v", err)
	}
	state := stat.kind()
	if state == absent {
		return spec.Values(spec.Keyword(string(absent)), spec.Nil{}, spec.Nil{})
	}
	return spec.Values(spec.Keyword(string(state)), spec.Int(stat.group), spec.Int(stat.parent))
}

// keyword is the name of a keyword in lower case.
func keyword(v spec.Value) (string, bool) {
	symbol, ok := v.(spec.Symbol)
	return strings.ToLower(symbol.Name), ok && symbol.Package == "KEYWORD"
}
