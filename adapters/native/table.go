package native

import (
	"fmt"
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// operation executes one operation under the monitor. The arguments have been checked
// for their number and the names of keywords. An error is a *spec.Condition, signalled to
// the caller, or errAbsent.
type operation func(f *frame, c spec.Call) ([]spec.Value, error)

// operations are those that the adapter offers, by name.
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

		"new":            newObject,
		"eq":             eq,
		"make-function":  makeFunction,
		"defun":          defun,
		"funcall":        funcall,
		"make-log":       makeLog,
		"log-append":     logAppend,
		"log-read":       logRead,
		"make-cell":      makeCell,
		"cell-get":       cellGet,
		"cell-set":       cellSet,
		"make-gate":      makeGate,
		"gate-open":      gateOpen,
		"gate-wait":      gateWait,
		"await":          await,
		"pause":          pause,
		"unwind-protect": unwindProtect,
		"handler-case":   handlerCase,
		"signal-error":   signalError,

		"handler-bind":          handlerBind,
		"with-continue-restart": withContinueRestart,
		"invoke-restart":        invokeRestart,

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
	if err := spec.LookupOp(c.Op).CheckCall(c); err != nil {
		return programError("%v", err)
	}
	return nil
}

func one(v spec.Value) []spec.Value { return []spec.Value{v} }

// keyword is the value of a keyword argument, nil where it isn't given.
func keyword(c spec.Call, name string) spec.Value {
	if v, ok := c.Key(name); ok {
		return v
	}
	return spec.Nil{}
}

// fixnumOf reads an integer of the machine.
func fixnumOf(what string, v spec.Value) (int64, error) {
	n, ok := v.(spec.Int)
	if !ok {
		return 0, typeError(what, v, "a fixnum")
	}
	return int64(n), nil
}

func typeError(what string, v spec.Value, want string) *spec.Condition {
	return &spec.Condition{Type: "type-error", Message: fmt.Sprintf("%s %s is not what is wanted here: %s", what, v, want)}
}

func programError(format string, args ...any) *spec.Condition {
	return &spec.Condition{Type: "program-error", Message: fmt.Sprintf(format, args...)}
}

func simpleError(format string, args ...any) *spec.Condition {
	return &spec.Condition{Type: "simple-error", Message: fmt.Sprintf(format, args...)}
}
