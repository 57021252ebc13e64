package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// transport says by which way an adapter is spoken to.
type transport struct {
	// wire is descriptors or stdio.
	wire string
	// connect is the address of an adapter that runs already, "" for one that is started.
	connect string
}

// check refuses what contradicts itself, or the rest of the command line.
func (t *transport) check(command []string, adapterGiven bool) error {
	if t.wire != "descriptors" && t.wire != "stdio" {
		return usage("--wire %s: want descriptors, which MPCHECK_IN and MPCHECK_OUT name, or stdio", shellWord(t.wire))
	}
	if t.connect == "" {
		return nil
	}
	if _, err := remote.SocketPath(t.connect); err != nil {
		return usage("--connect: %w", err)
	}
	switch {
	case len(command) > 0:
		return usage("--connect is for an adapter that runs already: leave the command after -- out")
	case adapterGiven:
		return usage("--connect and --adapter exclude each other")
	case t.wire == "stdio":
		return usage("--connect and --wire exclude each other")
	}
	return nil
}

// attached is the adapter that runs already.
func (t *transport) attached(ctx context.Context) ([]spec.Adapter, error) {
	adapter, err := remote.Attach(ctx, t.connect)
	if err != nil {
		return nil, &exitError{exitUndecided, fmt.Errorf("--connect %s: %w", t.connect, err)}
	}
	return []spec.Adapter{adapter}, nil
}

// serveAt serves an adapter to whoever connects to an address, one after the other, until ctx ends:
// bye ends a connection and no more.
func serveAt(ctx context.Context, address string, adapter spec.Adapter) error {
	path, err := remote.SocketPath(address)
	if err != nil {
		return usage("--listen: %w", err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return usage("--listen: %w", err)
	}
	defer os.Remove(path)
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	for {
		conn, err := listener.Accept()
		if ctx.Err() != nil {
			return &exitError{exitInterrupted, nil}
		}
		if err != nil {
			return &exitError{exitUndecided, fmt.Errorf("--listen %s: %w", address, err)}
		}
		if err := wire.Serve(ctx, adapter, conn, conn); err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "mpcheck: serve:", err)
		}
		conn.Close()
	}
}

// open opens the adapters that a run takes.
func (f *runFlags) open(ctx context.Context, command []string, cases int, stderr io.Writer) ([]spec.Adapter, error) {
	if f.connect != "" {
		return f.attached(ctx)
	}
	return openAdapters(ctx, opening{
		name: f.adapter, command: command, n: f.jobsFor(command, cases), stdio: f.wire == "stdio", within: f.startTimeout, stderr: stderr,
	})
}
