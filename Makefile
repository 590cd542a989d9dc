# make demo     from nothing to the dragon detector on the virtual board
# make test     from nothing to the tests' verdict
# make build    build/dragonet

cores := $(shell nproc)

build: installed build/build.ninja
	@cmake --build build --parallel $(cores) --target dragonet

build/build.ninja: | installed
	@cmake -S . -B build -G Ninja

installed:
	@tools/install.sh

demo: build
	@build/dragonet demo

test: installed build/build.ninja
	@cmake --build build --parallel $(cores)
	@ctest --test-dir build --output-on-failure --no-tests=error

clean:
	rm -rf build

.PHONY: build installed demo test clean
