#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the exact engine judge TCP segments as tshark does?

    exact_tshark.py --cli PACKETLOOM_CLI [--captures DIR] [--generate PACKETLOOM_GENERATE] [--tshark TSHARK] [--show N]

Compares the connections of each capture, those of a folder and some that are generated, with tshark's streams: their
number, tcp.completeness, what tcp.analysis says of retransmissions and the like, the handshake's round trip. Prints a
table in Markdown: how many streams agree in each figure, and why others do not, as far as a rule tells. Exit status 1
when less agree than --least demands, or a difference of a generated capture has no reason.
"""
import argparse
import collections
import subprocess
import sys
import tempfile
from pathlib import Path

from exact_export import flows_of

ANALYSIS = {  # tshark's field, and what the engine calls it
    "retransmission": "retransmissions",
    "fast_retransmission": "fast",
    "spurious_retransmission": "spurious",
    "out_of_order": "out_of_order",
    "lost_segment": "gaps",
    "duplicate_ack": "duplicate_acks",
    "zero_window": "zero_windows",
    "window_full": "window_full",
    "keep_alive": "keep_alives",
}
FIELDS = ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "tcp.stream", "ip.src", "ip.dst",
          "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.completeness", "tcp.analysis.initial_rtt",
          "tcp.flags", "tcp.len", "tcp.seq_raw", "tcp.ack_raw", "tcp.window_size_value", "ip.fragments", "icmp.type",
          "icmpv6.type", "ip.len", "ip.hdr_len", "tcp.hdr_len", "frame.protocols"]
FIGURES = ["connections", "completeness", "initial_rtt", *ANALYSIS]
GENERATED = {
    "lossy": ["--shape", "lossy", "--flows", "1500", "--packets", "9999999"],
    "plain": ["--shape", "plain", "--flows", "500", "--packets", "9999999"],
    "web": ["--shape", "default", "--packets", "30000"],
}


class Stream:
    """What tshark says of one of its streams."""

    def __init__(self):
        self.frames = []
        self.first = self.last = None
        self.counts = collections.Counter()
        self.completeness = 0
        self.initial_rtt = None
        self.facts = set()
        self.handshakes = 0  # segments with SYN
        self.begins_with_syn = self.acknowledged = False
        self.answered = None  # what acknowledges the SYN+ACK

    def add(self, row, time):
        if self.last is not None and time < self.last:
            self.facts.add("time goes back")
        self.first = time if self.first is None else min(self.first, time)
        self.last = time if self.last is None else max(self.last, time)
        self.frames.append(int(row["frame.number"]))
        self.completeness |= int(row["tcp.completeness"] or 0)
        flags = int(row["tcp.flags"] or "0", 16)
        self.begins_with_syn = flags & 0x12 == 2 if not self.frames[1:] else self.begins_with_syn
        if flags & 0x12 == 0x12:
            self.answered = (int(row["tcp.seq_raw"]) + 1) % 2**32
        if flags & 0x12 == 0x10 and not self.acknowledged:
            self.acknowledged = True
            if int(row["tcp.ack_raw"]) != self.answered:
                self.facts.add("the first ACK is not of the SYN+ACK")
        self.handshakes += flags & 2 != 0
        if len(self.frames) == 1 and not flags & 2:
            self.facts.add("begins in the middle")
        if row["tcp.analysis.initial_rtt"]:
            self.initial_rtt = microseconds(row["tcp.analysis.initial_rtt"])
        if int(row["frame.cap_len"]) < int(row["frame.len"]):
            self.facts.add("frames are cut")
        length, numbers = row["ip.len"], int(row["tcp.len"] or 0) + ((flags & 1) | (flags >> 1 & 1))
        if length and int(length) != int(row["ip.hdr_len"]) + int(row["tcp.hdr_len"] or 0) + int(row["tcp.len"] or 0):
            self.facts.add("lengths contradict each other")
        if (int(row["tcp.seq_raw"]) + numbers) % 2**32 == 0 and not flags & 4:
            self.facts.add("tshark takes number 0 for none")
        if row["ip.fragments"]:
            self.facts.add("fragments are put together")
        for field, name in ANALYSIS.items():
            self.counts[name] += 1 if row["tcp.analysis." + field] else 0


def microseconds(text):
    seconds, _, fraction = text.partition(".")
    return int(seconds) * 1_000_000 + int((fraction + "000000")[:6])


def first(text):
    return text.split(",")[0]


def last(text):
    return text.split(",")[-1]


def streams_of(tshark, capture):
    """By ends of a connection: tshark's streams in their order."""
    fields = FIELDS + ["tcp.analysis." + field for field in ANALYSIS]
    # Two passes: what is known at the end of a stream stands at its first frames, too, as in Wireshark's window.
    command = [tshark, "-n", "-2", "-r", str(capture), "-Y", "tcp", "-T", "fields", "-E", "separator=;"]
    for field in fields:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode not in (0, 2):  # 2: the file is cut
        raise RuntimeError(done.stderr.strip()[-200:])
    groups = collections.defaultdict(dict)
    for text in done.stdout.splitlines():
        row = dict(zip(fields, text.split(";")))
        if row["icmp.type"] or row["icmpv6.type"] or not row["tcp.stream"]:
            continue  # it quotes a segment
        inner = [name for name in row["frame.protocols"].split(":tcp")[0].split(":") if name in ("ip", "ipv6")][-1]
        ends = sorted([(last(row[inner + ".src"]), int(first(row["tcp.srcport"]))),
                       (last(row[inner + ".dst"]), int(first(row["tcp.dstport"])))])
        stream = groups[tuple(ends)].setdefault(first(row["tcp.stream"]), Stream())
        stream.add({name: (last if name.startswith("ip.") else first)(value) for name, value in row.items()}, microseconds(row["frame.time_epoch"]))
    return {ends: streams for ends, streams in groups.items()}


