package child

import (
	"fmt"
	"os"

	"github.com/mpcheck/mpcheck/spec"
)

// standardFile executes (standard-file stream [text]). Of the input, the text is what is read next, by whoever
// shares the description; of the outputs, the file holds what was written since.
func (c *Control) standardFile(system string, call spec.Call) spec.Return {
	text, _, err := textArgument(call, 1)
	if err != nil {
		return spec.Signal("type-error", "%v: %v", call, err)
	}
	c.mu.Lock()
	standard := c.standard
	c.mu.Unlock()
	var known file
	switch call.Arg(0) {
	case spec.Keyword("input"):
		if standard.Input == nil {
			return standard.missing(call)
		}
		if err := putInput(standard.Input, text); err != nil {
			return spec.Signal("child-error", "%v: %v", call, err)
		}
		known.text = func() ([]byte, bool, error) { return []byte(text), true, nil }
	case spec.Keyword("output"), spec.Keyword("error"):
		written := standard.Output
		if call.Arg(0) == spec.Keyword("error") {
			written = standard.Error
		}
		if written == nil {
			return standard.missing(call)
		}
		since, err := written.Since()
		if err != nil {
			return spec.Signal("child-error", "%v: %v", call, err)
		}
		known.text = func() ([]byte, bool, error) {
			text, err := since()
			return text, err == nil, err
		}
	default:
		return spec.Signal("type-error", "%v: %v is no standard stream: want :input, :output or :error", call, call.Arg(0))
	}
	ref, err := c.files.add(system, func(string) (file, error) { return known, nil })
	if err != nil {
		return spec.Signal("child-error", "%v: %v", call, err)
	}
	return spec.Values(ref)
}

// putInput makes text what is read next, whatever was read so far.
func putInput(input *os.File, text string) error {
	// Written by another description: the position is that of who reads.
	if err := os.WriteFile(input.Name(), []byte(text), 0o600); err != nil {
		return err
	}
	if _, err := input.Seek(0, 0); err != nil {
		return fmt.Errorf("going back to the beginning of the input: %w", err)
	}
	return nil
}

func (s Standard) missing(call spec.Call) spec.Return {
	why := s.Why
	if why == "" {
		why = "the harness didn't start it"
	}
	return spec.Signal(spec.OutOfResources, "the standard %v of the adapter isn't the harness's to see: %s", call.Arg(0), why)
}

// SetStandard says what the adapter was started with.
func (c *Control) SetStandard(s Standard) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.standard = s
}
