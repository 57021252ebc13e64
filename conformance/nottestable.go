package conformance

// NotTestable lists clauses that no case can witness, with the reason. A clause stands here
// only where no adapter could be told right from wrong.
var NotTestable = map[string]string{}
