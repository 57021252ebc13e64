//go:build !cgo || !linux

package native

// foreignOperations is empty: without C there is no thread that Go did not create, and native has no stand-in for one.
var foreignOperations map[string]operation

var foreignLiberties []Liberty
