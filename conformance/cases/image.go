package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Lisp is an image that a case has launched.
type Lisp struct {
	c    *C
	lisp spec.Value
}

var (
	initialProcesses = spec.Symbol{Package: "MP", Name: "*INITIAL-PROCESSES*"}
	// initializing is how a restart function says that the image starts multiprocessing.
	initializing = spec.Symbol{Package: "MP", Name: "INITIALIZE-MULTIPROCESSING"}
)

// What cases about images need.
var (
	imageNeeds = []string{"launch", "type-in", "image-wait"}
	initNeeds  = append([]string{"initialize-multiprocessing", "get-current-process", "process-name", "set-global-value"}, imageNeeds...)
	saveNeeds  = append([]string{"save-image"}, initNeeds...)
)

// Fresh launches the Lisp as it comes.
func (c *C) Fresh() *Lisp {
	r := c.Try().Launch(nil)
	if r.Status == spec.Signalled {
		c.breaks(&KitFault{Operation: "launch", Fault: "it signalled " + r.String()})
	}
	return &Lisp{c, r.Primary()}
}

// Of launches the image in a file.
func (c *C) Of(file spec.Value, arguments ...any) *Lisp {
	l := &Lisp{c, c.scenery("INIT-SCRIPT-1").Launch(file, arguments...).Primary()}
	c.lull()
	return l
}

// Board makes a board.
func (c *C) Board() spec.Value { return c.MakeBoard().Primary() }

// Types types code into the image.
func (l *Lisp) Types(fn func(p *P)) {
	l.c.TypeIn(l.lisp, l.c.anywhere(fn))
	l.c.lull()
}

// HasEnded tells whether the image has.
func (l *Lisp) HasEnded() bool { return spec.Truth(l.c.ImageWait(l.lisp, 0).Primary()) }

// scenery charges another clause than the case's own, where that leaves everything open.
func (p *P) scenery(clause string) *P {
	if isSilent(p.c.theCase.Clause()) {
		return p.For(clause)
	}
	return p
}

// anywhere makes code that may run on a thread which is no process.
func (c *C) anywhere(fn func(p *P)) spec.Callback {
	return c.anywhereOf(func(p *P) any { fn(p); return nil })
}

// anywhereOf is anywhere of code that returns a value.
func (c *C) anywhereOf(fn func(p *P) any) spec.Callback {
	return c.registerForeign(func(f spec.Frame, _ []spec.Value) []spec.Value {
		return []spec.Value{spec.Of(fn(c.frame(f).scenery("INIT-START-1")))}
	})
}

// FuncAnywhere is [P.Func] of code that may run on a thread which is no process.
func (p *P) FuncAnywhere(fn func(p *P)) spec.Value { return p.MakeFunction(p.c.anywhere(fn)).Primary() }

// FuncAnywhereOf is [P.FuncAnywhere] of code that is given arguments.
func (p *P) FuncAnywhereOf(fn func(p *P, args []spec.Value)) spec.Value {
	c := p.c
	return p.MakeFunction(c.registerForeign(func(f spec.Frame, args []spec.Value) []spec.Value {
		fn(c.frame(f), args)
		return nil
	})).Primary()
}

// Posts makes a function that posts what it is given as a mark, with whose code it is: the name of the current process,
// nil where there is none. One that is the nth, from 0, lets those before it post first.
func (p *P) Posts(board spec.Value, mark string, nth ...int) spec.Value {
	return p.FuncAnywhere(func(p *P) {
		for _, n := range nth {
			p.turn(n)
		}
		p.postWho(board, mark)
	})
}

// turn lets the code of those before the nth go first. As a lull it makes nothing certain.
func (p *P) turn(nth int) { p.Pause(0.02 * float64(nth+1)) }

func (p *P) postWho(board spec.Value, mark string) { p.BoardPost(board, list(mark, p.who())) }

// who is the name of the current process.
func (p *P) who() spec.Value {
	process := p.GetCurrentProcess().Primary()
	if !spec.Truth(process) {
		return spec.Nil{}
	}
	return p.ProcessName(process).Primary()
}

// initializes calls initialize-multiprocessing, and posts what became of it.
func (p *P) initializes(board spec.Value, arguments ...any) {
	r := p.Try().InitializeMultiprocessing(arguments...)
	if r.Status == spec.Signalled {
		p.BoardPost(board, list("signalled"))
		return
	}
	p.BoardPost(board, list("returned", r.Primary()))
}

// mustBeOff ends the case where multiprocessing runs in a Lisp as it comes: what starts it then says nothing.
func (p *P) mustBeOff() {
	if spec.Truth(p.GetCurrentProcess().Primary()) {
		p.c.NotApplicable("multiprocessing runs in a Lisp as it comes: it has a current process")
	}
}

