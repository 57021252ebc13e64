package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// A driver feeds a state with calls that it picks, as the code of a case would.
type driver struct {
	s       *State
	u       *Universe
	log     UndoLog
	choices spec.Choices
	refs    []spec.Value // every object that was returned
	between bool         // code runs that no operation asked for
	outside bool         // most calls are about children, programs and streams
	images  bool         // most calls are about images
	called  map[string]bool
	made    uint32 // the foreign threads, and the events that ran a hook
}

func newDriver(seed uint64, cfg Config) *driver {
	u := NewUniverse()
	return &driver{s: NewState(u, cfg), u: u, choices: spec.Seeded(seed), between: seed%4 == 3, outside: seed%4 == 1, images: seed%5 == 4}
}

// ref picks an object of that kind, or nil where there is none: a wrong argument.
func (d *driver) ref(kind Kind) spec.Value {
	var fit []spec.Value
	for _, r := range d.refs {
		id, ok := d.u.Object(r, kind)
		if ok && d.s.exists(id) && (kind != KindProgram || d.s.get(id, programChild) != 0) { // nobody has one that couldn't be started
			fit = append(fit, r)
		}
	}
	if len(fit) == 0 {
		return spec.Nil{}
	}
	return fit[spec.Pick(d.choices, len(fit))]
}

// predicate picks a wait function, or none.
func (d *driver) predicate() spec.Value {
	cell, ok := d.ref(KindCell).(spec.Ref)
	if !ok || spec.Pick(d.choices, 2) == 0 {
		return spec.Nil{}
	}
	is := spec.CellIs(cell, spec.Pick(d.choices, 2))
	mailbox, ok := d.ref(KindMailbox).(spec.Ref)
	if !ok || spec.Pick(d.choices, 2) == 0 {
		return is
	}
	return []spec.Value{spec.And(is, spec.HasMail(mailbox)), spec.Or(is, spec.HasMail(mailbox)), spec.HasMail(mailbox)}[spec.Pick(d.choices, 3)]
}

