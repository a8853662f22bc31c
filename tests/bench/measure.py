#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The measuring part of compare.sh: runs programs in turn and prints medians. See there."""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import time

import engines
import pcaps
import shapes
from runs import Run, Turns, machine

HERE = pathlib.Path(__file__).resolve().parent
ANALYZED = ['--preview', '--quiet']


class Contest(Turns):
    """Several programs with one task, each a row of the table."""

    def __init__(self, title, runs):
        super().__init__(runs)
        self.title = title

    def print(self):
        results = self.results()
        own = next(iter(results.values())).seconds
        for name, one in results.items():
            print(f'| {self.title} | {name} | {one.seconds:.2f} s | {own / one.seconds:.2f} | {one.megabytes:.0f} MB |',
                  flush=True)


def header():
    print(f'{machine()}\n')
    print('| work | program | median | Packetloom / it | peak memory |\n| --- | --- | --- | --- | --- |')


class Captures:
    """Generated captures, made once and kept."""

    def __init__(self, programs, work):
        self.programs, self.work = programs, work

    def get(self, rows, folder=None, name='capture', more=()):
        path = (folder or self.work) / f'{name}-{rows}.csv'
        if not path.exists():
            made = path.with_suffix('.part')
            subprocess.run([self.programs / 'packetloom-generate', '--rows', str(rows), '--seed', '5', '--output', made,
                            '--ip-map', path.with_suffix('.json'), *more], check=True, stderr=subprocess.DEVNULL)
            made.rename(path)
        return ['--data', path, '--ip-map', path.with_suffix('.json')]

    def one_flow(self, packets):
        """A connection that is never closed."""
        path = self.work / f'one-flow-{packets}.csv'
        if not path.exists():
            with open(path.with_suffix('.part'), 'w') as out:
                out.write('timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n')
                out.write('1735689600000000,1,2,40000,80,2,0,0,74,6\n')
                out.write('1735689600000001,2,1,80,40000,18,500,1,74,6\n')
                out.write('1735689600000002,1,2,40000,80,16,1,501,66,6\n')
                for begin in range(3, packets, 100000):
                    out.write(''.join(
                        f'{1735689600000000 + 37 * i},1,2,40000,80,16,{700 * i % 2 ** 32},{3 * i % 2 ** 32},1514,6\n'
                        if i % 2 else
                        f'{1735689600000000 + 37 * i},2,1,80,40000,16,{3 * i % 2 ** 32},{700 * i % 2 ** 32},66,6\n'
                        for i in range(begin, min(begin + 100000, packets))))
            path.with_suffix('.part').rename(path)
        return ['--data', path]


def compare(cli, captures, work, runs, shared):
    header()
    big = captures.get(10_000_000)
    contest = Contest('analyze 10 M rows', runs)
    contest.add('packetloom-cli --preview', [cli, *ANALYZED, *big])
    if (work / 'duckdb').is_dir():
        contest.add('DuckDB, GROUP BY of the 5-tuple, 2 threads', ['node', HERE / 'duckdb.mjs', big[1], '2'],
                    cwd=work / 'duckdb', seconds_from_output=True)
    contest.print()

    packed = pathlib.Path(str(big[1]) + '.gz')
    if not packed.exists():
        with open(packed, 'wb') as out:
            subprocess.run(['gzip', '-c', big[1]], stdout=out, check=True)
    contest = Contest('the same, gzip', runs)
    contest.add('packetloom-cli --preview', [cli, *ANALYZED, '--data', packed, *big[2:]])
    contest.add('gzip -dc', ['gzip', '-dc', packed])
    contest.print()

    small = captures.get(1_000_000)
    output, copy = work / 'dataset', work / 'copy'

    def clean():
        for folder in (work / 'new', copy):
            shutil.rmtree(folder, ignore_errors=True)

    shutil.rmtree(output, ignore_errors=True)
    Run([cli, '--quiet', *small, '--output-dir', output])
    contest = Contest('convert 1 M rows', runs)
    contest.add('packetloom-cli', [cli, '--quiet', *small, '--output-dir', work / 'new'], clean)
    contest.add('packetloom-cli --compact', [cli, '--quiet', '--compact', *small, '--output-dir', work / 'new'], clean)
    contest.add('packetloom-cli --threads 1', [cli, '--quiet', '--threads', '1', *small, '--output-dir', work / 'new'],
                clean)
    contest.add('cp -r of the dataset', ['cp', '-r', output, copy], clean)
    contest.print()
    clean()

    oracle = shared / 'golden' / 'oracle.py'
    if oracle.exists():
        few = captures.get(100_000)
        contest = Contest('convert 100,000 rows', runs)
        contest.add('packetloom-cli', [cli, '--quiet', *few, '--output-dir', work / 'new'], clean)
        contest.add('slow model of the reference', [sys.executable, oracle, *few, '--output-dir', copy], clean)
        contest.print()
        clean()

    contest = Contest('convert 10 M rows', 1)
    contest.add('packetloom-cli', [cli, '--quiet', *big, '--output-dir', work / 'new'], clean)
    contest.print()
    clean()
    shutil.rmtree(output)


