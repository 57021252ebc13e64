package format

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// A Writer writes the labels of a run as they come: a call before it is made, a return after.
// A run that ends badly leaves what had happened. It is a [spec.Recorder], for any goroutine.
type Writer struct {
	mu  sync.Mutex
	out io.Writer
	err error
}

// NewWriter writes the header and returns a writer for the labels.
func NewWriter(out io.Writer, h Header) *Writer {
	w := &Writer{out: out}
	h.Format = Version
	data, err := json.Marshal(h)
	w.write(data, err)
	return w
}

// Record implements [spec.Recorder]. What fails is said by Err; the run goes on.
func (w *Writer) Record(l spec.Label) {
	w.mu.Lock()
	defer w.mu.Unlock()
	data, err := EncodeLabel(l)
	w.write(data, err)
}

func (w *Writer) write(data []byte, err error) {
	if w.err != nil {
		return
	}
	if err == nil {
		_, err = w.out.Write(append(spec.PrintableJSON(data), '\n'))
	}
	w.err = err
}

// Err returns the first error of writing.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// Write writes the whole trace.
func (t *Trace) Write(out io.Writer) error {
	buffered := bufio.NewWriter(out)
	w := NewWriter(buffered, t.Header)
	for _, l := range t.Labels {
		w.Record(l)
	}
	return errors.Join(w.Err(), buffered.Flush())
}
