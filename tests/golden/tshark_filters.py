#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do filters with Wireshark's names keep the packets that tshark shows for them?

    tshark_filters.py --cli PACKETLOOM_CLI --captures DIR [--most N] [--tshark TSHARK]

DIR has captures beside an index.json that says which are plain: without tunnels and extension headers. Of
these some of every size are taken. Left out of both sides are frames that tshark sees more than one packet in
(errors of ICMP quote another one) and later fragments, in which it sees no ports.
"""
import argparse
import collections
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# SRC, DST, PORT: of some packet of the capture.
FILTERS = [
    "ip.src == SRC4",
    "ip.dst != DST4",
    "ip.addr == SRC4 and ip.addr == DST4",
    "ip.addr == 10.0.0.0/8",
    "!(ip.addr == 192.168.0.0/16)",
    "ipv6.addr == fe80::/16",
    "ipv6",
    "ip.proto == 17",
    "tcp",
    "not tcp",
    "udp",
    "icmp || icmpv6",
    "tcp.port == PORT",
    "tcp.port != PORT",
    "tcp.dstport in {80, 443, 8000..9000}",
    "udp.port == 53 or tcp.srcport == 80",
    "udp.srcport > 1023",
    "tcp.flags.syn == 1 && tcp.flags.ack == 0",
    "tcp.flags.reset == 1 || tcp.flags.fin == 1",
    "tcp.flags.push == 0",
    "tcp.flags & 0x12",
    "tcp.flags == 0x018",
    "tcp.seq_raw > 2147483648",
    "tcp.ack_raw == 0",
    "frame.len > 200 and frame.len <= 1000",
    "frame.time_epoch >= MIDDLE",
]
NOT_COMPARED = ("icmp.type in {3, 4, 5, 11, 12} || icmpv6.type in {1, 2, 3, 4} || ip.frag_offset > 0 || "
                "ipv6.fraghdr || !(ip || ipv6)")


def packets_of_tshark(tshark, capture, text):
    """Time in microseconds and length of each frame that it shows."""
    command = [tshark, "-n", "-r", capture, "-Y", text, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len",
               "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode not in (0, 2):  # 2: the file is cut
        raise RuntimeError(f"tshark refuses {text!r}: {done.stderr.strip()[-200:]}")
    packets = collections.Counter()
    for line in done.stdout.splitlines():
        time, length = line.split("\t")
        seconds, fraction = time.split(".")
        packets[(seconds + fraction[:6], length)] += 1
    return packets


def packets_of_ours(cli, capture, text, folder):
    command = [cli, "--quiet", "--force", "--tunnels", "outer", "--data", capture, "--output-dir", folder]
    done = subprocess.run(command + (["--filter", text] if text else []), capture_output=True, text=True,
                          timeout=120, check=False)
    if done.returncode:
        raise RuntimeError(f"packetloom-cli fails for {text!r}: {done.stderr.strip()[-200:]}")
    with open(Path(folder) / "packets.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key(row):
    return (row["timestamp"], row["length"])


def chosen(captures, most):
    index = json.loads((captures / "index.json").read_text(encoding="utf-8"))
    plain = [captures / name for name, facts in index.items() if facts["plain"] and facts["ip_packets"] > 3]
    plain = sorted((path for path in plain if path.exists()), key=lambda path: (path.stat().st_size, path.name))
    plain = [path for path in plain if path.stat().st_size < 2_000_000]
    step = max(1, len(plain) // most)
    return plain[::step][:most]


def filled(text, rows):
    """With what the capture has in it; None when it has nothing of that kind."""
    v4 = next((row for row in rows if ":" not in row["src_ip"]), None)
    tcp = next((row for row in rows if row["protocol"] == "6"), None)
    times = sorted(int(row["timestamp"]) for row in rows)
    middle = times[len(times) // 2]
    values = {"SRC4": v4 and v4["src_ip"], "DST4": v4 and v4["dst_ip"], "PORT": tcp and tcp["dst_port"],
              "MIDDLE": f"{middle // 1_000_000}.{middle % 1_000_000:06}"}
    for name, value in values.items():
        if name in text and value is None:
            return None
        text = text.replace(name, str(value))
    return text


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", required=True)
    parser.add_argument("--captures", type=Path, required=True)
    parser.add_argument("--most", type=int, default=8)
    parser.add_argument("--tshark", default="tshark")
    arguments = parser.parse_args()
    compared = differences = matched = 0
    folder = tempfile.mkdtemp()
    try:
        for capture in chosen(arguments.captures, arguments.most):
            rows = packets_of_ours(arguments.cli, str(capture), None, folder)
            left_out = packets_of_tshark(arguments.tshark, str(capture), NOT_COMPARED)
            for text in FILTERS:
                asked = filled(text, rows) if rows else None
                if asked is None:
                    continue
                wanted = packets_of_tshark(arguments.tshark, str(capture), asked)
                kept = collections.Counter(map(key, packets_of_ours(arguments.cli, str(capture), asked, folder)))
                for packet in left_out:  # also one of the same time and length, which nobody can tell apart
                    wanted.pop(packet, None)
                    kept.pop(packet, None)
                compared += 1
                matched += sum(kept.values())
                if kept != wanted:
                    differences += 1
                    print(f"{capture.name}: {asked}: too many {dict(list((kept - wanted).items())[:3])}, "
                          f"missing {dict(list((wanted - kept).items())[:3])}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{differences} of {compared} differ; {matched} packets were kept")
    return 1 if differences or not compared or not matched else 0


sys.exit(main())
