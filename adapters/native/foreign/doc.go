// Package foreign has threads that Go did not create: C makes them, keeps their logs, and calls in. Without cgo, or elsewhere
// than on Linux, there is nothing of it but this text, and native offers no foreign threads.
package foreign
