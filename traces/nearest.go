package traces

import "github.com/mpcheck/mpcheck/spec/model"

// Where many operations are open at once the states that fit a trace are many, though one way through
// them that is allowed is enough. Often it is near at hand: of the states that fit a label, those that
// need the fewest acts. Only they are kept here, and few of them; what this way does not allow, another
// may.

const (
	mostNear    = 16   // states that are kept
	mostVisited = 4096 // for one label
)

// advanceNear replaces the states by the nearest that a goal is reached in; false gives this way up.
func (c *checker) advanceNear(i int, reached goal, take taking) bool {
	seen, visited := map[[16]byte]bool{}, 0
	var log model.UndoLog
	for from := c.states; len(from) > 0; {
		var found, next []*model.State
		taken := map[[16]byte]bool{}
		for _, s := range from {
			if !reached(s) || len(found) == mostNear {
				continue
			}
			s = s.Clone()
			if take != nil {
				take(s, nil)
			}
			if h := s.Hash(); !taken[h] {
				taken[h] = true
				found = append(found, s)
			}
		}
		if len(found) > 0 {
			c.states = found
			return true
		}
		for _, s := range from {
			c.steps(s, &log, c.frameAt(i), func(a model.Act) bool {
				c.credit(a, c.cites.Together())
				if h := s.Hash(); !seen[h] {
					seen[h] = true
					next = append(next, s.Clone())
					visited++
					c.report.States++
				}
				return true
			})
			if visited > mostVisited || c.report.States > c.o.Budget {
				return c.giveUp("no near state fits")
			}
		}
		from = next
	}
	return c.giveUp("no near state fits")
}
