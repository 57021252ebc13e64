// Steady runs the whole suite against the native adapter many times, some of them while busy
// loops take the processors, and says which cases did not have the same verdict each time. A
// verdict that depends on the machine's mood can't be trusted.
//
//	steady -runs 50 -loaded 10 -- bin/mpcheck run
//	steady -runs 10 -loaded 2 -- bin/mpcheck run -- ./my-adapter
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"
)

// A result is what one run's report says, as far as it matters here.
type result struct {
	Partial bool
	Cases   []struct{ ID, Verdict, Message, Reason string }
}

func main() {
	runs := flag.Int("runs", 50, "how many runs")
	loaded := flag.Int("loaded", 10, "how many of them, the last ones, beside 4 busy loops")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "steady: name the command of a run after --, such as: steady -- bin/mpcheck run")
		os.Exit(2)
	}
	unsteady, err := repeat(*runs, *loaded, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "steady:", err)
		os.Exit(1)
	}
	fmt.Printf("%d runs, %d of them beside 4 busy loops: %d cases changed their verdict\n", *runs, *loaded, unsteady)
	if unsteady > 0 {
		os.Exit(1)
	}
}

func repeat(runs, loaded int, command []string) (unsteady int, err error) {
	dir, err := os.MkdirTemp("", "steady-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	verdicts := map[string]string{}
	changed := map[string]bool{}
	for i := range runs {
		stop := func() {}
		if i >= runs-loaded {
			stop = busy(4)
		}
		began := time.Now()
		res, err := run(command, filepath.Join(dir, "report.json"))
		stop()
		if err != nil {
			return 0, fmt.Errorf("run %d: %w", i+1, err)
		}
		counts := map[string]int{}
		for _, c := range res.Cases {
			counts[c.Verdict]++
			if _, known := verdicts[c.ID]; !known {
				verdicts[c.ID] = c.Verdict
			}
			if verdicts[c.ID] != c.Verdict {
				changed[c.ID] = true
				fmt.Printf("run %d: %s is %s and was %s: %s %s\n", i+1, c.ID, c.Verdict, verdicts[c.ID], c.Message, c.Reason)
			}
		}
		fmt.Printf("run %d: %v, %.0f s\n", i+1, counts, time.Since(began).Seconds())
	}
	return len(changed), nil
}

// run makes one run. That it found something, its exit status 1 or 3, is no error here.
func run(command []string, report string) (result, error) {
	args := slices.Clone(command[1:])
	at := len(args)
	if i := slices.Index(args, "--"); i >= 0 { // what follows is the adapter's
		at = i
	}
	c := exec.Command(command[0], slices.Insert(args, at, "--json", report)...)
	c.Stderr = os.Stderr
	var exit *exec.ExitError
	if err := c.Run(); err != nil && !(errors.As(err, &exit) && (exit.ExitCode() == 1 || exit.ExitCode() == 3)) {
		return result{}, err
	}
	text, err := os.ReadFile(report)
	if err != nil {
		return result{}, err
	}
	var r result
	if err := json.Unmarshal(text, &r); err != nil {
		return result{}, err
	}
	if r.Partial || len(r.Cases) == 0 {
		return result{}, errors.New("the report is partial or has no cases")
	}
	return r, nil
}

// busy takes n threads' worth of the processors until the function it returns is called.
func busy(n int) (stop func()) {
	var done atomic.Bool
	for range n {
		go func() {
			for x := 1; !done.Load(); x = x*1103515245 + 12345 {
				_ = x
			}
		}()
	}
	return func() { done.Store(true) }
}
