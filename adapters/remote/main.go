// Package remote runs adapters as processes of their own and keeps them on a lead.
//
// [Start] starts one adapter under a keeper (a re-exec of this very binary) that kills and
// reaps everything the adapter left behind, also after a SIGKILL of the harness. [NewPool]
// keeps one such process going from system to system and replaces it when it broke.
// [Control] is the harness's side of the helper children: programs that the system under
// test starts and the harness commands.
//
// Keeper and helper child are this binary again, called with another first word, so a
// program that uses the package calls [Main] before anything else. They are the packages
// keeper and child; what others may use of them has its name here too (rooms.go).
package remote

import (
	"fmt"

	"github.com/mpcheck/mpcheck/adapters/remote/child"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/remote/keeper"
)

// Main makes this program able to be its own keeper and helper child. Call it first thing:
// in main before flags are parsed, and in TestMain before m.Run.
//
// Where the first argument is an internal word (keeper, child, or a key of commands) it
// runs that command with the arguments after the word and exits with its status;
// otherwise it returns. (A helper child has by then started over, while the program was initialized: see the
// package quiet.) The word alone decides, never the environment: a helper child is
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
	words := map[string]func([]string) int{"keeper": keeper.Main, "child": child.Main, child.ProgramWord: child.ProgramMain}
	for _, more := range commands {
		for word, run := range more {
			if _, taken := words[word]; taken {
				panic(fmt.Sprintf("remote.Main: the word %q is taken", word))
			}
			words[word] = run
		}
	}
	proc.Play(words)
}

// Self returns the path of the running binary, by which it starts itself again. It is an
// error before [Main] was called: the new process would not know its part.
func Self() (string, error) { return proc.Self() }
