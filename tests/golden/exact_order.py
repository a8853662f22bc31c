#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Are the exact engine's flows the same however a capture is read?

    exact_order.py --cli PACKETLOOM_CLI --generate PACKETLOOM_GENERATE [--captures DIR] [--most N] [--packets N]

Exports each capture as conn-json, and once more: by other numbers of threads (and so of shards), compressed (and so
in other blocks; exact_order_test sets their sizes), cut into several files, and these files in another order. Every
byte must be the same; of files in another order but the numbers of rows, and of a capture that is not in order that
is left out. Also what --preview and top tell, by threads, read chunks and files. Generated captures of all shapes, and
up to N of a folder. Exit status 1 when anything differs.
"""
import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from capture_parts import capture_of

PCAP = ["--format", "pcap", "--snap-length", "2000"]
GENERATED = {
    "lossy.pcap": ["--shape", "lossy", *PCAP],
    "lossy.pcapng": ["--shape", "lossy", "--seed", "3", "--format", "pcapng", "--snap-length", "96"],
    "near.pcap": ["--shape", "lossy", "--seed", "4", *PCAP, "--shuffle-within", "50"],
    "shuffled.pcap": ["--shape", "lossy", "--seed", "5", *PCAP, "--shuffle"],
    "flood.pcap": ["--shape", "flood", *PCAP],
    "scan.pcap": ["--shape", "scan", *PCAP],
    "crowd.csv": ["--shape", "crowd", "--addresses", "text"],
    "campus.csv": ["--shape", "shuffled", "--addresses", "text"],
    "near.csv": ["--shape", "lossy", "--shuffle-within", "500"],
    "elephants.csv": ["--shape", "elephants", "--addresses", "text"],
}
ROWS = re.compile(rb'"(?:first|last)_row":\d+,?')
TRUTHS = ["total_packets", "tcp_packets", "time_range", "total_flows", "close_types", "invalid_reasons",
          "completed_by_timeout"]  # what --preview tells of all files together, but for those of a file


class Difference(Exception):
    pass


def run(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, timeout=600, check=False)
    if done.returncode:
        raise Difference(f"exit status {done.returncode}: {done.stderr.decode(errors='replace').strip()[-200:]}")
    return done.stdout


def exported(cli, files, *arguments):
    return run([cli, "export", *files, "--as", "conn-json", "--output", "-", "--quiet", *arguments])


def previewed(cli, files, *arguments):
    told = json.loads(run([cli, "--preview", "--json", "--quiet", "--engine", "exact", "--tunnels", "each", "--data",
                            *files, *arguments]))
    return {name: told[name] for name in TRUTHS}


def grouped(cli, files, *arguments):
    told = json.loads(run([cli, "top", *files, "--json", "--engine", "exact", "--by", "dport", "--sort", "bytes",
                           *arguments]))
    return {name: value for name, value in told.items() if name not in ("inputs", "seconds")}


def first_difference(one, other):
    if isinstance(one, dict):
        return "; ".join(f"other {name}" for name in one | other if one.get(name) != other.get(name))
    for number, (a, b) in enumerate(zip(one.splitlines(), other.splitlines())):
        if a != b:
            members, others = json.loads(a), json.loads(b)
            differ = [f"{name} {members.get(name)} and {others.get(name)}"
                      for name in members | others if members.get(name) != others.get(name)]
            return f"flow {number}: {'; '.join(differ[:4])}"
    return f"{one.count(bytes([10]))} and {other.count(bytes([10]))} flows"


def rows_apart(text):
    return ROWS.sub(b"", text)


class Judge:
    def __init__(self, cli):
        self.cli, self.compared, self.captures, self.flows, self.bad = cli, 0, 0, 0, []

    def same(self, name, way, one, other):
        self.compared += 1
        if one != other:
            self.bad.append(f"{name}, {way}: {first_difference(one, other)}")

    def way(self, name, way, one, make):
        try:
            self.same(name, way, one, make())
        except Difference as error:
            self.bad.append(f"{name}, {way}: {error}")

    def capture(self, file, folder):
        try:
            content = file.read_bytes()
            whole = exported(self.cli, [file], "--threads", "1")
            previews, groups = (told(self.cli, [file], "--threads", "1") for told in (previewed, grouped))
        except Difference:
            return  # not to be read at all, which others judge
        self.captures += 1
        flows = whole.count(b"\n")
        self.flows += flows
        name, cli = file.name, self.cli
        if previews["total_flows"] != flows:
            self.bad.append(f"{name}: {previews['total_flows']} flows of --preview, {flows} of export")
        for threads in ("2", "3", "8"):
            self.way(name, f"{threads} threads", whole, lambda: exported(cli, [file], "--threads", threads))
        chunks = "--threads", "3", "--chunk-read-size", "97"  # the reference's, which are nothing to the exact engine
        self.way(name, "preview", previews, lambda: previewed(cli, [file], *chunks))
        self.way(name, "top", groups, lambda: grouped(cli, [file], *chunks))
        if content[:2] != b"\x1f\x8b":
            packed = folder / "packed.gz"
            packed.write_bytes(gzip.compress(content, 1))
            self.way(name, "compressed", whole, lambda: exported(cli, [packed], "--threads", "2"))
        self.parts(name, content, file.suffix, folder, whole, previews)

    def parts(self, name, content, suffix, folder, whole, previews):
        capture = capture_of(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
        cuts = capture.cuts(5) if capture else []
        if not cuts:
            return
        files, cli = capture.write_parts(folder, suffix.replace(".gz", ".pcapng"), cuts), self.cli
        for threads in ("1", "3"):
            self.way(name, f"{len(files)} files, {threads} threads", whole,
                     lambda: exported(cli, files, "--threads", threads))
        self.way(name, "preview of files", previews, lambda: previewed(cli, files))
        if capture.in_order():
            moved = [*files[1::2], *files[0::2]]
            self.way(name, "files in another order", rows_apart(whole), lambda: rows_apart(exported(cli, moved)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", required=True)
    parser.add_argument("--generate", required=True)
    parser.add_argument("--captures", type=Path)
    parser.add_argument("--most", type=int, default=10**9, help="captures of the folder, the largest ones")
    parser.add_argument("--packets", type=int, default=10_000, help="of a generated capture")
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    judge = Judge(arguments.cli)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, options in GENERATED.items():
            file = folder / name
            # At this rate some flows end by their timeouts.
            run([arguments.generate, *options, "--packets", arguments.packets, "--packets-per-second", "40", "--output", file])
            judge.capture(file, folder)
            file.unlink()
        made = judge.captures
        if arguments.captures:
            found = [path for path in arguments.captures.iterdir() if path.suffix in (".pcap", ".pcapng", ".trace", ".gz")]
            for file in sorted(found, key=lambda path: (-path.stat().st_size, path.name))[:arguments.most]:
                judge.capture(file, folder)
    print(f"{judge.captures} captures with {judge.flows} flows, read in other ways {judge.compared} times: "
          f"{len(judge.bad)} differences")
    print(*judge.bad[:arguments.show], sep="\n")
    return 1 if judge.bad or made != len(GENERATED) else 0


if __name__ == "__main__":
    sys.exit(main())
