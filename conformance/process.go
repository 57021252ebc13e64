package conformance

var processCases = []Case{}
