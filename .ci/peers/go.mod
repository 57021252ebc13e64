module github.com/mpcheck/mpcheck/peers

go 1.26.0

require github.com/mpcheck/mpcheck v0.0.0

require github.com/anishathalye/porcupine v1.3.1

replace github.com/mpcheck/mpcheck => ../..
