#!/bin/sh
# clang-format over all sources; clang-tidy over those of the host, with the checks of .clang-tidy.
#   tools/lint.sh [FILE...]      these alone
# Not tidied: tests (Catch2's macros are the noise that they make), and what includes LibTorch (half a minute a file,
# and its macros likewise). Headers are tidied with the files that include them.
# In a folder of its own, where each file is compiled by itself: clang-tidy reads no headers that g++ compiled ahead.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- $(git ls-files --cached --others --exclude-standard -- '*.cpp' '*.h')
clang-format-16 --dry-run -Werror "$@"
tidied=$(printf '%s\n' "$@" | grep '^src/.*[.]cpp$' | grep -v -e '_test[.]cpp$' -e '^src/train/.*_late[.]cpp$' || true)
[ -n "$tidied" ] || exit 0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{
  cmake -S . -B build-lint -G Ninja -DDRAGONET_PRECOMPILED=OFF &&
    cmake --build build-lint --target tflite_schema
} >"$log" 2>&1 || { cat "$log"; exit 1; }
printf '%s\n' $tidied | xargs -P "$(nproc)" -n 4 clang-tidy-16 -quiet -p build-lint >"$log" 2>&1 ||
  { grep -v ' warnings generated' "$log"; exit 1; }
