// Package verdict says what the evidence of cases means: for a case ([Judge]), and rolled up for clauses and a
// whole run ([Report]), with the lists of known deviations, the groups of cases that failed for one cause, and the
// fingerprint of what the documents leave open. It runs nothing.
package verdict
