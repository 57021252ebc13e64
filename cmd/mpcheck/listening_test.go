package main

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// listening serves a built-in implementation at a socket until the script ends:
// mpcheck_serves SOCKET ADAPTER.
func listening(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mpcheck_serves SOCKET ADAPTER")
	}
	path := ts.MkAbs(args[0])
	if len(path) > 100 {
		ts.Fatalf("%s is too long for a socket", filepath.Base(path))
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		mpcheck(ctx, []string{"serve", "--adapter", args[1], "--listen", "unix:" + path}, nil, io.Discard, io.Discard)
	}()
	ts.Defer(func() { cancel(); <-ended })
	for range 500 {
		if conn, err := net.Dial("unix", path); err == nil {
			conn.Close()
			return
		}
		select {
		case <-ended:
			ts.Fatalf("it listens no more")
		case <-time.After(10 * time.Millisecond):
		}
	}
	ts.Fatalf("nobody listens at %s", path)
}
