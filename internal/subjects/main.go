// Subjects has real implementations judged, where they are or can be installed: SBCL, ECL, ABCL and UIOP by the
// adapters in adapters/lisp, where a portable layer is too, CPython and the portable layer in Python by those in adapters/python. A host's own deviations stand in
// lists, with their reasons; anything else that accuses fails, and so do too few cases.
//
//	subjects -fuzz 5m
//	subjects -only ECL -brief
//	subjects -library LOADS-IT.lisp -only external-program
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/mpcheck/mpcheck/internal/judge"
)

// A host is an implementation and what to know of it.
type host struct {
	judge.Subject
	packageName string   // of Debian
	files       string   // a folder of that package, where the command alone doesn't tell that it is there
	build       []string // a command, nil for none
	fuzzed      bool
	flags       []string // of mpcheck run
	hangs       []string // more of them, where the known deviations run too
	// floor is how many cases of an area have to be judged at least, known deviations among them: else the adapter
	// says less than it did, or the cases ask for what it doesn't have.
	floor map[string]int
	// library: it is a library that its user has, judged where a file that loads it is named.
	library bool
}

// libraryFile is where the command of a library has the file that loads it.
const libraryFile = 3

var hosts = []host{
	{
		Subject: judge.Subject{
			Name: "SBCL", Command: []string{"sbcl", "--script", "bin/adapter.fasl"},
			Known:   "adapters/lisp/known-sbcl.txt",
			Without: []string{"start"}, // one that fails closes the streams of all others
		},
		packageName: "sbcl", fuzzed: true, floor: map[string]int{"EXT": 40, "REAP": 35, "PROC": 40, "EVENT": 10},
		// Loading the source takes a second of computing, for each adapter that is started.
		build: []string{"sbcl", "--script", "adapters/lisp/build.lisp", "bin/adapter.fasl"},
	},
	{
		Subject: judge.Subject{
			Name:    "ECL",
			Command: []string{"ecl", "--norc", "--shell", "adapters/lisp/adapter.lisp"},
			Known:   "adapters/lisp/known-ecl.txt", Forbidden: "adapters/lisp/forbidden-ecl.txt",
			Unsteady: true, // a thread that exits as it is killed may take the process along
		},
		packageName: "ecl",
		flags:       []string{"--jobs", "6"}, // most of their time they wait
		// For operations that never return, in known deviations.
		hangs: []string{"--timeout", "5s"},
		floor: map[string]int{"REAP": 35, "PROC": 40, "EVENT": 10},
	},
	{
		Subject: judge.Subject{
			Name:    "CPython",
			Command: []string{"python3", "adapters/python/cpython.py"},
			Known:   "adapters/python/known-cpython.txt", Forbidden: "adapters/python/forbidden-cpython.txt",
		},
		packageName: "python3",
		flags:       []string{"--select", "EXT", "--select", "REAP", "--select", "PROC"}, // what else it claims is composed
		floor:       map[string]int{"EXT": 40, "REAP": 35, "PROC": 30},
	},
	{
		Subject: judge.Subject{
			Name:    "CPython-queue",
			Command: []string{"python3", "adapters/python/queues.py"},
		},
		packageName: "python3",
		flags:       []string{"--select", "MBOX"}, // what else it claims is composed
		floor:       map[string]int{"MBOX": 12},
	},
	{
		Subject: judge.Subject{
			Name:    "portable-python",
			Command: []string{"python3", "adapters/python/portable.py"},
		},
		packageName: "python3", fuzzed: true,
		floor: map[string]int{"PROC": 50, "CLEAN": 70, "DEP": 12, "SEND": 50, "MBOX": 40, "EVENT": 25},
	},
	{
		Subject: judge.Subject{
			Name:    "UIOP",
			Command: []string{"sbcl", "--script", "adapters/lisp/uiop.lisp"},
			Known:   "adapters/lisp/known-uiop.txt",
		},
		packageName: "sbcl",
		flags:       []string{"--select", "EXT"},
		floor:       map[string]int{"EXT": 40},
	},
	// The portable layer, which has no known deviation, for its users copy it.
	{
		Subject: judge.Subject{
			Name:    "portable-sbcl",
			Command: []string{"sbcl", "--script", "adapters/lisp/portable.lisp"},
		},
		packageName: "sbcl", fuzzed: true, floor: portableFloor,
	},
	{
		Subject: judge.Subject{
			Name:    "portable-ecl",
			Command: []string{"ecl", "--norc", "--shell", "adapters/lisp/portable.lisp"},
		},
		packageName: "ecl", fuzzed: true, floor: portableFloor,
		flags: []string{"--jobs", "6"}, // most of their time they wait
	},
	{
		Subject: judge.Subject{
			Name:    "portable-abcl",
			Command: []string{"abcl", "--batch", "--noinit", "--noinform", "--load", "adapters/lisp/portable.lisp"},
		},
		packageName: "abcl", fuzzed: true, floor: portableFloor,
	},
	{
		Subject: judge.Subject{
			Name:    "bordeaux-threads",
			Command: []string{"sbcl", "--script", "adapters/lisp/bordeaux-threads.lisp"},
			Known:   "adapters/lisp/known-bordeaux-threads.txt", Forbidden: "adapters/lisp/forbidden-bordeaux-threads.txt",
		},
		packageName: "cl-bordeaux-threads", files: "/usr/share/common-lisp/source/bordeaux-threads",
		flags: []string{"--select", "PROC", "--select", "BIND"},
		hangs: []string{"--timeout", "5s"},
		floor: map[string]int{"PROC": 20, "BIND": 15},
	},
	{
		Subject: judge.Subject{
			Name:    "acl-compat",
			Command: []string{"sbcl", "--script", "adapters/lisp/acl-compat.lisp"},
			Known:   "adapters/lisp/known-acl-compat.txt",
		},
		packageName: "cl-acl-compat", files: "/usr/share/common-lisp/source/acl-compat",
		flags: []string{"--select", "PROC"},
		floor: map[string]int{"PROC": 14},
	},
	{
		Subject: judge.Subject{
			Name:    "ABCL",
			Command: []string{"abcl", "--batch", "--noinit", "--noinform", "--load", "adapters/lisp/abcl.lisp"},
			Known:   "adapters/lisp/known-abcl.txt", Forbidden: "adapters/lisp/forbidden-abcl.txt",
		},
		packageName: "abcl",
		flags:       []string{"--select", "PROC", "--select", "MBOX", "--jobs", "1"}, // a Java machine each
		floor:       map[string]int{"PROC": 25, "MBOX": 12},
	},
	{
		Subject: judge.Subject{
			Name:    "external-program",
			Command: []string{"sbcl", "--noinform", "--load", "", "--load", "adapters/lisp/external-program.lisp"},
			Known:   "adapters/lisp/known-external-program.txt",
		},
		packageName: "sbcl",
		flags:       []string{"--select", "EXT"},
		floor:       map[string]int{"EXT": 40},
		library:     true,
	},
}

