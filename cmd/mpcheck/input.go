package main

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
)

// openInput opens a file to be read, which may be a pipe: neither opening nor reading waits for
// who writes it any longer once ctx ends. The error is then one for which [interrupted] holds.
func openInput(ctx context.Context, path string) (*os.File, error) {
	f, err := opened(ctx, path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(time.Unix(1, 0)) })
	return f, nil
}

// readInput reads a whole one, which must not be larger than most.
func readInput(ctx context.Context, path string, most int64) ([]byte, error) {
	f, err := openInput(ctx, path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		err = errTooLarge
	}
	return text, err
}

var errTooLarge = errors.New("the file is too large")

// opened opens what may be a pipe: that waits for the other side, or until ctx ends.
func opened(ctx context.Context, path string, flags int) (*os.File, error) {
	type result struct {
		file *os.File
		err  error
	}
	done := make(chan result, 1)
	go func() {
		f, err := os.OpenFile(path, flags, 0)
		done <- result{f, err}
	}()
	select {
	case r := <-done:
		return r.file, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// interrupted tells whether an error is that of a wait which an interrupt ended.
func interrupted(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, os.ErrDeadlineExceeded)
}

// await does what can't be told to end, and waits for it until ctx ends.
func await[T any](ctx context.Context, do func() T) (T, error) {
	done := make(chan T, 1)
	go func() { done <- do() }()
	select {
	case result := <-done:
		return result, nil
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
