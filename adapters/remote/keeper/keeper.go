// Package keeper is the process that an adapter runs under: it kills and reaps all that the adapter started, when
// that ends and when the harness does, in whatever way. What follows is how a harness calls it; [Main] says what
// it does. [AdoptOrphans] is for what is left where the keeper itself was killed.
package keeper

// Descriptors of a keeper beside the standard three, and the environment that names them.
// The wire's two are passed through to the adapter under the same numbers.
const (
	FDIn       = 3
	FDOut      = 4
	FDLifeline = 5

	EnvIn       = "MPCHECK_IN"
	EnvOut      = "MPCHECK_OUT"
	EnvLifeline = "MPCHECK_LIFELINE"
)

// ExitFailed is the status of a keeper that could not keep.
const ExitFailed = 125
