package conformance_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/impostor"
	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/internal/abreast"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// This test binary is its own adapters, keepers and helper children.
func TestMain(m *testing.M) {
	// A race build that exits 0 sleeps a second first, and this one starts itself often.
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	remote.Main(map[string]func([]string) int{"serve": serve})
	abreast.Tests()
	flag.Parse()
	if byGinkgo() {
		// Ginkgo runs the specs, in several processes perhaps; the other tests are go test's.
		if err := flag.Set("test.run", "^TestSuite$"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// byGinkgo tells whether ginkgo started this binary: it always passes flags of its own.
func byGinkgo() (is bool) {
	flag.Visit(func(f *flag.Flag) { is = is || f.Name == "ginkgo.seed" })
	return is
}

// serve is an adapter process: the name of an implementation, and of a mutant of the
// simulator.
func serve(args []string) int {
	adapter, err := builtIn(args[0])
	if len(args) > 1 {
		adapter = refimpl.New(refimpl.Options{Mutant: model.Mutant(args[1])})
	}
	if err == nil {
		err = wire.ServeInherited(context.Background(), adapter)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// builtInAs has implementations of single tests.
var builtInAs = map[string]func() spec.Adapter{
	"starts-nothing": func() spec.Adapter {
		return trial.Replacing(native.New(), func(_ spec.Frame, call spec.Call) (spec.Return, bool) {
			return spec.Values(spec.Nil{}, spec.Nil{}, spec.Nil{}), call.Op == "run-shell-command"
		})
	},
}

func builtIn(name string) (spec.Adapter, error) {
	if op, ok := strings.CutPrefix(name, "hangs-in "); ok {
		return trial.Replacing(native.New(), func(_ spec.Frame, call spec.Call) (spec.Return, bool) {
			if call.Manner() == op || call.Op == op {
				select {} // nothing in Go can end that
			}
			return spec.Return{}, false
		}), nil
	}
	if make := builtInAs[name]; make != nil {
		return make(), nil
	}
	switch name {
	case "native":
		return native.New(), nil
	case "refimpl":
		return refimpl.New(refimpl.Options{}), nil
	case "anonymous":
		return trial.Wrap(native.New(), anonymous), nil
	case "panics":
		return trial.Wrap(native.New(), panics(true)), nil
	case "panics-inside":
		return trial.Wrap(native.New(), panics(false)), nil
	}
	return impostor.New(name)
}

// command starts a program as an adapter; served does so with serve.
func command(words ...string) (spec.Adapter, error) {
	return remote.NewPool(context.Background(), remote.Options{Command: words})
}

func served(words ...string) (spec.Adapter, error) {
	self, err := remote.Self()
	if err != nil {
		return nil, err
	}
	return command(append([]string{self, "serve"}, words...)...)
}
