#!/bin/sh
# clang-format and clang-tidy of what changed since origin/main, or since the commit before where this is origin/main;
# uncommitted files too. Of the two, those that are installed: `make development` installs both.
set -eu
cd "$(dirname "$0")/.."
most_tidied=30  # ten seconds each; for more there is `make lint`

base=$(git merge-base HEAD origin/main 2>/dev/null || true)
[ -n "$base" ] && [ "$base" != "$(git rev-parse HEAD)" ] || base=$(git rev-parse --verify --quiet HEAD~1 || true)
if [ -z "$base" ]; then
  echo "check-changed: git knows no earlier commit, so all files count as changed" >&2
  base=$(git hash-object -t tree /dev/null)
fi
changed=$( (git diff --name-only --diff-filter=d "$base" -- '*.cpp' '*.h'
  git ls-files --others --exclude-standard -- '*.cpp' '*.h') | sort -u)
[ -n "$changed" ] || exit 0

if command -v clang-format-16 >/dev/null; then
  clang-format-16 --dry-run -Werror $changed
else
  echo "check-changed: clang-format-16 is not installed, so nobody has looked at the format" >&2
fi
if ! command -v clang-tidy-16 >/dev/null; then
  echo "check-changed: clang-tidy-16 is not installed, so nothing was linted; \`make development\` installs it" >&2
elif [ "$(echo "$changed" | wc -l)" -gt $most_tidied ]; then
  echo "check-changed: more than $most_tidied files changed, so they were not linted; \`make lint\` lints all" >&2
else
  tools/lint.sh $changed
fi