// portableFloor is the whole of what the portable layer is for.
var portableFloor = map[string]int{"PROC": 80, "CLEAN": 80, "DEP": 14, "SEND": 54, "MBOX": 45, "EVENT": 25}

func main() {
	program := flag.String("mpcheck", "bin/mpcheck", "the program that judges")
	only := flag.String("only", "", "only those of these names, with commas between")
	without := flag.String("without", "", "not those")
	fuzz := flag.Duration("fuzz", 5*time.Minute, "fuzzing of those whose deviations don't drown everything else; 0 for none")
	brief := flag.Bool("brief", false, "leave out the known deviations: some of them hang, which takes its time")
	library := flag.String("library", "", "a file of Lisp that loads external-program: judge the library too")
	seed := flag.Uint64("seed", 1, "of the first fuzzed programs")
	keep := flag.String("keep", "out/subjects", "folder for what accuses")
	reports := flag.String("reports", "", "folder for the report of each run")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	for _, folder := range []string{*keep, *reports} {
		if folder == "" {
			continue
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			fmt.Fprintln(os.Stderr, "subjects:", err)
			os.Exit(2)
		}
	}
	var running sync.WaitGroup
	var mu sync.Mutex
	beside := make(chan struct{}, runtime.NumCPU()+1) // they wait, too; but a Lisp that begins has to greet in time
	code := 0
	for _, h := range hosts {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), h.Name) || slices.Contains(strings.Split(*without, ","), h.Name) {
			continue
		}
		if h.library {
			if *library == "" {
				continue
			}
			h.Command = slices.Clone(h.Command)
			h.Command[libraryFile] = *library
		}
		if err := present(ctx, h); err != nil {
			fmt.Printf("left out: %s: %v\n", h.Name, err)
			continue
		}
		running.Go(func() {
			beside <- struct{}{}
			defer func() { <-beside }()
			began := time.Now()
			o := judge.Options{Program: *program, Seed: *seed, Keep: *keep, Reports: *reports, Flags: slices.Clone(h.flags)}
			if h.fuzzed {
				o.Fuzz = *fuzz
			}
			f, err := h.judged(ctx, o, *brief)
			mu.Lock()
			defer mu.Unlock()
			fmt.Printf("%s: %s (%.0f s)\n", h.Name, f, time.Since(began).Seconds())
			if err != nil {
				fmt.Printf("    not judged whole: %v\n", err)
			}
			if err != nil || len(f.Accused) > 0 {
				code = 1
			}
			for area, least := range h.floor {
				if n := f.Judged[area]; err == nil && n < least {
					fmt.Printf("    only %d cases of %s were judged: at least %d are to be\n", n, area, least)
					code = 1
				}
			}
		})
	}
	running.Wait()
	if ctx.Err() != nil {
		code = 130
	}
	stop()
	os.Exit(code)
}

