#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Measures analysis and conversion against cp, gzip, DuckDB and the slow model of the reference (those that are
# there), in turn and several times, and prints a table of medians, ratios and peak memory.
#
#   tests/bench/compare.sh [--work DIR] [--runs N] [--shared DIR] [--growth FOLDER] [--window] [--long-flow N]
#   tests/bench/compare.sh --shapes [NAME,...] [--packets N] [--convert-packets N] [--linear] [--quick] [--runs N]
#   tests/bench/compare.sh --captures [SHAPE,...] [--packets N] [--quick] [--runs N]
#   tests/bench/compare.sh --engines [SHAPE,...] [--packets N] [--quick] [--runs N]
#
# DIR (default: a folder in /dev/shm, which is memory) takes the generated captures, about 1 GB, and the datasets,
# about 2 GB. DuckDB is the npm package @duckdb/node-api, which is installed into DIR if node and npm are there.
# --growth also measures 1 to 100 million rows and draws a plot (with gnuplot, if it is there) into DIR: that writes
# up to 60 GB into FOLDER, which should be on a disk. --window also analyzes in the window, off screen. --long-flow
# also converts one flow of N packets (about 1 KB each) into DIR.
#
# --shapes measures, instead, shapes of traffic (all, or those named) against the bounds that hold for each of them,
# and prints one table, the worst first: README.md. It needs 3 GB in DIR; --linear, which also measures ten times the
# rows of `campus`, 8 GB.
#
# --captures measures packet captures beside the programs that read such files, and compressed captures and tables in
# other dialects beside what they are made of: README.md. It needs 4 GB in DIR.
#
# --engines measures the exact engine against the reference's, without and with what the window keeps: README.md. It
# needs 1 GB in DIR.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
bin="$top/build/release/bin"
work=/dev/shm/packetloom-bench
rest=()
while [ $# -gt 0 ]; do
    case "$1" in
    --work) work=$2 && shift 2 ;;
    *) rest+=("$1") && shift ;;
    esac
done

"$top/packaging/linux/install-dependencies.sh" test
(
    cd "$top"
    [ -f build/release/build.ninja ] || cmake --preset release
    cmake --build --preset release --target packetloom packetloom-cli packetloom-generate
) >&2
mkdir -p "$work"
if command -v npm >/dev/null && [ ! -d "$work/duckdb/node_modules" ]; then
    mkdir -p "$work/duckdb"
    (cd "$work/duckdb" && npm install --silent --no-fund --no-audit @duckdb/node-api) >&2 || rm -rf "$work/duckdb"
fi
exec python3 -B "$here/measure.py" --bin "$bin" --work "$work" "${rest[@]}"
