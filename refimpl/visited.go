package refimpl

import "math/bits"

// A visited is a set of states by their hashes, and of each the number of a sleep set, where
// there are any. It is one table with open addressing, at most half of whose places are taken.
// Beside each place's 16 bytes is a byte of the hash, 0 where nothing is: nearly always it alone
// tells what a look-up finds, and it is in the processor's cache where the 16 bytes are not.
type visited struct {
	tags   []uint8
	keys   [][2]uint64
	values []uint32 // nil where there are no sleep sets
	count  int
	shift  uint
}

// newVisited makes a set with room for so many states, which grows.
func newVisited(room int, sleep bool) *visited {
	v := &visited{}
	if sleep {
		v.values = []uint32{}
	}
	v.grow(max(1<<10, 1<<bits.Len(uint(2*room))))
	return v
}

// find returns the place of a key, and whether it was there before; else it is now.
func (v *visited) find(key [2]uint64) (at int, found bool) {
	if v.count*2 >= len(v.keys) {
		v.grow(len(v.keys) * 2)
	}
	tag := tagOf(key)
	for at = v.home(key); ; at = (at + 1) & (len(v.tags) - 1) {
		switch v.tags[at] {
		case 0:
			v.tags[at], v.keys[at] = tag, key
			v.count++
			return at, false
		case tag:
			if v.keys[at] == key {
				return at, true
			}
		}
	}
}

func tagOf(key [2]uint64) uint8 { return uint8(key[1]>>57) + 1 }

// home is where a key would be, were it alone.
func (v *visited) home(key [2]uint64) int { return int(key[0] * 0x9e3779b97f4a7c15 >> v.shift) }

func (v *visited) grow(size int) {
	tags, keys, values := v.tags, v.keys, v.values
	v.tags, v.keys = make([]uint8, size), make([][2]uint64, size)
	if values != nil {
		v.values = make([]uint32, size)
	}
	v.shift = uint(64 - bits.TrailingZeros(uint(size)))
	for i, key := range keys {
		if tags[i] == 0 {
			continue
		}
		at := v.home(key)
		for v.tags[at] != 0 {
			at = (at + 1) & (size - 1)
		}
		v.tags[at], v.keys[at] = tags[i], key
		if values != nil {
			v.values[at] = values[i]
		}
	}
}
