package refimpl_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// No exploration leaves a goroutine behind or ends its caller's, however its code goes on or ends.
func TestExplorationsLeaveNoGoroutines(t *testing.T) {
	broken := map[string]code{
		"a panic": within(func(sys spec.System, api spec.API) {
			spawn(sys, api, func(in spec.API) { in.Pause(5) })
			api.Pause(1)
			panic("broken")
		}),
		"a panic on its way out": within(func(sys spec.System, api spec.API) {
			for range 3 {
				spawn(sys, api, func(in spec.API) { defer panic("broken"); in.Pause(5) })
			}
			api.Pause(1)
		}),
		"the end of its goroutine": within(func(sys spec.System, api spec.API) {
			spawn(sys, api, func(in spec.API) { in.Pause(5) })
			api.Pause(1)
			runtime.Goexit()
		}),
		"the end of its goroutine on its way out": within(func(sys spec.System, api spec.API) {
			for range 3 {
				spawn(sys, api, func(in spec.API) { defer runtime.Goexit(); in.Pause(5) })
			}
			api.Pause(1)
		}),
		"the end of its goroutine in a process": within(func(sys spec.System, api spec.API) {
			for range 2 {
				spawn(sys, api, func(in spec.API) { in.Pause(0.5); runtime.Goexit() })
			}
			api.Pause(1)
		}),
		"calls after it is gone": within(func(sys spec.System, api spec.API) {
			spawn(sys, api, func(in spec.API) {
				for range 100 {
					in.Pause(5)
					sys.Register(nil)
					sys.Abort()
				}
			})
			api.Pause(1)
		}),
	}
	for _, all := range []map[string]code{learnable, offenders, broken} {
		for name, c := range all {
			for way, w := range ways {
				for _, workers := range []int{1, 3} {
					before, returned := runtime.NumGoroutine(), false
					done := make(chan struct{})
					go func() {
						defer close(done)
						byLearning(t, c, refimpl.Explorer{Way: w, Workers: workers, StepLimit: 1000})
						returned = true
					}()
					<-done
					// The system may give the thread of one that is ending no time for a while.
					for until := time.Now().Add(time.Minute); runtime.NumGoroutine() > before && time.Now().Before(until); {
						runtime.Gosched()
					}
					if after := runtime.NumGoroutine(); after > before || !returned {
						t.Errorf("%s, %s, %d workers: it has returned: %v; %d goroutines, and %d before", name, way, workers, returned, after, before)
					}
				}
			}
		}
	}
}
