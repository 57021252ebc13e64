package child

import (
	"context"

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
	command := childCommand{Do: told.Command.Name, N: told.N, Text: told.Text, Error: told.Stderr, Seconds: told.Seconds}
	if told.Child != nil {
		after, ok := c.helperOf(h.system, told.Child)
		if !ok {
			return spec.Signal("type-error", "%v: %v is not a helper child of this system", call, told.Child), nil
		}
		if err := after.ready(ctx); err != nil {
			return spec.Return{}, err
		}
		command.After = after.processID()
	}
	if command.Do == spec.TellKill {
		if err := h.ready(ctx); err != nil {
			return spec.Return{}, err
		}
		return spec.Values(spec.True{}), h.kill(command.N)
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
	case "list":
		items := make([]spec.Value, len(answer.List))
		for i, text := range answer.List {
			items[i] = spec.String(text)
		}
		return spec.Values(spec.NewList(items...)), nil
	case "child":
		return spec.Values(grandchild.ref()), nil
	}
	return spec.Values(spec.True{}), nil
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
