package kit_test

import (
	"context"
	"fmt"
	"os/exec"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// on has code run as the outermost frame of a fresh system, as a case does.
func on(i kit.Implementation, code func(lisp spec.API)) {
	adapter, err := kit.New(i)
	if err != nil {
		fmt.Println(err)
		return
	}
	system, err := adapter.Open(context.Background(), spec.SystemConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := system.Run(func(f spec.Frame) { code(spec.API{Frame: f}) }); err != nil {
		fmt.Println(err)
	}
	if left, err := system.Close(); left != (spec.Leftover{}) || err != nil {
		fmt.Println(left, err)
	}
}

// Mailboxes of a library, here channels: what may wait is done outside of the monitor, and ends with ctx.
func Example() {
	type mailbox chan spec.Value
	channels := kit.Implementation{
		Name: "channels",
		Operations: map[string]kit.Operation{
			"make-mailbox": func(f *kit.Frame, _ spec.Call) ([]spec.Value, error) {
				return kit.One(f.System().Name("mailbox", make(mailbox, 100))), nil
			},
			"mailbox-send": kit.On("mailbox", func(f *kit.Frame, m mailbox, c spec.Call) ([]spec.Value, error) {
				f.Outside("room", func(ctx context.Context) {
					select {
					case m <- c.Args[1]:
					case <-ctx.Done():
					}
				})
				return kit.One(c.Args[1]), nil
			}),
			"mailbox-read": kit.On("mailbox", func(f *kit.Frame, m mailbox, c spec.Call) ([]spec.Value, error) {
				limit, err := f.System().TimeoutOf("the timeout", c.Arg(2))
				if err != nil {
					return nil, err
				}
				values := []spec.Value{spec.Nil{}, spec.Nil{}}
				f.Outside("mail", func(ctx context.Context) {
					within, cancel := limit.Context(ctx)
					defer cancel()
					select {
					case v := <-m:
						values = []spec.Value{v, spec.True{}}
					case <-within.Done():
					}
				})
				return values, nil
			}),
		},
		Native: []string{"mailbox-send", "mailbox-read"},
	}
	on(channels, func(lisp spec.API) {
		box := lisp.MakeMailbox().Primary()
		lisp.MailboxSend(box, "hello")
		fmt.Println(lisp.MailboxRead(box))
		fmt.Println(lisp.MailboxRead(box, nil, 0))
		fmt.Println(lisp.MailboxRead("no mailbox"))
	})
	// Output:
	// "hello", t
	// nil, nil
	// error type-error: the argument "no mailbox" is not what is wanted here: a mailbox
}

// What an adapter composes itself waits for conditions, which are looked at whenever a list of waiters is woken.
func ExampleFrame_Wait() {
	type mailbox struct {
		objects []spec.Value
		readers kit.Waiters
	}
	composed := kit.Implementation{
		Name: "composed",
		Operations: map[string]kit.Operation{
			"make-mailbox": func(f *kit.Frame, _ spec.Call) ([]spec.Value, error) {
				return kit.One(f.System().Name("mailbox", &mailbox{})), nil
			},
			"mailbox-send": kit.On("mailbox", func(_ *kit.Frame, m *mailbox, c spec.Call) ([]spec.Value, error) {
				m.objects = append(m.objects, c.Args[1])
				m.readers.Wake()
				return kit.One(c.Args[1]), nil
			}),
			"mailbox-read": kit.On("mailbox", func(f *kit.Frame, m *mailbox, c spec.Call) ([]spec.Value, error) {
				v := spec.Value(spec.Nil{})
				f.Wait("mail", kit.Forever, func() (there bool) {
					if there = len(m.objects) > 0; there {
						v, m.objects = m.objects[0], m.objects[1:]
					}
					return there
				}, &m.readers)
				return []spec.Value{v, spec.True{}}, nil
			}),
		},
	}
	on(composed, func(lisp spec.API) {
		box := lisp.MakeMailbox().Primary()
		lisp.MailboxSend(box, 1)
		lisp.MailboxSend(box, 2)
		fmt.Println(lisp.MailboxRead(box), "and", lisp.MailboxRead(box))
	})
	// Output:
	// 1, t and 2, t
}

// A supervisor's programs: each counts as left until its end was collected, and is ended with the system.
func ExampleSystem_Started() {
	shells := kit.Implementation{
		Name: "os-exec",
		Operations: map[string]kit.Operation{
			"run-shell-command": func(f *kit.Frame, c spec.Call) ([]spec.Value, error) {
				command, ok := f.System().Text(c.Args[0])
				if !ok {
					return nil, kit.TypeError("the command", c.Args[0], "a string")
				}
				shell := exec.Command("/bin/sh", "-c", command)
				if err := shell.Start(); err != nil {
					return nil, kit.SimpleError("starting a shell: %v", err)
				}
				// A process that is killed here leaves its command running: the system ends that.
				ended := make(chan struct{})
				s := f.System()
				gone := s.Started(func() error { err := shell.Process.Kill(); <-ended; return err })
				late := func() { s.Lock(); gone(); s.Unlock() }
				if !f.Aside("the end of "+command, func() { _ = shell.Wait(); close(ended) }, nil, late) {
					return nil, nil
				}
				gone()
				return kit.One(spec.Int(shell.ProcessState.ExitCode())), nil
			},
		},
		Native: []string{"run-shell-command"},
	}
	on(shells, func(lisp spec.API) {
		fmt.Println(lisp.RunShellCommand("exit 3"))
		fmt.Println(lisp.RunShellCommand(7))
	})
	// Output:
	// 3
	// error type-error: the command 7 is not what is wanted here: a string
}

// Claims are composed, but what is said to be native.
func ExampleNew() {
	nothing := func(*kit.Frame, spec.Call) ([]spec.Value, error) { return kit.One(spec.Nil{}), nil }
	adapter, err := kit.New(kit.Implementation{
		Name:       "claims",
		Operations: map[string]kit.Operation{"make-mailbox": nothing, "mailbox-read": nothing},
		Native:     []string{"mailbox-read"},
	})
	fmt.Println(adapter.Handshake().Operations["make-mailbox"], adapter.Handshake().Operations["mailbox-read"], err)

	_, err = kit.New(kit.Implementation{Name: "typo", Operations: map[string]kit.Operation{"mailbox-reed": nothing}})
	fmt.Println(err)
	// Output:
	// composed native <nil>
	// typo: nothing that can be claimed is named "mailbox-reed": docs/operations.md has what there is
}
