package conformance

var dependentCases = []Case{}
