package wire

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/mpcheck/mpcheck/spec"
)

// ServeInherited serves an adapter on the descriptors that a harness handed down and named
// in the environment as MPCHECK_IN and MPCHECK_OUT, until the harness says bye or is gone,
// and then closes the adapter. It is all of main that an adapter in Go needs:
//
//	if err := wire.ServeInherited(context.Background(), newAdapter()); err != nil {
//		log.Fatal(err)
//	}
//
// Children don't inherit the descriptors. An [*InheritError] says that no harness started
// this program.
func ServeInherited(ctx context.Context, adapter spec.Adapter) error {
	in, err := inherit("MPCHECK_IN")
	if err != nil {
		return err
	}
	out, err := inherit("MPCHECK_OUT")
	if err != nil {
		return err
	}
	err = Serve(ctx, adapter, in, out)
	if closeErr := adapter.Close(); err == nil {
		err = closeErr
	}
	return err
}

// InheritError says that a descriptor of the harness's is missing.
type InheritError struct{ Name, Value, Fault string }

func (e *InheritError) Error() string {
	return fmt.Sprintf("%s is %q, %s: an adapter is started by the harness, mpcheck run -- COMMAND", e.Name, e.Value, e.Fault)
}

// inherit opens the descriptor that the environment names.
func inherit(name string) (*os.File, error) {
	text := os.Getenv(name)
	fd, err := strconv.Atoi(text)
	if err != nil || fd < 0 {
		return nil, &InheritError{name, text, "not a descriptor"}
	}
	if fault := closeOnExec(fd); fault != "" {
		return nil, &InheritError{name, text, fault}
	}
	return os.NewFile(uintptr(fd), name), nil
}
