package model

// Threads execute frames, and count what they call and enter: by that objects and frames are named. A process
// that is made is a thread of its own. Foreign code that calls in does so on a thread that is no process: an
// object with the cells of one, so that operations on it find what they look for, but in no list and without a
// reference. A process may be attached to it, which it executes instead, and be detached again.

// threadOf is what executes the code of a process.
func (s *State) threadOf(p ID) ID {
	if !s.foreign {
		return p
	}
	return ID(s.get(p, processThread))
}

// innermost is the frame that a process executes, 0 where none of its code runs.
func (s *State) innermost(p ID) ID { return ID(s.get(s.threadOf(p), threadFrame)) }

// processOf is the process whose code a frame is; the thread itself, where that is no process; 0 once it has been left.
func (s *State) processOf(f ID) ID {
	t := ID(s.get(f, frameThread))
	if t == 0 {
		return 0
	}
	return ID(s.get(t, threadProcess))
}

// isForeign tells whether a process is none, but a thread.
func (s *State) isForeign(p ID) bool { return s.u.kinds[p] == KindThread }

// newThread makes a thread that is no process, in an image.
func (s *State) newThread(t, image ID) ID {
	s.create(t, KindThread)
	s.foreign = true
	s.set(t, processImage, uint64(image))
	s.set(t, threadProcess, uint64(t))
	s.set(t, processThread, uint64(t))
	s.set(t, processPhase, phaseRunning)
	s.setLayout(t, processNext, s.get(image, imageThreads))
	s.setLayout(image, imageThreads, uint64(t))
	return t
}
