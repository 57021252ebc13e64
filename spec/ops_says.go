package spec

// What an implementer has to know of an operation beside its lambda list and its clauses: of all of the
// kit, which no document describes, and of what a case passes otherwise than one would guess.
var says = map[string]string{
	// Objects and code.
	"new": "Makes a fresh object, which nothing else is the same as: :cons of two parts, :list of elements (a chain of fresh " +
		"conses; no elements make nil itself), :string of a text, :vector of elements, :structure of slots, and :hash-table, :function (it " +
		"returns nil), :symbol, :pathname, :object. The answer is otherwise a reference, never the literal.",
	"eq":            "Are both the same object? Numbers and characters are compared by value, literal strings and lists are never the same.",
	"make-function": "A function that enters the callback with its arguments, each time that it is called. Each call of make-function makes another function.",
	"defun":         "The symbol names the callback from now on; what it named before is forgotten. Symbols are interned: the same name and package are the same symbol.",
	"funcall":       "Calls a function, or a symbol that names one, on the current process, in a nested frame; all values are returned. A bare callback is none: make-function comes first.",
	// Shared state.
	"make-log":   "A log is an append-only list that processes share.",
	"log-append": "Adds at the end, at one instant.",
	"log-read":   "The entries, oldest first, as a list; they stay.",
	"make-cell":  "A cell holds a value that processes share.",
	"cell-get":   "What the cell holds.",
	"cell-set":   "Puts a value into the cell, at one instant. Whoever waits with a predicate about the cell looks again.",
	"make-gate":  "A gate is closed until it is opened, and stays open.",
	"gate-open":  "All who wait at the gate go on, and whoever comes later.",
	"gate-wait":  "Returns once the gate is open. A kill reaches who waits here, as in every operation that waits.",
	"await": "Waits until the predicate holds, and returns t; nil once the seconds have passed. The predicate is a list: (:always), (:never), " +
		"(:cell-is CELL VALUE), (:cell-not CELL VALUE), (:has-mail MAILBOX), (:and P...), (:or P...), or (:recording LOG P), which appends the list " +
		"(current-process get-current-process) to the log each time it is evaluated and holds while P does. What a cell holds is compared by eql, " +
		"strings and lists by equal. A wait function of process-wait, mailbox-wait-for-event and others is the same list, and nil is one that never holds. " +
		"Which process evaluates it is left open.",
	"pause": "Returns after at least so many seconds. Seconds are an integer, a ratio or a float, everywhere.",
	// Unwinding and conditions.
	"unwind-protect": "Runs the body, then the cleanup, both in nested frames; the cleanup also where the body is left by a kill or a throw. The body's values.",
	"handler-case":   "Runs the body, and where an operation in it signals an error leaves it, runs the handler with (TYPE MESSAGE) and returns the handler's values; else the body's.",
	"handler-bind":   "Runs the body; the handler is called with (TYPE MESSAGE) before an operation in it answers with its error, and declines by returning. The body's values.",
	"with-continue-restart": "Runs the body with a restart named continue around it: two values, the body's first and nil, or nil and t where the restart was invoked, " +
		"which leaves the body.",
	"invoke-restart": "Leaves for the innermost restart of that name: that of with-continue-restart, or of an operation that signalled a continuable " +
		"error and whose handler runs; that operation then returns. Without one, an error. The harness names it by the symbol continue, in lower case and " +
		"without a package.",
	"signal-error": "Signals a simple-error with the message. Where nobody handles it PROC-EXIT-4 says what becomes of the process; the operation never returns then: it " +
		"answers gone, at once where the process ends by the error, else once it is killed.",
	// Streams.
	"open-file-stream":          "A character stream on a file, a string in the host's own syntax. Direction is :input, or :output, which makes a fresh file.",
	"make-string-input-stream":  "A stream that reads the text.",
	"make-string-output-stream": "A stream that keeps what is written to it.",
	"get-output-stream-string":  "What was written since the last time.",
	"stream-write":              "Writes the text, and has it arrive: it waits while a pipe is full. An error where nobody can read it any more.",
	"stream-read-line":          "The next line without its end, nil at the end of the stream; what stands before that without a line end is a line. It waits for the rest of a line.",
	"stream-close":              "Closes it: whoever reads at the other end of a pipe comes to its end.",
	"with-captured-output":      "Runs the body; what it writes to standard output is the value.",
	// Images.
	"launch": "Starts a Lisp beside this one, as a process of its own: of a file that save-image, deliver or build-library made, with the arguments on its " +
		"command line, or, where the file is nil, the Lisp as it comes, in which no multiprocessing runs. Names of functions and callbacks that were saved mean " +
		"the same there; it shares nothing else.",
	"type-in": "Types a form that calls the code into the Lisp's read-eval-print loop, and doesn't wait for it. Whoever reads there evaluates it: the initial " +
		"thread while it does nothing else, or the default listener. Where nobody reads, it stays.",
	"image-wait": "Waits until that Lisp has ended, and says whether it did before the timeout.",
	// What several images share, by the harness.
	"make-board":  "A board to which code of every image posts, in an order that all of them see.",
	"board-post":  "Posts an entry.",
	"board-read":  "The entries posted so far.",
	"board-await": "Waits until so many entries are posted, and says whether they were before the timeout.",
	// Children, by the harness.
	"child-prepare": "A helper child to be; the command line that starts it: hand it to run-shell-command as it is; and a program that is it, an absolute path, for " +
		"run and start: whatever arguments it is given are its own to tell; nil where nothing runs in folders for temporary files.",
	"child-plan": "What a child that doesn't run yet will do of itself once it does, one after the other and before it is told anything: the commands " +
		"that answer done, but kill. A step is over when it is done: what is written is written, what is read is read.",
	"child-tell":  "Commands a child that runs: " + wordList(ChildCommands) + ".",
	"child-await": "Waits for an event of its life: " + wordList(ChildEvents) + ".",
	"pid-state":   "What the operating system says: :alive, :stopped, :zombie or :absent, the process group, the parent.",
	// Files, by the harness.
	"file-prepare":  "A file to be, and its path, absolute. With a text it exists and holds that, else nothing is there.",
	"file-text":     "What the file holds, nil where there is none.",
	"standard-file": "The file that the implementation itself was started with, as :input, :output or :error. Of the input, the text is put there to be read next; of the others, the file holds what was written since.",
	// Of the system under test.
	"process-run-function": "keywords is a property list such as (:priority 3 :mailbox M), or nil. function is a reference or a " +
		"symbol; the process calls it with the further arguments, in a frame of its own.",
	"symbol-value": "The value where the calling code runs: the innermost binding that its process has, else the global value; an error where there is none. " +
		"A symbol without a package is the harness's own: in a new system it has no value. MP is the package of *process-initial-bindings* and *default-process-priority*, " +
		"wherever the host keeps them, COMMON-LISP that of the standard's symbols. What global values a system has set is undone before the next one opens.",
	"set-symbol-value": "Sets the innermost binding that the calling process has, else the global value.",
	"global-value":     "The global value, whatever binding the calling process has; an error where there is none.",
	"set-global-value": "Sets the global value, whatever binding the calling process has. What *process-initial-bindings* is set to has entries of the harness in front of those that it had: a " +
		"cons of a symbol and a form, which is a constant, a symbol, or a call of list or error.",
	"defvar":             "Makes the symbol a special variable, and gives it the global value where it has none and one is given.",
	"let":                "Each binding is a cons of a symbol and its value, which is no form. They hold while the body runs in a nested frame, and end with it, also where it is left by a kill or a throw.",
	"symeval-in-process": "What symbol-value would give in the code of that process.",
	"process-kill": "The target may end between its operations, or in one, at any time from the call on; its open operation and every later one answer gone. " +
		"What the harness hears of that may come later than what it caused.",
	"ensure-process-cleanup": "form is a function, a symbol, or a list of one of them and further arguments; it is called with the process in front. A callback is never " +
		"passed as a form: make-function or defun comes first. Forms are compared by equal, so that of what new made conses, lists and strings count " +
		"by what is in them; a list that new made is a form like any other, and its elements are handed over as they are, not as copies.",
	"make-foreign-thread": "A thread that the Lisp did not create: the host's foreign code makes it (pthread_create of a library, say), and it stays in foreign code, idle, until " +
		"it is given something to call. It has not called in by then.",
	"call-on-foreign-thread": "The foreign code of that thread writes :call into its log, calls the body in, as a foreign callable, and writes :back once it has control again: " +
		"then the operation returns what the body has returned. The frame of the body names the process that the thread has while it is inside. A thread makes one such call " +
		"at a time: further ones wait. Where the body is left by a kill or an error the operation returns nil.",
	"call-foreign":         "The calling code calls foreign code, which calls the body in, nested on the same process; the body's value. On a foreign thread the body is an inner callable.",
	"foreign-thread-note":  "Writes a small integer, not negative, into the log of a foreign thread, where foreign code keeps it. Any process may call it.",
	"foreign-thread-log":   "What is in the log of a foreign thread: the symbols :call and :back, and the integers that were noted, oldest first.",
	"process-send":         "Its keywords come with its claim: none of them is claimed apart.",
	"list-all-processes":   "The process that runs the test is one of them, and is counted.",
	"mailbox-send-limited": "The wait function is a predicate as await takes it, whatever arguments follow it.",
	"run-shell-command":    "The command may be that of a helper child (child-prepare): run it by a shell, as it is.",
	"reap-os-subprocess":   "The helper children that run-shell-command started are your own children; the harness never reaps them.",
	"define-event-handler": "Defines a method of general-handle-event, or replaces it: it calls the function, a reference, with the event. The class is :object or :structure: " +
		"that of the objects which new makes of this type. What it returns says nothing.",
	"general-handle-event":   "A list that new made, of :list or of :cons, is a list like any other.",
	"wait-processing-events": "The wait function is a predicate as await takes it.",
	"process-wait":           "The wait function is a predicate as await takes it.",
	"mailbox-wait-for-event": "The wait function is a predicate as await takes it.",
}

// Says is what an implementer has to know beside the lambda list and the clauses; "" for nothing.
func (op *Op) Says() string { return says[op.Name] }
