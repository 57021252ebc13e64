package spec

// The kit: what cases need around the system under test. An adapter makes logs, cells and
// gates from its host's own primitives, never from the mailboxes under test.
func tableOfKit(section sectionFunc, op addFunc) {
	section("", Core, Kit)
	// Objects with identity, and code.
	op("new", "type:keyword &rest arguments => object:new-object", Atomic, 0, "", "")
	op("eq", "a b => same:boolean", Atomic, 0, "", "")
	op("make-function", "code:callback => function:new-function", Atomic, 0, "", "")
	op("defun", "name:symbol code:callback => name:unspecified", Atomic, 0, "", "")
	op("funcall", "function:function &rest arguments => value", Atomic, MayWait|RunsCode, "", "")
	// Shared state as acts.
	op("make-log", "=> log:new-log", Atomic, 0, "", "")
	op("log-append", "log:log entry => value:unspecified", Atomic, 0, "", "")
	op("log-read", "log:log => entries:list", Atomic, 0, "", "")
	op("make-cell", "value => cell:new-cell", Atomic, 0, "", "")
	op("cell-get", "cell:cell => value", Atomic, 0, "", "")
	op("cell-set", "cell:cell value => value:unspecified", Atomic, 0, "", "")
	op("make-gate", "=> gate:new-gate", Atomic, 0, "", "")
	op("gate-open", "gate:gate => value:unspecified", Atomic, 0, "", "")
	op("gate-wait", "gate:gate => value:unspecified", Atomic, MayWait, "", "")
	// Waiting: await returns t once the predicate holds, nil once timeout seconds passed.
	op("await", "predicate:predicate timeout:seconds => held:boolean", Atomic, MayWait, "", "")
	op("pause", "seconds:seconds => value:unspecified", Atomic, MayWait, "", "")
	// Unwinding and conditions, with Common Lisp's meaning. Each body runs in a frame nested on the same
	// process. An error is any that an operation of the process signals while the body runs, signal-error
	// or another: handler-case leaves its body with it, so that the operation never returns; handler-bind
	// calls its handler before the operation answers. A handler gets one argument, the list (TYPE
	// MESSAGE) of two strings, and is itself outside its own handler-bind. What nobody handles is the
	// answer of the operation; of signal-error, PROC-EXIT-4's.
	op("unwind-protect", "body:code cleanup:code => value", Atomic, MayWait|RunsCode, "", "")
	op("handler-case", "body:code handler:code => value", Atomic, MayWait|RunsCode, "", "")
	op("handler-bind", "body:code handler:code => value", Atomic, MayWait|RunsCode, "", "")
	op("with-continue-restart", "body:code => value continued:boolean", Atomic, MayWait|RunsCode, "", "")
	op("invoke-restart", "name:symbol =>", Atomic, 0, "", "")
	op("signal-error", "message:string =>", Atomic, MayWait, "", "")
	// Streams.
	op("open-file-stream", "path:path direction:keyword => stream:new-stream", Atomic, 0, "", "")
	op("make-string-input-stream", "text:string => stream:new-stream", Atomic, 0, "", "")
	op("make-string-output-stream", "=> stream:new-stream", Atomic, 0, "", "")
	op("get-output-stream-string", "stream:stream => text:string", Atomic, 0, "", "")
	op("stream-write", "stream:stream text:string => value:unspecified", Atomic, MayWait, "", "")
	op("stream-read-line", "stream:stream => line:string", Atomic, MayWait, "", "")
	op("stream-close", "stream:stream => value:unspecified", Atomic, 0, "", "")
	op("with-captured-output", "body:code => text:string", Atomic, MayWait|RunsCode, "", "")

	// Images: Lisps that run beside the one under test, as processes of their own.
	section("", Image, Kit)
	op("launch", "file:pathname &rest arguments => image:new-image", Atomic, MayWait, "", "")
	op("type-in", "image:image code:callback => value:unspecified", Atomic, 0, "", "")
	op("image-wait", "image:image timeout:seconds => ended:boolean", Atomic, MayWait, "", "")
	// What code of several images shares.
	section("", Image, Kit|ByHarness)
	op("make-board", "=> board:new-board", Atomic, 0, "", "")
	op("board-post", "board:board entry => value:unspecified", Atomic, 0, "", "")
	op("board-read", "board:board => entries:list", Atomic, 0, "", "")
	op("board-await", "board:board count:integer timeout:seconds => come:boolean", Atomic, MayWait, "", "")

	// Executed by the harness: helper children, which an adapter only starts, and what the
	// operating system says of any process.
	section("", Posix, Kit|ByHarness)
	op("child-prepare", "=> child:new-child command:command program?:program", Atomic, 0, "", "")
	op("child-plan", "child:child command:keyword &rest arguments => value:unspecified", Atomic, 0, "", "")
	op("child-tell", "child:child command:keyword &rest arguments => value:unspecified", Atomic, 0, "", "")
	op("child-await", "child:child event:keyword => value", Atomic, MayWait, "", "")
	op("pid-state", "pid:pid => state:keyword group:pid parent:parent-pid", Atomic, 0, "", "")
	// Files, which the programs that a case starts read and write.
	op("file-prepare", "&optional text:string => file:new-file path:path", Atomic, 0, "", "")
	op("file-text", "file:file => text:string", Atomic, 0, "", "")
	op("standard-file", "stream:keyword &optional text:string => file:new-file", Atomic, 0, "", "")
}
