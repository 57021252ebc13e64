package spec

import (
	"sync"
	"testing"
	"time"
)

func TestTape(t *testing.T) {
	var tape Tape
	var recording sync.WaitGroup
	for n := range 4 {
		recording.Go(func() {
			for at := range 100 {
				tape.Record(Label{Frame: n, At: time.Duration(at)})
			}
		})
	}
	recording.Wait()
	soFar := tape.Labels()
	tape.Record(Label{Frame: 4})
	all := tape.Stop()
	tape.Record(Label{Frame: 5})
	if len(soFar) != 400 || len(all) != 401 || all[400].Frame != 4 || len(tape.Labels()) != 401 {
		t.Errorf("%d labels, then %d, and %d once it was stopped", len(soFar), len(all), len(tape.Labels()))
	}
	last := map[int]time.Duration{}
	for _, l := range soFar { // of one frame they are in order
		if l.At != 0 && l.At != last[l.Frame]+1 {
			t.Fatalf("label %d of frame %d follows %d", l.At, l.Frame, last[l.Frame])
		}
		last[l.Frame] = l.At
	}
}