func (h host) judged(ctx context.Context, o judge.Options, brief bool) (judge.Finding, error) {
	if !brief {
		o.Flags = append(o.Flags, h.hangs...)
	} else if h.Known != "" {
		list, err := judge.Deviations(h.Known)
		if err != nil {
			return judge.Finding{}, err
		}
		for _, deviation := range list {
			o.Flags = append(o.Flags, "--skip", deviation.ID)
		}
		h.Known = ""
	}
	if h.build != nil {
		if out, err := exec.CommandContext(ctx, h.build[0], h.build[1:]...).CombinedOutput(); err != nil {
			return judge.Finding{}, fmt.Errorf("%v: %w: %s", h.build, err, out)
		}
	}
	return h.Judge(ctx, o)
}

// present installs what is missing, quietly, where that is possible.
func present(ctx context.Context, h host) error {
	if _, err := exec.LookPath(h.Command[0]); err == nil {
		if _, err := os.Stat(h.files); h.files == "" || err == nil {
			return nil
		}
	}
	apt, err := exec.LookPath("apt-get")
	if err != nil || os.Geteuid() != 0 {
		return errors.New("it isn't installed, and that takes apt-get and root")
	}
	if exec.CommandContext(ctx, apt, "install", "-qq", "-y", h.packageName).Run() == nil {
		return nil
	}
	if out, err := exec.CommandContext(ctx, apt, "update", "-qq").CombinedOutput(); err != nil {
		return fmt.Errorf("it isn't installed, and apt-get update fails: %s", out)
	}
	if out, err := exec.CommandContext(ctx, apt, "install", "-qq", "-y", h.packageName).CombinedOutput(); err != nil {
		return fmt.Errorf("it isn't installed, and apt-get install %s fails: %s", h.packageName, out)
	}
	return nil
}
