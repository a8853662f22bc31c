#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the exact engine see in TCP connections what tcptrace sees?

    exact_tcptrace.py --cli PACKETLOOM_CLI [--captures DIR] [--generate PACKETLOOM_GENERATE] [--tcptrace TCPTRACE]

Compares the connections of each capture with those of `tcptrace -l -r -n --csv`, side by side: packets, bytes of the
stream, what was sent again or came out of order, round-trip times. Prints a table in Markdown: how many sides agree
in each figure, and why others do not, as far as a rule tells. Exit status 1 when less agree than --least demands of
the captures, or --least-generated of the generated ones.
"""
import argparse
import collections
import csv
import ipaddress
import subprocess
import sys
import tempfile
from pathlib import Path

from exact_export import flows_of

FIGURES = ["packets", "data packets", "unique bytes", "sent again", "of these out of order", "RTT samples", "RTT min",
           "RTT max"]
GENERATED = {
    "lossy": ["--shape", "lossy", "--flows", "1500", "--packets", "9999999"],
    "plain": ["--shape", "plain", "--flows", "500", "--packets", "9999999"],
    "web": ["--shape", "default", "--packets", "30000"],
}


def address(text):
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text


def time_of(text):
    """tcptrace writes microseconds without leading zeros."""
    seconds, _, micros = text.strip().partition(".")
    return int(seconds) * 1_000_000 + int(micros or 0)


def sides_of(row):
    """Both sides of a connection of tcptrace: figures by name."""
    for way, back in (("a2b", "b2a"), ("b2a", "a2b")):
        syns, _ = row["SYN/FIN_pkts_sent_" + way].split("/")
        samples = int(row["RTT_samples_" + way])
        yield {
            "packets": int(row["total_packets_" + way]),
            "data packets": int(row["actual_data_pkts_" + way]),
            "unique bytes": int(row["unique_bytes_sent_" + way]),
            "sent again": int(row["rexmt_data_pkts_" + way]) + int(row["outoforder_pkts_" + way]),
            "of these out of order": int(row["outoforder_pkts_" + way]),
            "RTT samples": samples,
            "RTT min": float(row["RTT_min_" + way]) if samples else None,
            "RTT max": float(row["RTT_max_" + way]) if samples else None,
            "RTT average": float(row["RTT_avg_" + way]) if samples else None,
            "probes": int(row["zwnd_probe_pkts_" + way]),
            "ambiguous": int(row["ambiguous_acks_" + way]),
            "cumulative": int(row["segs_cum_acked_" + way]),
            "after loss": int(row["post-loss_acks_" + way]),
            "hardware duplicates": int(row["hardware_dups_" + way]),
            "resets": int(row["resets_sent_" + way]),
            "no SYN": int(syns) == 0,
            "cut": int(row["truncated_packets_" + way]) > 0,
        }


def theirs_of(tcptrace, capture):
    """By ends of a connection: what tcptrace tells of those, and by which end each side is."""
    done = subprocess.run([tcptrace, "-l", "-r", "-n", "--csv", str(capture)], capture_output=True, text=True,
                          errors="replace", timeout=300, check=False)
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith("#") and "," in line]
    if not lines or not lines[0].startswith("conn_#"):
        return None
    groups = collections.defaultdict(list)
    names = [name.strip() for name in lines[0].split(",")]
    for values in csv.reader(lines[1:]):
        row = dict(zip(names, (value.strip() for value in values)))
        if not row["conn_#"].isdigit():
            continue
        a, b = (address(row["host_a"]), int(row["port_a"])), (address(row["host_b"]), int(row["port_b"]))
        first = min(time_of(row["first_packet"]), time_of(row["last_packet"]))
        groups[tuple(sorted([a, b]))].append((first, dict(zip((a, b), sides_of(row)))))
    return groups


def ours_of(cli, capture):
    groups = collections.defaultdict(list)
    for flow in flows_of(cli, capture, ["--checksums", "ignore"]):
        if flow["proto"] == 6:
            a, b = (flow["orig"], flow["orig_port"]), (flow["resp"], flow["resp_port"])
            groups[tuple(sorted([a, b]))].append(flow)
    return groups


def figures_of(flow, side):
    """Ours by tcptrace's names; None: not known."""
    told = {"packets": flow[side + "packets"], "data packets": flow[side + "data_packets"],
            "unique bytes": flow[side + "goodput"], "of these out of order": flow[side + "out_of_order"],
            "RTT samples": flow[side + "rtt_samples"] or 0, "RTT min": flow[side + "rtt_min"],
            "RTT max": flow[side + "rtt_max"], "sent again": None}
    if flow[side + "retransmissions"] is not None:
        told["sent again"] = flow[side + "retransmissions"] + flow[side + "out_of_order"]
    return told


def equal(figure, made, told):
    if figure in ("RTT min", "RTT max") and None not in (made, told):
        return abs(made - told / 1000) <= 0.0501 + 0.001  # tcptrace: tenths of milliseconds
    return made == told


