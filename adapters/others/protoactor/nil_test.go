package protoactor

import (
	"testing"

	"github.com/asynkron/protoactor-go/actor"
)

type invoker chan any

func (i invoker) InvokeSystemMessage(any)       {}
func (i invoker) InvokeUserMessage(m any)       { i <- m }
func (i invoker) EscalateFailure(reason, _ any) { panic(reason) }

// What known.txt says of a nil, without mpcheck: of nil and a string that are sent the string alone is handed out, the mailbox is empty
// then, and says that it holds one; as long as it does its loop never ends.
func TestNilIsNoMessage(t *testing.T) {
	for name, produce := range map[string]actor.MailboxProducer{"unbounded": actor.Unbounded(), "bounded": actor.Bounded(10)} {
		m, got := produce(), make(invoker, 2)
		m.RegisterHandlers(got, actor.NewDefaultDispatcher(1))
		m.Start()
		m.PostUserMessage(nil)
		m.PostUserMessage("a string")
		if first := <-got; first != "a string" {
			t.Errorf("%s: the first message handed out is %v: take the entries out of known.txt", name, first)
		}
		if n := m.UserMessageCount(); n != 1 {
			t.Errorf("%s: it counts %d messages: take the entries out of known.txt", name, n)
		}
		m.PostSystemMessage(&actor.SuspendMailbox{}) // which ends the loop
	}
}
