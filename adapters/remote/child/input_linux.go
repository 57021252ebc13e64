package child

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// input reads the standard input of a helper child, in the order asked for, in the background. It reads nothing that
// it was not asked for: what comes after is still there for the next job, or for another process.
type input struct {
	// take hands on what a job without copy has read, and returns when that is safe.
	take func([]byte) error
	jobs chan inputJob
	// closing becomes readable when the descriptor is to be closed, and closed is closed once it is.
	closing, wake *os.File
	closed        chan struct{}
}

// An inputJob is a number of bytes, 0 for all until the end of file, to be copied or else taken; over, where there
// is one, gets how it ended.
type inputJob struct {
	bytes int
	copy  *output
	over  chan error
}

func newInput(take func([]byte) error) (*input, error) {
	closing, wake, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("preparing to read: %w", err)
	}
	in := &input{take: take, jobs: make(chan inputJob, 64), closing: closing, wake: wake, closed: make(chan struct{})}
	go in.work()
	return in, nil
}

// begin has a job done after those that were begun before.
func (in *input) begin(job inputJob) error {
	if job.bytes < 0 {
		return fmt.Errorf("can't read %d bytes", job.bytes)
	}
	in.jobs <- job
	return nil
}

// await does a job.
func (in *input) await(job inputJob) error {
	job.over = make(chan error, 1)
	if err := in.begin(job); err != nil {
		return err
	}
	return <-job.over
}

// close closes the descriptor, also while something waits for input.
func (in *input) close() error {
	err := in.wake.Close()
	if err == nil {
		in.jobs <- inputJob{}
		<-in.closed
	}
	return err
}

// errClosed is how jobs end once the descriptor is closed.
var errClosed = errors.New("standard input is closed")

// work does the jobs. It alone touches the descriptor, so that none of the same number is read in its place.
func (in *input) work() {
	open := true
	for job := range in.jobs {
		err := errClosed
		if open {
			err = in.do(job)
		}
		if open && errors.Is(err, errClosed) {
			open = false
			_ = unix.Close(0)
			close(in.closed)
		}
		if job.over != nil {
			job.over <- err
		}
	}
}

func (in *input) do(job inputJob) error {
	buffer := make([]byte, 64<<10)
	for left := job.bytes; job.bytes == 0 || left > 0; {
		part := buffer
		if job.bytes > 0 {
			part = buffer[:min(left, len(buffer))]
		}
		n, err := in.read(part)
		if n == 0 || err != nil {
			return err
		}
		left -= n
		if job.copy != nil {
			job.copy.write(outputJob{text: string(part[:n]), times: 1})
			job.copy.flush()
		} else if err := in.take(part[:n]); err != nil {
			return err
		}
	}
	return nil
}

// read reads what there is, and waits for something: 0 is the end of file.
func (in *input) read(part []byte) (int, error) {
	closing := int32(in.closing.Fd())
	for {
		ready := []unix.PollFd{{Fd: 0, Events: unix.POLLIN}, {Fd: closing, Events: unix.POLLIN}}
		if _, err := unix.Poll(ready, -1); err != nil && err != unix.EINTR {
			return 0, fmt.Errorf("waiting for input: %w", err)
		}
		if ready[1].Revents != 0 {
			return 0, errClosed
		}
		if ready[0].Revents == 0 {
			continue
		}
		n, err := unix.Read(0, part)
		switch err {
		case nil:
			return n, nil
		case unix.EINTR, unix.EAGAIN:
		default:
			return 0, fmt.Errorf("reading standard input: %w", err)
		}
	}
}
