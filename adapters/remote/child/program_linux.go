package child

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/child/internal/quiet"
)

// ProgramWord is the part of this binary that the kernel has it play for a helper child's program: [ProgramMain].
const ProgramWord = quiet.ProgramWord

// mostInterpreter is what fits the first line of a script, on kernels of all ages, with ProgramWord behind it.
const mostInterpreter = 100

// writeProgram writes the script that every helper child's program is a symbolic link to. The kernel hands this
// binary, its interpreter, the path of the link, which says which child is meant, and the arguments as they are.
// The answer is "" where the directory is one in which nothing can run.
func writeProgram(dir, self string) (string, error) {
	interpreter := self
	if len(self) > mostInterpreter || strings.ContainsAny(self, " \t\n") {
		interpreter = filepath.Join(dir, "self")
		if err := os.Symlink(self, interpreter); err != nil {
			return "", err
		}
	}
	path := filepath.Join(dir, "helper")
	// No fork may hold the script open for writing: it couldn't be run then.
	syscall.ForkLock.RLock()
	err := os.WriteFile(path, []byte(fmt.Sprintf("#!%s %s\n", interpreter, ProgramWord)), 0o700)
	syscall.ForkLock.RUnlock()
	if err != nil {
		return "", err
	}
	if unix.Access(path, unix.X_OK) != nil {
		return "", nil
	}
	return path, nil
}
