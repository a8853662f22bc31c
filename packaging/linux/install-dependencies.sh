#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs the Debian packages that building (build), also testing (test) or also fuzzing (fuzz) needs and that are not
# there yet.
# Asks nothing; does nothing, quickly, when all are there. Uses sudo unless run by root.
set -euo pipefail

packages=(g++ cmake ninja-build ccache qt6-base-dev qt6-svg-dev libqcustomplot-dev libgl-dev zlib1g-dev libsimdjson-dev libcli11-dev
    robin-map-dev libfast-float-dev)
case "${1:-}" in
build) ;;
test) packages+=(python3 libbenchmark-dev) ;;
fuzz) packages+=(python3 libbenchmark-dev clang libclang-rt-14-dev) ;;
*)
    echo "usage: $0 build|test|fuzz" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian. Install what these Debian packages hold: ${packages[*]}" >&2
    exit 0
fi
missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Need sudo or root to install: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
fi
echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
