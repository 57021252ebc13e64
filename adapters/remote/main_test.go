//go:build linux

package remote

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proctest"
)

// The test binary plays every part: keeper and helper child as any binary that calls Main,
// and the adapter that is served.
func TestMain(m *testing.M) {
	Main(map[string]func([]string) int{"serve": serveMain})
	os.Exit(proctest.Run(m))
}

func TestMainRefusesTakenWord(t *testing.T) {
	defer func() {
		if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), `"child" is taken`) {
			t.Errorf("Main with a second child: %v", p)
		}
	}()
	Main(map[string]func([]string) int{"child": nil})
}

// containsAll names the first of the texts that is missing.
func containsAll(err error, texts ...string) error {
	i := slices.IndexFunc(texts, func(text string) bool { return err == nil || !strings.Contains(err.Error(), text) })
	if i < 0 {
		return nil
	}
	return fmt.Errorf("%q is missing in: %v", texts[i], err)
}
