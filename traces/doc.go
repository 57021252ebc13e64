// Package traces holds what runs leave behind: the labels of a run as a person reads them.
package traces