func (d *driver) call() spec.Call {
	n := spec.Pick(d.choices, 3)
	if d.outside && spec.Pick(d.choices, 4) > 0 {
		return []func(int) spec.Call{d.childCall, d.streamCall, d.programCall, d.programCall}[spec.Pick(d.choices, 4)](n)
	}
	if d.images && spec.Pick(d.choices, 3) > 0 {
		return d.imageCall(n)
	}
	calls := []func() spec.Call{
		func() spec.Call { return d.imageCall(n) },
		func() spec.Call { return spec.NewCall("make-function", nil, spec.Callback(1)) },
		func() spec.Call { return spec.NewCall("make-mailbox", []any{key.Size(1 + n)}) },
		func() spec.Call { return spec.NewCall("make-log", nil) },
		func() spec.Call { return spec.NewCall("make-gate", nil) },
		func() spec.Call { return spec.NewCall("make-cell", nil, n) },
		func() spec.Call { return spec.NewCall("child-prepare", nil) },
		func() spec.Call { return spec.NewCall("log-append", nil, d.ref(KindLog), n) },
		func() spec.Call { return spec.NewCall("log-read", nil, d.ref(KindLog)) },
		func() spec.Call { return spec.NewCall("cell-set", nil, d.ref(KindCell), n) },
		func() spec.Call { return spec.NewCall("gate-open", nil, d.ref(KindGate)) },
		func() spec.Call { return spec.NewCall("gate-wait", nil, d.ref(KindGate)) },
		func() spec.Call { return spec.NewCall("pause", nil, n) },
		func() spec.Call { return spec.NewCall("process-run-function", nil, "p", nil, d.ref(KindFunction)) },
		func() spec.Call {
			return spec.NewCall("ensure-process-cleanup", []any{key.Priority(n), key.Force(n > 0), key.Process(d.ref(KindProcess))},
				spec.NewList(d.ref(KindFunction), spec.Int(n%2)))
		},
		func() spec.Call {
			return spec.NewCall("process-send", []any{key.Limit(1 + n), key.Timeout(n)}, d.ref(KindProcess), n)
		},
		func() spec.Call { return spec.NewCall("process-send", nil, d.ref(KindProcess), n) },
		func() spec.Call {
			changes := []any{nil, true, spec.Keyword("default"), 40 + n, spec.Keyword("wrong")}
			return spec.NewCall("process-send", []any{key.ChangePriority(changes[spec.Pick(d.choices, 5)]), key.Limit(n), key.ErrorIfDeadP(n > 0)}, d.ref(KindProcess), n)
		},
		func() spec.Call { return spec.NewCall("process-priority", nil, d.ref(KindProcess)) },
		func() spec.Call { return spec.NewCall("change-process-priority", nil, d.ref(KindProcess), 10+n) },
		func() spec.Call {
			return spec.NewCall("set-process-mailbox", nil, d.ref(KindProcess), d.ref(KindMailbox))
		},
		func() spec.Call { return spec.NewCall("mailbox-send", nil, d.ref(KindMailbox), n) },
		func() spec.Call {
			stop := []any{spec.Int(1 + n), spec.Nil{}, d.predicate()}
			return spec.NewCall("mailbox-send-limited", stop, d.ref(KindMailbox), n, 1+n)
		},
		func() spec.Call { return spec.NewCall("mailbox-peek", nil, d.ref(KindMailbox)) },
		func() spec.Call {
			return spec.NewCall("mailbox-wait", []any{spec.Nil{}, spec.Int(n)}, d.ref(KindMailbox))
		},
		func() spec.Call {
			asks := []string{"count", "size", "empty-p", "not-empty-p", "full-p", "reader-process"}
			return spec.NewCall("mailbox-"+asks[spec.Pick(d.choices, len(asks))], nil, d.ref(KindMailbox))
		},
		func() spec.Call {
			return spec.NewCall("process-wait-for-event", []any{key.NoHangP(n == 1), key.WaitFunction(d.predicate())})
		},
		func() spec.Call {
			return spec.NewCall("mailbox-wait-for-event", []any{key.NoHangP(n == 1), key.WaitFunction(d.predicate())}, d.ref(KindMailbox))
		},
		func() spec.Call { return spec.NewCall("process-mailbox", nil, d.ref(KindProcess)) },
		func() spec.Call {
			return spec.NewCall("mailbox-read", []any{spec.Nil{}, spec.Int(n)}, d.ref(KindMailbox))
		},
		func() spec.Call { return spec.NewCall("process-kill", nil, d.ref(KindProcess)) },
		func() spec.Call { return spec.NewCall("current-process-kill", nil) },
		func() spec.Call {
			return spec.NewCall("new", []any{spec.Int(n)}, spec.Keyword([]string{"string", "cons", "list"}[n]), "a")
		},
		func() spec.Call {
			return spec.NewCall("ensure-process-cleanup", nil, spec.NewList(d.ref(KindFunction), d.ref(KindObject)), d.ref(KindProcess))
		},
		func() spec.Call {
			return spec.NewCall("ensure-process-cleanup", []any{key.Priority(maxPriority + n)}, spec.Symbol{Name: "f"})
		},
		func() spec.Call { return spec.NewCall("current-process-in-cleanup-p", nil) },
		func() spec.Call { return spec.NewCall("process-join", []any{key.Timeout(n)}, d.ref(KindProcess)) },
		func() spec.Call {
			return spec.NewCall("process-terminate", []any{key.JoinTimeout(n)}, d.ref(KindProcess))
		},
		func() spec.Call { return spec.NewCall("process-alive-p", nil, d.ref(KindProcess)) },
		func() spec.Call {
			return spec.NewCall("process-terminate", []any{key.ForceTimeout(n)}, d.ref(KindProcess))
		},
		func() spec.Call { return d.methodCall(n) },
		func() spec.Call { return d.eventCall(n) },
		func() spec.Call { return d.eventCall(n) },
		func() spec.Call { return spec.NewCall("process-stop", nil, d.ref(KindProcess)) },
		func() spec.Call { return spec.NewCall("make-foreign-thread", nil) },
		func() spec.Call {
			return spec.NewCall("call-on-foreign-thread", nil, d.ref(KindForeign), spec.Callback(spec.Pick(d.choices, 4)))
		},
		func() spec.Call { return spec.NewCall("call-foreign", nil, spec.Callback(spec.Pick(d.choices, 4))) },
		func() spec.Call {
			return spec.NewCall("foreign-thread-note", nil, d.ref(KindForeign), spec.Pick(d.choices, 2))
		},
		func() spec.Call { return spec.NewCall("foreign-thread-log", nil, d.ref(KindForeign)) },
		func() spec.Call {
			return spec.NewCall("process-interrupt", []any{n}, d.ref(KindProcess), d.ref(KindFunction))
		},
		func() spec.Call { return spec.NewCall("ignore-child-signals", nil) },
		func() spec.Call { return spec.NewCall("process-unstop", nil, d.ref(KindProcess)) },
		func() spec.Call {
			return spec.NewCall("process-wait-with-timeout", nil, "", n, spec.Or(spec.Never(), spec.Always()))
		},
		func() spec.Call { return spec.NewCall("list-all-processes", nil) },
		func() spec.Call { return spec.NewCall("processes-count", nil) },
		func() spec.Call { return spec.NewCall("ps", nil) },
		func() spec.Call { return spec.NewCall("any-other-process-non-internal-server-p", nil) },
		func() spec.Call { return spec.NewCall("process-internal-server-p", nil, d.ref(KindProcess)) },
		func() spec.Call { return spec.NewCall("get-process", nil, "p") },
		func() spec.Call { return spec.NewCall("get-process", nil, d.ref(KindFunction)) },
		func() spec.Call { return spec.NewCall("find-process-from-name", nil, "p") },
		func() spec.Call { return spec.NewCall("process-name", nil, d.ref(KindProcess)) },
		func() spec.Call { return spec.NewCall("funcall", nil, d.ref(KindFunction)) },
		func() spec.Call { return spec.NewCall("unwind-protect", nil, spec.Callback(1), spec.Callback(2)) },
		func() spec.Call { return spec.NewCall("handler-case", nil, spec.Callback(1), spec.Callback(2)) },
		func() spec.Call { return spec.NewCall("with-captured-output", nil, spec.Callback(1)) },
		func() spec.Call { return spec.NewCall("with-interrupts-blocked", nil, spec.Callback(1)) },
		func() spec.Call { return spec.NewCall("with-other-threads-disabled", nil, spec.Callback(1)) },
		func() spec.Call { return spec.NewCall("handler-bind", nil, spec.Callback(1), spec.Callback(2)) },
		func() spec.Call { return spec.NewCall("with-continue-restart", nil, spec.Callback(1)) },
		func() spec.Call { return spec.NewCall("invoke-restart", nil, spec.Symbol{Name: "continue"}) },
		func() spec.Call { return spec.NewCall("signal-error", nil, "e") },
		func() spec.Call { return d.bindingCall(n) },
		func() spec.Call { return d.childCall(n) },
		func() spec.Call { return d.streamCall(n) },
		func() spec.Call { return d.programCall(n) },
		func() spec.Call { return spec.NewCall("await", nil, d.predicate()) },
		func() spec.Call { return spec.NewCall("process-wait", nil, "", d.predicate()) },
		func() spec.Call { return spec.NewCall("cell-get", nil, d.ref(KindCell)) },
		func() spec.Call { return spec.NewCall("eq", nil, n, 1) },
		func() spec.Call { return spec.NewCall("defun", nil, spec.Symbol{Name: "f"}, spec.Callback(1)) },
		func() spec.Call { return spec.NewCall("os-wait", nil, n == 1, n) },
		func() spec.Call {
			return spec.NewCall("child-await", nil, d.ref(KindChild), spec.Keyword([]string{"ready", "ended", "stopped"}[n]))
		},
		func() spec.Call { return spec.NewCall("pid-state", nil, int(PID(20+ID(n)))) },
		func() spec.Call { return spec.NewCall("reap-os-subprocess", []any{key.Pid(n - 1), key.Wait(false)}) },
		func() spec.Call {
			if c, ok := d.u.Object(d.ref(KindChild), KindChild); ok {
				return spec.NewCall("run-shell-command", []any{key.Wait(false)}, d.u.Value(Term(d.s.get(c, childCommand))))
			}
			return spec.NewCall("get-current-process", nil)
		},
	}
	return calls[spec.Pick(d.choices, len(calls))]()
}

