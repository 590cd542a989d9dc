# make demo     everything, from nothing to the dragon detector on the virtual board
# make test     everything, from nothing to the tests' verdict
# make build    build/dragonet

cores := $(shell nproc)

build: installed
	@test -f build/build.ninja || cmake -S . -B build -G Ninja
	@cmake --build build --parallel $(cores)

installed:
	@tools/install.sh

demo: build
	@build/dragonet demo

test: build
	@ctest --test-dir build --output-on-failure --no-tests=error

clean:
	rm -rf build

.PHONY: build installed demo test clean
