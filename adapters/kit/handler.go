package kit

import "github.com/mpcheck/mpcheck/spec"

// handlerBind runs body. While it runs, handler is called for what an operation of the
// process signals, before the operation answers, with one argument: the list (TYPE MESSAGE)
// of two strings. A handler that returns declines.
func handlerBind(f *Frame, c spec.Call) ([]spec.Value, error) {
	body, err := f.sys.CodeOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	handler, err := f.sys.CodeOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	f.handler = handler
	defer func() { f.handler = 0 }()
	values, _ := f.Call(body, nil)
	return values, nil
}

// handle takes what the frame's operation signals to the handlers around it, from the inside out, and
// tells whether one has continued it; mu is held, but not while a handler runs. A handler-case leaves
// its body: the frame is then unwound. A handler runs outside the handler-bind that it is of, and so
// outside all that is inside this one.
func (f *Frame) handle(condition *spec.Condition) (continued bool) {
	f.signalled, f.continued = condition, false
	defer func() { f.signalled, f.handling, f.continued = nil, nil, false }()
	for around := f.outer; around != nil; around = around.outer {
		if around.handling != nil {
			around = around.handling
			continue
		}
		if around.catches && !around.unwound {
			around.caught = condition
			f.thread.UnwindTo(around)
			return false
		}
		if around.handler == 0 || around.unwound {
			continue
		}
		f.handling = around
		f.Call(around.handler, []spec.Value{
			spec.NewList(spec.String(condition.Type), spec.String(condition.Message)),
		})
		if f.continued || f.Over() {
			return f.continued
		}
	}
	return false
}

// withContinueRestart runs body and returns its value and nil; nil and t where the restart
// that it establishes was invoked.
func withContinueRestart(f *Frame, c spec.Call) ([]spec.Value, error) {
	body, err := f.sys.CodeOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	f.restarts, f.continued = true, false
	values, _ := f.Call(body, nil)
	f.restarts = false
	if f.continued {
		return []spec.Value{spec.Nil{}, spec.True{}}, nil
	}
	return []spec.Value{spec.Values(values...).Primary(), spec.Nil{}}, nil
}

// invokeRestart throws to the innermost restart named continue: that of an operation which
// signalled a continuable error and has a handler running, or of a with-continue-restart
// (SEND-DEAD-2).
func invokeRestart(f *Frame, c spec.Call) ([]spec.Value, error) {
	name, ok := c.Args[0].(spec.Symbol)
	if ok && name.Name == "continue" {
		for target := f.outer; target != nil; target = target.outer {
			offers := target.restarts || target.signalled != nil && target.signalled.Continuable
			if offers && !target.unwound {
				target.continued = true
				f.thread.UnwindTo(target)
				return nil, nil
			}
		}
	}
	return nil, &spec.Condition{Type: "control-error", Message: "no restart is named " + c.Args[0].String()}
}
