package conformance_test

import (
	"flag"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/conformance/ginkgosuite"
	"github.com/mpcheck/mpcheck/conformance/report/junitreport"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

// Flags of the suite, which stand after --:
//
//	ginkgo ./conformance -- --adapter refimpl --select CLEAN
//	ginkgo -p ./conformance -- --select REAP /path/to/my-adapter --its-flags
var (
	adapterFlag = flag.String("adapter", "", "built-in implementation; native by default, under go test the simulator. A command in its place follows the flags")
	knownFlag   = flag.String("known", "", "file of known deviations")
	flakyFlag   = flag.String("flaky", "", "file of flaky cases")
	strictFlag  = flag.Bool("strict", false, "judge every DOC clause")
	seedFlag    = flag.Uint64("seed", 1, "first seed of the schedules and of what a case shuffles")
	timeoutFlag = flag.Duration("timeout", spec.DefaultWatchdog, "limit for one operation in real time")
	jsonFlag    = flag.String("json", "", "write the report as JSON to this file")
	junitFlag   = flag.String("junit", "", "write the report as JUnit XML to this file")

	selectFlag, skipFlag, profileFlag words
)

// words are the values of a flag that may stand several times.
type words []string

func (w *words) String() string     { return strings.Join(*w, " ") }
func (w *words) Set(s string) error { *w = append(*w, s); return nil }

func init() {
	flag.Var(&selectFlag, "select", "run only cases that match this pattern (repeatable)")
	flag.Var(&skipFlag, "skip", "leave out cases that match this pattern (repeatable)")
	flag.Var(&profileFlag, "profile", "judge DOC clauses by this profile instead of what the adapter claims (repeatable)")
}

func TestSuite(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "mpcheck")
}

// The tree is built when flags have been parsed.
var suite *ginkgosuite.Suite

var _ = Describe("mpcheck", func() { suite = ginkgosuite.Describe(chosen, options()...) })

var _ = AfterSuite(func() { suite.Close() })

var _ = ReportAfterSuite("verdicts", func(r Report) {
	report, err := suite.Report(r)
	Expect(err).NotTo(HaveOccurred())
	for path, write := range map[string]func(io.Writer) error{*jsonFlag: report.WriteJSON, *junitFlag: func(w io.Writer) error { return junitreport.Write(w, report) }} {
		if path != "" {
			file, err := os.Create(path)
			Expect(err).NotTo(HaveOccurred())
			Expect(write(file)).To(Succeed())
			Expect(file.Close()).To(Succeed())
		}
	}
	judged := slices.ContainsFunc(report.Cases, func(result verdict.Result) bool {
		return result.Verdict != verdict.NotApplicable && result.Verdict != verdict.Known
	})
	Expect(judged || len(report.Cases) == 0).To(BeTrue(), "nothing was judged: no case is other than not applicable or known")
})

// chosen makes the adapter that the flags name.
func chosen() (spec.Adapter, error) {
	switch {
	case flag.NArg() > 0:
		return command(flag.Args()...)
	case adapterName() == "refimpl":
		return refimpl.New(refimpl.Options{}), nil
	}
	if _, err := builtIn(adapterName()); err != nil {
		return nil, err
	}
	return served(adapterName())
}

func adapterName() string {
	switch {
	case *adapterFlag != "":
		return *adapterFlag
	case byGinkgo():
		return "native"
	}
	return "refimpl"
}

// options are those that the flags ask for. Under go test, where other tests run all
// schedules, one a case will do.
func options() []conformance.Option {
	opts := []conformance.Option{
		conformance.WithSelect(selectFlag...), conformance.WithSkip(skipFlag...),
		conformance.WithSeed(*seedFlag), conformance.WithTimeout(*timeoutFlag),
		conformance.WithJournal(func() run.Journal { return &traces.Journal{} }),
		conformance.WithCommand(func(flags string) string {
			if flag.NArg() > 0 {
				return "mpcheck run " + flags + " -- " + strings.Join(flag.Args(), " ")
			}
			return "mpcheck run " + flags + " --adapter " + adapterName()
		}),
	}
	if len(profileFlag) > 0 {
		opts = append(opts, conformance.WithProfile(profileFlag...))
	}
	if *knownFlag != "" {
		opts = append(opts, conformance.WithKnown(*knownFlag))
	}
	if *flakyFlag != "" {
		opts = append(opts, conformance.WithFlaky(*flakyFlag))
	}
	if *strictFlag {
		opts = append(opts, conformance.WithStrict())
	}
	if !byGinkgo() {
		opts = append(opts, conformance.WithSchedules(1))
	}
	return opts
}
