package proc

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Descendants lists the processes below root, children before grandchildren. It is a
// snapshot of a moving thing: whoever acts on it looks again afterwards.
func Descendants(root int) ([]int, error) {
	all, err := everybody()
	if err != nil {
		return nil, fmt.Errorf("looking for descendants of process %d: %w", root, err)
	}
	children := map[int][]int{}
	for _, pid := range all {
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

// everybody is the ids of all processes that are to be seen.
func everybody() ([]int, error) {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer proc.Close()
	names, err := proc.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// Running lists the processes with arguments that is wanted. Those that can't be read aren't ours.
func Running(wanted func(args []string) bool) []int {
	all, _ := everybody() // nobody, where there is no /proc
	return slices.DeleteFunc(all, func(pid int) bool {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		return err != nil || !wanted(strings.Split(string(text), "\x00"))
	})
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
