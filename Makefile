# Trialist: build, test and run. `make` lists the targets; README.md explains them.
SHELL := /bin/bash
.DELETE_ON_ERROR:

PREFIX ?= /usr/local
codegen := $(shell Scripts/code-generation || echo refused)
ifneq ($(filter refused,$(codegen)),)
$(error TRIALIST_CODEGEN is not understood)
endif

# One scratch folder for each kind of build, so that none makes another rebuild: the processor's own code, plain code
# (TRIALIST_CODEGEN=plain), and the tests, which are release builds that let tests see inside the modules.
kind := $(if $(TRIALIST_CODEGEN),-$(TRIALIST_CODEGEN))
scratch := .build$(kind)
test_scratch := .build-test$(kind)
# The engine's loops reach their blocks through classes; that no two accesses overlap is checked in the builds of the tests.
release := -c release $(codegen) -Xswiftc -enforce-exclusivity=unchecked
testing := --scratch-path $(test_scratch) -c release $(codegen) -Xswiftc -enable-testing
trialist := $(scratch)/release/trialist
tested := $(test_scratch)/release/trialist

sources := Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Fuzz/Package.swift Fuzz/Sources/fuzz-language
scenario := scenarios/warfarin-coag

# How long `make fuzz` goes on, and further arguments of `make bench` (--json, --only W1,W4, --subjects 2000).
MINUTES ?= 60
BENCH ?=
# Further arguments of `make bench-gym` (--json, --lanes 64,256, --only epicare).
BENCH_GYM ?=
# Where the tables of icu-sepsis are; empty to download them.
TABLES ?=

.PHONY: help build demo test lint unit-tests python-checks kill-test same-bits bench bench-gym coverage regime-coverage fuzz million icu-sepsis nightly format install clean packages tests-built
# The steps stand in the order in which they fail soonest; the compiler uses all processors by itself.
.NOTPARALLEL:

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

build: packages ## build the release executable
	swift build --scratch-path $(scratch) $(release) --product trialist
	@echo "built $(trialist)"

demo: build ## run the warfarin trial and print its tables (the results go to warfarin-coag.h5)
	$(trialist) run $(scenario) --out warfarin-coag.h5

test: lint unit-tests python-checks kill-test ## check formatting, run all tests, read a results file from Python, kill runs half-way

lint: ## check the formatting
	swift format lint --strict --recursive $(sources)

unit-tests: tests-built ## run the Swift tests
	swift test $(testing) --skip-build --disable-xctest

# A small run is enough: the checks are about the layout, and read every group of the file.
python-checks: tests-built .build-python/installed ## open a results file with h5py, xarray and pandas, and try the Gymnasium environments
	$(tested) run $(scenario) --quiet --patients 300 --replicates 4 --set 'arms[5].learn.patients=1000' --seed 1 --out .build-python/small.h5
	TRIALIST=$(tested) TRIALIST_RESULTS=.build-python/small.h5 .build-python/bin/python -m pytest --quiet Tests/python

kill-test: tests-built ## kill runs at random moments: no partial result may look finished
	Tests/kill-during-run.sh $(tested) scenarios/warfarin-eu-pact

tests-built: packages
	swift build $(testing) --build-tests

.build-python/installed: Tests/python/requirements.txt
	@python3 -c 'import ensurepip, venv' 2>/dev/null || Scripts/system-packages python3-venv
	python3 -m venv --clear .build-python
	.build-python/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

same-bits: build ## run the processor's own code and plain code: the same numbers to the last bit
	TRIALIST_CODEGEN=plain $(MAKE) --no-print-directory build
	$(trialist) run $(scenario) --patients 500 --replicates 20 --threads 2 --out .build-plain/same-bits-own.h5
	.build-plain/release/trialist run $(scenario) --patients 500 --replicates 20 --threads 1 --out .build-plain/same-bits-plain.h5
	$(trialist) compare .build-plain/same-bits-own.h5 .build-plain/same-bits-plain.h5

bench: packages ## measure the engine's accuracy and speed, patients and decisions per second, and the survival estimators
	swift build --package-path Benchmarks $(release)
	OPENBLAS_NUM_THREADS=1 Benchmarks/.build/release/bench-engine $(BENCH)
	Benchmarks/.build/release/bench
	Benchmarks/.build/release/bench-environments
	OPENBLAS_NUM_THREADS=1 Benchmarks/.build/release/bench-outcomes

bench-gym: build .build-python/installed ## measure steps per second through the Gymnasium vector environments
	TRIALIST=$(trialist) .build-python/bin/python notebooks-export/benchmark_gym.py $(BENCH_GYM)

coverage: packages ## print how often the survival estimators' intervals hold the truth (the table of Coverage.md)
	swift build --package-path Benchmarks $(release) --product bench-coverage
	Benchmarks/.build/release/bench-coverage

regime-coverage: tests-built ## print how often intervals of regimes and of off-policy estimates hold the truth (an hour on one processor)
	TRIALIST_COVERAGE=1000 swift test $(testing) --skip-build --disable-xctest --filter 'overageTable'

# What libFuzzer finds stays in Fuzz/.build: texts that reach new code in corpus, those that crash or hang in found.
fuzz: packages ## mutate model files for MINUTES (60): no text may crash or hang what reads and checks them
	swift build --package-path Fuzz -c release --product fuzz-language
	mkdir -p Fuzz/.build/corpus Fuzz/.build/found
	Fuzz/.build/release/fuzz-language -max_total_time=$$((60 * $(MINUTES))) -timeout=10 -rss_limit_mb=2048 -max_len=8192 \
	  -dict=Fuzz/language.dict -artifact_prefix=Fuzz/.build/found/ -print_final_stats=1 -print_funcs=0 \
	  Fuzz/.build/corpus scenarios/models Benchmarks/Models

million: build ## simulate a million subjects into a file: they must fit into 1 GiB
	Scripts/million-subjects $(trialist)

icu-sepsis: build ## download the tables of the package icu_sepsis, and check exact values against them
	Scripts/check-icu-sepsis $(trialist) $(TABLES)

nightly: test same-bits bench bench-gym coverage regime-coverage million icu-sepsis fuzz ## everything: tests, same bits from both kinds of code, benchmarks, coverage, fuzzing

format: ## format the sources in place
	swift format --in-place --recursive $(sources)

install: build ## copy the executable and the scenarios below PREFIX (/usr/local)
	install -D -m 755 $(trialist) $(DESTDIR)$(PREFIX)/bin/trialist
	mkdir -p $(DESTDIR)$(PREFIX)/share/trialist
	cp -R scenarios $(DESTDIR)$(PREFIX)/share/trialist/

clean: ## remove what was built
	rm -rf .build .build-plain .build-test .build-test-plain .build-python Benchmarks/.build Fuzz/.build

packages:
	@Scripts/system-packages
