#!/bin/sh
# libFuzzer on every reader in turn, or on those named: FUZZ_SECONDS each. `make fuzz` builds what it needs.
#   tools/fuzz.sh [READER...]      tflite, or one of tests/hostile/readers.cpp
set -eu
cd "$(dirname "$0")/.."
rm -rf build-fuzz/seeds
mkdir -p build-fuzz/seeds build-fuzz/found
build-fuzz/fuzz_seeds build-fuzz/seeds
[ $# -gt 0 ] || set -- $(ls build-fuzz/seeds)
for reader in "$@"; do
  mkdir -p "build-fuzz/corpus/$reader"
  program=build-fuzz/fuzz_readers more=
  [ "$reader" != tflite ] || { program=build-fuzz/fuzz_tflite more=tests/hostile/corpus; }
  echo "fuzzing $reader" >&2
  READER=$reader $program -max_total_time="${FUZZ_SECONDS:-60}" -timeout="${FUZZ_TIMEOUT:-20}" -max_len=8192 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="build-fuzz/found/$reader-" \
    "build-fuzz/corpus/$reader" "build-fuzz/seeds/$reader" $more 2>&1 | tee "build-fuzz/$reader.log"
  # A pipe ends as `tee` does.
  ! grep -q '^SUMMARY: .*Sanitizer\|^SUMMARY: libFuzzer' "build-fuzz/$reader.log" || exit 1
done
grep -H 'stat::number_of_executed_units' build-fuzz/*.log | sed 's|build-fuzz/||; s|.log:stat::number_of_executed_units:| |'
