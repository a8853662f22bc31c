# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does all tasks of a job of "packetloom-cli shard" on the workers of Dask, then finish.

    python3 packetloom_dask.py --scheduler tcp://HOST:8786 JOB -- --output-dir out/days
    python3 packetloom_dask.py --workers 8 JOB -- --output-dir out/days       # on this machine

Only tasks that are not done take time, so calling this again goes on where it stopped. The exit status is that of the
first command that failed; what it said is printed.
"""
import argparse
import json
import os
import subprocess
import sys

from distributed import Client


class TaskFailed(Exception):
    """With the command, its exit status and what it said."""


def shard(words):
    """On a worker: one command. Raises what a future can hand on, so that Dask tries again."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise TaskFailed(words, done.returncode, done.stderr)


class Job:
    def __init__(self, folder, cli):
        self.folder, self.cli = os.path.abspath(folder), cli
        with open(os.path.join(self.folder, 'job.json'), encoding='utf-8') as file:
            plan = json.load(file)
        self.map_tasks, self.reduce_tasks = plan['map_tasks'], plan['reduce_tasks']

    def words(self, verb, *more):
        return [self.cli, 'shard', verb, '--job', self.folder, *map(str, more)]

    def stage(self, client, retries, verb, tasks, *more):
        """All tasks of one kind; the next kind needs all of them."""
        commands = [self.words(verb, '--task', task, '--threads', 1, '--quiet', *more) for task in range(tasks)]
        futures = client.map(shard, commands, retries=retries, pure=False)
        print(f'{verb}: {tasks} tasks', flush=True)
        client.gather(futures)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('job', metavar='JOB', help='made by packetloom-cli shard plan; all workers see it by this path')
    parser.add_argument('finish', nargs='+', help='what is said to finish, after --')
    parser.add_argument('--scheduler', metavar='ADDRESS', help='of a running dask-scheduler')
    parser.add_argument('--workers', type=int, help='processes on this machine, where there is no scheduler')
    parser.add_argument('--merges', type=int, help='merge tasks; default: as many as reduce tasks, at most 16')
    parser.add_argument('--retries', type=int, default=2, help='how often a task that failed is tried again')
    parser.add_argument('--cli', default='packetloom-cli', help='the program, where it is not on the PATH of all workers')
    options = parser.parse_args()

    job = Job(options.job, options.cli)
    merges = options.merges or min(job.reduce_tasks, 16)
    # A task is a process of its own: a worker needs no threads but the one that waits.
    local = {'n_workers': options.workers, 'threads_per_worker': 1, 'dashboard_address': None}
    with Client(options.scheduler) if options.scheduler else Client(**local) as client:
        try:
            job.stage(client, options.retries, 'map', job.map_tasks)
            job.stage(client, options.retries, 'reduce', job.reduce_tasks)
            job.stage(client, options.retries, 'merge', merges, '--of', merges)
        except TaskFailed as failure:
            words, status, said = failure.args
            print(f'{said.strip()}\nfailed: {" ".join(words)}', file=sys.stderr)
            return status if status > 0 else 1
    return subprocess.run(job.words('finish', *options.finish)).returncode


if __name__ == '__main__':
    sys.exit(main())
