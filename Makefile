# ashlar: build, demo, test, check, bench. Each target makes sure of what it needs first, and says what it installs.
SWIFT ?= swift
SCRATCH ?= .build
RELEASE = $(SCRATCH)/release/ashlar
FLAGS = --explicit-target-dependency-import-check error

.PHONY: build demo test test-release check format bench fuzz corpus install clean prepare prepare-lab

build: prepare
	$(SWIFT) build -c release --product ashlar --static-swift-stdlib $(FLAGS) --scratch-path $(SCRATCH)
	@echo "Built $(RELEASE)"

# The shop across real hosts and two clouds on this machine, as root or with sudo; KEEP=1 leaves it up to play with.
demo: build prepare-lab
	$(if $(filter 0,$(shell id -u)),,sudo) env KEEP=$(KEEP) BIN=$(abspath $(RELEASE)) examples/shop/demo

test: prepare prepare-lab
	$(SWIFT) build --build-tests $(FLAGS) --scratch-path $(SCRATCH)
	Tests/run $(SCRATCH)

# What is told as a session of commands, with the program as it is handed out: an optimiser can be wrong where the debugger's build is right.
test-release: build
	ASHLAR_TEST_PROGRAMS=$(abspath $(SCRATCH)/release) $(SWIFT) test --skip-build --scratch-path $(SCRATCH) --filter 'CommandsTests.(CaseTests|PublishedTests)'

check: prepare
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests
	@echo "Format and lint: clean"

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

bench: build
	Tests/Benchmarks/run --bin $(abspath $(RELEASE))

# Every fuzzer for SECONDS, one after another; what it finds is kept in .build/fuzz.
SECONDS ?= 60
fuzz: prepare
	$(SWIFT) build -c release --product fuzz $(FLAGS) --scratch-path $(SCRATCH)
	Tests/Fuzzing/run $(SCRATCH)/release/fuzz $(SECONDS) $(SCRATCH)/fuzz

# fmt over the files of public repositories, which are cloned: needs the network, and ten minutes.
corpus: build
	Tests/PublicCorpus/run --clone $(SCRATCH)/corpus $(abspath $(RELEASE))

PREFIX ?= /usr/local
install: build
	install -D -m 755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/ashlar
	mkdir -p $(DESTDIR)$(PREFIX)/share/ashlar
	cp -R providers $(DESTDIR)$(PREFIX)/share/ashlar/

prepare:
	@Tests/prepare build

prepare-lab:
	@Tests/prepare lab

clean:
	rm -rf $(SCRATCH)