def ours_of(cli, capture):
    groups = collections.defaultdict(list)
    for flow in flows_of(cli, capture, ["--checksums", "ignore"]):
        if flow["proto"] == 6:
            ends = sorted([(flow["orig"], flow["orig_port"]), (flow["resp"], flow["resp_port"])])
            groups[tuple(ends)].append(flow)
    return groups


def figures_of_ours(flow):
    told = {name: None if flow["orig_" + name] is None else flow["orig_" + name] + flow["resp_" + name]
            for name in ANALYSIS.values()}
    told["completeness"] = flow["completeness"]
    halves = flow["syn_to_synack"], flow["synack_to_ack"]
    told["initial_rtt"] = None if None in halves else sum(halves)
    return told


def figures_of_theirs(stream):
    return {**{name: stream.counts[name] for name in ANALYSIS.values()}, "completeness": stream.completeness,
            "initial_rtt": stream.initial_rtt}


def reason_of_round_trip(stream, theirs, ours):
    if theirs is None and (ours == 0 or stream.first == 0):
        return "tshark takes a time of 0 for none"
    if ours == 0:
        return "tshark takes a time of 0 for none"
    if ours is None or "the first ACK is not of the SYN+ACK" in stream.facts:
        return "tshark: any ACK after a SYN, ours: of the SYN+ACK, which was captured"
    return "a SYN or SYN+ACK came again" if stream.handshakes > 2 else None


