#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# clang-format, clang-tidy and cppcheck over all sources, shellcheck over the scripts that users run; silent and 0 when there
# is nothing to say. Needs the dev preset built (./test.sh dev) and the Debian packages of these names.
#
#   tests/lint.sh [FILE...]                only these sources
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
status=0
mapfile -t sources < <(git ls-files '*.cpp')
[ $# -eq 0 ] || sources=("$@")

git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run -Werror || status=1
shellcheck packaging/cluster/*/packetloom-* packaging/cluster/*/*/*.sh || status=1
printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p build/dev --quiet --extra-arg=-Wno-unknown-warning-option 2>/dev/null || status=1
cppcheck --project=build/dev/compile_commands.json --quiet --error-exitcode=1 --inline-suppr \
    --enable=warning,performance,portability --library=qt --suppress='*:*/build/*' \
    --suppress='preprocessorErrorDirective:*autogen*' --suppress='*:/usr/*' --suppress=unknownMacro 2>/tmp/lint-cppcheck.$$ || status=1
grep -v '^nofile' "/tmp/lint-cppcheck.$$" || true
rm -f "/tmp/lint-cppcheck.$$"
exit $status
