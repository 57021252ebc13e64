package traces

import (
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
	"github.com/mpcheck/mpcheck/traces/queues"
)

// An apartJudge decides parts of a trace by themselves, which is better than a search through states.
type apartJudge interface {
	// Parts lists the parts that are decided. What isn't is left to the search, and so may be what is wrong.
	Parts() []script.Part
}

// An orderJudge prunes states by an order that what is still to come proves. What it does not know it lets pass.
type orderJudge interface {
	// OutOfOrder tells whether the labels after now can't be shown any more from a state to which the effect of a
	// call has just led. The state is only read.
	OutOfOrder(s *model.State, call *script.Call, now int) bool
	// Disorder convicts the whole trace without a search, nil where it can't.
	Disorder() *script.Wrong
}

// areas is all that the oracle is told of single areas: who judges their objects apart, and who knows an order
// of theirs. Another room like traces/queues is handed to it here.
func (c *checker) areas() {
	mailboxes := queues.Of(c.script)
	c.apart = []apartJudge{mailboxes}
	c.orders = []orderJudge{mailboxes}
}

// outOfOrder asks those who know an order whether a state is worth going on from.
func (c *checker) outOfOrder(s *model.State, call *script.Call) bool {
	for _, order := range c.orders {
		if order.OutOfOrder(s, call, c.now) {
			return true
		}
	}
	return false
}

// disorder asks the same whether the trace is wrong whatever a search would find, and convicts it.
func (c *checker) disorder() bool {
	for _, order := range c.orders {
		if wrong := order.Disorder(); wrong != nil {
			c.convictWrong(wrong)
			return true
		}
	}
	return false
}

// convictWrong notes what somebody else found.
func (c *checker) convictWrong(w *script.Wrong) {
	seen := "nothing happens"
	if !w.Silence {
		seen = c.outcome(w.At)
	}
	c.convict(w.At, w.Op, []string{w.Allowed}, seen)
}
