package spec

// Exploration is code whose schedules are gone through by who knows the scheduler, and what comes of it. Runs are of
// one class where they end alike and the same was noted in them ([Notebook]), in whatever order: one of them
// shows what all do.
type Exploration struct {
	// Code makes the code of the outermost frame for a system, of closures that share nothing with those
	// that another call has made. It is called often, and by several goroutines where several explore.
	Code func(System) func(Frame)
	// Seed is that of the nth run, from 0, where runs are drawn at random; as of [SystemConfig].
	Seed func(n int) uint64
	// Most bounds the runs.
	Most int
	// Show is told the first run of each class, once it is found: its number, from 0, and its schedule, by
	// which any system repeats it. False ends the exploration.
	Show func(n int, schedule Choices) bool

	// Classes has the number of runs of each class that was shown, in that order.
	Classes []int
	// Runs is the number of all. Where states are left out that were visited before there are fewer than schedules.
	Runs int
	// States that were visited, 0 where nobody has counted.
	States int
	// Complete: there are no others.
	Complete bool
}
