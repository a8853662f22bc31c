# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""tcptrace's graphs (-S: time and sequence, -R: round trips) as points, for the script beside this one that compares them.

A graph is a file of xplot's commands: `line TIME NUMBER TIME NUMBER` in the colour that was named last, arrows, ticks,
and texts, whose words stand in the next line. Segments are white, orange (SYN, FIN), red (sent again) or blue (a
duplicate of the capture) bars; the line of ACKs is green, that of the window yellow: from the last point to the right,
then up or down, or a tick where nothing changed.
"""
import collections
import csv
import subprocess
from pathlib import Path

from exact_tcptrace import address, sides_of, time_of

LINES = {"green": "acks", "yellow": "edges"}
BARS = ("white", "orange", "red", "blue")
TEXTS = ("atext", "btext", "ctext", "ltext", "rtext")


class Graph:
    """Of one side's numbers, modulo 2^32; times are microseconds."""

    def __init__(self):
        self.segments = []  # [time, first, end, letters]: S F X R O P as the exact engine's, H: duplicate
        self.acks, self.edges = [], []  # (time, number)
        self.zeros = []  # times
        self.samples = []  # (time, whole milliseconds) of round trips; none of 1 us or less
        self.figures = {}  # of `tcptrace -l -r`, by the names of exact_tcptrace.py
        self.sacks = False

    def letter(self, time, letter):
        """Of the segment that was drawn last."""
        if self.segments and self.segments[-1][0] == time:
            self.segments[-1][3] |= set(letter)


class Reader:
    def __init__(self):
        self.graph = Graph()
        self.color = ""
        self.before = ""  # the command before
        self.pending = collections.defaultdict(set)  # letters that stand before their segment, by its time

    def segment(self, time, first, end):
        segments = self.graph.segments
        if self.before == "line" and segments and segments[-1][0] == time and segments[-1][2] == first:
            segments[-1][2] = end  # the FIN behind the data of the same segment
        else:
            segments.append([time, first, end, self.pending.pop(time, set())])

    def draw_line(self, words):
        time, number, to_time, to_number = time_of(words[1]), int(words[2]), time_of(words[3]), int(words[4])
        if self.color == "purple":
            self.graph.sacks = True
        if self.color in BARS:
            self.segment(time, number, to_number)
        if self.color not in LINES:
            return
        line = getattr(self.graph, LINES[self.color])
        if self.before == LINES[self.color] + " right":  # up or down
            line.append((to_time, to_number))
            self.before = ""
            return
        if not line:
            line.append((time, number))
        self.before = LINES[self.color] + " right"

    def text(self, time, number, words):
        graph = self.graph
        if words in ("R", "O", "P", "HD"):
            self.pending[time] |= {words[0]}
        elif words.split()[-1] == "SYN":
            self.pending[time] |= {"S", *(words[0] if " " in words else "")}
        elif words.split()[-1] == "FIN":  # behind its segment
            graph.letter(time, "F" + (words[0] if " " in words else ""))
        elif words == "RST_OUT":
            last = graph.segments[-1] if graph.segments else None
            if last and last[0] == time and last[1] == number and last[1] != last[2] and not last[3] & {"X"}:
                last[3].add("X")
            else:
                graph.segments.append([time, number, number, {"X"}])
        elif words == "Z":
            graph.zeros.append(time)

    def read(self, lines):
        lines = iter(lines)
        for text in lines:
            words = text.split()
            if not words:
                continue
            command = words[0]
            if len(words) == 1:
                self.color = command
                continue
            if command == "line":
                self.draw_line(words)
                if not self.before.endswith("right"):
                    self.before = "line"
                continue
            if command in TEXTS:
                self.text(time_of(words[1]), int(words[2]), next(lines).strip())
            elif command in ("dtick", "utick") and self.before.endswith("right"):
                line = self.graph.acks if command == "dtick" else self.graph.edges
                line.append((time_of(words[1]), int(words[2])))
            self.before = command
        return self.graph


def graph_of(file):
    with open(file, encoding="ascii", errors="replace") as lines:
        for _ in range(6):  # timeval, and title, xlabel, ylabel with their texts
            next(lines)
        next(lines)
        return Reader().read(lines)


def samples_of(file):
    """The dots of a graph of round trips."""
    with open(file, encoding="ascii", errors="replace") as lines:
        dots = (line.split() for line in lines if line.startswith("dot "))
        return [(time_of(words[1]), int(words[2])) for words in dots]


def letters(number):
    """a, b, ... z, aa, ab: what tcptrace calls its hosts."""
    name = ""
    number += 1
    while number > 0:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


def graphs_of(tcptrace, capture, folder):
    """By ends of a connection: its first time, and by each end the graph of what that sent. None: tcptrace cannot read
    the capture. The files are made in `folder` and removed."""
    done = subprocess.run([tcptrace, "-S", "-R", "-r", "-l", "-n", "--csv", str(Path(capture).resolve())], cwd=folder,
                          capture_output=True, text=True, errors="replace", timeout=600, check=False)
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith("#") and "," in line]
    if not lines or not lines[0].startswith("conn_#"):
        return None
    names = [name.strip() for name in lines[0].split(",")]
    groups = collections.defaultdict(list)
    for values in csv.reader(lines[1:]):
        row = dict(zip(names, (value.strip() for value in values)))
        if not row["conn_#"].isdigit():
            continue
        number = 2 * (int(row["conn_#"]) - 1)
        ends = (address(row["host_a"]), int(row["port_a"])), (address(row["host_b"]), int(row["port_b"]))
        names_of = letters(number), letters(number + 1)
        graphs = {}
        for end, one, other, figures in zip(ends, names_of, reversed(names_of), sides_of(row)):
            file, samples = (Path(folder) / f"{one}2{other}_{kind}.xpl" for kind in ("tsg", "rtt"))
            graphs[end] = graph_of(file) if file.exists() else Graph()
            graphs[end].samples = samples_of(samples) if samples.exists() else []
            graphs[end].figures = figures
        first = min(time_of(row["first_packet"]), time_of(row["last_packet"]))
        groups[tuple(sorted(ends))].append((first, graphs))
    for file in Path(folder).glob("*.xpl"):
        file.unlink()
    return groups