def grow(cli, captures, work, folder):
    """Time, bytes and memory of 1 to 100 million rows; the largest dataset without indentation, to fit."""
    lines = []
    for millions in (1, 3, 10, 30, 100):
        rows = millions * 1_000_000
        capture = captures.get(rows, folder)
        analyzed = Run([cli, *ANALYZED, *capture])
        output = folder / 'dataset'
        shutil.rmtree(output, ignore_errors=True)
        converted = Run([cli, '--quiet', '--compact', *capture, '--output-dir', output])
        size = sum(file.stat().st_size for file in output.rglob('*') if file.is_file())
        shutil.rmtree(output)
        capture[1].unlink()
        lines.append((millions, analyzed.seconds, analyzed.megabytes, converted.seconds, converted.megabytes, size))
        print(f'| {millions} M rows | analyze {analyzed.seconds:.2f} s, {analyzed.megabytes:.0f} MB | convert --compact '
              f'{converted.seconds:.1f} s, {converted.megabytes:.0f} MB, {size / 1e9:.1f} GB written |', flush=True)
    data = work / 'growth.dat'
    data.write_text(''.join(' '.join(map(str, line)) + '\n' for line in lines))
    if shutil.which('gnuplot'):
        subprocess.run(['gnuplot', '-e', f'data="{data}"; picture="{work / "growth.svg"}"', HERE / 'growth.gnuplot'],
                       check=True)
        print(f'plot: {work / "growth.svg"}')


def in_the_window(programs, captures, rows):
    """Peak memory of the window until the analysis is shown and nothing moves any more."""
    capture = captures.get(rows, name='many-flows', more=['--scan-share', '0.3', '--long-share', '0'])
    process = subprocess.Popen([programs / 'packetloom', capture[1], '--ip-map', capture[3], '--analyze', '-platform',
                                'offscreen'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    proc = pathlib.Path('/proc') / str(process.pid)

    def busy():
        fields = (proc / 'stat').read_text().rsplit(')', 1)[1].split()
        return int(fields[11]) + int(fields[12])

    time.sleep(3)
    before = -1
    while busy() - before > 3:
        before = busy()
        time.sleep(2)
    peak = next(int(line.split()[1]) for line in (proc / 'status').read_text().splitlines() if line.startswith('VmHWM'))
    process.terminate()
    process.wait()
    flows = subprocess.run([programs / 'packetloom-cli', '--preview', '--json', *capture], capture_output=True, text=True)
    print(f'the window, {rows} rows, {json.loads(flows.stdout)["total_flows"]} flows: peak {peak / 1024:.0f} MB')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--bin', type=pathlib.Path, required=True)
    parser.add_argument('--work', type=pathlib.Path, required=True)
    parser.add_argument('--runs', type=int, help='5, or 1 with --quick')
    parser.add_argument('--shared', type=pathlib.Path, default=HERE.parents[1].parent / 'shared')
    parser.add_argument('--growth', type=pathlib.Path)
    shapes.add_options(parser)
    pcaps.add_options(parser)
    engines.add_options(parser)
    parser.add_argument('--window', action='store_true')
    parser.add_argument('--long-flow', type=int, default=0)
    options = parser.parse_args()
    if options.shapes is not None:
        shapes.measure(options)
        return
    if options.engines is not None:
        engines.measure(options)
        return
    if options.captures is not None:
        pcaps.measure(options)
        return
    if options.runs is None:
        options.runs = 5
    cli = options.bin / 'packetloom-cli'
    captures = Captures(options.bin, options.work)
    compare(cli, captures, options.work, options.runs, options.shared)
    if options.window:
        in_the_window(options.bin, captures, 10_000_000)
    if options.long_flow:
        contest = Contest(f'one flow of {options.long_flow} packets', 1)
        capture = captures.one_flow(options.long_flow)
        output = options.work / 'dataset'
        contest.add('packetloom-cli --preview', [cli, *ANALYZED, *capture])
        contest.add('packetloom-cli', [cli, '--quiet', *capture, '--output-dir', output])
        contest.print()
        shutil.rmtree(output)
    if options.growth:
        grow(cli, captures, options.work, options.growth)


if __name__ == '__main__':
    main()
