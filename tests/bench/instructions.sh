#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Counts the instructions that the preview takes for each packet, by shape of traffic and by stage of the pipeline. The
# counts hardly depend on what else the machine does: a change can be compared on a busy one. See README.md.
#
#   tests/bench/instructions.sh [--work DIR] [--shapes NAME,...] [--packets N] [--write]
#
# --write puts the table into tests/bench/README.md. DIR (default: a folder in /dev/shm) takes one capture at a time.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
work=/dev/shm/packetloom-instructions
rest=()
while [ $# -gt 0 ]; do
    case "$1" in
    --work) work=$2 && shift 2 ;;
    *) rest+=("$1") && shift ;;
    esac
done
command -v valgrind >/dev/null || {
    echo "valgrind is not installed" >&2
    exit 1
}
(
    cd "$top"
    [ -f build/release/build.ninja ] || cmake --preset release
    cmake --build --preset release --target packetloom-cli packetloom-generate
) >&2
mkdir -p "$work"
exec python3 -B "$here/instructions.py" --bin "$top/build/release/bin" --work "$work" "${rest[@]}"
