# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of compare.sh that measures every shape of traffic against the promised bounds. See there."""
import json
import pathlib
import shutil
import subprocess
import sys

from bounds import HERE, BoundTable, Capture, megabytes, millions, seconds
from runs import Turns, load

SHAPES = ['default', 'campus', 'text', 'flood', 'scan', 'elephants', 'crowd', 'shuffled', 'collide']

# The most that Packetloom may take of what it is compared with.
AGAINST_DUCKDB = 0.7
TWO_THREADS_AGAINST_ONE = 1 / 1.7
AGAINST_GZIP = 0.7
AGAINST_CP = 1.0
TEN_TIMES_THE_ROWS = 10.5
COLLIDING_AGAINST_HARMLESS = 1.5
# A hash table that can be attacked takes all the memory there is: a run of colliding keys gets no more than this.
COLLIDING_GB, COLLIDING_SECONDS = 6, 120
COLLIDING_ROWS = 200_000


def promised_megabytes(flows, pairs, addresses):
    return 60 + (100 * flows + 40 * pairs + 60 * addresses) / 1e6


def add_options(parser):
    parser.add_argument('--shapes', nargs='?', const=','.join(SHAPES), metavar='NAME,...')
    parser.add_argument('--packets', type=int, help='rows of a capture; 10 million, or 1 million with --quick')
    parser.add_argument('--convert-packets', type=int, help='rows to convert; a tenth of --packets')
    parser.add_argument('--linear', action='store_true', help='also ten times the rows of campus')
    parser.add_argument('--quick', action='store_true', help='a tenth of the rows, one run')


