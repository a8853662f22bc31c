#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what is missing, builds and runs every test: plain with warnings as errors, then under the address and
# undefined behaviour sanitizers. The last line sums up.
#
#   ./test.sh [PRESET...]                  these presets only: dev asan tsan release (default: dev asan)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
presets=("$@")
[ ${#presets[@]} -gt 0 ] || presets=(dev asan)

passed=0
failed=0
sum_up() {
    echo
    echo "$passed passed, $failed failed"
}

# A number of CTest's report; 0 where there is none.
attribute() {
    local number
    number=$(sed -n "s/^[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p" "$2" 2>/dev/null | head -n 1)
    echo "${number:-0}"
}

# Adds up what CTest counted, and a failure where it could not run at all.
run_preset() {
    local preset=$1 report count bad
    report="$PWD/build/$preset/tests.xml"
    echo "== $preset"
    if ! { cmake --preset "$preset" && cmake --build --preset "$preset"; }; then
        echo "$preset does not build" >&2
        failed=$((failed + 1))
        return
    fi
    rm -f "$report"
    ctest --preset "$preset" --output-junit "$report" || true
    count=$(attribute tests "$report")
    bad=0
    for kind in failures disabled skipped; do # none of ours may be left out
        bad=$((bad + $(attribute $kind "$report")))
    done
    if [ "$count" -eq 0 ]; then
        echo "$preset ran no test" >&2
        failed=$((failed + 1))
        return
    fi
    passed=$((passed + count - bad))
    failed=$((failed + bad))
}

packaging/linux/install-dependencies.sh test
trap sum_up EXIT
for preset in "${presets[@]}"; do
    run_preset "$preset"
done
[ "$failed" -eq 0 ]
