#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversions whose devices fail: reads and writes after any number of bytes, full disks, fsync, rename, mkdir and open
that fail, short and interrupted calls.

    devices.py --cli PROGRAM --generate PROGRAM --library FILE [--steps N] [--seed N] [--tmpfs]

FILE is the library of fail_io.cpp. Each failure is tried over an older dataset and over nothing. Then: an exit status
that says so, an error in words, nothing left behind, the older dataset untouched. --tmpfs also converts onto file
systems of its own that are too small by every degree, or have too few inodes (needs root).
"""
import argparse
import errno
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

from kill import digest


class Trial:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.problems, self.tried = [], {}
        self.folder = work / 'output'
        self.folder.mkdir()
        self.target = self.folder / 'dataset'
        self.capture = work / 'input' / 'capture.csv'
        self.capture.parent.mkdir()
        subprocess.run([options.generate, '--rows', '20000', '--seed', '3', '--output', self.capture, '--ip-map',
                        work / 'map.json'], check=True, stderr=subprocess.DEVNULL)
        self.packed = work / 'input' / 'packed.csv.gz'
        subprocess.run([options.generate, '--rows', '20000', '--seed', '3', '--output', self.packed, '--ip-map',
                        work / 'map.json'], check=True, stderr=subprocess.DEVNULL)
        done = self.convert({}, more=['--json'])
        self.bytes = json.loads(done.stdout)['bytes']
        self.whole = digest(self.target)
        self.old = work / 'old'
        few = ['--max-records', '50']
        self.convert({}, more=few)
        shutil.copytree(self.target, self.old)

    def convert(self, settings, capture=None, more=(), target=None):
        environment = dict(os.environ, **settings)
        if settings:
            environment['LD_PRELOAD'] = str(self.options.library)
        # chunks of one flow and small blocks: many files, many calls
        return subprocess.run([self.options.cli, '--data', capture or self.capture, '--ip-map', self.work / 'map.json',
                               '--output-dir', target or self.target, '--chunk-size', '40', *more],
                              env=environment, capture_output=True, text=True, timeout=300)

    def prepare(self, over_old):
        shutil.rmtree(self.target, ignore_errors=True)
        if over_old:
            shutil.copytree(self.old, self.target)

    def fail(self, call, after, number, path, capture=None):
        for over_old in (True, False):
            self.prepare(over_old)
            before = digest(self.target)
            done = self.convert({'PACKETLOOM_FAIL_CALL': call, 'PACKETLOOM_FAIL_AFTER': str(after),
                                 'PACKETLOOM_FAIL_ERRNO': str(number), 'PACKETLOOM_FAIL_PATH': str(path)}, capture)
            what = f'{call} fails with {errno.errorcode[number]} after {after}, {"over a dataset" if over_old else "new"}'
            name = f'{call} {errno.errorcode[number]}'
            self.tried[name] = self.tried.get(name, 0) + 1
            self.judge(what, done, before)
            if after == 0 and done.returncode == 0:
                self.problems.append(f'{what}: nothing failed, so this tries nothing')

    def judge(self, what, done, before):
        after = digest(self.target)
        left = [entry.name for entry in self.folder.iterdir() if entry != self.target]
        if left:
            self.problems.append(f'{what}: left behind {left}')
        if done.returncode == 0:
            if after != self.whole:
                self.problems.append(f'{what}: exit status 0, but the dataset is not whole')
        elif done.returncode not in (1, 2) or 'error: ' not in done.stderr:
            self.problems.append(f'{what}: exit status {done.returncode}, "{done.stderr.strip()[-200:]}"')
        elif after != before:
            self.problems.append(f'{what}: the target is not what it was')

    def gentle(self, settings):
        """Calls that are awkward but do their work."""
        for capture in (self.capture, self.packed):
            self.prepare(False)
            done = self.convert(dict(settings, PACKETLOOM_FAIL_PATH=str(self.work)), capture)
            name = ' '.join(f'{key[11:].lower()} {value}' for key, value in settings.items())
            self.tried[name] = self.tried.get(name, 0) + 1
            manifest_differs = digest(self.target) != self.whole and capture == self.capture
            if done.returncode != 0 or manifest_differs:
                self.problems.append(f'{name}: exit status {done.returncode}, {done.stderr.strip()[-200:]}')

    def no_locks(self):
        """A file system without locks: what another run may be writing stays, and both end well."""
        self.prepare(True)
        other = self.folder / '.dataset.packetloom-new-1-1'
        other.mkdir()
        (other / 'packets.csv').write_text('of a run that is under way')
        settings = {'PACKETLOOM_FAIL_CALL': 'flock', 'PACKETLOOM_FAIL_AFTER': '0',
                    'PACKETLOOM_FAIL_ERRNO': str(errno.ENOLCK), 'PACKETLOOM_FAIL_PATH': str(self.folder)}
        pipe = self.work / 'pipe.csv'
        os.mkfifo(pipe)
        first = subprocess.Popen([self.options.cli, '--data', pipe, '--ip-map', self.work / 'map.json', '--output-dir',
                                  self.target, '--chunk-size', '40'], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                 env=dict(os.environ, LD_PRELOAD=str(self.options.library), **settings))
        with pipe.open('wb') as begun:
            text = self.capture.read_bytes()
            begun.write(text[:len(text) // 2]) # the first one has its folder by now
            second = self.convert(settings)
            begun.write(text[len(text) // 2:])
        complaint = first.communicate(timeout=300)[1]
        self.tried['no locks'] = 1
        if second.returncode != 0 or first.returncode != 0 or digest(self.target) is None:
            self.problems.append(f'no locks: {second.stderr}, {complaint}')
        if not (other / 'packets.csv').exists():
            self.problems.append('no locks: swept up what another run may be writing')
        shutil.rmtree(other)
        left = [entry.name for entry in self.folder.iterdir() if entry != self.target]
        if left:
            self.problems.append(f'no locks: left behind {left}')

    def small_disks(self, steps):
        """The whole of a file system of its own, of every size that is too small, and one that is not."""
        folder = self.work / 'disk'
        folder.mkdir()
        target = folder / 'dataset'
        for step in range(steps + 1):
            size = max(self.bytes * step // steps, 16384) if step < steps else self.bytes * 2 + (8 << 20)
            subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={size}', 'tmpfs', folder], check=True)
            try:
                done = self.convert({}, target=target)
                left = [entry.name for entry in folder.iterdir()]
                what = f'a disk of {size} bytes'
                if step == steps:
                    if done.returncode != 0:
                        self.problems.append(f'{what}: exit status {done.returncode}')
                elif done.returncode != 0 and (left or 'disk is full' not in done.stderr):
                    self.problems.append(f'{what}: {done.stderr.strip()[-200:]}, left behind {left}')
                elif done.returncode == 0 and digest(target) != self.whole:
                    self.problems.append(f'{what}: not whole')
                if done.returncode != 0 and step > 1 and 'needs about' not in done.stderr:
                    self.problems.append(f'{what}: does not say how much is needed')
            finally:
                subprocess.run(['umount', folder], check=True)
            self.tried['full disk'] = self.tried.get('full disk', 0) + 1

    def few_inodes(self):
        """A disk with room for bytes, but not for files."""
        folder = self.work / 'disk'
        for inodes in (2, 3, 4, 5, 6, 8, 10, 15, 25):
            subprocess.run(['mount', '-t', 'tmpfs', '-o', f'nr_inodes={inodes}', 'tmpfs', folder], check=True)
            try:
                done = self.convert({}, target=folder / 'dataset')
                left = [entry.name for entry in folder.iterdir()]
                if done.returncode not in (1, 2) or left or 'error: ' not in done.stderr:
                    self.problems.append(f'{inodes} inodes: exit status {done.returncode}, '
                                         f'{done.stderr.strip()[-200:]}, left behind {left}')
                if 'no room for more files' not in done.stderr:
                    self.problems.append(f'{inodes} inodes: {done.stderr.strip()[-200:]}')
            finally:
                subprocess.run(['umount', folder], check=True)
            self.tried['inode table full'] = self.tried.get('inode table full', 0) + 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--cli', required=True)
    parser.add_argument('--generate', required=True)
    parser.add_argument('--library', required=True, type=pathlib.Path)
    parser.add_argument('--steps', type=int, default=40)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--tmpfs', action='store_true')
    options = parser.parse_args()
    options.library = options.library.resolve()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        trial = Trial(options, pathlib.Path(name))

        def places(most, count):
            return sorted({0, 1, most - 1, *(rng.randrange(most) for _ in range(count))})

        for after in places(trial.bytes, options.steps):
            trial.fail('write', after, rng.choice([errno.ENOSPC, errno.EIO, errno.EDQUOT]), trial.folder)
        for capture in (trial.capture, trial.packed):
            for after in places(capture.stat().st_size, options.steps // 2):
                trial.fail('read', after, errno.EIO, capture, capture)
        for call, numbers, most in (('fsync', [errno.EIO, errno.ENOSPC], 12), ('rename', [errno.EACCES, errno.EIO], 2),
                                    ('mkdir', [errno.EACCES, errno.ENOSPC], 4), ('open', [errno.EMFILE, errno.ENOSPC], 12)):
            for after in range(min(most, max(options.steps // 3, 2))):
                trial.fail(call, after, rng.choice(numbers), trial.folder)
        for size in (4096, 100, 7) if options.steps >= 40 else (4096,):
            trial.gentle({'PACKETLOOM_SHORT': str(size)})
        trial.gentle({'PACKETLOOM_EINTR': '2'})
        trial.gentle({'PACKETLOOM_EINTR': '3', 'PACKETLOOM_SHORT': '1000'})
        trial.no_locks()
        if options.tmpfs:
            trial.small_disks(options.steps)
            trial.few_inodes()
        for problem in trial.problems:
            print(problem)
        print('; '.join(f'{count} of {name}' for name, count in trial.tried.items()) +
              f': {len(trial.problems)} problems')
        return 1 if trial.problems or not trial.tried else 0


if __name__ == '__main__':
    sys.exit(main())
