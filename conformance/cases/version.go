package cases

import (
	"runtime/debug"
	"sync"
)

// Version is the version of the suite, as the program that runs it was built: that of the module
// in its build information, such as v1.2.0, or "devel" where there is none, as in the tests of
// this module itself. No constant says it, so that none can be wrong.
func Version() string { return version() }

var version = sync.OnceValue(func() string { return versionOf(debug.ReadBuildInfo()) })

const modulePath = "github.com/mpcheck/mpcheck"

func versionOf(info *debug.BuildInfo, ok bool) string {
	const unknown = "devel"
	if !ok {
		return unknown
	}
	module := &info.Main
	if module.Path != modulePath { // in somebody's own test the suite is a dependency
		module = nil
		for _, dep := range info.Deps {
			if dep.Path == modulePath {
				module = dep
			}
		}
	}
	for module != nil && module.Replace != nil {
		module = module.Replace
	}
	if module == nil || module.Version == "" || module.Version == "(devel)" {
		return unknown
	}
	return module.Version
}
