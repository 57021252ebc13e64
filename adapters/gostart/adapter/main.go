// Copyright the mpcheck authors. SPDX-License-Identifier: MIT

// Command adapter has mpcheck judge mailboxes.
//
//	mpcheck smoke -- ./adapter
//	mpcheck run -- ./adapter
//	go test
//
// What is judged stands in mailbox.go; here is what calls it. `mpcheck explain mailbox-read` shows what an operation is given and
// answers, `go doc github.com/mpcheck/mpcheck/adapters/kit` what there is to build one with.
package main

import (
	"context"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

func main() { kit.Main(implementation) }

var implementation = kit.Implementation{
	Name:    "my-mailboxes",
	Profile: []string{"lispworks-8:MBOX"}, // the manual that it follows
	Operations: map[string]kit.Operation{
		"make-mailbox":        makeMailbox,
		"mailbox-send":        kit.On("mailbox", send),
		"mailbox-read":        kit.On("mailbox", read),
		"mailbox-peek":        kit.On("mailbox", peek),
		"mailbox-empty-p":     kit.On("mailbox", isEmpty),
		"mailbox-not-empty-p": kit.On("mailbox", isNotEmpty),
		"mailbox-count":       kit.On("mailbox", count),
	},
	// The library's own, which is merely called here: a verdict about it is one about the library.
	Native: []string{"mailbox-send", "mailbox-read", "mailbox-peek"},
}

// A box is a mailbox as cases know it.
type box struct{ *Mailbox }

// HasMail lets cases wait for mail.
func (b box) HasMail() bool { return b.Len() > 0 }

func makeMailbox(f *kit.Frame, _ spec.Call) ([]spec.Value, error) {
	return kit.One(f.System().Name("mailbox", box{NewMailbox()})), nil
}

func send(f *kit.Frame, b box, c spec.Call) ([]spec.Value, error) {
	b.Send(c.Args[1])
	f.System().Changed() // who waits for mail looks
	return kit.One(c.Args[1]), nil
}

// read may wait, which is done outside of the kit's monitor: a kill ends ctx.
func read(f *kit.Frame, b box, c spec.Call) ([]spec.Value, error) {
	limit, err := f.System().TimeoutOf("the timeout", c.Arg(2))
	if err != nil {
		return nil, err
	}
	var object any
	there := false
	f.Outside("mail", func(ctx context.Context) {
		within, cancel := limit.Context(ctx)
		defer cancel()
		object, there = b.Receive(within)
	})
	return found(object, there)
}

func peek(_ *kit.Frame, b box, _ spec.Call) ([]spec.Value, error) { return found(b.Peek()) }

// found are the values of what may find nothing: an object or nil, and which of the two.
func found(object any, there bool) ([]spec.Value, error) {
	if !there {
		return []spec.Value{spec.Nil{}, spec.Nil{}}, nil
	}
	return []spec.Value{object.(spec.Value), spec.True{}}, nil
}

func isEmpty(_ *kit.Frame, b box, _ spec.Call) ([]spec.Value, error) {
	return kit.One(spec.Bool(b.Len() == 0)), nil
}

func isNotEmpty(_ *kit.Frame, b box, _ spec.Call) ([]spec.Value, error) {
	return kit.One(spec.Bool(b.Len() > 0)), nil
}

func count(_ *kit.Frame, b box, _ spec.Call) ([]spec.Value, error) {
	return kit.One(spec.Int(b.Len())), nil
}
