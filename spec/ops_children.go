package spec

// Children of the operating system: reaping, and the library external-program.
func tableOfChildren(section sectionFunc, op addFunc) {
	section("REAP", Posix, 0)
	op("reap-os-subprocess", "&key pid:pid wait:boolean => status:integer pid:pid signal?:integer", Atomic, MayWait|StopsWorld, "", "REAP-*")
	op("run-shell-command", "command:command &key input output error-output +separate-streams:boolean wait:boolean => status:started-pid",
		Atomic, MayWait|StopsWorld, "ACL62-RSC", "REAP-RSC-1 REAP-RSC-* REAP-ZOMB-* REAP-SCOPE-1")
	op("os-wait", "&optional nowait:boolean pid:pid => status:integer pid:pid signal?:integer", Atomic, MayWait|StopsWorld, "ACL-OSW", "REAP-SIG-2")
	op("ignore-child-signals", "=> value:unspecified", Atomic, 0, "MAN-WAIT", "REAP-SIG-4")

	section("EXT", Posix, 0)
	keys := "input:redirection if-input-does-not-exist output:redirection if-output-exists error:redirection if-error-exists " +
		"+environment:alist +replace-environment-p:boolean"
	op("run", "program:program args:list &key "+keys+" => result-code", Atomic, MayWait|StopsWorld, "", "EXT-RUN-1 EXT-RUN-* EXT-IO-* EXT-IF-1 EXT-ENV-*")
	op("start", "program:program args:list &key "+keys+" +status-hook:function => process:new-external-process", Atomic, RunsCode, "",
		"EXT-START-1 EXT-START-* EXT-IO-* EXT-IF-1 EXT-ENV-* EXT-HOOK-*")
	op("process-input-stream", "process:external-process => stream:own-stream", Atomic, 0, "", "EXT-STRM-1 EXT-STRM-*")
	op("process-output-stream", "process:external-process => stream:own-stream", Atomic, 0, "", "EXT-STRM-2 EXT-STRM-*")
	op("process-error-stream", "process:external-process => stream:own-stream", Atomic, 0, "", "EXT-STRM-3 EXT-STRM-*")
	op("process-p", "object => yes:boolean", Atomic, 0, "", "EXT-P-1")
	op("process-id", "process:external-process => pid:pid", Atomic, 0, "", "EXT-PID-1 EXT-PID-*")
	op("signal-process", "process:external-process signal => value", Atomic, RunsCode, "", "EXT-SIG-1 EXT-SIG-*")
	op("process-status", "process:external-process => status:keyword code?:integer", Atomic, RunsCode, "", "EXT-STAT-1 EXT-STAT-*")
	op("signal-mapping", "=> mapping:alist", Atomic, 0, "EXT-SRC", "EXT-SIG-2 EXT-SIG-8")
}
