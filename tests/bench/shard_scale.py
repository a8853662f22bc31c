#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how long each task of a large job takes, by how many shards it is cut into. Prints a table.

    tests/bench/shard_scale.py [--bin DIR] [--work DIR] [--shape NAME] [--packets N] [--shards N,...] [--as FORMAT]
                               [--merges N] [--measured N]

Tasks run one after another, each as a process of its own with one thread. A dataset takes ten times its capture and more,
so of its N merge tasks only some are run, what one wrote is removed once it is measured, and there is no finish. For files of
flows all are run. DIR takes the capture and, at a time, one job: for 100 million rows about 20 GB."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess

from runs import load, machine, sources
from shards import HERE, Spent, bytes_of


def named(*names):
    return lambda path: path.name in names


def times(spent):
    return (f'{max(one.wall for one in spent):.1f} ({len(spent)} tasks, {sum(one.cpu for one in spent):.1f} CPU, '
            f'{max(one.megabytes for one in spent):.0f} MB)')


class Scale:
    def __init__(self, options):
        self.options, self.job, self.out = options, options.work / 'job', options.work / 'out'
        self.capture, self.ids = options.work / 'capture.csv', options.work / 'ids.json'
        options.work.mkdir(parents=True, exist_ok=True)

    def run(self, kind, *words):
        return Spent([self.options.bin / 'packetloom-cli', 'shard', kind, '--quiet', '--job', self.job, *words])

    def generate(self):
        options = self.options
        subprocess.run([options.bin / 'packetloom-generate', '--shape', options.shape, '--packets', str(options.packets),
                        '--seed', '5', '--output', self.capture, '--ip-map', self.ids], check=True,
                       stderr=subprocess.DEVNULL)
        size = self.capture.stat().st_size
        print(f'{options.shape}, {options.packets / 1e6:g} M rows, CSV of {size / 1e9:.2f} GB, {options.format}\n')
        print('| shards | map tasks | longest map | reduce | merge | finish | parts | facts | flows | '
              'packets.csv | chunk files or lines |')
        print('| --- ' * 11 + '|', flush=True)

    def cut(self, shards):
        shutil.rmtree(self.job, ignore_errors=True)
        lines = self.options.format != 'timearcs-v2'
        spent = {'plan': [self.run('plan', '--shards', shards, '--task-bytes', '1G', '--as', self.options.format,
                                   '--ip-map', self.ids, self.capture)]}
        maps = json.loads((self.job / 'job.json').read_text())['map_tasks']
        spent['map'] = [self.run('map', '--task', task, '--threads', 1) for task in range(maps)]
        spent['reduce'] = [self.run('reduce', '--task', task, '--threads', 1) for task in range(shards)]
        sizes = [bytes_of(self.job, named(name)) for name in ('parts', 'facts')]
        sizes += [bytes_of(self.job / 'reduce', named('flows')), bytes_of(self.job / 'map', named('packets.csv'))]
        merges, merged, spent['merge'] = self.options.merges, 0, []
        for task in range(0, merges, 1 if lines else max(merges // self.options.measured, 1)):
            spent['merge'].append(self.run('merge', '--task', task, '--of', merges, '--threads', 1))
            if lines:
                continue
            for folder in (self.job / 'merge').iterdir():
                merged += bytes_of(folder, lambda path: True)
                shutil.rmtree(folder)
        if lines:
            merged = bytes_of(self.job / 'merge', lambda path: True)
            spent['finish'] = [self.run('finish', '--output', self.out, '--force')]
            os.unlink(self.out)
        sizes.append(merged)
        cells = [times(spent[kind]) if kind in spent else '' for kind in ('map', 'reduce', 'merge', 'finish')]
        print(f'| {shards} | {maps} | {" | ".join(cells)} | '
              + ' | '.join(f'{size / 1e9:.2f}' for size in sizes) + ' |', flush=True)
        shutil.rmtree(self.job)


def main():
    top = HERE.parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--bin', type=pathlib.Path, default=top / 'build' / 'release' / 'bin')
    parser.add_argument('--work', type=pathlib.Path, default=top / 'build' / 'bench-scale')
    parser.add_argument('--shape', default='default')
    parser.add_argument('--packets', type=int, default=100_000_000)
    parser.add_argument('--shards', default='1,4,16,64')
    parser.add_argument('--merges', type=int, default=64)
    parser.add_argument('--measured', type=int, default=8, help='merge tasks of a dataset that are run')
    parser.add_argument('--as', dest='format', default='timearcs-v2')
    options = parser.parse_args()
    before = load()
    scale = Scale(options)
    scale.generate()
    for shards in options.shards.split(','):
        scale.cut(int(shards))
    for path in (scale.capture, scale.ids):
        path.unlink()
    print(f'\nSeconds: of the longest task (of all together CPU seconds; peak memory); sizes in GB. {machine()}; '
          f'load {before} before, {load()} after; {sources(HERE)}.')


if __name__ == '__main__':
    main()
