package cases

import "slices"

// table holds every case, in the order of the catalogue.
var table = slices.Concat(processCases, cleanupCases, dependentCases, sendCases, mailboxCases, eventCases, reapCases)
