#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Tries what package.sh built, in systems made for it: each package is installed in a clean Debian 12 (debootstrap),
# both programs run there, the window on an X server too, and after removal nothing may be left. Needs root.
#
#   packaging/linux/try-packages.sh [deb|rpm|tgz]...   (default: all)
#
# PICTURES=DIR keeps the pictures of the windows there.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
packages="$top/build/packages"
[ $# -gt 0 ] || set -- deb rpm tgz
"$top/packaging/linux/install-dependencies.sh" try-packages
# shellcheck source=../checks.sh
. "$top/packaging/checks.sh"

work=$(mktemp -d)
pictures=${PICTURES:-$work}
mkdir -p "$pictures"
root="$work/root"
display_server=
unmount() {
    local place
    for place in "$root/tmp/.X11-unix" "$root/proc"; do
        ! mountpoint -q "$place" || umount "$place"
    done
}
finish() {
    [ -z "$display_server" ] || kill "$display_server" 2>/dev/null || true
    unmount
    rm -rf "$work"
}
trap finish EXIT

mkdir -p /tmp/.X11-unix
start_display "$work"

# A clean system, made once and copied.
echo "Making a clean Debian 12"
debootstrap --variant=minbase bookworm "$work/clean" >"$work/debootstrap.log"
fresh() {
    unmount
    rm -rf "$root"
    cp -a "$work/clean" "$root"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    mkdir -p "$root/tmp/.X11-unix" "$root/captures"
    mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
    mount -t proc proc "$root/proc" # the loader asks there where a program lies
    cp "$top/resources/sample/capture.csv.gz" "$top/resources/sample/ip_map.json" "$root/captures/"
}
inside() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DISPLAY="$DISPLAY" "$@"
}
# Files, not folders: those that are shared belong to packages that need not be there.
files() {
    local skipped=()
    for place in tmp proc captures root var/cache var/lib var/log; do
        skipped+=(-path "./$place" -o)
    done
    (cd "$root" && find . \( "${skipped[@]}" -name '*.cache' \) -prune -o ! -type d -print | sort)
}

# The dataset of the programs in the clean system is that of the one built here.
reference="$work/reference"
same_dataset() {
    diff -r -x manifest.json "$reference" "$root/captures/out" >/dev/null
}
program_runs() { # CLI WINDOW NAME
    check "$3: packetloom-cli --version" inside "$1" --version
    check "$3: packetloom --version, without a display" inside env -u DISPLAY "$2" --version
    check "$3: packetloom-cli converts" inside "$1" --quiet --data /captures/capture.csv.gz \
        --ip-map /captures/ip_map.json --output-dir /captures/out
    check "$3: the same dataset" same_dataset
    # exec, so that what is killed below is the program itself
    (exec chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root LC_ALL=C.UTF-8 \
        "$2" -platform offscreen /captures/capture.csv.gz --ip-map /captures/ip_map.json --analyze \
        >"$work/offscreen.log" 2>&1) &
    local offscreen=$!
    (exec chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root LC_ALL=C.UTF-8 DISPLAY="$DISPLAY" \
        "$2" /captures/capture.csv.gz --ip-map /captures/ip_map.json --analyze >"$work/window.log" 2>&1) &
    local window=$! id=
    id=$(timeout 30 xdotool search --sync --onlyvisible --name 'Packetloom$' | head -n 1) || true
    check "$3: the window opens" test -n "$id"
    sleep 4
    check "$3: the window shows the analysis" shows_something "$3"
    check "$3: the window is still there" kill -0 "$window"
    check "$3: and so is the one off screen" kill -0 "$offscreen"
    kill "$window" "$offscreen" 2>/dev/null || true
    wait "$window" "$offscreen" 2>/dev/null || true
    grep -vi "propagateSizeHints\|runtime\|font" "$work/window.log" || true
}

try_deb() {
    local deb doc
    deb=$(ls -t "$packages"/packetloom_*.deb | head -n 1)
    doc=$(ls -t "$packages"/packetloom-doc_*.deb | head -n 1)
    check "deb: lintian finds no error" lintian --fail-on error --no-tag-display-limit "$deb" "$doc"
    fresh
    inside apt-get -q update >/dev/null
    cp "$deb" "$doc" "$root/tmp/"
    # Only what is ours: the dependencies are installed before, and listed.
    inside env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install \
        "/tmp/$(basename "$deb")" "/tmp/$(basename "$doc")" >"$work/install.log" 2>&1 || tail "$work/install.log"
    check "deb: installed" inside sh -c 'dpkg -s packetloom packetloom-doc >/dev/null'
    check "deb: nothing installed was changed" inside dpkg --verify packetloom
    program_runs packetloom-cli packetloom deb
    check "deb: purges" inside env DEBIAN_FRONTEND=noninteractive dpkg --purge packetloom packetloom-doc
    check "deb: nothing is left" test -z "$(files | grep -i packetloom)"
}

try_rpm() {
    # No distribution with RPM can be installed here: the package goes into the clean Debian, with Debian's libraries.
    local rpm doc
    rpm=$(ls -t "$packages"/packetloom-[0-9]*.rpm | head -n 1)
    doc=$(ls -t "$packages"/packetloom-doc-*.rpm | head -n 1)
    check "rpm: says what it is" rpm -qip "$rpm"
    check "rpm: needs Qt by library" sh -c "rpm -qRp '$rpm' | grep -q 'libQt6Widgets.so.6'"
    fresh
    inside apt-get -q update >/dev/null
    inside env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install rpm libqcustomplot2.1-qt6 \
        libqt6svg6 libsimdjson14 libre2-9 >"$work/install.log" 2>&1 || tail "$work/install.log"
    files >"$work/before"
    cp "$rpm" "$doc" "$root/tmp/"
    check "rpm: installs" inside rpm -i --nodeps "/tmp/$(basename "$rpm")" "/tmp/$(basename "$doc")"
    program_runs packetloom-cli packetloom rpm
    check "rpm: removes" inside rpm -e --nodeps packetloom packetloom-doc
    files >"$work/after"
    check "rpm: nothing is left" diff "$work/before" "$work/after"
}

try_tgz() {
    local archive folder
    archive=$(ls -t "$packages"/packetloom-*-linux-*.tar.gz | head -n 1)
    fresh
    mkdir "$root/some place"
    tar -xzf "$archive" -C "$root/some place"
    folder="/some place/$(basename "$archive" .tar.gz)"
    mkdir -p "$root/usr/share/fonts" # as every desktop has
    cp -r /usr/share/fonts/truetype/dejavu "$root/usr/share/fonts/"
    check "tgz: no Qt in the system" test -z "$(find "$root/usr" -name 'libQt*')"
    program_runs "$folder/bin/packetloom-cli" "$folder/bin/packetloom" tgz
}

cli=$(ls -t "$top"/build/package-*/bin/packetloom-cli | head -n 1)
(cd "$work" && mkdir captures && cp "$top"/resources/sample/{capture.csv.gz,ip_map.json} captures/ &&
    "$cli" --quiet --data captures/capture.csv.gz --ip-map captures/ip_map.json --output-dir "$reference")
for kind in "$@"; do
    "try_$kind"
done
echo "$problems problems"
[ "$problems" -eq 0 ]
