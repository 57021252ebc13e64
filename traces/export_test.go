package traces

// For the tests that need other packages of this module, which need this one.
var (
	Late        = late
	FromOutside = fromOutside
)

// LeastSlack is what a real clock is granted.
const LeastSlack = leastSlack
