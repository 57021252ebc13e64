package native

import "github.com/mpcheck/mpcheck/spec"

// processWait returns once its wait function holds (PROC-WAIT-1).
func processWait(f *frame, c spec.Call) ([]spec.Value, error) {
	return f.Await(c.Args[1], spec.Nil{})
}

func processWaitWithTimeout(f *frame, c spec.Call) ([]spec.Value, error) {
	return f.Await(c.Args[2], c.Args[1])
}
