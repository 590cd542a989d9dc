#!/bin/sh
# From nothing to the tests' verdict, and at the end how long each part took.
#   tools/test.sh [OPTION...]      of ctest, to choose among the tests: `--label-regex fast` is `make check`
set -eu
cd "$(dirname "$0")/.."
table=
status=0

part() {  # NAME COMMAND...
  name=$1 begin=$(date +%s)
  shift
  "$@" || status=$?
  table="$table$(printf '%6d s  %s' $(($(date +%s) - begin)) "$name")
"
}
done_if_failed() {
  [ $status = 0 ] || { printf '\n%s' "$table"; exit $status; }
}

part installing tools/install.sh tools/packages.txt tools/packages-test.txt
done_if_failed
part 'TensorFlow Lite, from npm' make --no-print-directory interop
part configuring cmake -S . -B build -G Ninja
part building cmake --build build --parallel "$(nproc)"
done_if_failed
part 'format and lint of what changed' tools/check-changed.sh
part tests ctest --test-dir build --output-on-failure --no-tests=error --parallel "$(nproc)" "$@"
printf '\n%s' "$table"
exit $status
