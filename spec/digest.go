package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
)

// Digest identifies the clause catalogue and the operations table: 12 hexadecimal digits. What
// was recorded under another digest may mean something else now.
func Digest() string { return digest() }

var digest = sync.OnceValue(func() string {
	sum := sha256.New()
	encoder := json.NewEncoder(sum)
	for _, c := range Clauses().Clauses {
		if err := encoder.Encode(c); err != nil {
			panic(err) // it was decoded from JSON
		}
	}
	for _, op := range Ops {
		sum.Write([]byte(op.Name + " " + op.Lambda + " " + string(op.Class) + "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
})
