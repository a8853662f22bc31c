#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Tries the installer that build.sh made, in a Windows of its own under wine: installs silently, converts the sample with
# the installed packetloom-cli (the dataset must be the one that Linux makes), also from and to folders with spaces and
# letters of any kind, opens the installed window on an X server and takes pictures of it, opens a session by its
# registered command, unpacks the ZIP elsewhere, uninstalls, and looks for what is left.
#
#   packaging/windows/test.sh
#
# PICTURES=DIR keeps the pictures there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
"$top/packaging/linux/install-dependencies.sh" windows
installer=$(ls -t "$top"/build/packages/packetloom-*-windows-*.exe | head -n 1)
archive=${installer%.exe}.zip
# shellcheck source=wine.sh
. "$here/wine.sh"
# shellcheck source=../checks.sh
. "$here/../checks.sh"

work=$(mktemp -d)
pictures=$(mkdir -p "${PICTURES:-$work/pictures}" && cd "${PICTURES:-$work/pictures}" && pwd)
display_server=
finish() {
    wine_end
    [ -z "$display_server" ] || kill "$display_server" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
start_display "$work"

# What Linux makes of the same capture.
cmake -S "$top" -B "$top/build/release" -G Ninja -DCMAKE_BUILD_TYPE=Release >"$work/cmake.log"
cmake --build "$top/build/release" --target packetloom-cli >>"$work/cmake.log"
mkdir "$work/captures"
cp "$top"/resources/sample/{capture.csv.gz,ip_map.json} "$work/captures/"
"$top/build/release/bin/packetloom-cli" --quiet --data "$work/captures/capture.csv.gz" \
    --ip-map "$work/captures/ip_map.json" --output-dir "$work/linux"
same() { diff -r -x manifest.json "$work/linux" "$1" >/dev/null; } # the manifest holds time and paths

wine_begin "$work/wine"
drive="$WINEPREFIX/drive_c"
listed() {
    (cd "$drive" && find . -path ./users/*/Temp -prune -o -path ./windows -prune -o -type f -print | sort)
    wine reg query 'HKLM\Software' /s /f packetloom 2>/dev/null | grep -i packetloom || true
    wine reg query 'HKCU\Software\Classes' /s /f packetloom 2>/dev/null | grep -i packetloom || true
}
listed >"$work/before"

wine "$installer" /S
program="$drive/Program Files/Packetloom"
for _ in $(seq 60); do
    [ -f "$program/Uninstall.exe" ] && break
    sleep 1
done
check "installed: both programs and the sample" ls "$program/packetloom.exe" \
    "$program/packetloom-cli.exe" "$program/sample/capture.csv.gz"
check "installed: an entry in the start menu" sh -c "find '$drive' -iname 'Packetloom*.lnk' | grep -q ."
cli="$program/packetloom-cli.exe"
wine "$cli" --version
check "packetloom-cli converts" wine "$cli" --quiet --data "Z:$work/captures/capture.csv.gz" \
    --ip-map "Z:$work/captures/ip_map.json" --output-dir 'C:\out'
check "the dataset is that of Linux" same "$drive/out"
odd="$drive/Mitschnitte für Zoë/日本 и"
mkdir -p "$odd"
cp "$work/captures/capture.csv.gz" "$odd/Übung 1.csv.gz"
cp "$work/captures/ip_map.json" "$odd/адреса.json"
named='C:\Mitschnitte für Zoë\日本 и' # the same for Windows
check "spaces and letters of any kind in paths" wine "$cli" --quiet --data "$named\\Übung 1.csv.gz" \
    --ip-map "$named\\адреса.json" --output-dir "$named\\Ausgabe é"
check "the dataset there is that of Linux" same "$odd/Ausgabe é"
check "the manifest names the capture" python3 -c 'import json, sys
names = json.load(open(sys.argv[1]))["source_files"]
sys.exit(not names[0].endswith("\\Übung 1.csv.gz"))' "$odd/Ausgabe é/manifest.json"
check "a second time over it" wine "$cli" --quiet --data "$named\\Übung 1.csv.gz" \
    --ip-map "$named\\адреса.json" --output-dir "$named\\Ausgabe é"
check "nothing else is left there" test "$(find "$odd" -maxdepth 1 -mindepth 1 | wc -l)" = 3
status=0
wine "$cli" --quiet --data 'C:\missing.csv' --output-dir 'C:\none' 2>"$work/error" || status=$?
check "a missing capture is said, with status 2" test $status = 2 -a -s "$work/error"

# picture NAME: what the screen shows after a moment; the program that runs is closed.
picture() {
    local id
    id=$(timeout 60 xdotool search --sync --onlyvisible --name 'Packetloom' | head -n 1) || true
    check "$1: a window opens" test -n "$id"
    sleep 6
    check "$1: it shows something" shows_something "$1"
    wine taskkill /im packetloom.exe >/dev/null 2>&1 || true # closes its windows
    sleep 3
}
wine "$program/packetloom.exe" "$named\\Übung 1.csv.gz" --ip-map "Z:$work/captures/ip_map.json" \
    --analyze >"$work/window.log" 2>&1 &
picture windows
# A session, as the Explorer opens it.
printf '{"packetloom_session": 1, "captures": ["Übung 1.csv.gz"], "ip_map": "адреса.json"}\n' >"$odd/Fall 1.packetloom"
wine start /unix "$odd/Fall 1.packetloom" >"$work/session.log" 2>&1 &
picture windows-session

mkdir "$work/zip"
(cd "$work/zip" && python3 -m zipfile -e "$archive" .)
unpacked=$(find "$work/zip" -name packetloom-cli.exe)
check "the ZIP's packetloom-cli converts" wine "$unpacked" --quiet --data "Z:$work/captures/capture.csv.gz" \
    --ip-map "Z:$work/captures/ip_map.json" --output-dir 'C:\zip-out'
check "the dataset is that of Linux" same "$drive/zip-out"

wine "$program/Uninstall.exe" /S # returns before it is done
for _ in $(seq 60); do
    [ -d "$program" ] || break
    sleep 1
done
rm -rf "$drive/out" "$drive/zip-out" "$drive/Mitschnitte für Zoë"
listed >"$work/after"
# What the user made by using it stays: settings (in the registry, under the user's name) and what was open.
grep -v 'AppData/.*Packetloom' "$work/after" >"$work/after-program" || true
check "uninstalled: nothing is left" diff "$work/before" "$work/after-program"
echo "$problems problems"
[ "$problems" -eq 0 ]
