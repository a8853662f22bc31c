# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures as headers and packets, so that scripts beside this one can cut them into several files."""
import struct

PCAP = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">"}
SECTION, ENHANCED = 0x0A0D0D0A, 6


class Capture:
    """`head` is what every part begins with, `packets` are (time, bytes); times only compare among each other."""

    def __init__(self, head, packets):
        self.head, self.packets = head, packets

    def in_order(self):
        times = [time for time, _ in self.packets]
        return all(one <= next_ for one, next_ in zip(times, times[1:]))

    def cuts(self, parts):
        """Where it can be cut into so many parts of about the same size, none within packets of one time."""
        found = []
        for part in range(1, parts):
            at = max(len(self.packets) * part // parts, (found[-1] if found else 0) + 1)
            while at < len(self.packets) and self.packets[at - 1][0] == self.packets[at][0]:
                at += 1
            if at >= len(self.packets):
                break
            found.append(at)
        return found

    def write_parts(self, folder, suffix, cuts):
        files = []
        for number, (begin, end) in enumerate(zip([0, *cuts], [*cuts, len(self.packets)])):
            file = folder / f"part{number}{suffix}"
            file.write_bytes(self.head + b"".join(content for _, content in self.packets[begin:end]))
            files.append(file)
        return files


def pcap(content):
    order = PCAP[content[:4]]
    at, packets = 24, []
    while at + 16 <= len(content):
        seconds, fraction, kept = struct.unpack_from(order + "III", content, at)
        if at + 16 + kept > len(content):
            return None
        packets.append(((seconds, fraction), content[at:at + 16 + kept]))
        at += 16 + kept
    return Capture(content[:24], packets) if at == len(content) else None


def pcapng(content):
    """None where it has several sections, or blocks of another kind behind the first packet."""
    order = "<" if content[8:12] == b"\x4d\x3c\x2b\x1a" else ">"
    at, head, packets = 0, b"", []
    while at + 12 <= len(content):
        kind, length = struct.unpack_from(order + "II", content, at)
        block = content[at:at + length]
        if len(block) < 12 or len(block) != length or (kind == SECTION and at > 0) or (kind != ENHANCED and packets):
            return None
        if kind == ENHANCED:
            packets.append((struct.unpack_from(order + "II", block, 12), block))
        else:
            head += block
        at += length
    return Capture(head, packets) if at == len(content) else None


def table(content):
    head, _, rest = content.partition(b"\n")
    lines = rest.splitlines(keepends=True)
    return Capture(head + b"\n", [(int(line.split(b",", 1)[0]), line) for line in lines])


def capture_of(content):
    """None: not of a kind that can be cut here, or damaged."""
    if content[:4] in PCAP:
        return pcap(content)
    if content[:4] == struct.pack("<I", SECTION):
        return pcapng(content)
    return table(content) if content.startswith(b"timestamp,") else None
