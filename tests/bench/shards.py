#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what a conversion takes that is cut into tasks, beside the same in one run: CPU time of all tasks, peak
memory of each kind of task, bytes of the files between them. Prints a table.

    tests/bench/shards.py [--bin DIR] [--work DIR] [--shapes NAME,...] [--packets N] [--format csv|pcap|pcapng]
                          [--cut TASKS:SHARDS:MERGES,...] [--chunk ROWS] [--runs N] [--threads N]

Tasks run one after another, each as a process of its own. TASKS is about how many map tasks there shall be. DIR should
be on a disk: it takes the capture, the job, and two datasets, for 10 million rows about 8 GB. Every dataset is compared
with that of the one run, file by file. CPU times are the least of N runs, memory the most."""
import argparse
import filecmp
import json
import pathlib
import shutil
import subprocess
import sys
import time

from bounds import TEXT_SHAPES
from runs import load, machine, sources

HERE = pathlib.Path(__file__).resolve().parent
KINDS = ['plan', 'map', 'reduce', 'merge', 'finish']


class Spent:
    """CPU seconds, wall seconds and megabytes of a process. By GNU time, for to the system the memory of what Python
    starts is at first that of Python."""

    def __init__(self, command):
        begin = time.perf_counter()
        words = [str(word) for word in command]
        ended = subprocess.run(['/usr/bin/time', '-f', '%U %S %M', *words], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
        if ended.returncode:
            sys.exit(f'failed: {" ".join(words)}\n{ended.stderr}')
        self.wall = time.perf_counter() - begin
        user, system, kilobytes = ended.stderr.split()[-3:]
        self.cpu, self.megabytes = float(user) + float(system), int(kilobytes) / 1024


def bytes_of(folder, wanted):
    return sum(path.stat().st_size for path in folder.rglob('*') if path.is_file() and wanted(path.relative_to(folder)))


def is_product(path):
    """Of a job's files those that are in the dataset as they are."""
    return path.name == 'packets.csv' or path.parent.name == 'flows' or path.name == 'index'


def without_created(path):
    manifest = json.loads(path.read_text())
    del manifest['created']
    return manifest


def check_same(one, other):
    names = sorted(path.relative_to(one) for path in one.rglob('*') if path.is_file())
    if names != sorted(path.relative_to(other) for path in other.rglob('*') if path.is_file()):
        sys.exit(f'{other} has other files than {one}')
    for name in names:
        same = (without_created(one / name) == without_created(other / name) if name.name == 'manifest.json'
                else filecmp.cmp(one / name, other / name, shallow=False))
        if not same:
            sys.exit(f'{other / name} is not as in one run')


