package kit

import (
	"errors"
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// ErrAbsent is the error of an operation that isn't offered in the form in which it was called.
var ErrAbsent = errors.New("absent")

// One is what an operation returns that has one value.
func One(v spec.Value) []spec.Value { return []spec.Value{v} }

// Keyword is the value of a keyword argument, nil where it isn't given.
func Keyword(c spec.Call, name string) spec.Value {
	if v, ok := c.Key(name); ok {
		return v
	}
	return spec.Nil{}
}

// CheckCall is a program-error where the operation is called with a wrong number of arguments or with keywords that it doesn't have.
func CheckCall(c spec.Call) *spec.Condition {
	if err := spec.LookupOp(c.Op).CheckCall(c); err != nil {
		return ProgramError("%v", err)
	}
	return nil
}

// TypeError is the error about a value that is not what is wanted, as in TypeError("the name", v, "a string").
func TypeError(what string, v spec.Value, want string) *spec.Condition {
	return &spec.Condition{Type: "type-error", Message: fmt.Sprintf("%s %s is not what is wanted here: %s", what, v, want)}
}

// ProgramError is the error about a call that no function of that kind accepts.
func ProgramError(format string, args ...any) *spec.Condition {
	return &spec.Condition{Type: "program-error", Message: fmt.Sprintf(format, args...)}
}

// SimpleError is an error as any function may signal one.
func SimpleError(format string, args ...any) *spec.Condition {
	return &spec.Condition{Type: "simple-error", Message: fmt.Sprintf(format, args...)}
}