class Judge:
    def __init__(self, explain):
        self.explain = explain
        self.equal, self.compared = collections.Counter(), collections.Counter()
        self.theirs, self.ours = collections.Counter(), collections.Counter()
        self.reasons = collections.defaultdict(collections.Counter)
        self.open = []  # differences without a reason

    def differs(self, figure, reason, text):
        self.reasons[figure][reason or "no rule tells"] += 1
        if reason is None:
            self.open.append(f"{figure}: {text}")
        elif self.explain:
            print(f"({figure}: {text}: {reason})")

    def connections(self, capture, ends, streams, flows):
        """Whether streams and flows are the same ones."""
        self.compared["connections"] += 1
        self.theirs["connections"] += len(streams)
        self.ours["connections"] += len(flows)
        same = len(streams) == len(flows) and all(
            abs(stream.first - flow["start"]) <= 1 for stream, flow in zip(streams.values(), flows))
        if same:
            self.equal["connections"] += 1
            return True
        facts = set().union(*(stream.facts for stream in streams.values())) if streams else set()
        endings = {flow["ending"] for flow in flows[:-1]}
        if not streams:
            reason = "tshark sees no TCP there"
        elif not flows:
            reason = "no header that can be read, for the engine"
        elif len(flows) > len(streams) and endings <= {"attempt", "inactivity", "closed", "reset", "partial_close"}:
            reason = "ended by " + ", ".join(sorted(endings))
        elif len(streams) > len(flows):
            reason = "tshark: a SYN with another number begins a stream"
        elif "time goes back" in facts:
            reason = "time goes back"
        else:
            reason = None
        self.differs("connections", reason, f"{capture} {ends} streams {list(streams)} at "
                     f"{[s.first for s in streams.values()]} flows at {[f['start'] for f in flows]} {endings}")
        return False

    def figures(self, capture, number, stream, flow):
        theirs, ours = figures_of_theirs(stream), figures_of_ours(flow)
        for figure in theirs:
            made, told = theirs[figure], ours[figure]
            self.compared[figure] += 1
            if figure not in ("completeness", "initial_rtt"):
                self.theirs[figure] += made
                self.ours[figure] += told or 0
            close = figure == "initial_rtt" and None not in (made, told) and abs(made - told) <= 1
            if made == told or close:
                self.equal[figure] += 1
                continue
            reason = None
            if told is None and flow["estimated"]:
                reason = "not known here"
            if figure == "initial_rtt":
                reason = reason_of_round_trip(stream, made, told)
            if figure == "completeness" and told == made | 1 and stream.begins_with_syn:
                reason = "tshark: another protocol announced the stream, so its SYN does not count"
            if figure == "completeness" and len(stream.frames) == 1:
                reason = "tshark: the first packet counts only if it is a SYN"
            for fact in ("time goes back", "fragments are put together", "lengths contradict each other",
                         "tshark takes number 0 for none"):
                reason = fact if fact in stream.facts else reason
            self.differs(figure, reason, f"{capture} tcp.stream {number} ({len(stream.frames)} frames from "
                         f"{stream.frames[0]}, {', '.join(sorted(stream.facts))}) tshark {made} ours {told}")

    def capture(self, name, groups, ours):
        for ends in {**groups, **ours}:
            streams, flows = groups.get(ends, {}), ours.get(ends, [])
            if not self.connections(name, ends, streams, flows):
                continue
            for (number, stream), flow in zip(streams.items(), flows):
                self.figures(name, number, stream, flow)

    def table(self):
        print("| figure | streams | equal | in all, tshark | in all, ours | others, by reason |")
        print("| --- | ---: | ---: | ---: | ---: | --- |")
        names = {ours: theirs for theirs, ours in ANALYSIS.items()}
        for figure in ["connections", "completeness", "initial_rtt", *ANALYSIS.values()]:
            reasons = "; ".join(f"{reason}: {count}" for reason, count in self.reasons[figure].most_common())
            print(f"| {names.get(figure, figure)} | {self.compared[figure]} | {self.equal[figure]} | "
                  f"{self.theirs[figure]} | {self.ours[figure]} | {reasons} |")

    def share(self):
        return sum(self.equal.values()) / max(sum(self.compared.values()), 1)


def captures_of(folder):
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix in
                  (".pcap", ".pcapng", ".cap", ".gz", ".trace"))


def compare(judge, name, capture, arguments):
    try:
        judge.capture(name, streams_of(arguments.tshark, capture), ours_of(arguments.cli, capture))
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        print(f"{name}: {error}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", required=True)
    parser.add_argument("--captures", type=Path)
    parser.add_argument("--generate")
    parser.add_argument("--tshark", default="tshark")
    parser.add_argument("--least", type=float, default=0, help="share of figures that must agree")
    parser.add_argument("--show", type=int, default=20, help="differences without a reason to print")
    parser.add_argument("--explain", action="store_true", help="print those that have one, too")
    arguments = parser.parse_args()
    bad = False
    if arguments.generate:
        judge = Judge(arguments.explain)
        with tempfile.TemporaryDirectory() as folder:
            for name, options in GENERATED.items():
                capture = Path(folder) / f"{name}.pcap"
                subprocess.run([arguments.generate, *options, "--format", "pcap", "--snap-length", "2000", "--output",
                                str(capture)], check=True, stderr=subprocess.DEVNULL)
                compare(judge, name, capture, arguments)
        print("Generated captures\n")
        judge.table()
        print(*judge.open[:arguments.show], sep="\n")
        bad = bool(judge.open) or judge.compared["completeness"] < 1000
    if arguments.captures:
        judge = Judge(arguments.explain)
        for capture in captures_of(arguments.captures):
            compare(judge, capture.name, capture, arguments)
        print(f"\nCaptures of {arguments.captures.name}\n")
        judge.table()
        print(*judge.open[:arguments.show], sep="\n")
        print(f"{100 * judge.share():.2f} % of the figures agree")
        bad = bad or judge.share() < arguments.least
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
