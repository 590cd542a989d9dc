# make demo     from nothing to the dragon detector on the virtual board
# make test     from nothing to the tests' verdict
# make check    the fast ones of them, in a minute
# make build    build/dragonet
# make lint, make test-asan, make coverage     for those who change the code
# make bench    an epoch of training against PyTorch's Python, and the load of recordings: bench/README.md
# make bench-chip    cycles, RAM and flash of models on the virtual boards, beside what others measured: docs/kernels.md
# make bench-coverage    how often 95 % intervals hold: docs/statistics.md
# make fuzz     hostile files for every reader, FUZZ_SECONDS each, 60 unless told; what it finds stays in build-fuzz/

cores := $(shell nproc)
interop := tests/interop/node_modules/.package-lock.json

build: installed build/build.ninja
	@cmake --build build --parallel $(cores) --target dragonet

build/build.ninja: | installed
	@cmake -S . -B build -G Ninja

installed:
	@tools/install.sh

demo: build
	@build/dragonet demo

test:
	@tools/test.sh

check:
	@tools/test.sh --label-regex fast

installed-tests:
	@tools/install.sh tools/packages.txt tools/packages-test.txt

# TensorFlow Lite, which judges what we write. Without a network its tests say that they were skipped.
$(interop): tests/interop/package-lock.json | installed-tests
	@cd tests/interop && npm ci --no-progress >&2 || echo "npm ci failed: TensorFlow Lite's tests will be skipped" >&2

interop: $(interop)

development: installed-tests
	@tools/install.sh tools/packages-development.txt

lint: development
	@tools/lint.sh

test-asan: installed-tests
	@cmake --workflow --preset asan

# Every reader in turn, FUZZ_SECONDS each. Stops at the first file that crashes, hangs for FUZZ_TIMEOUT seconds or takes
# 2 GB, and names it. What it learns is kept for next time. READERS="toml csv": only these.
FUZZ_SECONDS ?= 60
FUZZ_TIMEOUT ?= 20
fuzz: installed-tests
	@tools/install.sh tools/packages-fuzz.txt
	@cmake --preset fuzz
	@cmake --build build-fuzz --parallel $(cores) --target fuzz_tflite fuzz_readers fuzz_seeds
	@FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_TIMEOUT=$(FUZZ_TIMEOUT) tools/fuzz.sh $(READERS)

# BENCH: what bench/bench.py takes, as in `make bench BENCH="--rounds 3 --threads 1"`.
bench: installed build/build.ninja
	@tools/install.sh tools/packages-bench.txt
	@cmake --build build --parallel $(cores) --target bench_epoch bench_features
	@/usr/bin/python3 bench/bench.py $(BENCH)

# CHIP: what bench/chip.py takes, as in `make bench-chip CHIP="--layers model.tflite"`.
bench-chip: build
	@/usr/bin/python3 bench/chip.py $(CHIP)

bench-coverage: installed build/build.ninja
	@cmake --build build --parallel $(cores) --target bench_coverage
	@build/bench_coverage

coverage: development $(interop)
	@cmake --workflow --preset coverage
	@gcovr --root . --filter src/ --exclude '.*_test\.cpp' --exclude-throw-branches --sort-percentage build-coverage

clean:
	rm -rf build build-lint build-asan build-coverage build-fuzz tests/interop/node_modules

.PHONY: build installed installed-tests development interop demo test check lint test-asan fuzz bench bench-chip bench-coverage coverage clean
