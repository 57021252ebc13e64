package child

// Harness and helper child talk JSON over a Unix socket, one message a line. The child
// says hello, gets a welcome and says that it has it, then answers each command once; reports of signals, and what
// it has read, come in between.
type (
	// childWelcome is what the harness says to a hello: what was planned, to be done in order.
	childWelcome struct {
		Plan []childCommand `json:"plan,omitempty"`
	}

	// childCommand is what the harness sends.
	childCommand struct {
		// ID comes back with the answer.
		ID int `json:"id"`
		// Do is the command: the name of a row of [spec.ChildCommands].
		Do string `json:"do"`
		// N is an exit code, signal, process group or count of bytes.
		N int `json:"n,omitempty"`
		// Text is what to echo, or the token of a grandchild.
		Text string `json:"text,omitempty"`
		// Error sends output to stderr instead of stdout.
		Error bool `json:"error,omitempty"`
		// Descriptor is that to be closed.
		Descriptor int `json:"descriptor,omitempty"`
		// Seconds to let pass first, and the process whose end to await before that, 0 for
		// none.
		Seconds float64 `json:"seconds,omitempty"`
		After   int     `json:"after,omitempty"`
	}

	// childMessage is what the child sends; exactly one of its parts is there.
	childMessage struct {
		Hello *childHello `json:"hello,omitempty"`
		// Welcomed says that the welcome has come, and that the plan begins.
		Welcomed bool         `json:"welcomed,omitempty"`
		Answer   *childAnswer `json:"answer,omitempty"`
		// Signal is the number of a signal that arrived.
		Signal int `json:"signal,omitempty"`
		// Input was read from standard input; the harness says tookInput once it has recorded it.
		Input []byte `json:"input,omitempty"`
		// Fault says why a planned step failed.
		Fault string `json:"fault,omitempty"`
	}

	childHello struct {
		Token string `json:"token"`
		PID   int    `json:"pid"`
		// Argv are the arguments after the program, without those that are the harness's own.
		Argv    []string `json:"argv,omitempty"`
		Environ []string `json:"environ,omitempty"`
	}

	// childAnswer says that a command was carried out, or why not. An answer to exit, die
	// and stop is sent before the deed.
	childAnswer struct {
		ID    int    `json:"id"`
		N     int    `json:"n,omitempty"`
		Error string `json:"error,omitempty"`
	}
)

// tookInput is what the harness says instead of a command once it has recorded an input.
const tookInput = "took-input"
