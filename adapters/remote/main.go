// Package remote runs adapters as processes of their own and keeps them on a lead.
//
// [Start] starts one adapter under a keeper (a re-exec of this very binary) that kills and
// reaps everything the adapter left behind, also after a SIGKILL of the harness. [NewPool]
// keeps one such process going from system to system and replaces it when it broke.
// [Control] is the harness's side of the helper children: programs that the system under
// test starts and the harness commands.
//
// Keeper and helper child are this binary again, called with another first word, so a
// program that uses the package calls [Main] before anything else.
package remote

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
)

// mainCalled is set once Main has looked at the arguments: from then on this binary can be
// started again as a keeper or child. Before, its re-exec would do whatever the binary
// does, which for a test binary means running all tests again.
var mainCalled atomic.Bool

// Main makes this program able to be its own keeper and helper child. Call it first thing:
// in main before flags are parsed, and in TestMain before m.Run.
//
// Where the first argument is an internal word (keeper, child, or a key of commands) it
// runs that command with the arguments after the word and exits with its status;
// otherwise it returns. The word alone decides, never the environment: a helper child is
// started by the system under test, which may replace the environment. A test binary is
// safe from confusion because go test passes flags first.
//
// A test registers its own programs through commands, for example an adapter to be served:
//
//	func TestMain(m *testing.M) {
//		remote.Main(map[string]func([]string) int{"serve-native": serveNative})
//		os.Exit(m.Run())
//	}
func Main(commands ...map[string]func(args []string) int) {
	words := map[string]func([]string) int{"keeper": KeeperMain, "child": ChildMain}
	for _, more := range commands {
		for word, run := range more {
			if _, taken := words[word]; taken {
				panic(fmt.Sprintf("remote.Main: the word %q is taken", word))
			}
			words[word] = run
		}
	}
	mainCalled.Store(true)
	if len(os.Args) < 2 {
		return
	}
	if run, ok := words[os.Args[1]]; ok {
		os.Exit(run(os.Args[2:]))
	}
}

// Self returns the path of the running binary, by which it starts itself again. It is an
// error before [Main] was called: the new process would not know its part.
func Self() (string, error) {
	if !mainCalled.Load() {
		return "", errors.New("this program cannot start itself as a keeper or helper child: " +
			"call remote.Main first thing in main or TestMain")
	}
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding the running binary, to start it again: %w", err)
	}
	return path, nil
}

// lastWords reports on stderr why an internal command failed, and returns status.
func lastWords(status int, command string, err error) int {
	fmt.Fprintf(os.Stderr, "mpcheck %s: %v\n", command, err)
	return status
}
