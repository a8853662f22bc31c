#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds the fuzz targets and lets each look for new inputs, two processes at a time; then a table. Inputs that it finds
# stay in build/fuzz/found/NAME, those that break something in build/fuzz/findings/NAME: then it ends with 1.
#
#   tests/fuzz/run.sh [SECONDS]            in all, shared equally among the targets (default: 700)
#   tests/fuzz/run.sh merge [TARGET...]    instead adds to the corpus what was found and covers more, small files only
#
# JOBS=N changes the number of processes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
targets=(flows flow_tables shard_flows dataset capture frames table gzip zip zstd xz lz4 bzip2 session filter ip_map)
found="$PWD/build/fuzz/found"
findings="$PWD/build/fuzz/findings"
longest=4096
most_files=60

packaging/linux/install-dependencies.sh fuzz
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz -j 2

# Files are written for every input: in memory where there is such a place.
scratch=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$scratch"' EXIT
export TMPDIR="$scratch"

merge() {
    local name corpus count file
    for name in "$@"; do
        corpus="tests/fuzz/corpus/$name"
        mkdir -p "$scratch/small" "$scratch/merged" "$found/$name"
        find "$found/$name" -type f -size -2049c -exec cp -t "$scratch/small" {} +
        cp "$corpus"/* "$scratch/merged"
        "build/fuzz/fuzz/fuzz_$name" -set_cover_merge=1 "$scratch/merged" "$scratch/small" 2>"$scratch/merge.log"
        count=$(find "$corpus" -type f | wc -l)
        # What covers most comes first.
        while read -r file; do
            [ "$count" -lt "$most_files" ] || break
            [ -e "$corpus/$file" ] || { cp "$scratch/merged/$file" "$corpus"; count=$((count + 1)); }
        done < <(find "$scratch/merged" -type f -printf '%T@ %f\n' | sort -n | cut -d ' ' -f 2)
        echo "$name: $count files"
        rm -rf "$scratch/small" "$scratch/merged"
    done
}

fuzz() {
    local name log line bad executions coverage status=0 seconds=$(($1 / ${#targets[@]}))
    printf '%-10s %12s %10s %10s\n' target executions coverage findings
    for name in "${targets[@]}"; do
        log="build/fuzz/fuzz_$name.log"
        mkdir -p "$found/$name" "$findings/$name"
        "build/fuzz/fuzz/fuzz_$name" -fork="${JOBS:-2}" -ignore_crashes=1 -ignore_timeouts=1 -ignore_ooms=1 \
            -max_total_time="$seconds" -max_len=$longest -rss_limit_mb=2048 -timeout=20 \
            -artifact_prefix="$findings/$name/" "$found/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1 || true
        # "#123: cov: 45 ft: 67 corp: 8 exec/s ..."
        line=$(grep -E '^#[0-9]+: cov: ' "$log" | tail -n 1)
        bad=$(find "$findings/$name" -type f | wc -l)
        # A process that was killed leaves no input, but "oom/timeout/crash: 0/0/1".
        if [[ $bad -gt 0 || $line != *"crash: 0/0/0 "* ]]; then
            status=1
            echo "see $log" >&2
        fi
        read -r executions _ coverage _ <<<"${line:-#- - -}"
        executions=${executions#\#}
        printf '%-10s %12s %10s %10s\n' "$name" "${executions%:}" "$coverage" "$bad"
    done
    return $status
}

if [ "${1:-}" = merge ]; then
    shift
    [ $# -gt 0 ] || set -- "${targets[@]}"
    merge "$@"
else
    fuzz "${1:-700}"
fi
