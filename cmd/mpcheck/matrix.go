package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/mpcheck/mpcheck/conformance/report"
	"github.com/mpcheck/mpcheck/conformance/verdict"
)

func matrixCommand() *cobra.Command {
	var json, update string
	var markdown bool
	cmd := &cobra.Command{
		Use:   "matrix REPORT...",
		Short: "Show results of several implementations side by side",
		Long: `Put reports that mpcheck run --json wrote side by side, a column each, in their order: the cases
of each area by verdict; what deviates, by the clause that is charged and by cause; what each was
seen to do where the documents leave it open. Cases that are not applicable are left out. A star
marks what is of operations that the adapter composed: it says nothing of the runtime.

With --update the Markdown takes the place of what stands in a file between the lines

    <!-- mpcheck matrix -->
    <!-- end of mpcheck matrix -->

Exit code: 0; 3 where a report is of a run that was cut short; 2 wrong usage, or a file that is no
report.`,
		Example: `  mpcheck run --json sbcl.json -- sbcl --script adapter.lisp
  mpcheck run --json ecl.json -- ecl --shell adapter.lisp
  mpcheck matrix sbcl.json ecl.json
  mpcheck matrix --markdown *.json > results.md
  mpcheck matrix --update README.md *.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("matrix takes reports that mpcheck run --json wrote: mpcheck matrix REPORT...")
			}
			if markdown && update != "" {
				return usage("--update writes Markdown into a file, --markdown to standard output: give one of them")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var reports []*verdict.Report
			partial := false
			for _, path := range args {
				r, err := readReport(cmd.Context(), path)
				if err != nil {
					return err
				}
				reports, partial = append(reports, r), partial || r.Partial
			}
			output, err := createReport(cmd.Context(), "--json", json)
			if err != nil {
				return err
			}
			defer output.abandon()
			m := report.NewMatrix(reports...)
			if err := output.write(cmd.OutOrStdout(), m.WriteJSON); err != nil {
				return err
			}
			var people io.Writer = cmd.OutOrStdout()
			if output.stdout {
				people = cmd.ErrOrStderr()
			}
			switch {
			case update != "":
				if err := updateMatrix(update, m); err != nil {
					return err
				}
				fmt.Fprintf(people, "%s is up to date\n", shown(update))
			case markdown:
				m.Markdown(people)
			default:
				m.Text(people)
			}
			if partial {
				return &exitError{3, nil}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&json, "json", "", "write the matrix as JSON to `FILE`, - for standard output")
	cmd.Flags().BoolVar(&markdown, "markdown", false, "write Markdown")
	cmd.Flags().StringVar(&update, "update", "", "write Markdown into `FILE`, between the lines that mark its place")
	return cmd
}

const (
	matrixBegins = "<!-- mpcheck matrix -->\n"
	matrixEnds   = "<!-- end of mpcheck matrix -->\n"
)

// updateMatrix writes the matrix into a file, in the place of the one that stands there.
func updateMatrix(path string, m *report.Matrix) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return usage("%w", err)
	}
	before, rest, begins := bytes.Cut(text, []byte(matrixBegins))
	_, after, ends := bytes.Cut(rest, []byte(matrixEnds))
	if !begins || !ends {
		return usage("%s: the matrix has its place between two lines, of which one is missing: %.*s and %.*s", shown(path),
			len(matrixBegins)-1, matrixBegins, len(matrixEnds)-1, matrixEnds)
	}
	var b bytes.Buffer
	b.Write(before)
	b.WriteString(matrixBegins)
	m.Markdown(&b)
	b.WriteString("\n" + matrixEnds)
	b.Write(after)
	if bytes.Equal(b.Bytes(), text) {
		return nil
	}
	info, err := os.Stat(path)
	if err == nil {
		err = os.WriteFile(path, b.Bytes(), info.Mode().Perm())
	}
	if err != nil {
		return errors.Join(errors.New("writing the matrix"), err)
	}
	return nil
}
