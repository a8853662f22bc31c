#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs by packetloom_dask.py: on this machine, and by a scheduler with two workers, one of which dies in the middle."""
import os
import subprocess

from jobs import expect, killed_in_the_middle, made_twice, play
from processes import kill_tree, parent_of, start
from slurm import free_ports

SECONDS = 240
PYTHON = '/usr/bin/python3' # Debian's, for which its packages are


class Workers:
    """A scheduler and two workers, as processes of their own."""

    def __init__(self, folder):
        self.folder, self.started = folder, []
        folder.mkdir()
        self.address = f'tcp://127.0.0.1:{free_ports(1)[0]}'

    def start(self, *words):
        self.started.append(start(words, self.folder / f'{len(self.started)}.log', cwd=self.folder))

    def __enter__(self):
        self.start('dask-scheduler', '--host', self.address, '--no-dashboard')
        for name in ('left', 'right'):
            self.start('dask-worker', self.address, '--nthreads', '1', '--no-dashboard', '--name', name,
                       '--local-directory', str(self.folder))
        return self

    def __exit__(self, *_):
        for process in self.started:
            kill_tree(process.pid)
            process.wait()

    def above(self, process):
        """The worker that a task's process belongs to."""
        workers = {worker.pid for worker in self.started}
        while process and process not in workers:
            process = parent_of(process)
        return process


def command(bench, job, *words):
    return [str(word) for word in (PYTHON, bench.drivers / 'dask/packetloom_dask.py', *words[:-1], job, '--', *words[-1])]


def driver(bench, job, *words):
    """The script's run, which may fail."""
    return subprocess.run(command(bench, job, *words), capture_output=True, text=True, timeout=SECONDS, cwd=bench.folder)


def here(bench, capture):
    made_twice(capture, lambda job, dataset: driver(bench, job, '--workers', 2, [capture.told, dataset, '--quiet']))


def a_worker_dies(bench, capture):
    with Workers(bench.folder / 'workers') as workers:
        job, dataset, _ = capture.plan()

        def kill(process):
            worker = workers.above(process)
            expect(worker, f'process {process} is of no worker')
            kill_tree(worker)
        killed_in_the_middle(bench, job, command(bench, job, '--scheduler', workers.address, '--merges', 2,
                                                 [capture.told, dataset, '--quiet']), kill, SECONDS)
        capture.check(dataset)


def failures_are_told(bench, capture):
    job, dataset, _ = capture.plan()
    (job / 'map').write_text('no folder')
    failed = driver(bench, job, '--workers', 1, [capture.told, dataset])
    expect(failed.returncode in (1, 2) and 'Not a directory' in failed.stderr and 'failed: packetloom-cli shard map' in failed.stderr,
           f'exit status {failed.returncode}: {failed.stderr}')
    expect(not dataset.exists(), 'a dataset of nothing')


def test(bench):
    os.environ['DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT'] = '30s'
    sample = bench.sample()
    here(bench, sample)
    here(bench, bench.connections())
    a_worker_dies(bench, bench.large())
    failures_are_told(bench, sample)


play(__doc__, 'elephants', test)
