package model

// Images: running Lisps, each with processes of its own, on one operating system. Code of one knows nothing of
// another: lists, names of functions and what suspends processes are an image's. What the implementation does
// in one way - the sticky choices - it does so in all of them. The world is the first image; others have
// objects of their own.
//
// In the first image the environment runs multiprocessing. Another begins with its initial thread, which is no
// process: see image_save.go for what that does first, and image_start.go for how multiprocessing starts.

// The states of an image.
const (
	imageRuns     = iota // multiprocessing runs: the environment has started it, or somebody
	imageOff             // it doesn't
	imageUnusable        // nor can it be started: see image_save.go
	imageGone            // the program has ended
	imageStarts          // it runs, and the processes that are listed are being made
	imageSeen            // the program has ended, and somebody was told so
)

// runsProcesses tells whether multiprocessing runs in an image.
func (s *State) runsProcesses(image ID) bool {
	state := s.get(image, imageState)
	return state == imageRuns || state == imageStarts
}

// isGone tells whether the program of an image has ended.
func (s *State) isGone(image ID) bool {
	state := s.get(image, imageState)
	return state == imageGone || state == imageSeen
}

// ImageOf is the number of the image in which the code of a frame runs: 0 for the first, the others in the order in which
// they were launched, from 1.
func (s *State) ImageOf(f ID) int {
	if p := s.processOf(f); p != 0 {
		return int(s.get(s.imageOf(p), imageNumber))
	}
	return 0
}

func (s *State) imageOf(p ID) ID {
	if !s.several {
		return world
	}
	return ID(s.get(p, processImage))
}

// SameImage tells whether two processes are of one image, as far as is known: 0 is of any.
func (s *State) SameImage(p, q ID) bool { return p == 0 || q == 0 || s.imageOf(p) == s.imageOf(q) }

// newImage makes an image beside those that there are, without processes.
func (s *State) newImage(image ID) ID {
	s.create(image, KindImage)
	last, n := ID(world), uint64(1)
	for next := s.nextImage(last); next != 0; next = s.nextImage(last) {
		last, n = next, n+1
	}
	s.setLayout(last, imageNext, uint64(image))
	s.set(image, imageNumber, n)
	s.parked, s.several = nil, true
	return image
}

// nextImage is the image after one, 0 after the last.
func (s *State) nextImage(image ID) ID { return ID(s.get(image, imageNext)) }

// processesOf yields the processes of an image that have not died, in order of creation.
func (s *State) processesOf(image ID) func(func(ID) bool) {
	return func(yield func(ID) bool) { s.yieldProcesses(image, yield) }
}

func (s *State) yieldProcesses(image ID, yield func(ID) bool) bool {
	for p := ID(s.get(image, imageOldest)); p != 0; p = ID(s.get(p, processNext)) {
		if !yield(p) {
			return false
		}
	}
	return true
}

// processes yields those of all images, the first one first.
func (s *State) processes(yield func(ID) bool) {
	for more, image := s.yieldProcesses(world, yield), s.nextImage(world); more && image != 0; image = s.nextImage(image) {
		more = s.yieldProcesses(image, yield)
	}
}

// everybody yields all processes that have not died, and then the threads that execute none.
func (s *State) everybody(yield func(ID) bool) {
	more := true
	s.processes(func(p ID) bool {
		more = yield(p)
		return more
	})
	for image := ID(world); more; {
		for t := ID(s.get(image, imageThreads)); t != 0 && more; t = ID(s.get(t, processNext)) {
			if ID(s.get(t, threadProcess)) == t {
				more = yield(t)
			}
		}
		if image = s.nextImage(image); image == 0 {
			return
		}
	}
}

// threadActs appends the acts of threads that execute no process. A process asks for those of its own.
func (s *State) threadActs(out []Act) []Act {
	for image := ID(world); ; {
		for t := ID(s.get(image, imageThreads)); t != 0; t = ID(s.get(t, processNext)) {
			if ID(s.get(t, threadProcess)) == t {
				out = s.enabledOf(t, out)
			}
		}
		if image = s.nextImage(image); image == 0 {
			return out
		}
	}
}

// isAlone tells whether an image has no other process, nor a thread.
func (s *State) isAlone(p ID) bool {
	image := s.imageOf(p)
	return s.get(image, imageOldest) == s.get(image, imageYoungest) && s.get(image, imageThreads) == 0
}

// endImage ends the program of an image: none of its code goes on, no cleanup runs.
func (s *State) endImage(image ID) {
	s.set(image, imageState, imageGone)
	s.set(image, imageSuspender, 0)
	s.set(image, imageTyped, 0)
	for p := range s.processesOf(image) {
		s.dropCleanups(p)
		s.clear(p, processKilled, processKilled+1)
		s.clear(p, processStop, processStop+1)
		s.clear(p, processStands, processStands+1)
		s.clear(p, processFirst, processFirst+1)
		s.clear(p, processReads, processReads+1)
		if t := ID(s.get(p, processForce)); t != 0 {
			s.stopTimer(t)
		}
		s.set(p, processDying, 1)
		s.set(p, processPhase, phaseEnding)
		s.throw(p, 0)
	}
	for t := ID(s.get(image, imageThreads)); t != 0; t = ID(s.get(t, processNext)) {
		if ID(s.get(t, threadProcess)) == t {
			s.clear(t, processReads, processReads+1)
			s.throw(t, 0)
		}
	}
}
