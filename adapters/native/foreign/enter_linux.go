//go:build cgo

package foreign

/*
#include <stdint.h>
*/
import "C"

import "runtime/cgo"

// mpcheckForeignEnter is where C calls in.
//
//export mpcheckForeignEnter
func mpcheckForeignEnter(code C.uintptr_t) { cgo.Handle(code).Value().(func())() }
