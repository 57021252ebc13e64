package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// An example is a call as a case makes it and its answer, as they are on the wire but for what is the same
// in every message.
type example struct {
	id           string
	call, answer string
	status       spec.Status
}

// examples runs the cases on the simulator and returns, for each operation, the shortest call that returned
// values, else the shortest of any outcome. What no case calls, or none in a way that ends, has none.
func examples() (map[string]example, error) {
	best := map[string]example{}
	keep := func(id string, call spec.Call, r spec.Return) error {
		e := example{id: id, status: r.Status}
		var err error
		if e.call, err = wireCall(call); err != nil {
			return err
		}
		if e.answer, err = wireReturn(r); err != nil {
			return err
		}
		if old, known := best[call.Op]; !known || e.rank() < old.rank() || e.rank() == old.rank() && e.length() < old.length() {
			best[call.Op] = e
		}
		return nil
	}
	var faults []error
	_, err := run.Execute(context.Background(), run.Config{
		Adapter: refimpl.New(refimpl.Options{}), Cases: cases.All(), Seed: 1, Schedules: 1,
		Sizes: cases.ExploreSizes, TrustKit: true,
		Tape: func(_ spec.Handshake, id string, _ uint64) (spec.Recorder, func(verdict.Verdict)) {
			return &pairs{keep: func(c spec.Call, r spec.Return) {
				if err := keep(id, c, r); err != nil {
					faults = append(faults, err)
				}
			}, open: map[int]spec.Call{}}, nil
		},
	})
	if err == nil && len(faults) > 0 {
		err = faults[0]
	}
	return best, err
}

func (e example) length() int { return len(e.call) + len(e.answer) }

// rank is lower for what says more of an ordinary call.
func (e example) rank() int {
	switch {
	case e.status == spec.Returned && !strings.HasSuffix(e.answer, `"values":[]}`):
		return 0
	case e.status == spec.Returned:
		return 1
	}
	return 2
}

// pairs is a recorder that brings calls and their answers together.
type pairs struct {
	keep func(spec.Call, spec.Return)
	open map[int]spec.Call
}

func (p *pairs) Record(l spec.Label) {
	switch l.Kind {
	case spec.CallLabel:
		p.open[l.Frame] = l.Call
	case spec.ReturnLabel:
		p.keep(p.open[l.Frame], l.Return)
	case spec.GoneLabel:
		p.keep(p.open[l.Frame], spec.Return{Status: spec.Gone})
	}
}

func wireCall(c spec.Call) (string, error) {
	text, err := c.MarshalJSON()
	return string(text), err
}

func wireReturn(r spec.Return) (string, error) {
	switch r.Status {
	case spec.Returned:
		values := []string{}
		for _, v := range r.Values {
			text, err := spec.EncodeValue(v)
			if err != nil {
				return "", err
			}
			values = append(values, string(text))
		}
		return fmt.Sprintf(`{"status":"returned","values":[%s]}`, strings.Join(values, ",")), nil
	case spec.Signalled:
		condition, err := json.Marshal(r.Condition)
		return fmt.Sprintf(`{"status":"signalled","condition":%s}`, condition), err
	}
	return fmt.Sprintf(`{"status":%q}`, r.Status), nil
}
