// Roundtrips counts operations to adapters and back, beside an echo loop in the same language that knows nothing of the protocol:
// what an adapter takes is the difference. What isn't installed is left out.
//
//	roundtrips -mpcheck bin/mpcheck -for 2s
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/spec"
)

// line is as long as the call of a small operation, of which the echo gives back as much.
var line = strings.Repeat("x", 130) + "\n"

// A host is a language: how an adapter in it is started, and an echo of lines from its input to its output.
type host struct {
	name          string
	adapter, echo []string
}

func hosts(mpcheck, self string) []host {
	return []host{
		{"Go", []string{mpcheck, "serve", "--adapter", "native"}, []string{self, "-echo"}},
		{"CPython", []string{"python3", "adapters/python/cpython.py"}, []string{"python3", "-c", `
import sys
for line in sys.stdin.buffer:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()`}},
		{"SBCL", []string{"sbcl", "--script", "adapters/lisp/adapter.lisp"}, []string{"sbcl", "--noinform", "--no-sysinit", "--no-userinit", "--eval", lispEcho}},
		{"ECL", []string{"ecl", "--norc", "--shell", "adapters/lisp/adapter.lisp"}, []string{"ecl", "--norc", "-q", "--eval", lispEcho}},
	}
}

const lispEcho = `(progn (loop for line = (read-line *standard-input* nil) while line do (write-line line) (finish-output)) #+sbcl (sb-ext:exit) #+ecl (ext:quit))`

func main() {
	remote.Main() // each adapter has a keeper, which this program is too
	mpcheck := flag.String("mpcheck", "bin/mpcheck", "the program that serves native")
	during := flag.Duration("for", 2*time.Second, "how long each is asked")
	echo := flag.Bool("echo", false, "be the echo in Go")
	flag.Parse()
	if *echo {
		in, out := bufio.NewReader(os.Stdin), os.Stdout
		for {
			text, err := in.ReadString('\n')
			if err != nil {
				return
			}
			out.WriteString(text)
		}
	}
	self, err := os.Executable()
	if err != nil {
		fail(err)
	}
	fmt.Println("round trips a second, an adapter's small operation and a bare echo, in turns: the best of three each")
	for _, h := range hosts(*mpcheck, self) {
		if _, err := exec.LookPath(h.adapter[0]); err != nil {
			fmt.Printf("left out: %s: %v\n", h.name, err)
			continue
		}
		var operations, echoes float64
		for range 3 { // in turns, as the machine is not equally fast all the time
			n, err := operationsPerSecond(h.adapter, *during)
			if err != nil {
				fail(fmt.Errorf("%s: %w", h.name, err))
			}
			operations = max(operations, n)
			if n, err = echoesPerSecond(h.echo, *during); err != nil {
				fail(fmt.Errorf("the echo of %s: %w", h.name, err))
			}
			echoes = max(echoes, n)
		}
		fmt.Printf("%-8s %7.0f operations, %7.0f echoes: %.1f echoes' time\n", h.name, operations, echoes, echoes/operations)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "roundtrips:", err)
	os.Exit(1)
}

// operationsPerSecond reads a cell for so long.
func operationsPerSecond(command []string, during time.Duration) (perSecond float64, err error) {
	adapter, err := remote.NewPool(context.Background(), remote.Options{Command: command})
	if err != nil {
		return 0, err
	}
	defer adapter.Close()
	sys, err := adapter.Open(context.Background(), spec.SystemConfig{})
	if err != nil {
		return 0, err
	}
	defer sys.Close()
	var wrong error
	err = sys.Run(func(f spec.Frame) {
		cell := f.Do(spec.NewCall("make-cell", nil, 7))
		if cell.Status != spec.Returned {
			wrong = fmt.Errorf("make-cell: %v", cell)
			return
		}
		get := spec.NewCall("cell-get", nil, cell.Values[0])
		n, began := 0, time.Now()
		for time.Since(began) < during {
			if r := f.Do(get); r.Status != spec.Returned {
				wrong = fmt.Errorf("cell-get: %v", r)
				return
			}
			n++
		}
		perSecond = float64(n) / time.Since(began).Seconds()
	})
	if wrong != nil {
		return 0, wrong
	}
	return perSecond, err
}

// echoesPerSecond writes a line and reads it again for so long.
func echoesPerSecond(command []string, during time.Duration) (float64, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	to, err := cmd.StdinPipe()
	if err != nil {
		return 0, err
	}
	from, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	in := bufio.NewReader(from)
	once := func() error {
		if _, err := io.WriteString(to, line); err != nil {
			return err
		}
		for {
			switch text, err := in.ReadString('\n'); {
			case err != nil:
				return err
			case text == line: // and no greeting
				return nil
			}
		}
	}
	if err := once(); err != nil { // once it is up
		return 0, err
	}
	n, began := 0, time.Now()
	for time.Since(began) < during {
		if err := once(); err != nil {
			return 0, err
		}
		n++
	}
	perSecond := float64(n) / time.Since(began).Seconds()
	to.Close()
	return perSecond, cmd.Wait()
}
