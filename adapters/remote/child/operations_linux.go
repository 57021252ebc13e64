package child

import (
	"context"
	"fmt"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/spec"
)

// tell executes (child-tell child command arguments...), see [spec.ChildCommands]. It waits for the
// child to connect, and for its acknowledgement; never for the effect of what ends or stops it.
func (c *Control) tell(ctx context.Context, h *helper, call spec.Call) (spec.Return, error) {
	told, err := spec.ReadTold(call)
	if err != nil {
		return spec.Signal("type-error", "%v: %v", call, err), nil
	}
	var after *helper
	if told.Child != nil {
		var ok bool
		if after, ok = c.helperOf(h.system, told.Child); !ok {
			return spec.Signal("type-error", "%v: %v is not a helper child of this system", call, told.Child), nil
		}
		if err := after.ready(ctx); err != nil {
			return spec.Return{}, err
		}
	}
	command := commandOf(told, after)
	switch command.Do {
	case spec.TellKill:
		if err := h.ready(ctx); err != nil {
			return spec.Return{}, err
		}
		return spec.Values(spec.True{}), h.kill(command.N)
	case spec.TellArgv, spec.TellEnviron, spec.TellInput:
		return h.recorded(ctx, command.Do)
	}
	var grandchild *helper
	if told.Command.Makes() == "child" {
		if grandchild, err = c.newHelper(h.system); err != nil {
			return spec.Return{}, err
		}
		command.Text = grandchild.token
	}
	answer, err := h.command(ctx, command)
	if err != nil {
		return spec.Return{}, err
	}
	switch told.Command.Results[0].Type {
	case "pid":
		return spec.Values(spec.Int(answer.N)), nil
	case "child":
		return spec.Values(grandchild.ref()), nil
	}
	return spec.Values(spec.True{}), nil
}

// commandOf is what a child is told, which may be to come after another.
func commandOf(told spec.Told, after *helper) childCommand {
	command := childCommand{
		Do: told.Command.Name, N: told.N, Text: told.Text, Error: told.Stderr, Descriptor: told.Descriptor, Seconds: told.Seconds,
	}
	if after != nil {
		command.After = after.processID()
	}
	return command
}

// recorded answers what the harness knows of a child, also once that has ended.
func (h *helper) recorded(ctx context.Context, word string) (spec.Return, error) {
	if err := h.ready(ctx); err != nil {
		return spec.Return{}, err
	}
	texts := h.argv
	switch word {
	case spec.TellInput:
		read, err := h.read(ctx)
		return spec.Values(textOf(read)), err
	case spec.TellEnviron:
		texts = h.environ
	}
	items := make([]spec.Value, len(texts))
	for i, text := range texts {
		items[i] = textOf(text)
	}
	return spec.Values(spec.NewList(items...)), nil
}

// textOf is a string of bytes: what is no UTF-8 is U+FFFD, each byte of it.
func textOf(text string) spec.String { return spec.String([]rune(text)) }

// plan executes (child-plan child command arguments...): a step of a child that doesn't run yet.
func (c *Control) plan(_ context.Context, h *helper, call spec.Call) (spec.Return, error) {
	told, err := spec.ReadTold(call)
	if err != nil {
		return spec.Signal("type-error", "%v: %v", call, err), nil
	}
	if !told.Command.Planned() {
		return spec.Signal("type-error", "%v: :%s is no step of a plan, which only a child can do of itself", call, told.Command.Name), nil
	}
	var after *helper
	if told.Child != nil {
		var ok bool
		if after, ok = c.helperOf(h.system, told.Child); !ok {
			return spec.Signal("type-error", "%v: %v is not a helper child of this system", call, told.Child), nil
		}
		if after.processID() == 0 {
			return spec.Return{}, fmt.Errorf("%v doesn't run yet: await that it is ready first", told.Child)
		}
	}
	return spec.Values(spec.True{}), h.add(commandOf(told, after))
}

// await executes (child-await child event), see [spec.ChildEvents].
func (c *Control) await(ctx context.Context, h *helper, call spec.Call) (spec.Return, error) {
	word := spec.LookupChildWord(spec.ChildEvents, call.Arg(1))
	if word == nil {
		return spec.Signal("type-error", "%v: unknown event %v", call, call.Arg(1)), nil
	}
	event := word.Name
	if err := h.ready(ctx); err != nil {
		return spec.Return{}, err
	}
	var ret spec.Return
	if event == spec.AwaitReady {
		return spec.Values(spec.Int(h.processID())), nil
	}
	// The end of a child shows in its connection; only the steps after it, and stopping,
	// have to be looked for. Signals come as messages.
	err := h.until(ctx, true, func() (bool, error) {
		if event == spec.AwaitSignal {
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
		ret = spec.Values(state.Keyword())
		happened := string(state) == event || event == spec.AwaitEnded && state.Ended()
		tooLate := state == spec.ChildAbsent || state == spec.ChildZombie && event != string(spec.ChildAbsent)
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
	stat, err := proc.ReadStat(int(pid))
	if err != nil {
		return spec.Signal("child-error", "%v", err)
	}
	state := stat.Kind()
	if state == spec.ChildAbsent {
		return spec.Values(state.Keyword(), spec.Nil{}, spec.Nil{})
	}
	return spec.Values(state.Keyword(), spec.Int(stat.Group), spec.Int(stat.Parent))
}
