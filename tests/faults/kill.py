#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills conversions at random moments, and looks at what they leave.

    kill.py --cli PROGRAM --generate PROGRAM [--moments N] [--seed N] [--signal KILL|INT|TERM] [--work DIR]

Each moment is tried over a target that is absent, and over one that holds an older dataset. After SIGKILL the target
must be what it was before, or the complete new dataset (or absent, where the system cannot exchange two folders at
once), and the next run must sweep up every hidden folder; it is made to run after every tenth moment. After SIGINT or
SIGTERM nothing may be left at all, and the exit status must be 128 + the signal.
"""
import argparse
import hashlib
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time


def digest(folder):
    """Of all names and contents below a folder, but for the manifest's time of writing; None when it is not there."""
    if not folder.exists():
        return None
    total = hashlib.sha256()
    for file in sorted(folder.rglob('*')):
        if file.is_file():
            text = file.read_bytes()
            if file.name == 'manifest.json':
                text = b'\n'.join(line for line in text.splitlines() if b'"created"' not in line)
            total.update(str(file.relative_to(folder)).encode() + b'\0' + hashlib.sha256(text).digest())
    return total.hexdigest()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--cli', required=True)
    parser.add_argument('--generate', required=True)
    parser.add_argument('--moments', type=int, default=200)
    parser.add_argument('--rows', type=int, default=60000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--signal', choices=['KILL', 'INT', 'TERM'], default='KILL')
    parser.add_argument('--work', type=pathlib.Path)
    options = parser.parse_args()
    sent = getattr(signal, 'SIG' + options.signal)
    rng = random.Random(options.seed)
    counts = {'ended before': 0, 'as before': 0, 'new': 0, 'absent': 0}
    problems = []
    left_behind = 0
    with tempfile.TemporaryDirectory(dir=options.work) as name:
        work = pathlib.Path(name)
        captures = []
        for number, seed in enumerate((1, 2)):
            capture = work / f'capture{number}.csv'
            subprocess.run([options.generate, '--rows', str(options.rows), '--seed', str(seed), '--output', capture,
                            '--ip-map', work / f'map{number}.json'], check=True, stderr=subprocess.DEVNULL)
            captures.append(['--data', capture, '--ip-map', work / f'map{number}.json'])
        folder = work / 'folder'
        folder.mkdir()
        target = folder / 'dataset'

        def command(number):
            return [options.cli, '--quiet', *captures[number], '--output-dir', target]

        subprocess.run(command(0), check=True)
        old = digest(target)
        kept = work / 'kept'
        shutil.copytree(target, kept)
        begin = time.perf_counter()
        subprocess.run(command(1), check=True)
        whole = time.perf_counter() - begin
        new = digest(target)
        assert old != new

        for moment in range(options.moments):
            over_old = moment % 2 == 0
            if over_old and digest(target) != old or not over_old and target.exists():
                shutil.rmtree(target, ignore_errors=True)
                if over_old:
                    shutil.copytree(kept, target)
            process = subprocess.Popen(command(1), stderr=subprocess.PIPE)
            time.sleep(rng.random() * whole * 1.05)
            process.send_signal(sent)
            process.stderr.read()
            status = process.wait()
            after = digest(target)
            hidden = [entry.name for entry in folder.iterdir() if entry != target]
            what = f'moment {moment}, {"over an old dataset" if over_old else "over nothing"}'
            if status == 0:
                counts['ended before'] += 1
            elif sent == signal.SIGKILL:
                if status != -sent:
                    problems.append(f'{what}: exit status {status}')
            elif status not in (128 + sent, -sent): # -sent: before the program has begun to listen
                problems.append(f'{what}: exit status {status}')
            if after == new:
                counts['new'] += 1
                if status > 0:
                    problems.append(f'{what}: cancelled, but the new dataset is there')
            elif after == (old if over_old else None):
                counts['as before'] += 1
                if status == 0:
                    problems.append(f'{what}: exit status 0, but there is no new dataset')
            elif after is None:
                counts['absent'] += 1
            else:
                problems.append(f'{what}: the target is neither the old nor the new dataset')
            if hidden:
                left_behind += 1
                if sent != signal.SIGKILL and status != -sent or status == 0:
                    problems.append(f'{what}: left behind {hidden}')
            if moment % 10 == 9:
                subprocess.run(command(1), check=True)
                if [entry.name for entry in folder.iterdir()] != ['dataset'] or digest(target) != new:
                    problems.append(f'{what}: the next run leaves {[entry.name for entry in folder.iterdir()]}')
    for problem in problems:
        print(problem)
    print(f'{options.moments} moments of SIG{options.signal}: ' +
          ', '.join(f'{count} {name}' for name, count in counts.items()) +
          f'; {left_behind} left hidden files, swept up later; {len(problems)} problems')
    return 1 if problems or not counts['as before'] or options.moments > 50 and not counts['new'] else 0


if __name__ == '__main__':
    sys.exit(main())
