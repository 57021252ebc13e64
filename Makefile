# Everything here needs Go and make; what needs more says so.
GO ?= go
TESTFLAGS ?=
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON_PRESENT := $(shell command -v python3 2>/dev/null)
SBCL_PRESENT := $(shell command -v sbcl 2>/dev/null)
CC_PRESENT := $(shell command -v cc 2>/dev/null || command -v gcc 2>/dev/null)

.PHONY: help peers test verdicts verify race lint fuzz soundness comparisons learned mutants liberties strangers generate coverage stale imports cross release install-check foreign steady subjects exactness crowds golden bench bench-peers mpcheck mutate plant plant-portable others

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

mpcheck: ## build bin/mpcheck
	@mkdir -p bin
	$(GO) build -o bin/mpcheck ./cmd/mpcheck

# Coverage of the race detector and lint is verify's; mutants, impostors and the exhaustive
# schedules of every case are ordinary tests.
#
# Many tests wait for real time: four packages run beside each other also where there are fewer
# processors. They begin in the order in which they are named: first those that wait much, so that the
# others, which compute, run meanwhile and none is left waiting alone at the end. Most garbage is of runs that
# are over, and what lives is some megabytes: with a small heap a third of the time goes into collecting it.
# Without cgo the same is tested with and without a C compiler, and thousands of helper children start faster.
FIRST := ./smoke ./cmd/mpcheck ./conformance ./conformance/run
test: ## vet and all tests; Go only
	@began=$$SECONDS; CGO_ENABLED=0 $(GO) vet ./... && echo "vet: $$((SECONDS-began)) s"
	@began=$$SECONDS; GOGC=$${GOGC:-1600} GOMEMLIMIT=$${GOMEMLIMIT:-1GiB} CGO_ENABLED=0 $(GO) test -p 4 -timeout 30m $(TESTFLAGS) $(FIRST) ./... && echo "test: $$((SECONDS-began)) s"
	@echo "left out: race detector, lint, fuzzing, stale-file check, cross builds (make verify)"

verify: ## test, then race detector, lint, samples of the larger checks, bounded fuzzing, derived files, cross builds
	@$(MAKE) --no-print-directory test
	@for step in race foreign lint peers soundness comparisons learned mutants; do \
	  began=$$SECONDS; $(MAKE) --no-print-directory $$step; echo "$$step: $$((SECONDS-began)) s"; done
	@began=$$SECONDS; $(MAKE) --no-print-directory liberties HANDS=4 LIBERTIES_FUZZ=10s; echo "liberties, a sample: $$((SECONDS-began)) s"
	@began=$$SECONDS; $(MAKE) --no-print-directory strangers SAMPLE=3 STRANGERS_FUZZ=10s; echo "strangers, a sample: $$((SECONDS-began)) s"
	@began=$$SECONDS; $(MAKE) --no-print-directory exactness EXACTLY=400 LARGER=10; echo "exactness, a sample: $$((SECONDS-began)) s"
	@for step in fuzz stale cross install-check; do \
	  began=$$SECONDS; $(MAKE) --no-print-directory $$step; echo "$$step: $$((SECONDS-began)) s"; done

race: ## all tests under the race detector, samples of the long ones; needs a C compiler
ifeq ($(CC_PRESENT),)
	@echo "left out: the race detector needs a C compiler (cc or gcc)"
else
	CGO_ENABLED=1 $(GO) test -race -short -timeout 40m $(TESTFLAGS) ./...
endif

# Threads that Go did not create are C's: make test, which does without cgo, has none of native's.
FOREIGN := --select CLEAN-FOR --select PROC-CUR-4 --select PROC-COUNT-3 --select BIND-10
foreign: ## native's foreign threads: its tests, the cases, what they show, its liberties; needs a C compiler
ifeq ($(CC_PRESENT),)
	@echo "left out: foreign threads need a C compiler (cc or gcc)"