// imageCall has to do with images.
func (d *driver) imageCall(n int) spec.Call {
	var path any
	if f, ok := d.u.Object(d.ref(KindFile), KindFile); ok {
		path = Path(f)
	}
	entry := spec.NewList(spec.String("q"), spec.Nil{}, spec.Symbol{Name: "f"})
	return []spec.Call{
		spec.NewCall("make-board", nil),
		spec.NewCall("board-post", nil, d.ref(KindBoard), n),
		spec.NewCall("board-read", nil, d.ref(KindBoard)),
		spec.NewCall("board-await", nil, d.ref(KindBoard), n, 1),
		spec.NewCall("file-prepare", nil),
		spec.NewCall("launch", nil, nil),
		spec.NewCall("launch", nil, path, []any{"", "-multiprocessing", "x"}[n]),
		spec.NewCall("type-in", nil, d.ref(KindImage), spec.Callback(1)),
		spec.NewCall("type-in", nil, d.ref(KindImage), spec.Callback(2)),
		spec.NewCall("image-wait", nil, d.ref(KindImage), n),
		spec.NewCall("quit", nil),
		spec.NewCall("initialize-multiprocessing", nil),
		spec.NewCall("initialize-multiprocessing", nil, "main", nil, d.ref(KindFunction)),
		spec.NewCall("set-global-value", nil, initialProcesses, []any{spec.NewList(entry, entry), spec.NewList(spec.Int(1)), nil}[n]),
		spec.NewCall("defun", nil, spec.Symbol{Name: "f"}, spec.Callback(1)),
		spec.NewCall("save-image", []any{key.RestartFunction([]any{nil, spec.Symbol{Name: "f"}, initializing}[n]), key.Multiprocessing(spec.Pick(d.choices, 2) == 0)}, path),
		spec.NewCall("deliver", []any{key.Multiprocessing([]any{nil, true, spec.Keyword("manual")}[n])}, spec.Symbol{Name: "f"}, path, 0),
		spec.NewCall("build-library", nil, path),
		spec.NewCall("get-current-process", nil),
		spec.NewCall("process-run-function", []any{}, "p", []any{nil, spec.NewList(spec.Keyword("internal-server"), spec.True{})}[n%2], d.ref(KindFunction)),
	}[spec.Pick(d.choices, 20)]
}

