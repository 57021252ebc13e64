package conformance

var eventCases = []Case{}
