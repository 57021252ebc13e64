// Package replay repeats runs of the simulator. A run is decided by what was run - a program, or
// a case and its setting - by the rule that is broken, and by the schedule; a [Token] has all of
// these, so that whoever gets it sees the very same run on any machine, or is told at which
// label it becomes another.
package replay
