package proc

import (
	"fmt"
	"os"
	"strconv"
)

// Descendants lists the processes below root, children before grandchildren. It is a
// snapshot of a moving thing: whoever acts on it looks again afterwards.
func Descendants(root int) ([]int, error) {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil, fmt.Errorf("looking for descendants of process %d: %w", root, err)
	}
	defer proc.Close()
	names, err := proc.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("looking for descendants of process %d: %w", root, err)
	}
	children := map[int][]int{}
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		// A process that can't be read has ended meanwhile.
		if stat, err := ReadStat(pid); err == nil && stat.pid != 0 {
			children[stat.Parent] = append(children[stat.Parent], pid)
		}
	}
	found := append([]int(nil), children[root]...)
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i]]...)
	}
	return found, nil
}

// Descends tells whether a process is root, or descends from it.
func Descends(pid, root int) (bool, error) {
	for seen := 0; pid > 0 && pid != root && seen < 1000; seen++ { // parents may change meanwhile
		stat, err := ReadStat(pid)
		if err != nil {
			return false, err
		}
		pid = stat.Parent
	}
	return pid == root, nil
}