// Starts has the image go through these elements, and main arguments, from its read-eval-print loop. The elements are made by
// code that runs in it.
func (l *Lisp) Starts(board spec.Value, elements func(p *P) []any, main ...func(p *P) any) {
	l.Types(func(p *P) {
		p.mustBeOff()
		p.SetGlobalValue(initialProcesses, spec.Of(elements(p)))
		var arguments []any
		for _, of := range main {
			arguments = append(arguments, of(p))
		}
		p.initializes(board, arguments...)
	})
}

// element is an argument list for process-run-function.
func element(name string, function spec.Value, arguments ...any) any {
	return append([]any{name, nil, function}, arguments...)
}

// nobody lists no element.
func nobody(*P) []any { return nil }

// posts are the entries of a board with that mark, without it.
func posts(board []spec.Value, mark string) (out []spec.Value) {
	for _, e := range board {
		if items := entries(e); len(items) > 0 && items[0] == spec.Value(spec.String(mark)) {
			out = append(out, spec.NewList(items[1:]...))
		}
	}
	return out
}

// has tells whether a board has an entry with that mark.
func (p *P) has(board spec.Value, mark string) bool {
	return len(posts(entries(p.BoardRead(board).Primary()), mark)) > 0
}

// mark awaits an entry with that mark, and returns what it says.
func (c *C) mark(clause string, board spec.Value, mark, what string) spec.Value {
	return c.marks(clause, board, mark, 1, what)[0]
}

// marks awaits n of them; what says in words what must come, and clause what is charged.
func (c *C) marks(clause string, board spec.Value, mark string, n int, what string) []spec.Value {
	return c.marksElse(clause, board, mark, n, what, func() string { return clause })
}

// marksElse is marks, with a look at what may have kept it from coming: that says what is charged, which is most often clause.
func (c *C) marksElse(clause string, board spec.Value, mark string, n int, what string, blamed func() string) []spec.Value {
	limit, known := c.patienceFor(clause)
	for {
		all := entries(c.BoardRead(board).Primary())
		if of := posts(all, mark); len(of) >= n {
			return of
		}
		if !spec.Truth(c.BoardAwait(board, len(all)+1, limit).Primary()) {
			c.neverCame(blamed(), what, known)
		}
		c.lull()
	}
}

// serves awaits the process that was listed in an image, whose code posts that it runs. Where that doesn't come, starts is charged;
// but lists where code that is typed in, or has told of itself as the delivery's function, runs in a process: then
// multiprocessing was started, and what was listed not used.
func (l *Lisp) serves(starts, lists string, board spec.Value, what string) spec.Value {
	c := l.c
	return c.marksElse(starts, board, "runs", 1, what, func() string {
		if !c.hasTold(board, "delivered") && !l.HasEnded() {
			l.Types(func(p *P) { p.tells(board, "asked") })
			c.Settle()
		}
		if c.hasTold(board, "delivered") || c.hasTold(board, "asked") {
			return lists
		}
		return starts
	})[0]
}

// tells posts a mark, with whether it is in a process.
func (p *P) tells(board spec.Value, mark string) {
	p.BoardPost(board, list(mark, spec.Truth(p.GetCurrentProcess().Primary())))
}

// hasTold tells whether a mark was posted in a process.
func (c *C) hasTold(board spec.Value, mark string) bool {
	return slices.ContainsFunc(posts(entries(c.BoardRead(board).Primary()), mark), func(v spec.Value) bool { return spec.Truth(entries(v)[0]) })
}

// passes holds code of an image until something is posted on a board that is there for that alone: then nobody else wakes. It
// tells whether that has come in time.
func (p *P) passes(gate spec.Value) bool {
	return spec.Truth(p.BoardAwait(gate, 1, p.c.watchdog).Primary())
}

// letPass lets code go on that waits so.
func (c *C) letPass(gate spec.Value) { c.BoardPost(gate, "go on") }

// Saved has a fresh image set its variables and save itself, and returns the path.
func (c *C) Saved(save func(p *P, path spec.Value)) spec.Value {
	path, board := c.FilePrepare().Nth(1), c.Board()
	l := c.Fresh()
	l.Types(func(p *P) {
		p.mustBeOff()
		save(p, path)
		p.BoardPost(board, list("saved"))
	})
	c.lull()
	clause := c.theCase.Clause()
	if isSilent(clause) {
		clause = "INIT-SCRIPT-1"
	}
	c.Until(clause, "the image is saved: the call returns, or the Lisp ends", func() bool { return c.has(board, "saved") || l.HasEnded() })
	return path
}

// savedWith saves an image in which *initial-processes* has these elements.
func (c *C) savedWith(elements func(p *P) []any, keys ...any) spec.Value {
	return c.Saved(func(p *P, path spec.Value) {
		p.SetGlobalValue(initialProcesses, spec.Of(elements(p)))
		p.SaveImage(path, keys...)
	})
}
