//go:build !linux

package native

// childOperations is empty: elsewhere the adapter doesn't offer children, for only Linux
// lets it watch them without reaping them.
var childOperations map[string]operation

type (
	child   struct{}
	program struct{}
)

func (s *system) killChildren() {}
func (s *system) reapChildren() {}
