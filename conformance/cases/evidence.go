package cases

import "github.com/mpcheck/mpcheck/spec"

// Evidence is what one run of a case has shown. It is plain data, and the whole of what a verdict
// is found by: whoever has it owns it.
type Evidence struct {
	// Completed is true where the case's function has returned.
	Completed bool
	// Reached is true where the case came by its witness, or names none.
	Reached bool
	// Failure is the expectation that did not hold, nil where all did.
	Failure *Failure
	// Absent is the call that the adapter doesn't offer, "" for none.
	Absent string
	// Unfit says why the case does not apply to what this run did, "" where it does.
	Unfit string
	// Inconclusive says which precondition, nobody's fault, did not hold, "" where all did.
	Inconclusive string
	// Broken is the fault of the harness, the adapter's kit ([*KitFault]) or the case itself.
	Broken error
	// Ended is how the system ended, nil where it did as it should.
	Ended error
	// Hung is what was waited for in vain, nil for nothing.
	Hung *Hang
	// Composed is true where an operation took part that the adapter composed.
	Composed bool
	// Observed are the choices that were seen where the documents are silent.
	Observed []Observation
	// Issued counts the operations of the system under test that the case has issued.
	Issued int
}

// Decided tells whether something that the run met has decided the case before its end.
func (e *Evidence) Decided() bool {
	return e.Failure != nil || e.Absent != "" || e.Unfit != "" || e.Inconclusive != "" || e.Broken != nil
}

// Failure is an expectation that did not hold.
type Failure struct {
	// Clause that is charged.
	Clause string `json:"clause"`
	// Step is the step reached last, "" before the first.
	Step string `json:"step,omitempty"`
	// Allowed and Seen are what the clause allows and what came instead.
	Allowed string `json:"allowed"`
	Seen    string `json:"seen"`
	// Message is what the author of the case says about the expectation.
	Message string `json:"message"`
	// Waits is who waited for whom where an operation could never return, known on virtual time.
	Waits spec.WaitGraph `json:"waits,omitempty"`
	// Cause is the operation that decided it and how that ended, nil where no single one did.
	Cause *Cause `json:"cause,omitempty"`
	// Timed is true where only the running out of a real-time limit speaks for the failure.
	Timed bool `json:"-"`
	// Convicts is true where it is a fail whatever the level of its clause: a hang, an untrue claim.
	Convicts bool `json:"-"`
	// Unwound is true where the process of the test was.
	Unwound bool `json:"-"`
}

// Observation is one choice that an implementation was seen to make where the documents
// are silent.
type Observation struct {
	Clause    string `json:"clause"`
	Behaviour string `json:"behaviour"`
	Count     int    `json:"count"`
}
