# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures that are measured, and the table of what was measured against what is promised."""
import pathlib
import subprocess
import sys

from runs import load, machine, sources

HERE = pathlib.Path(__file__).resolve().parent
# Whose addresses are no ids, so that no map belongs to them.
TEXT_SHAPES = {'text', 'flood', 'collide'}


class BoundTable:
    """Rows of what Packetloom takes, what another takes, and how much of that is promised at most."""

    def __init__(self):
        self.rows, self.notes, self.facts = [], [], []

    def add(self, shape, what, own, name, other, target):
        """`own` and `other`: (text, number)."""
        self.rows.append((own[1] / other[1], target, shape, what, own[0], f'{name} {other[0]}'))
        print(f'{shape}, {what}: {own[0]}, {name} {other[0]}', file=sys.stderr, flush=True)

    def add_times(self, shape, what, own, name, other, target):
        self.add(shape, what, seconds(own.seconds), name, seconds(other.seconds), target)

    def print(self, runs, load_before):
        """The row on top that is furthest from its bound."""
        print(f'{machine()}; load {load_before} before, {load()} after; {sources(HERE)}; medians of {runs}.\n')
        print('| shape | what | Packetloom | against | ratio | target | ratio / target |')
        print('| --- | --- | --- | --- | --- | --- | --- |')
        for ratio, target, shape, what, own, other in sorted(self.rows, key=lambda row: -row[0] / row[1]):
            print(f'| {shape} | {what} | {own} | {other} | {ratio:.2f} | {target:.2f} | {ratio / target:.2f} |')
        print()
        for line in self.notes + self.facts:
            print(line)


class Capture:
    """A capture, and the map of its ids where it has ids."""

    def __init__(self, path, ids=None):
        self.path, self.ids = path, ids

    @classmethod
    def generated(cls, generate, work, shape, packets, *more):
        """As CSV."""
        path, ids = work / f'{shape}.csv', None if shape in TEXT_SHAPES else work / f'{shape}.json'
        subprocess.run([generate, '--shape', shape, '--packets', str(packets), '--seed', '5', '--output', path,
                        *(['--ip-map', ids] if ids else []), *more], check=True, stderr=subprocess.DEVNULL)
        return cls(path, ids)

    def arguments(self):
        return ['--data', self.path, *(['--ip-map', self.ids] if self.ids else [])]

    def remove(self):
        self.path.unlink(missing_ok=True)
        if self.ids:
            self.ids.unlink(missing_ok=True)


def seconds(value):
    return f'{value:.2f} s', value


def megabytes(value):
    return f'{value:.0f} MB', value


def millions(rows):
    return f'{rows / 1e6:g} M rows'
