// Package report writes of verdicts, for people and programs: the text of a run and of a clause, the list of
// cases, the difference between two runs. The JSON form of a report is package verdict's own type. JUnit has a package of its
// own, junitreport: whoever embeds the suite needn't compile it.
package report
