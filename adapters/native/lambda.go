package native

import "github.com/mpcheck/mpcheck/spec"

// isLambda tells whether a list that begins with head is a lambda expression.
func isLambda(head spec.Value) bool {
	symbol, ok := head.(spec.Symbol)
	return ok && symbol.Name == "LAMBDA"
}

// callLambda calls what follows LAMBDA in a list: its parameters, of which the first is bound to arg,
// and the calls that are its body. An argument of such a call is a parameter or stands for
// itself: what cleanup forms need (CLEAN-FORM-5), not an evaluator. complete is false where
// it is anything else, or a call left abnormally.
func (f *frame) callLambda(rest []spec.Value, arg spec.Value) (complete bool) {
	if len(rest) == 0 {
		return false
	}
	parameters, ok := spec.Items(rest[0])
	if !ok || len(parameters) != 1 {
		return false
	}
	for _, expression := range rest[1:] {
		call, ok := spec.Items(expression)
		if !ok || len(call) == 0 {
			return false
		}
		code, err := f.sys.FunctionOf(call[0])
		if err != nil {
			return false
		}
		args := append([]spec.Value(nil), call[1:]...)
		for i := range args {
			if spec.Eql(args[i], parameters[0]) {
				args[i] = arg
			}
		}
		if _, complete = f.Call(code, args); !complete {
			return false
		}
	}
	return true
}
