#!/usr/bin/env bash
# Installs what building wardheat needs and this machine lacks: Debian packages, nothing else.
# `./setup.sh test` also looks for what `make test` needs. Rust itself is taken as given.
set -euo pipefail

missing=()
need() { # COMMAND PACKAGE...
  command -v "$1" >/dev/null 2>&1 || missing+=("${@:2}")
}

need cmake cmake
need g++ g++
need make make
need pkg-config pkg-config
need sqlite3 sqlite3
[ -e /usr/include/sqlite3.h ] || missing+=(libsqlite3-dev)
[ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)

# Any Node of 18 or newer will do, wherever it came from.
node_major() { node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }
if command -v node >/dev/null 2>&1; then
  if [ "$(node_major)" -lt 18 ]; then
    echo "setup: node $(node --version) is too old; wardheat's page needs Node 18 or newer" >&2
    exit 1
  fi
  need npm npm
else
  missing+=(nodejs npm)
fi

if [ "${1:-}" = test ]; then
  [ -n "${CHROMIUM:-}" ] || need chromium chromium
  [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing+=(fonts-dejavu-core)
  need ogrinfo gdal-bin
fi

if ! command -v cargo >/dev/null 2>&1; then
  echo "setup: Rust is missing (no cargo); install it from https://www.rust-lang.org/tools/install" >&2
  exit 1
fi

[ "${#missing[@]}" -gt 0 ] || exit 0

install="apt-get install -y --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null 2>&1; then
  echo "setup: please install these, by their Debian names: ${missing[*]}" >&2
  exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
  as_root=(env DEBIAN_FRONTEND=noninteractive)
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  as_root=(sudo env DEBIAN_FRONTEND=noninteractive)
else
  echo "setup: some packages are missing, and only root may install them. Please run:" >&2
  echo "  sudo apt-get update && sudo $install" >&2
  exit 1
fi
echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
# shellcheck disable=SC2086
"${as_root[@]}" $install
