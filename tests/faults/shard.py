#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs cut into tasks whose processes are killed, whose tasks run several times at once, and whose disks fail.

    shard.py --cli PROGRAM --generate PROGRAM [--library FILE] [--rounds N] [--seed N]

A round plans a job with random parts and stretches, for a dataset or for lines of flows, and starts its tasks in random
order: some of them twice at once, some killed at a random moment, some held up while another process does them, as on a
node that was given up and is back, and with FILE (the library of fail_io.cpp) some with writes, syncs or renames that
fail after some bytes or calls, or that are told as failed when they were done. Some merges put their chunk files beside
a dataset, and some of these are lost. The job's files have times of other clocks. What did not end well is run again until all
is done. The output must be that of one run, a task that failed must say so and not be done, and status must know.
"""
import argparse
import errno
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from kill import digest

FAILURES = [('write', errno.ENOSPC, 60_000), ('write', errno.EIO, 60_000), ('fsync', errno.EIO, 4),
            ('rename', errno.EIO, 1), ('mkdir', errno.ENOSPC, 2), ('read', errno.EIO, 60_000), ('reply', errno.ENOENT, 1)]


DATASET, LINES = ['--chunk-size', '40', '--chunk-read-size', '3000'], ['--as', 'conn-json']


class Round:
    def __init__(self, options, work, chance, capture, whole, lines):
        self.options, self.work, self.chance = options, work, chance
        self.capture, self.whole, self.lines = capture, whole, lines
        self.job = work / f'job{chance.randrange(10 ** 9)}'
        self.problems, self.tried = [], {}

    def words(self, *words):
        return [str(word) for word in (self.options.cli, 'shard', *words, '--job', self.job)]

    def run(self, *words):
        return subprocess.run(self.words(*words), capture_output=True, text=True, timeout=300)

    def status(self):
        return json.loads(self.run('status', '--json').stdout)

    def note(self, what):
        self.tried[what] = self.tried.get(what, 0) + 1

    def killed(self, task):
        process = subprocess.Popen(self.words(*task, '--quiet'), stderr=subprocess.DEVNULL)
        time.sleep(self.chance.random() * 0.08)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.note('killed' if process.returncode < 0 else 'ended before it was killed')
        states = self.status()[task[0]]
        # All happens on this machine, so status can tell, but for the moment before a task says who works on it.
        unsigned = [folder for folder in (self.job / task[0]).glob('.*') if not (folder / 'who').exists()]
        if states['running'] or states['begun'] > len(unsigned):
            self.problems.append(f'{task} after SIGKILL: status says {states}')
        if states['killed']:
            self.note('told as killed')

    def at_once(self, task):
        processes = [subprocess.Popen(self.words(*task, '--quiet'), stderr=subprocess.PIPE) for _ in range(3)]
        for process in processes:
            complaint = process.communicate(timeout=300)[1]
            if process.returncode != 0:
                self.problems.append(f'{task} three times at once: exit status {process.returncode}, {complaint}')
        self.note('at once')

    # Whoever is first does it; the other one, which goes on with an old folder of its own, is content.
    def held_up(self, task):
        process = subprocess.Popen(self.words(*task, '--quiet'), stderr=subprocess.PIPE)
        time.sleep(self.chance.random() * 0.05)
        process.send_signal(signal.SIGSTOP)
        ended = process.poll() is not None
        done = self.run(*task, '--quiet')
        process.send_signal(signal.SIGCONT)
        complaint = process.communicate(timeout=300)[1]
        if done.returncode != 0 or process.returncode != 0:
            self.problems.append(f'{task} beside one held up: {done.returncode} {done.stderr}, then '
                                 f'{process.returncode} {complaint}')
        self.note('ended before it was held up' if ended else 'held up')

    # As if every node had a clock of its own, years off.
    def skew(self):
        for path in self.job.rglob('*'):
            when = self.chance.randrange(2 ** 31)
            if path.exists():
                os.utime(path, (when, when), follow_symlinks=False)

    def on_failing(self, call, number, after, path):
        return dict(os.environ, LD_PRELOAD=str(self.options.library), PACKETLOOM_FAIL_CALL=call,
                    PACKETLOOM_FAIL_AFTER=str(after), PACKETLOOM_FAIL_ERRNO=str(number), PACKETLOOM_FAIL_PATH=str(path))

    def failing(self, task):
        call, number, most = self.chance.choice(FAILURES)
        after = self.chance.randrange(most)
        environment = self.on_failing(call, number, after, self.job / task[0])
        before = self.status()[task[0]]['done']
        done = subprocess.run(self.words(*task), env=environment, capture_output=True, text=True, timeout=300)
        state = self.status()[task[0]]
        what = f'{task}: {call} {errno.errorcode[number]} after {after}'
        self.note(f'{call} {errno.errorcode[number]}' if done.returncode != 0 else 'failure that came too late')
        if done.returncode != 0 and (done.returncode not in (1, 2) or 'error: ' not in done.stderr):
            self.problems.append(f'{what}: exit status {done.returncode}, "{done.stderr.strip()[-200:]}"')
        if call == 'reply' and done.returncode != 0:
            self.problems.append(f'{what}: exit status {done.returncode}, but it was done')
        # The last sync is of the folder's name, which stands by then.
        if done.returncode != 0 and state['done'] != before and call != 'fsync':
            self.problems.append(f'{what}: exit status {done.returncode}, and the task is done')

    # Chunk files that are gone, where what the task left cannot be moved out of the way at first.
    def lost(self, task):
        for place in (self.work / 'beside').iterdir():
            shutil.rmtree(place)
        before = self.status()['merge']['done']
        if self.options.library:
            environment = self.on_failing('rename', errno.EACCES, 0, self.job / 'merge' / '.lost-')
            done = subprocess.run(self.words(*task), env=environment, capture_output=True, text=True, timeout=300)
            if done.returncode == 0 or self.status()['merge']['done'] != before:
                self.problems.append(f'{task} over what is lost: exit status {done.returncode}, {done.stderr}')
        self.note('lost')
        done = self.run(*task, '--quiet')
        if done.returncode != 0:
            self.problems.append(f'{task} once more: exit status {done.returncode}, {done.stderr}')

    def play(self, tasks):
        self.chance.shuffle(tasks)
        for task in tasks:
            for _ in range(self.chance.randrange(3)):
                self.chance.choice([self.killed, self.failing] if self.options.library else [self.killed])(task)
            if self.chance.random() < 0.3:
                self.chance.choice([self.at_once, self.held_up])(task)
            done = self.run(*task, '--quiet')
            if done.returncode != 0:
                self.problems.append(f'{task} at last: exit status {done.returncode}, {done.stderr}')
            self.skew()

    def judge(self):
        shards, merges = self.chance.randint(1, 5), self.chance.randint(1, 3)
        planned = self.run('plan', '--shards', shards, '--task-bytes', self.chance.choice(['0', '200K', '600K']),
                           *(LINES if self.lines else DATASET), '--json', self.capture)
        plan = json.loads(planned.stdout)
        self.play([('map', '--task', str(i)) for i in range(plan['map_tasks'])])
        self.play([('reduce', '--task', str(i)) for i in range(plan['reduce_tasks'])])
        beside = [() if self.lines else self.chance.choice([(), ('--output-dir', str(self.work / 'beside' / 'set'))])
                  for _ in range(merges)]
        self.play([('merge', '--task', str(i), '--of', str(merges), *beside[i]) for i in range(merges)])
        for i in range(merges):
            if beside[i]:
                self.lost(('merge', '--task', str(i), '--of', str(merges), *beside[i]))
        target = self.work / ('lines' if self.lines else 'tasks')
        how = ('--output' if self.lines else '--output-dir', target, '--force', '--quiet')
        for _ in range(2):
            process = subprocess.Popen(self.words('finish', *how), stderr=subprocess.DEVNULL)
            time.sleep(self.chance.random() * 0.1)
            process.kill()
            process.wait()
        finished = self.run('finish', *how)
        if finished.returncode != 0 or (target.read_bytes() if self.lines else digest(target)) != self.whole:
            self.problems.append(f'finish: exit status {finished.returncode}, {finished.stderr}')
        left = self.status()['not_done']
        if left:
            self.problems.append(f'status: {left}')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--cli', required=True, type=pathlib.Path)
    parser.add_argument('--generate', required=True, type=pathlib.Path)
    parser.add_argument('--library', type=pathlib.Path)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--seed', type=int, default=random.randrange(10 ** 6))
    options = parser.parse_args()
    print(f'seed {options.seed}')
    chance = random.Random(options.seed)
    problems, tried = [], {}
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        capture, one = work / 'capture.csv', work / 'one'
        subprocess.run([options.generate, '--rows', '20000', '--seed', '5', '--addresses', 'text', '--output', capture],
                       check=True, stderr=subprocess.DEVNULL)
        subprocess.run([options.cli, '--data', capture, '--output-dir', one, *DATASET, '--quiet'], check=True)
        lines = subprocess.run([options.cli, 'export', capture, *LINES, '--output', '-'], check=True,
                               capture_output=True).stdout
        for number in range(options.rounds):
            odd = number % 2 == 1
            played = Round(options, work, chance, capture, lines if odd else digest(one), odd)
            played.judge()
            problems += played.problems
            for what, count in played.tried.items():
                tried[what] = tried.get(what, 0) + count
    print(', '.join(f'{count} {what}' for what, count in sorted(tried.items())))
    print('\n'.join(problems) or 'all as it should be')
    return 1 if problems else 0


sys.exit(main())
