package child

// Harness and helper child talk JSON over a Unix socket, one message a line. The child
// says hello, then answers each command once; reports of signals come in between.
type (
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
		// Seconds to let pass first, and the process whose end to await before that, 0 for
		// none.
		Seconds float64 `json:"seconds,omitempty"`
		After   int     `json:"after,omitempty"`
	}

	// childMessage is what the child sends; exactly one of its parts is there.
	childMessage struct {
		Hello  *childHello  `json:"hello,omitempty"`
		Answer *childAnswer `json:"answer,omitempty"`
		// Signal is the number of a signal that arrived.
		Signal int `json:"signal,omitempty"`
	}

	childHello struct {
		Token string `json:"token"`
		PID   int    `json:"pid"`
	}

	// childAnswer says that a command was carried out, or why not. An answer to exit, die
	// and stop is sent before the deed.
	childAnswer struct {
		ID    int      `json:"id"`
		N     int      `json:"n,omitempty"`
		List  []string `json:"list,omitempty"`
		Error string   `json:"error,omitempty"`
	}
)
