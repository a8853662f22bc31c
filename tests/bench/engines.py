# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of compare.sh that measures the exact engine against the reference's on every shape. See there."""
import os
import subprocess
import sys

from bounds import BoundTable, Capture, millions, seconds
from runs import load
from shapes import SHAPES

EXACT_AGAINST_REFERENCE = 1.3
# `collide` is no traffic.
CSV = [name for name in SHAPES if name != 'collide'] + ['lossy', 'plain']
PCAP = ['campus', 'flood', 'scan', 'crowd', 'lossy']


def add_options(parser):
    parser.add_argument('--engines', nargs='?', const=','.join(CSV), metavar='NAME,...')


def measure(options):
    options.packets = options.packets or (200_000 if options.quick else 2_000_000)
    options.runs = options.runs or (1 if options.quick else 5)
    before = load()
    bench = EngineBench(options)
    for name in options.engines.split(','):
        bench.shape(name, 'csv')
        if name in PCAP:
            bench.shape(name, 'pcap')
    bench.print(options.runs, before)


class Cost:
    """The least processor time of some runs, which is what a busy machine disturbs least, and the most memory."""

    def __init__(self):
        self.seconds, self.megabytes = [], []

    def run(self, command):
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit('failed: ' + ' '.join(map(str, command)))
        self.seconds.append(usage.ru_utime + usage.ru_stime)
        self.megabytes.append(usage.ru_maxrss / 1024)

    @property
    def best(self):
        return min(self.seconds)


class EngineBench(BoundTable):
    def __init__(self, options):
        super().__init__()
        self.options = options
        self.cli, self.generate = options.bin / 'packetloom-cli', options.bin / 'packetloom-generate'
        options.work.mkdir(parents=True, exist_ok=True)

    def shape(self, name, kind):
        print(f'{name}, {kind} ...', file=sys.stderr, flush=True)
        if kind == 'csv':
            capture = Capture.generated(self.generate, self.options.work, name, self.options.packets)
        else:
            capture = Capture(self.options.work / f'{name}.pcap')
            subprocess.run([self.generate, '--shape', name, '--addresses', 'text', '--format', 'pcap', '--packets',
                            str(self.options.packets), '--seed', '5', '--output', capture.path], check=True,
                           stderr=subprocess.DEVNULL)
        ids = ['--ip-map', capture.ids] if capture.ids else []
        report = [self.cli, '--preview', '--quiet', *capture.arguments()]
        window = [self.cli, 'top', '--by', 'source', '--quiet', capture.path, *ids]
        exact = ['--engine', 'exact']
        costs = {what: Cost() for what in ('report', 'exact report', 'window', 'exact window')}
        for _ in range(self.options.runs):
            costs['report'].run(report)
            costs['exact report'].run(report + exact)
            costs['window'].run(window)
            costs['exact window'].run(window + exact)
        rows = millions(self.options.packets)
        for what, command in (('report', 'preview'), ('window', 'top')):
            own, reference = costs[f'exact {what}'], costs[what]
            self.add(f'{name}, {kind}', f'{command} {rows}, exact engine', seconds(own.best), 'reference', seconds(reference.best),
                     EXACT_AGAINST_REFERENCE)
            self.facts.append(f'{name}, {kind}, {command}: {max(own.megabytes):.0f} MB, reference '
                              f'{max(reference.megabytes):.0f} MB')
        capture.remove()