else
	CGO_ENABLED=1 $(GO) test -race -run 'Foreign|Thread|KillWakes' ./adapters/native/...
	@mkdir -p bin
	CGO_ENABLED=1 $(GO) build -o bin/mpcheck-cgo ./cmd/mpcheck
	rm -rf out/foreign && bin/mpcheck-cgo run $(FOREIGN) --traces out/foreign && bin/mpcheck-cgo replay out/foreign/* | tail -n 1
	CGO_ENABLED=1 $(GO) run ./internal/liberties -mpcheck bin/mpcheck-cgo -only foreign -select CLEAN-FOR -fuzz 5s -keep out/foreign-liberties
endif

peers: ## peers that spoil a message, each way at each step, and 4,000 spoilt files; of both make test has a sample
	MPCHECK_WHOLE=1 $(GO) test -run 'TestPeers|TestSpoilt' -timeout 30m -parallel 6 ./cmd/mpcheck

lint: ## gofmt and staticcheck, whose modules are in .ci/lint
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt would change: $$unformatted"; exit 1; }
	$(GO) tool -modfile=.ci/lint/go.mod staticcheck ./...

# They are a module of their own: what they need nobody else gets. Go fetches it where it isn't there.
others: ## libraries of others in Go, judged by their own go test on what they offer (adapters/others); needs the network once
	cd adapters/others && $(GO) vet ./... && $(GO) test -timeout 20m $(TESTFLAGS) ./...

# The test binary is interrupted after FUZZTIME instead of being given -fuzztime: until Go 1.27 the
# coordinator may take the end of that time for a failure (go.dev/issue/75804). Interesting inputs
# are minimized by few tries, because a program on native takes some hundredths of a second.
FUZZTIME ?= 10s
FUZZ = mkdir -p bin && $(GO) test -c -fuzz $(2) -o bin/$(2).test ./$(1) && cd $(1) && \
  timeout --foreground --preserve-status --signal INT $(FUZZTIME) $(CURDIR)/bin/$(2).test -test.run '^$$' -test.fuzz $(2) \
    -test.fuzzminimizetime 20x -test.fuzzcachedir "$$($(GO) env GOCACHE)/fuzz/$(1)"
fuzz: ## each fuzz target for FUZZTIME
	$(call FUZZ,spec,FuzzDecodeValue)
	$(call FUZZ,traces/format,FuzzRead)
	$(call FUZZ,adapters/wire,FuzzMessages)
	$(call FUZZ,fuzz,FuzzSimulator)
	$(call FUZZ,fuzz,FuzzNative)
	$(GO) run ./cmd/mpcheck fuzz --for $(FUZZTIME)

EXACTLY ?= 1
LARGER ?= 200
AREA ?=
exactness: ## the histories that small programs produce and those that the oracle accepts: the same? one program in EXACTLY, and LARGER ones; of an AREA only
	GOGC=$${GOGC:-400} $(GO) test -run TestExactness -timeout 8h -v ./traces -exactly $(EXACTLY) -larger $(LARGER) -area '$(AREA)' | grep --line-buffered -v '^==='

CROWDS ?= 100
crowds: ## mailboxes of 64 clients with limits, time-outs and kills: CROWDS histories, ten times as many corrupted ones
	$(GO) test -run 'Crowds' -timeout 1h -v ./traces/queues -crowds $(CROWDS) | grep --line-buffered -v '^==='

golden: ## record the golden traces anew
	$(GO) test -run TestGolden ./traces -record

SCHEDULES ?= 1000000
SEEDS ?= 1000
soundness: ## every case under all its schedules, at most SCHEDULES of them, and under SEEDS seeds
	$(GO) run ./cmd/mpcheck explore --strategy dfs --schedules $(SCHEDULES)
	$(GO) run ./cmd/mpcheck explore --strategy states --check-all | grep -A 20 "^[0-9]* cases:"
	$(GO) run ./cmd/mpcheck explore --strategy dpor --schedules $(SCHEDULES) | grep -A 20 "^[0-9]* cases:"
	$(GO) run ./cmd/mpcheck explore --strategy random --schedules $(SEEDS) | grep -A 20 "^[0-9]* cases:"
	$(GO) run ./cmd/mpcheck explore --strategy pct --schedules $(SEEDS) | grep -A 20 "^[0-9]* cases:"

comparisons: ## the machine, the searches and the oracle held against simpler ones: of that make test has a sample
	MPCHECK_WHOLE=1 $(GO) test -timeout 30m -run 'TestSimulatorPasses|TestReduced' ./conformance/cases
	MPCHECK_WHOLE=1 $(GO) test -timeout 30m -run 'TestSimulatorAgainst|TestMachine|TestReduced' ./fuzz
	MPCHECK_WHOLE=1 $(GO) test -timeout 30m -run 'TestOracleAgrees|TestApart|TestGarbled|TestLatePrograms' ./traces
	MPCHECK_WHOLE=1 $(GO) test -timeout 30m -run 'TestConversationsAre|TestOracle|TestFindings' ./conformance
	MPCHECK_WHOLE=1 $(GO) test -timeout 30m -run TestOracle ./conformance

# Minutes: each run of each case, on the simulator and on each mutant, is made twice.
learned: ## is what is learned of cases, mutants and programs what running them shows?
	$(GO) test ./conformance/cases -run TestLearned -learned -v -timeout 3h
	$(GO) test ./conformance/run -run TestExplored -explored -timeout 1h
	$(GO) test ./fuzz -run TestLearned -learned 400 -timeout 1h

mutants: ## is every rule that is broken on purpose noticed, and named? and by no case blamed on anything else: of that make test has a sample
	$(GO) run ./cmd/mpcheck mutants
	MPCHECK_WHOLE=1 $(GO) test -run TestEveryMutantDies -timeout 30m ./conformance/cases

# The twins of mutants: what is allowed, done differently, must pass. A sample deals all liberties
# into a few HANDS and judges native with each hand; LIBERTIES has more flags of internal/liberties.
LIBERTIES_FUZZ ?= 1m
HANDS ?= 0
LIBERTIES ?=
liberties: mpcheck ## native with each liberty that the documents leave it: run, replay and LIBERTIES_FUZZ of fuzzing accuse none?
	$(GO) run ./internal/liberties -hands $(HANDS) -fuzz $(LIBERTIES_FUZZ) $(LIBERTIES)

STRANGERS_FUZZ ?= 2m
SAMPLE ?= 0
strangers: mpcheck ## the same of an implementation in Python, with SAMPLE of its sets of choices or all; needs python3
ifeq ($(PYTHON_PRESENT),)
	@echo "left out: the strangers need python3"
else
	$(GO) run ./internal/liberties -sets adapters/python/sets.txt -sample $(SAMPLE) -fuzz $(STRANGERS_FUZZ) -keep out/strangers \
	  -- python3 adapters/python/liberties.py
endif

MUTANTS ?= 150
MUTATESEED ?= 1
MUTATEFUZZ ?= 1m
mutate: ## change the source of native one place at a time: does anything notice? MUTANTS of them, 0 for all; goes on where it was interrupted
	$(GO) run ./internal/mutate -sample $(MUTANTS) -seed $(MUTATESEED) -fuzz $(MUTATEFUZZ)

plant: ## public bugs of this field planted in native: noticed by run or a minute of fuzz, and named rightly?
	$(GO) run ./internal/mutate -plant -fuzz $(MUTATEFUZZ) $(PLANTED)

# PLANTED has more flags of internal/mutate, as -only NAME.
PLANTED ?=
plant-portable: ## faults planted in the portable layers of Python and of Lisp: noticed by run or two minutes of fuzz, and named rightly?
	$(GO) run ./internal/mutate -plant -fuzz 2m -dir adapters/python -bugs adapters/python/planted.txt $(PLANTED) -- python3 adapters/python/portable.py
ifeq ($(SBCL_PRESENT),)
	@echo "left out: the portable layer in Lisp needs sbcl"
else
	$(GO) run ./internal/mutate -plant -fuzz 2m -dir adapters/lisp -bugs adapters/lisp/planted.txt $(PLANTED) -- sbcl --script adapters/lisp/portable.lisp
endif

generate: ## write the files that are derived from the catalogue, the operations table and what is measured
	$(GO) run ./internal/apigen .
	$(GO) run ./internal/citegen .
	$(GO) run ./internal/docgen .
	$(GO) run ./internal/covergen .

coverage: ## measure what of the specification is reached, and write docs/coverage.md
	$(GO) run ./internal/covergen .

# Real implementations where they are, as make subjects has it; what isn't here keeps what was judged before.
verdicts: mpcheck ## judge native and real implementations, and write what is seen into docs/coverage.md and docs/subjects.md
	rm -rf out/verdicts && mkdir -p out/verdicts
	bin/mpcheck run --json out/verdicts/native.json >/dev/null
	$(GO) run ./internal/subjects -fuzz 0 -reports out/verdicts $(SUBJECTS)
	$(GO) run ./internal/covergen . $$(ls out/verdicts/*.json | sort -r)
	bin/mpcheck matrix --update docs/subjects.md $$(ls out/verdicts/*.json | sort -r)

DERIVED := spec/api_gen.go spec/key/key_gen.go spec/model/cited_gen.go spec/model/usual_gen.go docs/behaviours.md docs/operations.md docs/transcripts.md docs/coverage.md docs/schema/from-harness.json docs/schema/from-adapter.json
stale: ## are the derived files and go.mod up to date?
	@before=$$(cat $(DERIVED) | cksum); $(MAKE) --no-print-directory generate >/dev/null; \
	  test "$$before" = "$$(cat $(DERIVED) | cksum)" || { echo "derived files were stale: commit what make generate wrote"; exit 1; }
	$(GO) mod tidy -diff

imports: ## the modules of others that whoever embeds the suite compiles
	@$(GO) list -deps -f '{{with .Module}}{{.Path}}{{end}}' ./conformance | sort -u | grep -v github.com/mpcheck

cross: ## builds for systems that are never run here
	GOOS=darwin GOARCH=arm64 $(GO) vet ./...
	GOOS=windows GOARCH=amd64 $(GO) vet ./...

release: ## static programs for Linux, macOS and Windows with man pages, completions, licence and checksums, in out/release
	$(GO) run ./internal/release

install-check: ## does what go install VERSION and make release build say that version? builds twice
	$(GO) test -timeout 30m -run 'TestRelease|TestInstall' ./internal/release -builds

RUNS ?= 50
LOADED ?= 10
steady: mpcheck ## the native adapter judged RUNS times, LOADED of them beside busy loops: same verdicts?
	$(GO) run ./internal/steady -runs $(RUNS) -loaded $(LOADED) -- bin/mpcheck run

# ECL is slow where it hangs: SUBJECTS=-brief leaves out the known deviations.
SUBJECTS ?=
subjects: mpcheck ## SBCL, ECL, CPython and the portable layer, where they are or can be installed: run, replay, FUZZTIME of fuzzing some (5m here)
	MPCHECK_WHOLE=1 $(GO) test -timeout 30m -run 'TestInit|TestStandIns' ./cmd/mpcheck
	$(GO) run ./internal/subjects -fuzz $(if $(filter file,$(origin FUZZTIME)),5m,$(FUZZTIME)) $(SUBJECTS)

bench-peers: ## the same program searched here and by spin, the same histories judged here and by porcupine
	cd .ci/peers && $(GO) run .

BENCHTIME ?= 2s
bench: mpcheck ## the figures of docs/performance.md
	TIMEFORMAT='the suite on the simulator, one schedule a case: %R s'; time bin/mpcheck run --adapter refimpl --schedules 1 >/dev/null
	TIMEFORMAT='the suite on native: %R s'; time bin/mpcheck run >/dev/null
	$(GO) test -run '^$$' -bench ApplyRevert -benchtime $(BENCHTIME) ./spec/model
	$(GO) test -run '^$$' -bench Switch -benchtime $(BENCHTIME) ./refimpl
	$(GO) test -run '^$$' -bench Processes -benchtime 1x -count 2 ./refimpl
	$(GO) test -run '^$$' -bench 'Executions|States' -benchtime $(BENCHTIME) ./refimpl
	$(GO) test -run '^$$' -bench FIFO -benchtime $(BENCHTIME) ./traces/queues
	$(GO) test -run '^$$' -bench PlainTrace -benchtime 1x -count 2 ./traces/queues
	$(GO) test -run '^$$' -bench RoundTrip -benchtime $(BENCHTIME) ./adapters/wire
	$(GO) run ./internal/roundtrips -for $(BENCHTIME)
