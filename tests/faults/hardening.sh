#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# hardening.sh PROGRAM...: position independent, read-only after relocation, all symbols bound at the start, no
# executable stack, stack protector, fortified C library calls, and (on x86-64) marked targets of
# indirect branches.
set -u
status=0
for program in "$@"; do
    missing=()
    readelf -hW "$program" | grep -q 'Type:.*DYN' || missing+=(PIE)
    readelf -lW "$program" | grep -q GNU_RELRO || missing+=(RELRO)
    readelf -dW "$program" | grep -Eq 'BIND_NOW|FLAGS_1.*NOW' || missing+=("binding at the start")
    readelf -lW "$program" | grep GNU_STACK | grep -q 'RW ' || missing+=("a stack that is not executable")
    readelf -sW "$program" | grep -q __stack_chk_fail || missing+=("stack protector")
    readelf -sW "$program" | grep -Eq '__(mem|str|v?s?n?printf|read|f?printf)[a-z_]*_chk' || missing+=("fortified calls")
    if [ "$(uname -m)" = x86_64 ]; then
        # The instructions are ours; the mark on the whole needs a C library that has them too, which Debian 12's has not.
        objdump -d "$program" | grep -q endbr64 || missing+=("indirect branch targets")
    fi
    if [ ${#missing[@]} -gt 0 ]; then
        printf '%s lacks: %s\n' "$program" "${missing[*]}"
        status=1
    else
        echo "$program: hardened"
    fi
done
exit $status
