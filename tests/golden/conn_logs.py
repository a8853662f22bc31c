#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connections that Zeek's own tests recorded, and those of `packetloom-cli export --as conn-log`.

    conn_logs.py --cli PROGRAM --shared DIR

conn_judge.py beside the captures compares them, field by field. This holds the shares of equal rows to what
docs/exports.md promises, and prints every difference.
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

LEAST = {"tcp": 0.95, "udp": 0.90, "icmp": 0.90}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", required=True)
    parser.add_argument("--shared", required=True, type=Path)
    options = parser.parse_args()
    corpus = options.shared / "corpus"
    judged = subprocess.run(
        [sys.executable, "-B", str(corpus / "conn_judge.py"), options.cli, str(corpus / "pcap")],
        capture_output=True, text=True)
    print(judged.stdout, judged.stderr, sep="")
    lines = [line for line in judged.stdout.splitlines() if line.startswith("equal rows: ")]
    shares = {protocol: (int(equal), int(all_))
              for protocol, equal, all_ in re.findall(r"(\w+) (\d+) of (\d+)", lines[-1] if lines else "")}
    failed = judged.returncode != 0
    for protocol, least in LEAST.items():
        equal, all_ = shares.get(protocol, (0, 0))
        good = all_ > 0 and equal >= least * all_
        print(f"{protocol}: {equal} of {all_} rows are equal, {least:.0%} are promised: {'good' if good else 'TOO FEW'}")
        failed = failed or not good
    return 1 if failed else 0


sys.exit(main())
