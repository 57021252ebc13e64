//go:build !linux

package native

// imageOperations is empty: an image is a child, and children are offered on Linux alone.
var imageOperations map[string]operation

func becomeImage() {}
