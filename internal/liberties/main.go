// Liberties has implementations judged that take the liberties which the documents leave them:
// each by a run, by the specification of what the passing cases showed, and by a share of
// fuzzing. None may be accused.
//
//	liberties -fuzz 1m                       native, and native with each of its liberties in turn
//	liberties -hands 6 -fuzz 20s             with all of them, a few times many at once
//	liberties -sets FILE -- python3 FILE.py  another implementation: a line of FILE is a name
//	                                         and what its environment variable C says
//
// It ends with how much was judged, and how many were accused. What accuses is kept in a folder.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/internal/judge"
)

type options struct {
	mpcheck string
	only    string
	about   string
	own     bool
	cases   string
	hands   int
	sample  int
	sets    string
	fuzz    time.Duration
	jobs    int
	beside  int
	seed    uint64
	keep    string
}

func main() {
	var o options
	flag.StringVar(&o.mpcheck, "mpcheck", "bin/mpcheck", "the program that judges")
	flag.StringVar(&o.only, "only", "", "only those whose name contains this")
	flag.StringVar(&o.about, "about", "", "only liberties that are about a clause whose id begins so, as EXT")
	flag.StringVar(&o.cases, "select", "", "only the cases that match, as of mpcheck run --select")
	flag.BoolVar(&o.own, "own", false, "only the cases of the clauses that a liberty is about, where it has any")
	flag.IntVar(&o.hands, "hands", 0, "deal the liberties into so many hands, and judge native with each hand; 0 judges each liberty by itself")
	flag.IntVar(&o.sample, "sample", 0, "only so many, spread evenly; 0 is all")
	flag.StringVar(&o.sets, "sets", "", "the file with the sets of choices of the command after --")
	flag.DurationVar(&o.fuzz, "fuzz", time.Minute, "fuzzing in all")
	flag.IntVar(&o.jobs, "jobs", 6, "adapters side by side in a run")
	flag.IntVar(&o.beside, "beside", 2, "how many are judged at a time")
	flag.Uint64Var(&o.seed, "seed", 1, "of how the hands are dealt")
	flag.StringVar(&o.keep, "keep", "out/liberties", "folder for what accuses")
	flag.Parse()
	if (o.sets != "") != (flag.NArg() > 0) {
		fmt.Fprintln(os.Stderr, "liberties: -sets FILE and the command of an implementation after -- belong together")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	code, err := judgeAll(ctx, o, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "liberties:", err)
		code = 1
	}
	if ctx.Err() != nil {
		code = 130
	}
	stop()
	os.Exit(code)
}

// A subject is an implementation with some liberties taken.
type subject struct {
	judge.Subject
	shows []string // what it claims to show, as CLAUSE KEY
}

func subjects(o options, command []string) ([]subject, error) {
	var all []subject
	switch {
	case o.sets != "":
		var err error
		if all, err = strangers(o.sets, command); err != nil {
			return nil, err
		}
	case o.hands > 0:
		all = hands(o)
	default:
		plain := judge.Subject{Name: "native", Command: []string{o.mpcheck, "serve", "--adapter", "native"}}
		all = append(all, subject{plain, own})
		for _, l := range native.Liberties {
			all = append(all, served(o, l.ID, l.Shows, l.ID))
		}
	}
	all = slices.DeleteFunc(all, func(s subject) bool { return !strings.Contains(s.Name, o.only) || !s.about(o.about) })
	if o.sample > 0 && o.sample < len(all) {
		some := make([]subject, o.sample)
		for i := range some {
			some[i] = all[i*len(all)/o.sample]
		}
		all = some
	}
	if len(all) == 0 {
		return nil, errors.New("there is nothing to judge")
	}
	return all, nil
}

// about tells whether the subject shows something of a clause whose id begins so.
func (s subject) about(clause string) bool {
	return clause == "" || slices.ContainsFunc(s.shows, func(shown string) bool { return strings.HasPrefix(shown, clause) })
}

func served(o options, name string, shows []string, ids ...string) subject {
	return subject{judge.Subject{Name: name, Command: []string{o.mpcheck, "serve", "--liberty", strings.Join(ids, ",")}}, shows}
}

// hands deals the liberties like cards. A later one overrides an earlier one that decides the
// same, so that a hand claims to show nothing.
func hands(o options) []subject {
	dealt := make([][]string, o.hands)
	random := rand.New(rand.NewPCG(o.seed, 0))
	for i, at := range random.Perm(len(native.Liberties)) {
		dealt[i%o.hands] = append(dealt[i%o.hands], native.Liberties[at].ID)
	}
	var all []subject
	for i, ids := range dealt {
		all = append(all, served(o, fmt.Sprintf("hand %d", i+1), nil, ids...))
	}
	return all
}

// strangers reads a file of sets: a name and the value of C a line, after which # begins a comment.
func strangers(path string, command []string) ([]subject, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var all []subject
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line, _, _ := strings.Cut(lines.Text(), "#")
		switch fields := strings.Fields(line); len(fields) {
		case 0:
		case 1, 2:
			choices := "C=" + strings.Join(fields[1:], "")
			all = append(all, subject{Subject: judge.Subject{Name: fields[0], Command: command, Env: []string{choices}}})
		default:
			return nil, fmt.Errorf("%s: %q is not a name and a list of choices", path, line)
		}
	}
	return all, nil
}
