package traces

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What only pages say that an adapter doesn't claim convicts nobody; whoever claims them is held to it.
func TestProgramsAreJudgedByTheirPages(t *testing.T) {
	claims := map[Verdict][]string{Allowed: {}, Forbidden: {"external-program-source"}}
	for name, play := range map[string]func(s *stage){
		"an argument that is no string is refused": func(s *stage) {
			s.prepares(1)
			s.does(0, "start", path(1), []any{"a", 3}).fails()
		},
		"a number is shown otherwise": func(s *stage) {
			s.prepares(1)
			s.does(0, "start", append([]any{path(1), []any{3}}, apart()...)...).is(process(1))
			s.ready(1)
			s.does(0, "child-tell", ref("child", 1), word("argv")).is([]any{"#3"})
		},
		"keywords of signals are refused": func(s *stage) {
			s.starts(1, apart()...)
			s.does(0, "signal-process", process(1), word("hangup")).fails()
		},
		"another keyword is known": func(s *stage) {
			s.starts(1, apart()...)
			s.does(0, "signal-process", process(1), word("term")).is(nil)
			s.does(0, "child-await", ref("child", 1), word("ended")).is(word("zombie"))
			s.asks(1).is(word("signaled"), 15)
		},
		"the table is another": func(s *stage) {
			s.does(0, "signal-mapping").is(spec.NewList(pair(word("term"), 15)))
		},
		"the status of a number is nil": func(s *stage) { s.does(0, "process-status", 3).is(nil) },
		"a variable that is there is not overridden": func(s *stage) {
			s.given(pair("HOME", "/x")).is(0)
			s.tellsEnvironment("HOME=/root", "HOME=/x")
		},
	} {
		for want, profile := range claims {
			s := newStage()
			play(s)
			s.leaves(0)
			if r := Check(s.labels, CheckOptions{Profile: profile}); r.Verdict != want {
				t.Errorf("%s: with the profile %v, want %s:\n%s", name, profile, want, r.Text(s.labels))
			}
		}
	}
}

// What real hosts do beside that.
func TestWhatProgramsLeaveIsOpen(t *testing.T) {
	fails := func(held any) func(s *stage) {
		return func(s *stage) {
			s.does(0, "file-prepare").is(ref("file", 1), file)
			s.does(0, "run", "/nowhere/x", nil, key.Input(nil), key.Output(file), key.Error(nil)).fails()
			s.does(0, "file-text", ref("file", 1)).is(held)
		}
	}
	named := func(name string) func(s *stage) {
		return func(s *stage) {
			s.given(pair(word("mpcheck_foo"), "b")).is(0)
			s.tellsEnvironment("HOME=/root", name+"=b")
		}
	}
	writes := func(given bool) func(s *stage) {
		return func(s *stage) {
			s.does(0, "make-string-output-stream").is(ref("stream", 9))
			if given {
				s.prepares(1)
				s.plans(1, "exit", 0)
				s.once(key.Input(nil), key.Output(ref("stream", 9)), key.Error(nil)).is(0)
			}
			s.does(0, "stream-write", ref("stream", 9), "x").fails()
		}
	}
	for name, c := range map[string]struct {
		play func(s *stage)
		want Verdict
	}{
		"nil and t are streams of the Lisp's": {func(s *stage) {
			for _, designator := range []any{nil, true} {
				s.does(0, "stream-write", designator, "x").is(nil)
				s.does(0, "stream-read-line", designator).is("y")
				s.does(0, "stream-close", designator).is(true)
				s.does(0, "get-output-stream-string", designator).fails()
			}
		}, Allowed},
		"a number is one":                             {func(s *stage) { s.does(0, "stream-read-line", 3).is(nil) }, Forbidden},
		"a run that failed has opened its output":     {fails(""), Allowed},
		"it has not":                                  {fails(nil), Allowed},
		"it has written to it":                        {fails("x"), Forbidden},
		"a keyword names a variable":                  {named("mpcheck_foo"), Allowed},
		"in upper case":                               {named("MPCHECK_FOO"), Allowed},
		"it names another":                            {named("MPCHECK_BAR"), Forbidden},
		"a stream that a program was given is closed": {writes(true), Allowed},
		"a stream that nobody was given is closed":    {writes(false), Forbidden},
	} {
		s := newStage()
		c.play(s)
		s.leaves(0)
		if r := Check(s.labels, CheckOptions{}); r.Verdict != c.want {
			t.Errorf("%s: want %s:\n%s", name, c.want, r.Text(s.labels))
		}
	}
}

// Which of two runs a hook is called for nothing says: that is not judged.
func TestHooksOfSeveralRunsAreNotJudged(t *testing.T) {
	s := newStage()
	s.function(5)
	for n := 1; n <= 2; n++ {
		s.prepares(n)
		s.plans(n, "exit", 0)
		s.does(0, "run", append([]any{path(n), nil, key.StatusHook(fn(5))}, apart()...)...).is(0)
	}
	s.enters(11, 0, 5, process(1))
	s.leaves(11)
	s.leaves(0)
	if r := Check(s.labels, CheckOptions{}); r.Verdict != Undecided {
		t.Error(r.Text(s.labels))
	}
}

// Nothing says that two processes may use one stream at the same time: what a host's buffer tells then is not judged. One
// after the other they may.
func TestStreamsInUseTwiceAreNotJudged(t *testing.T) {
	for want, together := range map[Verdict]bool{Undecided: true, Forbidden: false} {
		s := newStage()
		s.does(0, "make-string-input-stream", "a\nb\n").is(ref("stream", 9))
		s.spawn(1)
		reads := s.does(1, "stream-read-line", ref("stream", 9))
		if !together {
			reads.is("a")
		}
		s.does(0, "stream-read-line", ref("stream", 9)).fails()
		if together {
			reads.is("b")
		}
		s.leaves(1)
		s.leaves(0)
		if r := Check(s.labels, CheckOptions{}); r.Verdict != want {
			t.Errorf("want %s:\n%s", want, r.Text(s.labels))
		}
	}
}
