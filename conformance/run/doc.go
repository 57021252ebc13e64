// Package run puts cases to adapters: a [Session] runs one under its schedules, repeats what may be chance and
// watches over calls that never return; [Execute] hands cases out to several sessions and reports.
package run
