package child

import (
	"io"
	"os"
	"strings"
)

// floodLine is what a flood repeats, cut off where the count says: a reader can tell where
// in it something is missing.
var floodLine = strings.Repeat("0123456789abcdef", 4)[:63] + "\n"

// output writes to one descriptor of a helper child, in the order asked for, in the
// background: a full pipe must not keep the child from obeying.
type output struct {
	file *os.File
	jobs chan outputJob
}

// An outputJob is text to be written over and over; done, where there is one, is closed
// when all before it is written.
type outputJob struct {
	text  string
	times int
	done  chan struct{}
}

func newOutput(f *os.File) *output {
	o := &output{file: f, jobs: make(chan outputJob, 64)}
	go func() {
		for job := range o.jobs {
			for range job.times {
				// Nobody to tell: a broken pipe ends the process by its signal, as it
				// ends other programs, and a closed descriptor takes nothing.
				_, _ = io.WriteString(f, job.text)
			}
			if job.done != nil {
				close(job.done)
			}
		}
	}()
	return o
}

func (o *output) write(job outputJob) { o.jobs <- job }

// flush waits until everything asked for so far is written.
func (o *output) flush() {
	done := make(chan struct{})
	o.write(outputJob{done: done})
	<-done
}

// close closes the descriptor, once what was asked for is written.
func (o *output) close() error {
	o.flush()
	return o.file.Close()
}
