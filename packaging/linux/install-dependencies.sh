#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs the Debian packages that are needed and not there yet: for building (build), also testing (test) or fuzzing
# (fuzz), for packages (package), for trying those in clean systems (try-packages), for Windows (windows), for running jobs
# on the engines of clusters (cluster).
# Asks nothing; does nothing, quickly, when all are there. Uses sudo unless run by root.
set -euo pipefail

packages=(g++ cmake ninja-build ccache qt6-base-dev qt6-svg-dev libqcustomplot-dev libgl-dev zlib1g-dev libzstd-dev liblzma-dev liblz4-dev
    libbz2-dev libsimdjson-dev libre2-dev
    libcli11-dev robin-map-dev libfast-float-dev)
case "${1:-}" in
build) ;;
test) packages+=(python3 libbenchmark-dev desktop-file-utils appstream libxml2-utils tshark tcptrace) ;;
fuzz) packages+=(python3 libbenchmark-dev clang libclang-rt-14-dev) ;;
package) packages+=(dpkg-dev file rpm git) ;;
try-packages) packages+=(lintian debootstrap rpm fonts-dejavu-core xvfb imagemagick xdotool xauth) ;;
windows) packages+=(g++-mingw-w64-x86-64-posix mingw-w64-tools libz-mingw-w64-dev nsis wine wine64 fonts-wine xvfb xauth
    xdotool imagemagick dpkg-dev make perl unicode-data python3 fonts-dejavu-core git) ;;
cluster) packages=(python3 slurm-wlm snakemake parallel python3-distributed openssh-server openssh-client) ;;
*)
    echo "usage: $0 build|test|fuzz|package|try-packages|windows|cluster" >&2
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
