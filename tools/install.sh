#!/bin/sh
# Installs what tools/packages.txt lists and this machine lacks; as root, or with sudo. Nothing to do: no output, no apt.
set -eu
cd "$(dirname "$0")/.."

missing=
for package in $(grep -v '^#' tools/packages.txt); do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
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
