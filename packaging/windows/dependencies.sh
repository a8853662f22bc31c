#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds what the Windows program is made of, from Debian's own source packages, into DIR: Qt (20 minutes on two
# cores), QCustomPlot, simdjson, RE2, what unpacks inputs, and the libraries that are headers only. What is there already is not built again.
#
#   packaging/windows/dependencies.sh DIR
#
# Qt is the version that Debian has for this machine, whose moc, rcc and uic serve as host tools.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
mkdir -p "$1"
top=$(cd "$1" && pwd)
prefix="$top/prefix"
sources="$top/sources"
mkdir -p "$prefix" "$sources/lists/partial"
export PACKETLOOM_WINDOWS_PREFIX="$prefix"
jobs=$(nproc)

apt_sources() {
    apt-get -q -o Dir::Etc::sourcelist="$sources/debian.sources" -o Dir::Etc::sourceparts=- \
        -o Dir::State::lists="$sources/lists" -o APT::Get::List-Cleanup=0 "$@"
}

# fetch PACKAGE FOLDER: Debian's source of it, unpacked with Debian's changes.
fetch() {
    [ ! -d "$sources/$2" ] || return 0
    if [ ! -f "$sources/debian.sources" ]; then
        local machine=/etc/apt/sources.list.d/debian.sources
        if [ -f "$machine" ]; then
            sed 's/^Types:.*/Types: deb-src/' "$machine" >"$sources/debian.sources"
        else # a machine with the older kind of list
            printf 'Types: deb-src\nURIs: http://deb.debian.org/debian\nSuites: bookworm bookworm-updates\n%s\n%s\n' \
                'Components: main' 'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$sources/debian.sources"
        fi
        apt_sources update
    fi
    (cd "$sources" && apt_sources source --download-only "$1" && dpkg-source -x ./"$1"_*.dsc "$2") >&2
}

# built NAME: whether NAME's stamp is there.
built() { [ -f "$prefix/.$1" ]; }
stamp() { touch "$prefix/.$1"; }

# install SOURCE FOLDER NAME [OPTION...]: configures, builds and installs with CMake for Windows.
install_with_cmake() {
    local source=$1 name=$2
    shift 2
    cmake -S "$source" -B "$top/build-$name" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$here/toolchain.cmake" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" "$@"
    cmake --build "$top/build-$name" --parallel "$jobs"
    cmake --install "$top/build-$name" >/dev/null
    rm -rf "$top/build-$name"
}

host_qt=(-DQT_HOST_PATH=/usr -DQT_HOST_PATH_CMAKE_DIR="/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/cmake")

if ! built qtbase; then
    fetch qt6-base qtbase
    off=()
    for feature in pkg_config dbus network sql xml icu zstd vulkan tabletevent androiddeployqt direct2d1_1 \
        system_zlib system_pcre2 system_png system_jpeg system_freetype system_harfbuzz system_doubleconversion; do
        off+=("-DFEATURE_$feature=OFF")
    done
    install_with_cmake "$sources/qtbase" qtbase -DBUILD_SHARED_LIBS=ON -DQT_QMAKE_TARGET_MKSPEC=win32-g++ "${host_qt[@]}" \
        -DQT_BUILD_EXAMPLES=OFF -DQT_BUILD_TESTS=OFF -DINPUT_opengl=no "${off[@]}" \
        -DFEATURE_printsupport=ON -DFEATURE_testlib=ON -DFEATURE_concurrent=ON
    stamp qtbase
fi
qt_toolchain=(-DCMAKE_TOOLCHAIN_FILE="$prefix/lib/cmake/Qt6/qt.toolchain.cmake"
    -DQT_CHAINLOAD_TOOLCHAIN_FILE="$here/toolchain.cmake" "${host_qt[@]}")

# Charts as SVG files need it; without it (Debian's servers do not always have the source) the rest is the same.
if ! built qtsvg; then
    if fetch qt6-svg qtsvg; then
        install_with_cmake "$sources/qtsvg" qtsvg "${qt_toolchain[@]}" -DQT_BUILD_EXAMPLES=OFF -DQT_BUILD_TESTS=OFF
        stamp qtsvg
    else
        echo "No source of QtSvg to be had: built without charts as SVG" >&2
    fi
fi

if ! built qcustomplot; then
    fetch qcustomplot qcustomplot
    install_with_cmake "$here/../qcustomplot" qcustomplot -DQCUSTOMPLOT_SOURCE="$sources/qcustomplot" "${qt_toolchain[@]}"
    stamp qcustomplot
fi

if ! built simdjson; then
    fetch simdjson simdjson
    install_with_cmake "$sources/simdjson" simdjson -DBUILD_SHARED_LIBS=OFF -DSIMDJSON_DEVELOPER_MODE=OFF \
        -DSIMDJSON_JUST_LIBRARY=ON
    stamp simdjson
fi

# What unpacks inputs, as static libraries. Without the source of one (Debian's servers do not always have it) the program
# is built without that kind of compression.
optional() {
    local package=$1 name=$2
    shift 2
    built "$name" && return 0
    if fetch "$package" "$name"; then
        "$@"
        stamp "$name"
    else
        echo "No source of $package to be had: built without it" >&2
    fi
}
bzip2_library() {
    local file
    mkdir -p "$prefix/lib" "$prefix/include"
    for file in blocksort bzlib compress crctable decompress huffman randtable; do
        x86_64-w64-mingw32-gcc-posix -O2 -c "$sources/bzip2/$file.c" -o "$sources/bzip2/$file.o"
    done
    x86_64-w64-mingw32-ar rcs "$prefix/lib/libbz2.a" "$sources"/bzip2/*.o
    cp "$sources/bzip2/bzlib.h" "$prefix/include/"
}
optional libzstd zstd install_with_cmake "$sources/zstd/build/cmake" zstd -DZSTD_BUILD_PROGRAMS=OFF \
    -DZSTD_BUILD_SHARED=OFF -DZSTD_BUILD_TESTS=OFF -DZSTD_LEGACY_SUPPORT=OFF -DZSTD_MULTITHREAD_SUPPORT=OFF
optional xz-utils xz install_with_cmake "$sources/xz" xz -DBUILD_SHARED_LIBS=OFF -DBUILD_TESTING=OFF
optional lz4 lz4 install_with_cmake "$sources/lz4/build/cmake" lz4 -DLZ4_BUILD_CLI=OFF -DLZ4_BUILD_LEGACY_LZ4C=OFF \
    -DBUILD_SHARED_LIBS=OFF -DBUILD_STATIC_LIBS=ON
optional bzip2 bzip2 bzip2_library
# Regular expressions in filters; left out in the same way. A version that needs no Abseil, from which Debian left out the
# tables that are made of Unicode's.
re2_library() {
    make -C "$sources/re2" REBUILD_TABLES=1 re2/perl_groups.cc re2/unicode_casefold.cc re2/unicode_groups.cc
    install_with_cmake "$sources/re2" re2 -DBUILD_SHARED_LIBS=OFF -DRE2_BUILD_TESTING=OFF
}
optional re2 re2 re2_library

# Headers only: those of this machine's packages are the same for every system.
if ! built headers; then
    mkdir -p "$prefix/include" "$prefix/lib/cmake" "$prefix/share/cmake"
    cp -r /usr/include/CLI /usr/include/tsl /usr/include/fast_float "$prefix/include/"
    cp -r /usr/share/cmake/CLI11 /usr/share/cmake/tsl-robin-map "$prefix/share/cmake/"
    cp -r /usr/lib/cmake/FastFloat "$prefix/lib/cmake/"
    stamp headers
fi
