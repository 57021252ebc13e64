package spec

// Lisp processes, bindings, starting and images, cleanups and dependents.
func tableOfProcesses(section sectionFunc, op addFunc) {
	section("PROC", Core, 0)
	op("process-run-function", "name:string keywords:plist function:function &rest arguments"+
		" &key +priority:plist-key +mailbox:plist-key +internal-server:plist-key"+
		" +remote-terminator:plist-key +local-terminator:plist-key +terminate-by-send:plist-key => process:new-process",
		Atomic, RunsCode, "LW-PRF", "PROC-CREATE-1 PROC-CREATE-* PROC-PRI-1 PROC-PRI-2 PROC-PRI-6 PROC-EXIT-1 PROC-EXIT-3 PROC-EXIT-4 BIND-*")
	op("current-process-kill", "=>", Atomic, Kills, "LW-CPK", "PROC-EXIT-2 PROC-EXIT-5 PROC-EXIT-6 PROC-EXIT-7 PROC-EXIT-8 CLEAN-UNW-1")
	op("process-kill", "process:process => value:unspecified", Atomic, Kills, "LW-PK", "PROC-KILL-1 PROC-KILL-*")
	op("process-terminate", "process:process &key join-timeout:seconds force-timeout:seconds => result",
		Atomic, MayWait|RunsCode|Kills, "LW-PT", "PROC-TERM-1 PROC-TERM-*")
	op("current-process-set-terminate-method", "&key terminate-by-send:boolean +local-terminator:between-function remote-terminator:function => value:unspecified",
		Atomic, 0, "LW-TM", "PROC-TERM-5")
	op("process-join", "process:process &key timeout:seconds => dead:boolean", Atomic, MayWait, "LW-PJ", "PROC-JOIN-1 PROC-JOIN-*")
	op("process-alive-p", "process:process => alive:boolean", Atomic, 0, "LW-ALIVE", "PROC-ALIVE-1 PROC-ALIVE-*")
	op("get-current-process", "=> process:process", Atomic, 0, "LW-GCP", "PROC-CUR-1 PROC-CUR-*")
	op("list-all-processes", "=> processes:each-process", Interval, 0, "LW-LAP", "PROC-LIST-1 PROC-LIST-*")
	op("processes-count", "=> count:count-process", Interval, 0, "LW-PC", "PROC-COUNT-1 PROC-COUNT-*")
	op("ps", "=> listing", Interval, 0, "LW-PS", "PROC-PS-1 PROC-PS-*")
	op("get-process", "designator => process:process", Interval, 0, "LW-GP", "PROC-NAME-1 PROC-NAME-*")
	op("find-process-from-name", "name:string => process:process", Interval, 0, "LW-FPN", "PROC-NAME-6")
	op("process-name", "process:process => name:string", Atomic, 0, "LW-PN", "PROC-NAME-2 PROC-NAME-8")
	op("process-priority", "process:process => priority:fixnum", Atomic, 0, "LW-PRI", "PROC-PRI-5 PROC-PRI-*")
	op("change-process-priority", "process:process priority:fixnum => priority:fixnum", Atomic, 0, "LW-CPP", "PROC-PRI-5 PROC-PRI-7")
	op("process-internal-server-p", "process:process => marked:boolean", Atomic, 0, "LW-ISP", "PROC-CREATE-11")
	op("any-other-process-non-internal-server-p", "=> any:boolean", Interval, 0, "LW-ANY", "PROC-CREATE-11")
	op("process-wait", "wait-reason wait-function:predicate => value:unspecified", Atomic, MayWait, "LW-PW", "PROC-WAIT-1 PROC-CUR-3")
	op("process-wait-with-timeout", "wait-reason timeout:seconds wait-function:predicate => true:boolean", Atomic, MayWait, "LW-PWT", "PROC-WAIT-1")

	section("PROC", Dbg, 0)
	op("process-interrupt", "process:process function:between-function &rest arguments => value:unspecified", Atomic, 0, "LW-INTR", "PROC-INT-1")
	op("process-stop", "process:process => value:unspecified", Atomic, 0, "LW-STOP", "PROC-STOP-1")
	op("process-unstop", "process:process => stopped:boolean", Atomic, 0, "LW-UNSTOP", "PROC-STOP-1")
	op("with-interrupts-blocked", "body:code => value", Atomic, MayWait|RunsCode, "LW-WIB LW-BLK", "PROC-EXIT-7 PROC-KILL-3")
	op("with-other-threads-disabled", "body:code => value", Atomic, RunsCode|StopsWorld, "LW-CPK", "PROC-EXIT-8")

	section("BIND", Core, 0)
	op("symbol-value", "symbol:symbol => value", Atomic, 0, "LW-PIB", "BIND-1 BIND-* PROC-PRI-2 PROC-PRI-3 PROC-PRI-4 PROC-CUR-3")
	op("set-symbol-value", "symbol:symbol value => value:unspecified", Atomic, 0, "LW-PIB", "BIND-1 BIND-12")
	op("global-value", "symbol:symbol => value", Atomic, 0, "LW-PIB", "BIND-1 BIND-7 PROC-PRI-2 PROC-PRI-3")
	op("set-global-value", "symbol:symbol value => value:unspecified", Atomic, 0, "LW-PIB", "BIND-1 BIND-7 PROC-PRI-2")
	op("defvar", "symbol:symbol &optional value => symbol:symbol", Atomic, 0, "", "BIND-1")
	op("let", "bindings:alist body:code => value", Atomic, MayWait|RunsCode, "LW-PIB", "BIND-4 BIND-6 BIND-11 PROC-PRI-4")
	op("symeval-in-process", "symbol:symbol process:process => value", Atomic, 0, "LW-SYMEVAL", "BIND-11")

	section("INIT", Image, 0)
	op("initialize-multiprocessing", "&rest main-process-args => value", Atomic, MayWait|RunsCode, "LW-INIT", "INIT-START-* INIT-REPL-* INIT-IP-*")
	op("save-image", "filename:pathname &key remarks:string +restart-function:function environment:boolean +multiprocessing => value",
		Atomic, MayWait|RunsCode|StopsWorld, "LW50-SAVE", "INIT-SAVE-* INIT-SCRIPT-1 INIT-BOOT-*")
	op("deliver", "function:function filename:pathname level:integer &key multiprocessing => value", Atomic, MayWait|RunsCode|StopsWorld, "LW-DELIV", "INIT-BOOT-*")
	op("quit", "&key status:integer => value", Atomic, MayWait|RunsCode|Kills, "LW-PT", "INIT-STOP-*")

	section("INIT", Foreign, 0)
	op("build-library", "filename:pathname => value", Atomic, MayWait|RunsCode|StopsWorld, "LW-DYN", "INIT-BOOT-5")

	section("CLEAN", Core, 0)
	op("ensure-process-cleanup", "cleanup-form:form &optional legacy-process:process &key priority:integer force:boolean process:process => value",
		Atomic, 0, "", "CLEAN-SIG-1 CLEAN-* DEP-*")
	op("current-process-in-cleanup-p", "=> cleaning:boolean", Atomic, 0, "LW-CPIC", "CLEAN-INP-1 CLEAN-INP-* CLEAN-PROC-3")

	section("CLEAN", Foreign, 0)
	op("make-foreign-thread", "=> thread:new-foreign-thread", Atomic, 0, "LW-FOR", "PROC-COUNT-3 CLEAN-FOR-*")
	op("call-on-foreign-thread", "thread:foreign-thread body:code => value", Atomic, MayWait|RunsCode, "LW-FOR",
		"PROC-CUR-4 PROC-COUNT-3 BIND-10 CLEAN-FOR-*")
	op("call-foreign", "body:code => value", Atomic, MayWait|RunsCode, "LW-FOR", "CLEAN-FOR-2 CLEAN-FOR-*")
	op("foreign-thread-note", "thread:foreign-thread note:integer => value:unspecified", Atomic, 0, "LW-FOR", "CLEAN-FOR-*")
	op("foreign-thread-log", "thread:foreign-thread => log:list", Atomic, 0, "LW-FOR", "CLEAN-FOR-*")
}
