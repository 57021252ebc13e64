package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mpcheck/mpcheck/conformance/cases"
)

func manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the man pages",
		Long: `Write the man pages of mpcheck and of each of its commands into a folder: what --help says,
for man(1).`,
		Example: "  mpcheck man /usr/local/share/man/man1",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("man takes the folder that the pages go into, as in mpcheck man /usr/local/share/man/man1")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return usage("%w", err)
			}
			for _, c := range append([]*cobra.Command{cmd.Root()}, cmd.Root().Commands()...) {
				if c != cmd.Root() && !c.IsAvailableCommand() {
					continue
				}
				path := filepath.Join(args[0], strings.ReplaceAll(c.CommandPath(), " ", "-")+".1")
				if err := os.WriteFile(path, []byte(manual(c)), 0o644); err != nil {
					return usage("%w", err)
				}
			}
			return nil
		},
	}
}

// manual is a man page in the language of groff's man macros. It needs no date, so that the same
// program writes the same page.
func manual(c *cobra.Command) string {
	var b strings.Builder
	section := func(title string) { fmt.Fprintf(&b, ".SH %s\n", title) }
	// What is laid out already stays so.
	verbatim := func(text string) { fmt.Fprintf(&b, ".nf\n%s\n.fi\n", roff(strings.Trim(text, "\n"))) }
	name := strings.ReplaceAll(c.CommandPath(), " ", "-")
	b.WriteString(`.\" Copyright the mpcheck authors. SPDX-License-Identifier: MIT` + "\n")
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"mpcheck %s\" \"mpcheck\"\n", strings.ToUpper(roff(name)), roff(cases.Version()))
	section("NAME")
	fmt.Fprintf(&b, "%s \\- %s\n", roff(name), roff(c.Short))
	section("SYNOPSIS")
	if c.HasSubCommands() && !c.HasParent() {
		fmt.Fprintf(&b, ".B %s\n.I COMMAND\n[flags]\n", roff(name))
	} else {
		fmt.Fprintf(&b, ".B %s\n%s\n", roff(c.CommandPath()), roff(strings.TrimSpace(strings.TrimPrefix(c.UseLine(), c.CommandPath()))))
	}
	section("DESCRIPTION")
	if c.Long == "" {
		fmt.Fprintf(&b, "%s.\n", roff(c.Short))
	} else {
		verbatim(c.Long)
	}
	if !c.HasParent() {
		section("COMMANDS")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&b, ".TP\n.BR %s (1)\n%s\n", roff(name+"-"+sub.Name()), roff(sub.Short))
			}
		}
	}
	if flags := c.NonInheritedFlags(); flags.HasAvailableFlags() {
		section("OPTIONS")
		flags.VisitAll(func(f *pflag.Flag) { option(&b, f) })
	}
	if c.HasExample() {
		section("EXAMPLES")
		verbatim(c.Example)
	}
	if c.HasParent() {
		section("SEE ALSO")
		fmt.Fprintf(&b, ".BR %s (1)\n", roff(c.Parent().Name()))
	}
	section("LICENCE")
	b.WriteString("MIT, the mpcheck authors.\n")
	return b.String()
}

func option(b *strings.Builder, f *pflag.Flag) {
	if f.Hidden {
		return
	}
	kind, text := pflag.UnquoteUsage(f)
	names := "\\-\\-" + roff(f.Name)
	if f.Shorthand != "" {
		names = "\\-" + roff(f.Shorthand) + ", " + names
	}
	if kind != "" {
		kind = " \\fI" + roff(kind) + "\\fR"
	}
	fmt.Fprintf(b, ".TP\n\\fB%s\\fR%s\n%s", names, kind, roff(text))
	switch f.DefValue {
	case "", "[]", "false", "0", "0s":
	default:
		fmt.Fprintf(b, " (default %s)", roff(f.DefValue))
	}
	b.WriteString("\n")
}

// roff is a text in which no character is a command of the formatter.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
