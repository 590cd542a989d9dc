# make demo     from nothing to the dragon detector on the virtual board
# make test     from nothing to the tests' verdict
# make build    build/dragonet
# make lint, make test-asan, make coverage     for those who change the code

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

test: installed build/build.ninja $(interop)
	@cmake --build build --parallel $(cores)
	@ctest --test-dir build --output-on-failure --no-tests=error

# TensorFlow Lite, which judges what we write. Without a network its tests say that they were skipped.
$(interop): tests/interop/package-lock.json | installed
	@cd tests/interop && npm ci --no-progress >&2 || echo "npm ci failed: TensorFlow Lite's tests will be skipped" >&2

development: installed
	@tools/install.sh tools/packages-development.txt

lint: development build/build.ninja
	@cmake --build build --target tflite_schema
	@tools/lint.sh

test-asan: installed
	@cmake --workflow --preset asan

coverage: development $(interop)
	@cmake --workflow --preset coverage
	@gcovr --root . --filter src/ --exclude '.*_test\.cpp' --exclude-throw-branches --sort-percentage build-coverage

clean:
	rm -rf build build-asan build-coverage tests/interop/node_modules

.PHONY: build installed development demo test lint test-asan coverage clean
