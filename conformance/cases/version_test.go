package cases

import (
	"runtime/debug"
	"testing"
)

func TestVersionIsOfTheBuild(t *testing.T) {
	mine := func(v string) debug.Module { return debug.Module{Path: modulePath, Version: v} }
	replaced := mine("v1.2.0")
	fork := debug.Module{Path: "example.com/fork", Version: "v1.2.1"}
	replaced.Replace = &fork
	dep := mine("v1.2.0")
	for name, x := range map[string]struct {
		info *debug.BuildInfo
		want string
	}{
		"installed":   {&debug.BuildInfo{Main: mine("v1.2.0")}, "v1.2.0"},
		"a clone":     {&debug.BuildInfo{Main: mine("v0.0.0-20260102030405-0123456789ab+dirty")}, "v0.0.0-20260102030405-0123456789ab+dirty"},
		"its test":    {&debug.BuildInfo{Main: mine("(devel)")}, "devel"},
		"a dependent": {&debug.BuildInfo{Main: debug.Module{Path: "example.com/actors", Version: "(devel)"}, Deps: []*debug.Module{{Path: "x", Version: "v9.0.0"}, &dep}}, "v1.2.0"},
		"a fork":      {&debug.BuildInfo{Main: debug.Module{Path: "example.com/actors"}, Deps: []*debug.Module{&replaced}}, "v1.2.1"},
		"neither":     {&debug.BuildInfo{Main: debug.Module{Path: "example.com/actors"}}, "devel"},
	} {
		if got := versionOf(x.info, true); got != x.want {
			t.Errorf("%s: got %q, want %q", name, got, x.want)
		}
	}
	if got := versionOf(nil, false); got != "devel" {
		t.Errorf("without build information: %q", got)
	}
}