// methodCall sets or removes a terminate method.
func (d *driver) methodCall(n int) spec.Call {
	methods := []any{key.TerminateBySend(true), key.TerminateBySend(nil), key.RemoteTerminator(d.ref(KindFunction)), key.LocalTerminator(d.ref(KindFunction))}
	return spec.NewCall("current-process-set-terminate-method", []any{methods[spec.Pick(d.choices, len(methods))], methods[n]})
}

// eventCall has to do with events that are handled.
func (d *driver) eventCall(n int) spec.Call {
	event := []any{n, d.ref(KindFunction), spec.NewList(d.ref(KindFunction), spec.Int(n)), spec.Symbol{Name: "f"}, d.ref(KindObject), theEnd}[spec.Pick(d.choices, 6)]
	return []spec.Call{
		spec.NewCall("process-send", nil, d.ref(KindProcess), event),
		spec.NewCall("general-handle-event", nil, event),
		spec.NewCall("define-event-handler", nil, spec.Keyword("object"), d.ref(KindFunction)),
		spec.NewCall("process-all-events", nil),
		spec.NewCall("wait-processing-events", []any{key.WaitFunction(d.predicate())}, n),
	}[spec.Pick(d.choices, 5)]
}

// step makes one act, or one input of the environment to a frame that waits for one.
func (d *driver) step(t *testing.T) {
	t.Helper()
	type input struct{ process, frame ID }
	var inputs []input
	if d.between && spec.Pick(d.choices, 20) == 0 {
		d.comesBetween()
		return
	}
	for p := range d.s.everybody {
		if f := d.s.innermost(p); f != 0 && d.s.get(f, frameState) != frameOpen {
			inputs = append(inputs, input{p, f})
		}
	}
	acts := Enabled(d.s, nil)
	if len(inputs)+len(acts) == 0 {
		return // a deadlock
	}
	n := spec.Pick(d.choices, len(inputs)+len(acts))
	if n >= len(inputs) {
		Apply(d.s, acts[n-len(inputs)], &d.log)
		return
	}
	in := inputs[n]
	switch {
	case d.s.get(in.frame, frameState) == frameDone:
		gone := d.s.get(in.frame, frameStatus) == statusGone
		for _, v := range d.s.Return(in.frame, &d.log).Values {
			if _, ok := v.(spec.Ref); ok && !slices.Contains(d.refs, v) {
				d.refs = append(d.refs, v)
			}
		}
		if gone {
			d.s.Leave(in.frame, nil, &d.log)
		}
	case in.frame != d.s.Test() && d.s.get(in.frame, frameKind) != bodyFrame && spec.Pick(d.choices, 3) > 0,
		in.frame != d.s.Test() && spec.Pick(d.choices, 6) == 0:
		d.s.Leave(in.frame, nil, &d.log)
	default:
		o, err := Decode(d.u, d.call())
		if err != nil {
			t.Fatal(err)
		}
		d.s.Call(in.frame, o, &d.log)
		if d.called != nil {
			d.called[rules[o.rule].op] = true
		}
	}
}