def reason_of(figure, theirs, peer, flow, told):
    if flow["estimated"]:
        return "payloads are not known"
    if theirs["cut"] or peer["cut"]:
        return "frames are cut"
    if theirs["no SYN"] and figure in ("unique bytes", "RTT samples", "RTT min", "RTT max"):
        return "begins in the middle"
    if figure == "of these out of order":
        return "tcptrace: any hole that is filled; Wireshark: only soon after"
    if figure.startswith("RTT") and (theirs["ambiguous"] or theirs["cumulative"] or theirs["after loss"]):
        return "tcptrace: other rules for ACKs of several segments and after losses"
    if figure == "sent again" and flow["orig_keep_alives"] + flow["resp_keep_alives"] > 0:
        return "tcptrace: a keep-alive with a byte is sent again"
    if (figure == "sent again" or figure.startswith("RTT")) and flow["orig_gaps"] + flow["resp_gaps"] > 0:
        return "what was lost at the end of a message: tcptrace does not see that an ACK is beyond it"
    if told is None or theirs.get(figure) is None:
        return "one of the two has none"
    if theirs["probes"] or peer["probes"]:
        return "zero-window probes"
    if theirs["hardware duplicates"]:
        return "tcptrace: duplicates of the capture are apart"
    if theirs["resets"] or peer["resets"]:
        return "there is a reset"
    return None


class Judge:
    def __init__(self):
        self.equal, self.compared, self.reasons = {}, {}, {}
        for figure in ["connections", *FIGURES]:
            self.equal[figure] = self.compared[figure] = 0
            self.reasons[figure] = collections.Counter()
        self.open, self.unread = [], []

    def note(self, figure, same, reason, text):
        self.compared[figure] += 1
        self.equal[figure] += same
        if not same:
            self.reasons[figure][reason or "no rule tells"] += 1
            if reason is None:
                self.open.append(f"{figure}: {text}")

    def capture(self, name, theirs, ours):
        for ends in {**theirs, **ours}:
            made, told = theirs.get(ends, []), ours.get(ends, [])
            same = len(made) == len(told)
            endings = ", ".join(sorted({flow["ending"] for flow in told[:-1]}))
            reason = ("tcptrace reads no such packets" if not made else "no header that the engine can read" if not told
                      else f"ended by {endings}" if len(told) > len(made) else
                      "tcptrace: a SYN begins a connection")
            self.note("connections", same, reason, f"{name} {ends}: {len(made)} and {len(told)}")
            for (_, sides), flow in zip(made, told) if same else ():
                self.sides(name, ends, sides, flow)

    def sides(self, name, ends, sides, flow):
        for side, who in (("orig_", "orig"), ("resp_", "resp")):
            end = (flow[who], flow[who + "_port"])
            other = ends[0] if end == ends[1] else ends[1]
            if end not in sides or end == other:
                continue
            theirs, told = sides[end], figures_of(flow, side)
            for figure in FIGURES:
                self.note(figure, equal(figure, theirs[figure], told[figure]),
                          reason_of(figure, theirs, sides.get(other, theirs), flow, told[figure]),
                          f"{name} {end} > {other}: tcptrace {theirs[figure]} ours {told[figure]}")

    def share(self):
        return sum(self.equal.values()) / max(sum(self.compared.values()), 1)

    def print(self, title, show):
        print(f"{title}\n\n| figure | compared | equal | others, by reason |\n| --- | ---: | ---: | --- |")
        for figure, count in self.compared.items():
            reasons = "; ".join(f"{reason}: {n}" for reason, n in self.reasons[figure].most_common())
            print(f"| {figure} | {count} | {self.equal[figure]} | {reasons} |")
        print(*self.open[:show], sep="\n")
        if self.unread:
            print(f"not read by tcptrace: {len(self.unread)} captures")
        print(f"{100 * self.share():.2f} % of the figures agree\n")


def compare(judge, name, capture, arguments):
    try:
        theirs = theirs_of(arguments.tcptrace, capture)
        if theirs is None:
            judge.unread.append(name)
        else:
            judge.capture(name, theirs, ours_of(arguments.cli, capture))
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        print(f"{name}: {error}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", required=True)
    parser.add_argument("--captures", type=Path)
    parser.add_argument("--generate")
    parser.add_argument("--tcptrace", default="tcptrace")
    parser.add_argument("--least", type=float, default=0)
    parser.add_argument("--least-generated", type=float, default=0)
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    bad = False
    if arguments.generate:
        judge = Judge()
        with tempfile.TemporaryDirectory() as folder:
            for name, options in GENERATED.items():
                capture = Path(folder) / f"{name}.pcap"
                subprocess.run([arguments.generate, *options, "--format", "pcap", "--snap-length", "2000", "--output",
                                str(capture)], check=True, stderr=subprocess.DEVNULL)
                compare(judge, name, capture, arguments)
        judge.print("Generated captures", arguments.show)
        bad = judge.share() < arguments.least_generated or judge.compared["packets"] < 1000
    if arguments.captures:
        judge = Judge()
        for capture in sorted(arguments.captures.iterdir()):
            if capture.suffix in (".pcap", ".pcapng", ".cap", ".trace", ".gz"):
                compare(judge, capture.name, capture, arguments)
        judge.print(f"Captures of {arguments.captures.name}", arguments.show)
        bad = bad or judge.share() < arguments.least
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