def measure(options):
    names = options.shapes.split(',')
    if unknown := [name for name in names if name not in SHAPES]:
        sys.exit(f'no such shape: {", ".join(unknown)}; there are {", ".join(SHAPES)}')
    options.packets = options.packets or (1_000_000 if options.quick else 10_000_000)
    options.convert_packets = options.convert_packets or max(options.packets // 10, 1)
    options.runs = options.runs or (1 if options.quick else 5)
    before = load()
    bench = ShapeBench(options)
    for name in names:
        print(f'{name} ...', file=sys.stderr, flush=True)
        if name == 'collide':
            bench.colliding()
        else:
            bench.shape(name)
    if options.linear:
        print('linear ...', file=sys.stderr, flush=True)
        bench.linear()
    bench.print(options.runs, before)


class ShapeBench(BoundTable):
    def __init__(self, options):
        super().__init__()
        self.options, self.work = options, options.work
        self.cli, self.generate = options.bin / 'packetloom-cli', options.bin / 'packetloom-generate'
        self.work.mkdir(parents=True, exist_ok=True)
        self.duckdb = (self.work / 'duckdb' / 'node_modules').is_dir()
        if not self.duckdb:
            self.notes.append('DuckDB is not here (npm could not install it): not compared with.')

    def capture(self, shape, packets, *more):
        return Capture.generated(self.generate, self.work, shape, packets, *more)

    def preview(self, capture, threads):
        return [self.cli, '--preview', '--quiet', '--threads', str(threads), *capture.arguments()]

    def shape(self, name):
        options = self.options
        rows = millions(options.packets)
        capture = self.capture(name, options.packets)
        turns = Turns(options.runs)
        turns.add('two', self.preview(capture, 2))
        if self.duckdb:
            turns.add('duckdb', ['node', HERE / 'duckdb.mjs', capture.path, '2'], cwd=self.work / 'duckdb',
                      seconds_from_output=True)
        turns.add('one', self.preview(capture, 1))
        results = turns.results()
        own = results['two']
        if self.duckdb:
            self.add_times(name, f'preview {rows}', own, 'DuckDB', results['duckdb'], AGAINST_DUCKDB)
        self.add_times(name, f'preview {rows}, 2 threads', own, '1 thread', results['one'], TWO_THREADS_AGAINST_ONE)
        self.memory(name, rows, capture, own)
        self.gzip(name, rows, capture)
        capture.remove()
        self.convert(name)

    def memory(self, name, rows, capture, own):
        said = subprocess.run([*self.preview(capture, 2), '--json'], capture_output=True, check=True).stdout
        counts = json.loads(said)
        pairs = count_pairs(capture.path)
        promised = promised_megabytes(counts['total_flows'], pairs, counts['unique_ips'])
        self.add(name, f'peak memory of preview {rows}', megabytes(own.megabytes), 'promised', megabytes(promised), 1)
        self.facts.append(f'{name}: {counts["total_flows"]:,} flows, {pairs:,} pairs, {counts["unique_ips"]:,} addresses')

    def gzip(self, name, rows, capture):
        subprocess.run(['gzip', '-f', capture.path], check=True)
        packed = Capture(pathlib.Path(f'{capture.path}.gz'), capture.ids)
        turns = Turns(self.options.runs)
        turns.add('own', self.preview(packed, 2))
        turns.add('gzip', ['gzip', '-dc', packed.path])
        results = turns.results()
        self.add_times(name, f'preview {rows}, gzip', results['own'], 'gzip -dc', results['gzip'], AGAINST_GZIP)
        packed.path.unlink()

    def convert(self, name):
        capture = self.capture(name, self.options.convert_packets)
        dataset, new, copy = (self.work / folder for folder in ('dataset', 'new', 'copy'))

        def clean():
            for folder in (new, copy):
                shutil.rmtree(folder, ignore_errors=True)

        def convert(to):
            return [self.cli, '--quiet', '--threads', '2', *capture.arguments(), '--output-dir', to]

        clean()
        shutil.rmtree(dataset, ignore_errors=True)
        subprocess.run(convert(dataset), check=True)
        turns = Turns(self.options.runs)
        turns.add('own', convert(new), clean)
        turns.add('cp', ['cp', '-r', dataset, copy], clean)
        results = turns.results()
        clean()
        shutil.rmtree(dataset)
        capture.remove()
        self.add_times(name, f'convert {millions(self.options.convert_packets)}', results['own'], 'cp -r', results['cp'],
                       AGAINST_CP)

    def colliding(self):
        turns = Turns(self.options.runs)
        captures = {'collide': self.capture('collide', COLLIDING_ROWS)}
        captures['collide'].path = captures['collide'].path.rename(self.work / 'colliding.csv')
        captures['harmless'] = self.capture('collide', COLLIDING_ROWS, '--harmless')
        for name, capture in captures.items():
            turns.add(name, self.preview(capture, 2), limit_gb=COLLIDING_GB, limit_seconds=COLLIDING_SECONDS)
        results = turns.results()
        own, harmless = results['collide'], results['harmless']
        failed = f', FAILED within {COLLIDING_GB} GB and {COLLIDING_SECONDS} s' if own.failed else ''
        rows = f'{COLLIDING_ROWS:,} rows'
        self.add_times('collide', f'preview {rows}{failed}', own, 'keys that do not collide', harmless,
                       COLLIDING_AGAINST_HARMLESS)
        self.add('collide', f'peak memory of preview {rows}{failed}', megabytes(own.megabytes),
                 'keys that do not collide', megabytes(harmless.megabytes), COLLIDING_AGAINST_HARMLESS)
        for capture in captures.values():
            capture.remove()

    def linear(self):
        """The same hosts, so that one map does for both."""
        packets = self.options.packets
        few = self.capture('campus', packets)
        few.path = few.path.rename(self.work / 'campus-few.csv')
        many = self.capture('campus', 10 * packets)
        turns = Turns(min(self.options.runs, 3))
        turns.add('few', self.preview(few, 2))
        turns.add('many', self.preview(many, 2))
        results = turns.results()
        self.add_times('campus', f'preview {millions(10 * packets)}', results['many'], f'{millions(packets)}',
                       results['few'], TEN_TIMES_THE_ROWS)
        self.notes.append(f'campus, {millions(10 * packets)}: peak memory {results["many"].megabytes:.0f} MB.')
        few.path.unlink()
        many.remove()


def count_pairs(path):
    """Pairs of addresses with TCP between them, in either direction. The preview does not say how many."""
    program = ('NR > 1 && $10 == 6 { key = $2 < $3 ? $2 " " $3 : $3 " " $2; if (!(key in seen)) { seen[key]; ++n } } '
               'END { print n + 0 }')
    return int(subprocess.run(['awk', '-F,', program, path], capture_output=True, check=True).stdout)