// begun has a process run code.
func (s *State) begun(p ID) ID {
	s.set(p, processPhase, phaseRunning)
	return s.pushFrame(p, newFrame{code: 1, arguments: NilTerm})
}

// comesBetween begins code that no operation asked for: on a foreign thread, in another image, or within the code of somebody.
func (d *driver) comesBetween() {
	d.made++
	d.s.begin(&d.log)
	begin := newFrame{code: 1, arguments: NilTerm}
	var running []ID
	for p := range d.s.everybody {
		if f := d.s.innermost(p); f != 0 && d.s.get(f, frameUnwound) == 0 {
			running = append(running, d.s.threadOf(p))
		}
	}
	n := spec.Pick(d.choices, len(running)+1)
	if n == len(running) && d.made < 4 || len(running) == 0 {
		image := ID(world)
		if d.made == 2 {
			image = d.s.newImage(d.u.Name(world, d.made, KindImage))
			d.s.newThread(d.u.InitialThread(image), image)
			d.s.begun(d.s.newProcess(d.u.Name(image, 0, KindProcess), image))
		}
		d.s.pushFrame(d.s.newThread(d.u.Name(world, d.made, KindThread), image), begin)
		return
	}
	n = min(n, len(running)-1)
	begin.kind = uint64(handlerFrame + spec.Pick(d.choices, 3))
	begin.scope = uint64(spec.Pick(d.choices, 4))
	if begin.kind == hookFrame {
		begin.as = d.u.Hook(world, d.made)
	}
	d.s.pushFrame(running[n], begin)
}