class Bench:
    def __init__(self, options):
        self.options, self.work = options, options.work
        self.cli, self.generate = options.bin / 'packetloom-cli', options.bin / 'packetloom-generate'
        self.work.mkdir(parents=True, exist_ok=True)

    def shape(self, name):
        options = self.options
        capture = self.work / f'{name}.{options.format}'
        ids = self.work / f'{name}.json' if options.format == 'csv' and name not in TEXT_SHAPES else None
        subprocess.run([self.generate, '--shape', name, '--packets', str(options.packets), '--seed', '5', '--output', capture,
                        '--format', options.format, *(['--ip-map', ids] if ids else [])], check=True,
                       stderr=subprocess.DEVNULL)
        how = [*(['--ip-map', ids] if ids else []), *(['--threads', str(options.threads)] if options.threads else []),
               *(['--chunk-read-size', str(options.chunk)] if options.chunk else [])]
        one = self.work / 'one'
        best = None
        for _ in range(options.runs):
            shutil.rmtree(one, ignore_errors=True)
            spent = Spent([self.cli, '--quiet', '--output-dir', one, *how, '--data', capture])
            best = spent if not best or spent.cpu < best.cpu else best
        size = capture.stat().st_size
        print(f'\n**{name}**, {options.packets / 1e6:g} M rows, {options.format} of {size / 1e6:.0f} MB, dataset of '
              f'{bytes_of(one, lambda path: True) / 1e6:.0f} MB; one run: {best.cpu:.2f} s CPU, {best.wall:.2f} s, '
              f'{best.megabytes:.0f} MB\n')
        print('| map, reduce, merge tasks | CPU: plan, map, reduce, merge, finish | together / one run | '
              'peak MB: plan, map, reduce, merge, finish | longest map, reduce, merge, finish | '
              'bytes between / input | packets.csv, chunk files, index |')
        print('| --- | --- | --- | --- | --- | --- | --- |', flush=True)
        for cut in options.cut.split(','):
            self.cut(capture, size, how, best, one, *map(int, cut.split(':')))
        for path in (capture, ids):
            if path:
                path.unlink()
        shutil.rmtree(one)

    def cut(self, capture, size, how, best, one, tasks, shards, merges):
        job, out = self.work / 'job', self.work / 'out'
        cpu, memory, wall, checked = {}, {}, {}, False
        for _ in range(self.options.runs):
            for folder in (job, out):
                shutil.rmtree(folder, ignore_errors=True)
            spent = {kind: [] for kind in KINDS}

            def run(kind, *words):
                spent[kind].append(Spent([self.cli, 'shard', kind, '--quiet', '--job', job, *words]))

            run('plan', '--shards', shards, *(['--task-bytes', size // tasks + 1] if tasks > 1 else []), *how, capture)
            maps = json.loads((job / 'job.json').read_text())['map_tasks']
            for task in range(maps):
                run('map', '--task', task)
            for task in range(shards):
                run('reduce', '--task', task)
            for task in range(merges):
                run('merge', '--task', task, '--of', merges)
            run('finish', '--output-dir', out)
            for kind, of_kind in spent.items():
                cpu[kind] = min(cpu.get(kind, 1e9), sum(one.cpu for one in of_kind))
                memory[kind] = max(memory.get(kind, 0), *(one.megabytes for one in of_kind))
                wall[kind] = min(wall.get(kind, 1e9), max(one.wall for one in of_kind))
            if not checked:
                check_same(one, out)
                checked = True
        between = bytes_of(job, lambda path: not is_product(path))
        product = bytes_of(job, is_product)
        print(f'| {maps}, {shards}, {merges} | {", ".join(f"{cpu[kind]:.2f}" for kind in KINDS)} s | '
              f'{sum(cpu.values()) / best.cpu:.2f} | {", ".join(f"{memory[kind]:.0f}" for kind in KINDS)} | '
              f'{", ".join(f"{wall[kind]:.2f}" for kind in KINDS[1:])} s | '
              f'{between / 1e6:.0f} MB / {size / 1e6:.0f} MB = {between / size:.2f} | {product / size:.2f} |', flush=True)
        for folder in (job, out):
            shutil.rmtree(folder)


def main():
    top = HERE.parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--bin', type=pathlib.Path, default=top / 'build' / 'release' / 'bin')
    parser.add_argument('--work', type=pathlib.Path, default=top / 'build' / 'bench-shards')
    parser.add_argument('--shapes', default='default,campus,crowd,flood,scan,elephants,lossy')
    parser.add_argument('--packets', type=int, default=10_000_000)
    parser.add_argument('--format', choices=['csv', 'pcap', 'pcapng'], default='csv')
    parser.add_argument('--cut', default='1:4:1,4:4:1,16:16:4', metavar='TASKS:SHARDS:MERGES,...')
    parser.add_argument('--runs', type=int, default=2)
    parser.add_argument('--chunk', type=int, help='rows of a read chunk, of which a task has whole ones')
    parser.add_argument('--threads', type=int, help='of each process; as many as there are unless told otherwise')
    options = parser.parse_args()
    before = load()
    bench = Bench(options)
    for name in options.shapes.split(','):
        bench.shape(name)
    print(f'\n{machine()}; load {before} before, {load()} after; {sources(HERE)}; CPU: the least of {options.runs}.')


if __name__ == '__main__':
    main()
