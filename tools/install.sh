#!/bin/sh
# Installs what lists of packages name and this machine lacks; as root, or with sudo. Nothing to do: no output, no apt.
#   tools/install.sh [LIST...]      tools/packages.txt where they are left out
set -eu
[ $# -gt 0 ] || set -- "$(dirname "$0")/packages.txt"

# What is installed provides other packages too: Node from its makers brings npm.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' 2>/dev/null |
  sed -n 's/^installed //p' | tr ',' '\n' | sed 's/^ *//; s/ .*//')
missing=
for package in $(grep -hv '^#' "$@"); do
  echo "$installed" | grep -qxF "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "install: this is no Debian; install the equivalents of:$missing" >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then sudo=; else
  command -v sudo >/dev/null || { echo "install: become root, or install sudo, for: apt-get install$missing" >&2; exit 1; }
  sudo=sudo
fi
echo "installing:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q
$sudo apt-get install -y -q --no-install-recommends $missing