// recompute derives the hash and a readable key from the contents, never from the
// incremental sums.
func recompute(s *State) (hash128, string) {
	var sum hash128
	var text strings.Builder
	for n := range s.base {
		id := ID(n)
		if !s.exists(id) {
			continue
		}
		kind := s.u.kinds[id]
		sum = sum.plus(mix(id, 255, uint64(kind)))
		fmt.Fprintf(&text, "\n%d %s", id, kind)
		derived := map[uint8]uint64{}
		sequence := func(field uint8) {
			terms := s.elements(id, field, nil)
			var a, b uint64
			for _, term := range terms {
				m := element(term)
				a, b = a*baseA+m.a, b*baseB+m.b
			}
			derived[field+sequenceCount], derived[field+sequenceA], derived[field+sequenceB] = uint64(len(terms)), a, b
			fmt.Fprintf(&text, " %v", terms)
		}
		switch kind {
		case KindMailbox:
			sequence(mailboxSequence)
		case KindLog, KindBoard:
			sequence(logSequence)
		case KindStream:
			held := s.peekBytes(id, streamBytes, never, nil)
			is := polynomialOf(held)
			derived[streamBytes+bytesCount], derived[streamBytes+bytesA], derived[streamBytes+bytesB] = uint64(len(held)), is.a, is.b
			fmt.Fprintf(&text, " %q", held)
		case KindFile:
			held := s.peekBytes(id, fileBytes, never, nil)
			is := polynomialOf(held)
			derived[fileBytes+bytesCount], derived[fileBytes+bytesA], derived[fileBytes+bytesB] = uint64(len(held)), is.a, is.b
			fmt.Fprintf(&text, " %q", held)
		case KindProcess, KindThread:
			var h hash128
			var entries []string
			for at := uint32(s.get(id, processCleanupHead)); at != 0; at = uint32(s.cells[at+nodeNext]) {
				form, priority := Term(s.cells[at+nodeTerm]), int64(s.cells[at+nodeExtra])
				h = h.plus(cleanupHash(form, priority, s.cells[at+nodeWay]))
				entries = append(entries, fmt.Sprintf("%d@%d", form, priority))
			}
			slices.Sort(entries)
			derived[processCleanups], derived[processCleanupsA], derived[processCleanupsB] = uint64(len(entries)), h.a, h.b
			fmt.Fprintf(&text, " %v", entries)
		}
		if kind == KindFrame {
			for n := range s.get(id, frameRoom) {
				sum = sum.plus(mix(id, farSlots+nearSlots+uint8(n), s.arg(id, nearSlots+slot(n))))
			}
		}
		for field := layouts[kind].from; field < layouts[kind].hashed; field++ {
			value, ok := derived[field]
			if !ok {
				value = s.get(id, field)
			}
			sum = sum.plus(mix(id, field, value))
			fmt.Fprintf(&text, " %d", value)
		}
	}
	return sum, text.String()
}

func TestHashIsThatOfTheContents(t *testing.T) {
	keys := map[hash128]string{}
	for seed := range uint64(150) {
		d := newDriver(seed, Config{Free: seed%2 == 0})
		for range 120 {
			d.step(t)
			sum, key := recompute(d.s)
			if sum != d.s.sum {
				t.Fatalf("seed %d: incremental hash %x, recomputed %x in\n%s", seed, d.s.sum, sum, key)
			}
			if seed == 0 { // one universe: its keys are comparable
				if old, ok := keys[sum]; ok && old != key {
					t.Fatalf("two states with one hash:\n%s\n%s", old, key)
				}
				keys[sum] = key
			}
		}
	}
}

func TestRevertRestoresEverything(t *testing.T) {
	for seed := range uint64(300) {
		judged := seed%3 == 2 // as a judge has it
		d := newDriver(seed, Config{Free: seed%2 == 0, Open: judged, Untimed: judged, Heard: judged})
		var cells [][]uint64
		var sums []hash128
		for range 120 {
			for range 1 + spec.Pick(d.choices, 3) {
				depth := d.log.Depth()
				snapshot, sum := slices.Clone(d.s.cells), d.s.sum
				d.step(t)
				for depth < d.log.Depth() { // Return and Leave of one input are two steps
					cells, sums = append(cells, snapshot), append(sums, sum)
					snapshot = nil
					depth++
				}
			}
			for range spec.Pick(d.choices, 3) {
				if len(cells) == 0 {
					break
				}
				d.s.Revert(&d.log)
				want := cells[len(cells)-1]
				if want != nil && (!slices.Equal(want, d.s.cells) || sums[len(sums)-1] != d.s.sum) {
					t.Fatalf("seed %d: revert to depth %d does not restore the state", seed, d.log.Depth())
				}
				cells, sums = cells[:len(cells)-1], sums[:len(sums)-1]
			}
		}
	}
}

