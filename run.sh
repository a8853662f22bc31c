#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# From a clean machine to a dataset: installs what is missing, builds, converts, opens the window.
#
#   ./run.sh                               the bundled sample capture
#   ./run.sh FILE... [OPTION...]           these captures; options as for packetloom-cli, such as --ip-map FILE
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin="$here/build/release/bin"

"$here/packaging/linux/install-dependencies.sh" build
(
    cd "$here"
    [ -f build/release/build.ninja ] || cmake --preset release
    cmake --build --preset release --target packetloom packetloom-cli
)

if [ $# -eq 0 ]; then
    sample="$here/resources/sample"
    set -- "$sample/capture.csv.gz" --ip-map "$sample/ip_map.json"
fi
# What the window takes of it: the captures, which come first, and the IP map.
window=()
for word in "$@"; do
    [[ $word != -* ]] || break
    window+=("$word")
done
for ((i = 1; i < $#; ++i)); do
    [ "${!i}" != --ip-map ] || { next=$((i + 1)); window+=(--ip-map "${!next}"); }
done
name=$(basename -- "$1")
dataset="$here/out/${name%%.*}"
"$bin/packetloom-cli" --output-dir "$dataset" --data "$@"

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    echo "Opening the window"
    nohup "$bin/packetloom" "${window[@]}" --analyze >/dev/null 2>&1 &
fi
