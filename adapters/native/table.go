package native

import (
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// operation is a [kit.Operation] of native's.
type operation func(f *frame, c spec.Call) ([]spec.Value, error)

// operations are those that the adapter offers beside the kit's, by name.
var operations map[string]operation

func init() {
	operations = map[string]operation{
		"process-run-function":                    processRunFunction,
		"current-process-kill":                    currentProcessKill,
		"process-kill":                            processKill,
		"process-terminate":                       processTerminate,
		"process-interrupt":                       processInterrupt,
		"process-stop":                            processStop,
		"process-unstop":                          processUnstop,
		"process-join":                            processJoin,
		"process-alive-p":                         processAliveP,
		"get-current-process":                     getCurrentProcess,
		"list-all-processes":                      listAllProcesses,
		"processes-count":                         processesCount,
		"get-process":                             getProcess,
		"find-process-from-name":                  findProcessFromName,
		"process-name":                            processName,
		"process-priority":                        processPriority,
		"change-process-priority":                 changeProcessPriority,
		"process-internal-server-p":               processInternalServerP,
		"any-other-process-non-internal-server-p": anyOtherProcess,
		"ps":                          ps,
		"with-interrupts-blocked":     withInterruptsBlocked,
		"with-other-threads-disabled": withOtherThreadsDisabled,
		"process-wait":                processWait,
		"process-wait-with-timeout":   processWaitWithTimeout,

		"symbol-value":       symbolValue,
		"set-symbol-value":   setSymbolValue,
		"global-value":       globalValue,
		"set-global-value":   setGlobalValue,
		"defvar":             defvar,
		"let":                let,
		"symeval-in-process": symevalInProcess,

		"current-process-set-terminate-method": setTerminateMethod,

		"ensure-process-cleanup":       ensureProcessCleanup,
		"current-process-in-cleanup-p": currentProcessInCleanupP,

		"process-send":           processSend,
		"make-mailbox":           makeMailbox,
		"mailbox-send":           onMailbox(mailboxSend),
		"mailbox-send-limited":   onMailbox(mailboxSendLimited),
		"mailbox-read":           onMailbox(mailboxRead),
		"mailbox-peek":           onMailbox(mailboxPeek),
		"mailbox-wait":           onMailbox(mailboxWait),
		"mailbox-empty-p":        ofMailbox(func(m *mailbox) spec.Value { return spec.Bool(len(m.objects) == 0) }),
		"mailbox-not-empty-p":    ofMailbox(func(m *mailbox) spec.Value { return spec.Bool(len(m.objects) > 0) }),
		"mailbox-count":          ofMailbox(func(m *mailbox) spec.Value { return spec.Int(len(m.objects)) }),
		"mailbox-size":           onMailbox(mailboxSize),
		"mailbox-full-p":         ofMailbox(func(m *mailbox) spec.Value { return spec.Bool(len(m.objects) >= m.size) }),
		"process-mailbox":        processMailbox,
		"set-process-mailbox":    setProcessMailbox,
		"process-wait-for-event": processWaitForEvent,
		"mailbox-wait-for-event": onMailbox(mailboxWaitForEvent),
		"mailbox-reader-process": onMailbox(mailboxReader),

		"general-handle-event":   generalHandleEvent,
		"define-event-handler":   defineEventHandler,
		"process-all-events":     processAllEvents,
		"wait-processing-events": waitProcessingEvents,

		"open-file-stream":          openFileStream,
		"make-string-input-stream":  makeStringInputStream,
		"make-string-output-stream": makeStringOutputStream,
		"get-output-stream-string":  getOutputStreamString,
		"stream-write":              streamWrite,
		"stream-read-line":          streamReadLine,
		"stream-close":              streamClose,
		"with-captured-output":      withCapturedOutput,
	}
	maps.Copy(operations, childOperations)
	maps.Copy(operations, foreignOperations)
	maps.Copy(operations, imageOperations)
	becomeImage()
}

// unclaimed are the operations that only a liberty offers.
var unclaimed = []string{"mailbox-reader-process"}

// composed are those that nothing of the host's does: Go has no way to ignore a signal of its children's ends and to wait for them too.
var composed = []string{"ignore-child-signals"}

// extras are the optional keywords that the adapter offers.
var extras = []string{
	"process-run-function :priority",
	"process-run-function :internal-server",
	"process-run-function :mailbox",
	"process-run-function :remote-terminator",
	"process-run-function :local-terminator",
	"current-process-set-terminate-method :local-terminator",
	"process-run-function :terminate-by-send",
	"save-image :restart-function",
	"save-image :multiprocessing",
	"start :status-hook",
	"run :environment",
	"run :replace-environment-p",
	"start :environment",
	"start :replace-environment-p",
	"make-mailbox :size",
	"make-mailbox :name",
	"process-wait-for-event :wait-function",
	"process-wait-for-event :no-hang-p",
}

// checkArguments signals a program-error for a wrong number of arguments and for unknown
// keywords, as any Lisp function does.
func (s *system) checkArguments(c spec.Call) *spec.Condition {
	if c.Op == "process-wait-for-event" && s.decide.waitsOnAny && len(c.Args) == 1 {
		c.Args = nil
	}
	if c.Op == "run" && s.decide.runHooks != runRefusesHooks {
		c.Keys = slices.DeleteFunc(slices.Clone(c.Keys), func(k spec.Key) bool { return k.Name == "status-hook" })
	}
	return kit.CheckCall(c)
}

// fixnumOf reads an integer of the machine.
func fixnumOf(what string, v spec.Value) (int64, error) {
	n, ok := v.(spec.Int)
	if !ok {
		return 0, kit.TypeError(what, v, "a fixnum")
	}
	return int64(n), nil
}
