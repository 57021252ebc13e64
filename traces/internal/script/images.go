package script

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// Images: which code runs on the thread with which an image begins, and which of its processes no call has returned.

// A launched image, and the processes that it made for itself.
type launched struct {
	by       opened
	startups []startup
	calls    uint32 // the latest call on its initial thread that starts multiprocessing, 0 for none
}

// A startup is a process that runs code, and that no call has returned.
type startup struct {
	ref  string
	call uint32 // of the initial thread, within which it was made; 0 where the image began with that
}

// initialThread stands for the initial thread of the nth image, as the reference of a process.
func initialThread(image int) string { return fmt.Sprint("\x00image ", image) }

// launches notes a call that may make an image. Two at a time may make them in either order.
func (r *reader) launches(o opened) {
	if kind, ok := makes(o.call); !ok || kind != model.KindImage {
		return
	}
	for _, other := range r.open {
		if kind, ok := makes(other.call); ok && kind == model.KindImage {
			r.unordered = true
		}
	}
	r.b.Images = true
	r.images = append(r.images, launched{by: o})
}

// launchFails takes back the image of a call that made none.
func (r *reader) launchFails(o opened) {
	r.images = slices.DeleteFunc(r.images, func(l launched) bool { return l.by.process == o.process && l.by.nth == o.nth })
}

// entersImage notes code that begins in an image, and returns what stands for its process.
func (r *reader) entersImage(l spec.Label) string {
	p, ok := l.Process.(spec.Ref)
	if !ok {
		return initialThread(l.Image)
	}
	if _, made := r.made[p.ID]; made || l.Image > len(r.images) {
		return p.ID
	}
	image := &r.images[l.Image-1]
	if !slices.ContainsFunc(image.startups, func(s startup) bool { return s.ref == p.ID }) {
		image.startups = append(image.startups, startup{p.ID, image.calls})
	}
	return p.ID
}

// startsImage notes a call on the initial thread of an image within which processes may be made that it doesn't return.
func (r *reader) startsImage(o opened) {
	op := spec.LookupOp(o.call.Op)
	if op == nil || op.Capability != spec.Image || !op.Is(spec.RunsCode) || op.Is(spec.Kills) || op.Is(spec.StopsWorld) {
		return // those end processes
	}
	for n := range r.images {
		if o.process == initialThread(n+1) {
			r.images[n].calls = o.nth
		}
	}
}

// bindImages gives the threads of images theirs, and the processes that they made for themselves: in the order in which
// these are heard of, since nothing tells another.
func (r *reader) bindImages() {
	if r.unordered {
		return
	}
	for n, image := range r.images {
		maker, ok := r.resolve(image.by.process, 0)
		if !ok {
			return
		}
		thread := r.b.Universe.InitialThread(r.b.Universe.Name(maker, image.by.nth, model.KindImage))
		r.b.Refs[initialThread(n+1)] = thread
		nth := map[uint32]uint32{}
		asItComes := image.by.call.Arg(0) == spec.Value(spec.Nil{})
		for _, s := range image.startups {
			if asItComes && s.call == 0 { // multiprocessing runs in a Lisp as it comes: of that the specification has nothing
				continue
			}
			if _, made := r.made[s.ref]; made { // the call that made it has returned it later
				continue
			}
			r.b.Refs[s.ref] = r.b.Universe.Startup(thread, s.call, nth[s.call])
			nth[s.call]++
		}
	}
}
