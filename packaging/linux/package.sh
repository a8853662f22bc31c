#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds packages for Linux on Debian 12 and puts them into build/packages.
#
#   packaging/linux/package.sh [deb|rpm|tgz]...        (default: all)
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ $# -gt 0 ] || set -- deb rpm tgz
"$top/packaging/linux/install-dependencies.sh" package
umask 022
for kind in "$@"; do
    build="$top/build/package-$kind"
    # Nothing of the machine's own time or folder is in what is built.
    SOURCE_DATE_EPOCH=$(git -C "$top" log -1 --format=%ct 2>/dev/null || date +%s)
    export SOURCE_DATE_EPOCH
    cmake -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF -DCMAKE_INSTALL_PREFIX=/usr \
        -DPACKETLOOM_PACKAGE="$kind" -DCMAKE_CXX_FLAGS="-ffile-prefix-map=$top=."
    cmake --build "$build"
    rm -rf "$build/packages"
    (cd "$build" && cpack)
    mkdir -p "$top/build/packages"
    find "$build/packages" -maxdepth 1 -type f \( -name '*.deb' -o -name '*.rpm' -o -name '*.tar.gz' \) \
        -exec mv -t "$top/build/packages" {} +
done
ls -l "$top/build/packages"
