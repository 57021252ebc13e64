package refimpl

import "math/bits"

// A visited is a set of states by their hashes, and of each the number of a sleep set. It is one
// table with open addressing: 20 bytes a place, at most three in four of them taken.
type visited struct {
	keys   [][2]uint64 // 0, 0 where nothing is
	values []uint32
	count  int
	shift  uint
}

func newVisited() *visited {
	v := &visited{}
	v.grow(1 << 10)
	return v
}

// find returns the place of a key, and whether it was there before; else it is now.
func (v *visited) find(key [2]uint64) (at int, found bool) {
	if key == ([2]uint64{}) {
		key[0] = 1 // 0, 0 is nothing
	}
	if v.count*4 >= len(v.keys)*3 {
		v.grow(len(v.keys) * 2)
	}
	for at = v.home(key); ; at = (at + 1) & (len(v.keys) - 1) {
		switch v.keys[at] {
		case key:
			return at, true
		case [2]uint64{}:
			v.keys[at] = key
			v.count++
			return at, false
		}
	}
}

// home is where a key would be, were it alone.
func (v *visited) home(key [2]uint64) int { return int(key[0] * 0x9e3779b97f4a7c15 >> v.shift) }

func (v *visited) grow(size int) {
	keys, values := v.keys, v.values
	v.keys, v.values = make([][2]uint64, size), make([]uint32, size)
	v.shift = uint(64 - bits.TrailingZeros(uint(size)))
	for i, key := range keys {
		if key == ([2]uint64{}) {
			continue
		}
		at := v.home(key)
		for v.keys[at] != ([2]uint64{}) {
			at = (at + 1) & (size - 1)
		}
		v.keys[at], v.values[at] = key, values[i]
	}
}
