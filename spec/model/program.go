package model

// HookThread returns the ID of the thread that calls the hook of a process object the nth time, from 0, where no
// process does.
func (u *Universe) HookThread(program ID, nth uint32) ID { return u.Name(program, nth, KindThread) }

// StreamOf returns the ID of the nth, from 0, of the streams of a process object.
func (u *Universe) StreamOf(program ID, nth uint32) ID { return u.Name(program, nth, KindStream) }
