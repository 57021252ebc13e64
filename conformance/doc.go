// Package conformance has the doors by which the suite is embedded: [Run] for go test, in real time or,
// with [InBubble], in a bubble; [NewPlan] for other frameworks, as package ginkgosuite is one; and the specs
// of ginkgo ./conformance in its tests.
//
// Behind them are rooms, each of which knows only those before it. cases has the cases and performs one;
// verdict makes a verdict of the evidence; run puts cases to adapters, under schedules and repeatedly; report
// writes of it.
package conformance