// Acts that are declared independent commute: both orders are possible and lead to one state.
func TestIndependentActsCommute(t *testing.T) {
	pairs, called := 0, map[string]bool{}
	for seed := range uint64(20000) {
		open := seed%3 == 2 // as a judge has it
		d := newDriver(seed, Config{Free: true, Open: open, Untimed: open, Heard: open})
		d.called = called
		for range 100 {
			d.step(t)
			acts := Enabled(d.s, nil)
			for i, a := range acts {
				for _, b := range acts[i+1:] {
					if Dependent(a, b) {
						continue
					}
					pairs++
					if x, y := after(t, d, a, b), after(t, d, b, a); x != y {
						t.Fatalf("seed %d: %s and %s do not commute", seed, d.s.does(a), d.s.does(b))
					}
				}
			}
		}
	}
	if pairs < 1000 {
		t.Errorf("only %d independent pairs were met", pairs)
	}
	for _, op := range Operations() {
		if !called[op] {
			t.Errorf("%s is not called", op)
		}
	}
}

// does says what an act does, for people.
func (s *State) does(a Act) string {
	if a.Kind == Effect || a.Kind == TimeUp {
		return fmt.Sprintf("%s of %s", a, s.OpOf(a.Frame))
	}
	return a.String()
}

func after(t *testing.T, d *driver, first, second Act) hash128 {
	t.Helper()
	var log UndoLog
	Apply(d.s, first, &log)
	if !slices.Contains(Enabled(d.s, nil), second) {
		t.Fatalf("%s disables %s, which is declared independent", d.s.does(first), d.s.does(second))
	}
	Apply(d.s, second, &log)
	sum := d.s.sum
	d.s.Revert(&log)
	d.s.Revert(&log)
	return sum
}

func TestRulesCiteClausesThatExist(t *testing.T) {
	check := func(what string, ids []string) {
		for _, id := range ids {
			if spec.Clauses().Lookup(id) == nil {
				t.Errorf("%s cites the unknown clause %s", what, id)
			}
		}
	}
	for _, r := range rules[1:] {
		op := spec.LookupOp(r.op)
		if op == nil {
			t.Errorf("rule %s: no such operation", r.op)
			continue
		}
		if len(ClausesOf(r.op)) == 0 && !op.Is(spec.Kit) {
			t.Errorf("rule %s cites no clause", r.op)
		}
		if (r.waits != nil) != op.Is(spec.MayWait) && r.op != "run-shell-command" && r.op != "child-tell" {
			t.Errorf("rule %s: it says what it waits for (%v) but the table says may-wait %v", r.op, r.waits != nil, op.Is(spec.MayWait))
		}
	}
	check("a rule", RuledClauses())
	for _, m := range Mutants {
		check("mutant "+string(m.Mutant), m.Clauses)
	}
}

func BenchmarkApplyRevert(b *testing.B) {
	u := NewUniverse()
	s := NewState(u, Config{})
	do := func(call spec.Call) spec.Return {
		o, err := Decode(u, call)
		if err != nil {
			b.Fatal(err)
		}
		s.Call(s.Test(), o, nil)
		Apply(s, Enabled(s, nil)[0], nil)
		return s.Return(s.Test(), nil)
	}
	box := do(spec.NewCall("make-mailbox", []any{key.Size(1000)})).Primary()
	o, err := Decode(u, spec.NewCall("mailbox-send", nil, box, 7))
	if err != nil {
		b.Fatal(err)
	}
	s.Call(s.Test(), o, nil)
	acts := Enabled(s, nil)
	var log UndoLog
	b.ReportAllocs()
	for b.Loop() {
		Apply(s, acts[0], &log)
		s.Revert(&log)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
}
