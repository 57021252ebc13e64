package script

import (
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// started is a child whose pid was seen: by its own word, or as the result of a start.
type started struct {
	pid   int64
	child string // reference, of a child that said so itself
	by    opened // call that started it
}

// bindChildren maps the commands and process ids of children onto those of the specification.
func (r *reader) bindChildren(adapterPID int) {
	b := r.b
	if adapterPID > 0 {
		b.pids[int64(adapterPID)] = model.AdapterPID
	}
	unready := map[string]model.ID{} // children by command, of which none said its pid
	for _, text := range slices.Sorted(maps.Keys(b.texts)) {
		ref := b.texts[text]
		if c, ok := b.Refs[string(ref)]; ok {
			b.texts[text] = model.Command(c)
			if !slices.ContainsFunc(r.ready, func(s started) bool { return s.child == string(ref) }) {
				unready[text] = c
			}
		} else {
			delete(b.texts, text)
		}
	}
	for _, s := range r.ready {
		if c, ok := b.Refs[s.child]; ok {
			b.pids[s.pid] = int64(model.PID(c))
		}
	}
	for _, s := range r.shells {
		if _, known := b.pids[s.pid]; known {
			continue
		}
		p, ok := b.Refs[s.by.process]
		if !ok {
			continue
		}
		text, _ := s.by.call.Arg(0).(spec.String)
		if c, ok := unready[string(text)]; ok { // nobody waited for it, or not long enough
			b.pids[s.pid] = int64(model.PID(c))
			continue
		}
		// The pid of a shell between the adapter and the helper, or of a command without one.
		if _, helper := b.texts[string(text)]; !helper {
			_, helper = b.texts["exec "+string(text)]
			if !helper {
				b.pids[s.pid] = int64(model.PID(b.Universe.Name(p, s.by.nth, model.KindChild)))
				continue
			}
		}
		b.pids[s.pid] = int64(model.PID(b.Universe.Shell(p, s.by.nth)))
	}
	for _, pid := range r.parents { // of the adapter itself, and of orphans
		if _, known := b.pids[pid]; !known {
			b.pids[pid] = model.InitPID
		}
	}
}
