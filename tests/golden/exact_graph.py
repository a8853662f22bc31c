#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the Sequence chart of a flow's detail show what tcptrace's time-sequence graph shows?

    exact_graph.py --trace PACKETLOOM_TRACE [--captures DIR] [--generate PACKETLOOM_GENERATE] [--tcptrace TCPTRACE]

Compares the points of both, side by side of each TCP connection: segments (time, first and last number), what is
marked as sent again or out of order, the line of ACKs, the edge of the window, closed windows, round trips, and their
average. Prints a table in Markdown: how many points are in both, and why others are in one alone, as far as a rule
tells. Exit status 1 when fewer agree than --least demands of the captures, or --least-generated of the generated ones.
"""
import argparse
import collections
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from exact_tcptrace import GENERATED
from tcptrace_graphs import Graph, graphs_of

FIGURES = ["connections", "segments", "marked R or O", "which of both", "ACKs", "window edges", "closed windows",
           "round trips", "average round trip"]
ROUND = 2**32
MOST_WAITING = 256  # SegmentJudge::mostWaiting


class Traced(Graph):
    """A graph of ours, in the same form."""

    def __init__(self, told, base):
        super().__init__()
        number = lambda relative: (base + relative) % ROUND
        self.segments = [[time, number(first), number(end), set(letters)]
                         for time, first, end, letters in told["segments"]]
        self.acks = [(time, number(value)) for time, value in told["acks"]]
        self.edges = [(time, number(value)) for time, value in told["edges"]]
        self.zeros = told["zeros"]
        self.samples = [(time, span // 1000) for time, span in told["rtts"] if span > 1]
        spans = [span for _, span in told["rtts"]]
        self.spans = len(spans)
        self.average = sum(spans) / len(spans) / 1000 if spans else None


def ours_of(trace, capture):
    """By ends of a connection: the flows in their order, as packetloom-trace tells them."""
    done = subprocess.run([trace, str(capture)], capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(f"exit status {done.returncode}: {done.stderr.strip()[-200:]}")
    groups = collections.defaultdict(list)
    for line in done.stdout.splitlines():
        flow = json.loads(line)
        ends = sorted([(flow["orig"], flow["orig_port"]), (flow["resp"], flow["resp_port"])])
        groups[tuple(ends)].append(flow)
    return groups


def base_of(told, theirs):
    """What relative numbers are relative to. Of a side that sent nothing both lines of ACKs begin alike."""
    if told["first"] >= 0 or not theirs.acks:
        return told["first"]
    first = next((value for time, value in told["acks"] if time == theirs.acks[0][0]), None)
    return theirs.acks[0][1] - first if first is not None else -1


def behind(number, other):
    """Whether `other` is at it or beyond, modulo 2^32."""
    return (other - number) % ROUND < ROUND // 2


class Facts:
    """What explains differences between two graphs of one side."""

    def __init__(self, theirs, ours, back, their_back):
        self.theirs, self.ours = theirs, ours
        self.resets = {time for time, _, _, letters in back.segments if "X" in letters}
        self.syns = {time for time, _, _, letters in back.segments if "S" in letters}
        self.fins = {time for time, _, _, letters in back.segments if "F" in letters}
        self.single = not theirs.acks
        self.begun = any("S" in letters for _, _, _, letters in ours.segments)
        self.both_begun = self.begun and bool(self.syns)
        self.acknowledged = {**dict(theirs.acks), **dict(ours.acks)}
        self.times = {segment[0] for graph in (theirs, their_back) for segment in graph.segments} | {
            time for graph in (theirs, their_back) for time, _ in graph.acks}
        self.syn_again = max((time for time, _, _, letters in ours.segments if "S" in letters), default=None)

    def reason_of_mark(self, segment, made, told):
        """Of a segment that one of the two marks."""
        time, first, end = segment
        if "K" in told:
            return "tcptrace: a keep-alive with a byte is sent again"
        before = [other for other in self.theirs.segments if other[0] < time]
        if "H" in made:
            return "tcptrace: the capture has the packet twice"
        if not made & {"R", "O"}:
            if "P" in made:
                return "tcptrace: a probe of a closed window is no other"
            if not any(behind(end, other[1]) for other in before):
                return "tcptrace: what was lost at the end of a message, and acknowledged, is new"
            if not any(other[1] >> 30 == first >> 30 and behind(end, other[1]) for other in before):
                return "tcptrace: looks within a quarter of all numbers"
        return None

    def reason_of_sample(self, time, is_theirs):
        number = self.acknowledged.get(time)
        ending = [segment for segment in self.ours.segments if segment[2] == number and segment[0] <= time]
        if not ending:
            return "tcptrace leaves the packet out" if time not in self.times else None
        sent, first, _, letters = ending[-1]
        if not is_theirs and (time not in self.times or sent not in self.times):
            return "tcptrace leaves the packet out"
        if not is_theirs and first >> 30 != number >> 30:
            return "tcptrace: looks within a quarter of all numbers"
        if not is_theirs and any(first < value < number for before, value in self.ours.acks if before < time):
            return "tcptrace: not of a segment that was acknowledged in two steps"
        if is_theirs and letters & {"R", "O", "K"}:
            return "tcptrace: what was lost at the end of a message, and acknowledged, is new"
        if is_theirs and any(other[3] & {"R", "O"} for other in self.ours.segments if sent <= other[0] <= time):
            return "ours: none where something before it came late"
        acked = next((value for at, value in reversed(self.ours.acks) if at < sent), first)
        waiting = sum(0 < (other[2] - acked) % ROUND < ROUND // 2 for other in self.ours.segments if other[0] < sent)
        if is_theirs and waiting >= MOST_WAITING:
            return f"ours: no more than {MOST_WAITING} segments wait for their ACK"
        return None

    def reason(self, figure, point, is_theirs):
        time = point[0] if isinstance(point, tuple) else point
        if figure == "round trips":
            return self.reason_of_sample(time, is_theirs)
        if not is_theirs and time not in self.times and (figure == "segments" or not self.single):
            return "tcptrace leaves the packet out"
        if figure in ("ACKs", "window edges"):
            if not is_theirs and time in self.resets:
                return "tcptrace: a reset acknowledges nothing"
            if figure == "ACKs" and self.theirs.acks and time == self.theirs.acks[0][0] < (self.syn_again or 0):
                return "tcptrace: a SYN that comes again sets the line back"
            if not is_theirs and self.single:
                return "tcptrace: a single ACK is no line"
            if figure == "window edges" and not self.both_begun:
                return "the scale is not known: a SYN was not captured"
        if figure == "closed windows" and time in self.syns | self.fins | self.resets:
            return "Wireshark: of a SYN, FIN or RST it says nothing"
        return None


class Judge:
    def __init__(self):
        self.equal, self.compared = collections.Counter(), collections.Counter()
        self.reasons = {figure: collections.Counter() for figure in FIGURES}
        self.open, self.unread = [], []

    def note(self, figure, same, reason=None, text=""):
        self.compared[figure] += 1
        self.equal[figure] += same
        if not same:
            self.reasons[figure][reason or "no rule tells"] += 1
            if reason is None:
                self.open.append(f"{figure}: {text}")

    def points(self, figure, name, facts, made, told):
        made, told = collections.Counter(made), collections.Counter(told)
        both = made & told
        self.compared[figure] += both.total()
        self.equal[figure] += both.total()
        for rest, who, is_theirs in ((made - both, "tcptrace", True), (told - both, "ours", False)):
            for point in rest.elements():
                self.note(figure, False, facts.reason(figure, point, is_theirs), f"{name} only {who} {point}")

    def marks(self, name, facts, theirs, ours):
        """Of segments that both have: what was sent again or came late."""
        made = collections.defaultdict(collections.deque)
        for time, first, end, letters in theirs.segments:
            made[time, first, end].append(letters)
        for time, first, end, letters in ours.segments:
            if not made[time, first, end]:
                continue
            other = made[time, first, end].popleft()
            text = f"{name} {time} {first} {end}: tcptrace {''.join(sorted(other))} ours {''.join(sorted(letters))}"
            marked, marked_by_us = bool(other & {"R", "O"}), bool(letters & {"R", "O"})
            if not marked and not marked_by_us:
                continue
            self.note("marked R or O", marked == marked_by_us,
                      facts.reason_of_mark((time, first, end), other, letters), text)
            if marked and marked_by_us:
                self.note("which of both", other & {"R", "O"} == letters & {"R", "O"},
                          "tcptrace: O fills a hole, however late; Wireshark: O comes soon", text)

    def side(self, name, theirs, ours, back, their_back):
        facts = Facts(theirs, ours, back, their_back)
        self.points("segments", name, facts, [tuple(segment[:3]) for segment in theirs.segments],
                    [tuple(segment[:3]) for segment in ours.segments])
        self.marks(name, facts, theirs, ours)
        self.points("ACKs", name, facts, theirs.acks, ours.acks)
        self.points("window edges", name, facts, theirs.edges, ours.edges)
        self.points("closed windows", name, facts, theirs.zeros, ours.zeros)
        self.points("round trips", name, facts, theirs.samples, ours.samples)
        made, told = theirs.figures["RTT average"], ours.average
        if made is None and told is None:
            return
        # tcptrace: tenths of milliseconds, reckoned with seven digits
        same = None not in (made, told) and abs(made - told) <= 0.0511 + made * 2e-4
        differ = (theirs.figures["RTT samples"] != ours.spans or
                  collections.Counter(theirs.samples) != collections.Counter(ours.samples))
        self.note("average round trip", same, "of other round trips" if differ else None,
                  f"{name} tcptrace {made} ours {told}")

    def capture(self, name, theirs, ours):
        for ends in {**theirs, **ours}:
            made, told = theirs.get(ends, []), ours.get(ends, [])
            same = len(made) == len(told)
            self.note("connections", same, "counted by exact_tcptrace.py")
            for (_, graphs), flow in zip(made, told) if same else ():
                if flow.get("folded") or ends[0] == ends[1]:
                    continue
                sides = {}
                for who in ("orig", "resp"):
                    end, graph = (flow[who], flow[who + "_port"]), flow[who + "_graph"]
                    sides[end] = Traced(graph, base_of(graph, graphs[end]))
                for end, other in ((ends[0], ends[1]), (ends[1], ends[0])):
                    self.side(f"{name} {end[0]}:{end[1]} > {other[0]}:{other[1]}", graphs[end], sides[end], sides[other],
                              graphs[other])

    def share(self):
        figures = [figure for figure in FIGURES if figure != "connections"]
        return sum(self.equal[figure] for figure in figures) / max(sum(self.compared[figure] for figure in figures), 1)

    def print(self, title, show):
        print(f"{title}\n\n| points | in either | in both | others, by reason |\n| --- | ---: | ---: | --- |")
        for figure in FIGURES:
            reasons = "; ".join(f"{reason}: {n}" for reason, n in self.reasons[figure].most_common())
            print(f"| {figure} | {self.compared[figure]} | {self.equal[figure]} | {reasons} |")
        print(*self.open[:show], sep="\n")
        if self.unread:
            print(f"not read by tcptrace: {len(self.unread)} captures")
        print(f"{100 * self.share():.2f} % of the points agree\n")


def compare(judge, name, capture, arguments):
    try:
        with tempfile.TemporaryDirectory() as folder:
            theirs = graphs_of(arguments.tcptrace, capture, folder)
        if theirs is None:
            judge.unread.append(name)
        else:
            judge.capture(name, theirs, ours_of(arguments.trace, capture))
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        print(f"{name}: {error}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trace", required=True)
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
        bad = judge.share() < arguments.least_generated or judge.compared["segments"] < 10_000
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
