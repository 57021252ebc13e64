package osexec

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/adapters/others/internal/judged"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

func TestMain(m *testing.M) { judged.Main(m, Implementation) }

// What os/exec does with programs: nothing that the documents forbid.
func TestConformance(t *testing.T) { judged.Run(t, "", 95, "EXT") }

// While a named pipe is opened for a program nothing else stands still.
func TestOthersGoOnWhileAFileIsOpened(t *testing.T) {
	adapter, err := kit.New(Implementation)
	if err != nil {
		t.Fatal(err)
	}
	system, err := adapter.Open(t.Context(), spec.SystemConfig{})
	if err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	begun, status := make(chan bool), make(chan spec.Return, 1)
	runs := system.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		close(begun)
		status <- spec.API{Frame: f}.Run(spec.String("cat"), spec.Nil{}, key.Input(pipe))
		return nil
	})
	if err := system.Run(func(f spec.Frame) {
		lisp := spec.API{Frame: f}
		p := lisp.ProcessRunFunction("opens", nil, lisp.MakeFunction(runs).Primary()).Primary()
		<-begun
		for range 100 { // perhaps it has come to the pipe
			lisp.Pause(spec.Double(0.0001))
		}
		writer, err := os.OpenFile(pipe, os.O_WRONLY, 0)
		if err != nil {
			t.Error(err)
		}
		writer.Close()
		lisp.ProcessJoin(p)
	}); err != nil {
		t.Error(err)
	}
	if got := <-status; got.String() != ":exited, 0" {
		t.Errorf("run: %v", got)
	}
	if left, err := system.Close(); err != nil || left != (spec.Leftover{}) {
		t.Errorf("close: %+v, %v", left, err)
	}
}
