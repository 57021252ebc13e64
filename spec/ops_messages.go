package spec

// process-send, mailboxes and events.
func tableOfMessages(section sectionFunc, op addFunc) {
	section("SEND", Core, 0)
	op("process-send", "process:process object:sent &key change-priority limit:integer timeout:seconds error-if-dead-p:boolean => success:boolean",
		Atomic, MayWait, "", "SEND-*")

	section("MBOX", Core, 0)
	op("make-mailbox", "&key +size:integer +name:string => mailbox:new-mailbox", Atomic, 0, "LW-MM", "MBOX-MAKE-1 MBOX-MAKE-*")
	op("mailbox-send", "mailbox:mailbox object:sent => value:unspecified", Atomic, 0, "LW-MS", "MBOX-SEND-*")
	op("mailbox-send-limited", "mailbox:mailbox object:sent limit:integer &optional timeout:seconds wait-reason wait-function:predicate &rest arguments => success:boolean",
		Atomic, MayWait, "LW-MSL", "MBOX-LIM-* SEND-LIM-4")
	op("mailbox-read", "mailbox:mailbox &optional wait-reason timeout:seconds => object:taken read:boolean", Atomic, MayWait, "LW-MR", "MBOX-READ-*")
	op("mailbox-peek", "mailbox:mailbox => object found:boolean", Atomic, 0, "LW-MPK", "MBOX-PEEK-1")
	op("mailbox-wait", "mailbox:mailbox &optional wait-reason timeout:seconds => found:boolean", Atomic, MayWait, "LW-MW", "MBOX-WAIT-1")
	op("mailbox-empty-p", "mailbox:mailbox => empty:boolean", Atomic, 0, "LW-ME", "MBOX-PRED-1 MBOX-ARG-1")
	op("mailbox-not-empty-p", "mailbox:mailbox => not-empty:boolean", Atomic, 0, "LW-MNE", "MBOX-PRED-1")
	op("mailbox-count", "mailbox:mailbox => count:integer", Atomic, 0, "LW-MC", "MBOX-PRED-1")
	op("mailbox-size", "mailbox:mailbox => size:integer", Advisory, 0, "LW-MSZ", "MBOX-SIZE-1 MBOX-SIZE-*")
	op("mailbox-full-p", "mailbox:mailbox => full:boolean", Advisory, 0, "LW-MF", "MBOX-FULL-1 MBOX-FULL-*")
	op("mailbox-reader-process", "mailbox:mailbox => process:process", Advisory, 0, "LW-MRP", "MBOX-RDR-1 MBOX-MAKE-2")
	op("process-mailbox", "process:process => mailbox:own-mailbox", Atomic, 0, "LW-PMB", "MBOX-PM-1 SEND-MB-*")
	op("set-process-mailbox", "process:process mailbox:mailbox => mailbox:unspecified", Atomic, 0, "LW-PMB", "MBOX-PM-1")

	section("EVENT", Core, 0)
	op("process-wait-for-event", "&key wait-reason +wait-function:predicate process-other-messages-p:boolean +no-hang-p:boolean stop-at-user-operation-p:boolean => event:taken",
		Atomic, MayWait, "LW-PWE", "EVENT-PWE-1 EVENT-PWE-* EVENT-INT-1 EVENT-NIL-1")
	op("mailbox-wait-for-event", "mailbox:mailbox &key wait-reason wait-function:predicate process-other-messages-p:boolean no-hang-p:boolean stop-at-user-operation-p:boolean => event:taken",
		Atomic, MayWait, "LW71-MWE", "EVENT-MWE-* EVENT-NIL-1")
	op("general-handle-event", "event => value", Atomic, MayWait|RunsCode, "LW71-GHE", "EVENT-GHE-0 EVENT-GHE-* SEND-EV-2")
	op("define-event-handler", "class:symbol function:function => value:unspecified", Atomic, 0, "LW71-GHE", "EVENT-GHE-5")
	op("process-all-events", "=> processed:boolean", Atomic, MayWait|RunsCode, "LW-PAE", "EVENT-PAE-1")
	op("wait-processing-events", "timeout:seconds &key wait-reason wait-function:predicate => true:boolean", Atomic, MayWait|RunsCode, "LW-WPE", "EVENT-WPE-1 EVENT-WPE-*")
}
