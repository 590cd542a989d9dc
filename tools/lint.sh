#!/bin/sh
# clang-format over all sources; clang-tidy over those of the host, with the checks of .clang-tidy.
# Not tidied: tests (Catch2's macros are the noise that they make), and what includes LibTorch (half a minute a file,
# and its macros likewise). Headers are tidied with the files that include them.
set -eu
cd "$(dirname "$0")/.."
clang-format-16 --dry-run -Werror $(git ls-files --cached --others --exclude-standard -- '*.cpp' '*.h')
log=$(mktemp)
trap 'rm -f "$log"' EXIT
run-clang-tidy-16 -quiet -p "${1:-build}" "$PWD/src/(?!train/.*_late).*(?<!_test)[.]cpp$" >"$log" 2>&1 ||
  { grep -v -e '^clang-tidy-16 ' -e ' warnings generated' "$log"; exit 1; }
