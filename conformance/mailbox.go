package conformance

var mailboxCases = []Case{}
