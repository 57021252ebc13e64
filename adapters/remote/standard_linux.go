package remote

import (
	"context"
	"os"
	"path/filepath"

	"github.com/mpcheck/mpcheck/adapters/remote/child"
)

// standard are the standard streams of an adapter.
type standard struct {
	adapters [3]*os.File
	theirs   []*os.File  // those that the harness closes once the adapter has them
	ours     []*os.File  // and those that it keeps
	captured []*captured // what is pumped
}

// standardStreams makes those that the options don't give: an empty file to read, and outputs that are captured. The
// control learns of them. Where files has an error then, nothing is of use.
func standardStreams(opts Options, t *tail, files *pipes, control *Control) standard {
	s := standard{adapters: [3]*os.File{opts.Stdin, opts.Stdout, opts.Stderr}}
	known := child.Standard{Why: "whoever started it chose it"}
	if opts.Stdio {
		known.Why = "the wire is there"
	}
	if opts.Stdin == nil {
		known.Input = files.input(filepath.Join(filepath.Dir(control.Socket()), "input"))
		s.adapters[0] = known.Input
		s.ours = append(s.ours, known.Input)
	}
	for i, written := range []*child.Written{&known.Output, &known.Error} {
		if fd := i + 1; s.adapters[fd] == nil && files.err == nil {
			c, w := capture(t, files)
			if c == nil {
				break
			}
			*written, s.adapters[fd] = c, w
			s.theirs, s.ours, s.captured = append(s.theirs, w), append(s.ours, c.read), append(s.captured, c)
		}
	}
	control.SetStandard(known)
	return s
}

// end waits a little for what was written, and closes what the harness has kept.
func (s *standard) end() {
	late, cancel := context.WithTimeout(context.Background(), outputDelay)
	defer cancel()
	for _, c := range s.captured {
		select {
		case <-c.done:
		case <-late.Done():
		}
		_ = c.read.Close()
		<-c.done
	}
	for _, f := range s.ours {
		_ = f.Close()
	}
}

// input makes an empty file to read from.
func (p *pipes) input(path string) *os.File {
	f, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		p.err = err
		return nil
	}
	p.files = append(p.files, f)
	return f
}
