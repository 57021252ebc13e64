package conformance

// Unreached lists the acts of the specification that no case makes the simulator perform under
// any schedule, each with the reason. An act stands here only while that is true.
var Unreached = map[string]string{
	"lost": "a kill that overtakes an answer: the simulator hands every answer over at once, only the oracle has such states",
}
