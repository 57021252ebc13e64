package kit

// operations are the kit's own, by name: what cases are built with.
var operations = map[string]Operation{
	"new":           newObject,
	"eq":            eq,
	"make-function": makeFunction,
	"defun":         defun,
	"funcall":       funcall,
	"make-log":      makeLog,
	"log-append":    logAppend,
	"log-read":      logRead,
	"make-cell":     makeCell,
	"cell-get":      cellGet,
	"cell-set":      cellSet,
	"make-gate":     makeGate,
	"gate-open":     gateOpen,
	"gate-wait":     gateWait,
	"await":         await,
	"pause":         pause,

	"unwind-protect":        unwindProtect,
	"handler-case":          handlerCase,
	"handler-bind":          handlerBind,
	"with-continue-restart": withContinueRestart,
	"invoke-restart":        invokeRestart,
	"signal-error":          signalError,
}

// Operations are the names of the kit's own operations.
func Operations() (names []string) {
	for name := range operations {
		names = append(names, name)
	}
	return names
}
