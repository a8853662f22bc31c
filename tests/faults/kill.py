#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills conversions at random moments, and looks at what they leave.

    kill.py --cli PROGRAM --generate PROGRAM [--moments N] [--seed N] [--signal KILL|HUP|INT|TERM|XCPU] [--blocked]
            [--within SECONDS] [--work DIR]

Each moment is tried over a target that is absent, and over one that holds an older dataset. After SIGKILL the target
must be what it was before, or the complete new dataset (or absent, where the system cannot exchange two folders at
once), and the next run must sweep up every hidden folder; it is made to run after every tenth moment. After any other
signal nothing may be left at all, and the exit status must be 128 + the signal.

--blocked: the capture comes through a pipe that falls silent after a random part of it, the IP map through one to
which nobody writes, or standard output or error is a pipe that nobody reads; the signal comes while the program waits,
and it must end within a second (--within).
"""
import argparse
import hashlib
import os
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


def full_pipe():
    """Both ends of a pipe that takes nothing more."""
    ends = os.pipe()
    os.set_blocking(ends[1], False)
    try:
        while True:
            os.write(ends[1], bytes(4096))
    except BlockingIOError:
        os.set_blocking(ends[1], True)
    return ends


def sleeps(process):
    return pathlib.Path(f'/proc/{process.pid}/stat').read_text().rpartition(')')[2].split()[0] in 'SZ'


def blocked(options, sent, rng, capture, ip_map, folder):
    """The problems, and the longest time that the program took to end."""
    problems = []
    longest = 0
    places = ['capture', 'map', 'output', 'errors']
    text = capture.read_bytes()
    pipe = folder.parent / 'pipe'
    os.mkfifo(pipe)
    keep = os.open(pipe, os.O_RDWR) # so that it is silent and not at its end
    for moment in range(options.moments):
        place = places[moment % len(places)]
        target = folder / 'dataset'
        shutil.rmtree(target, ignore_errors=True)
        full = full_pipe()
        # What is said beforehand, on standard error, is that --preview writes nothing.
        command = [options.cli, '--data', pipe if place == 'capture' else capture,
                   '--ip-map', pipe if place == 'map' else ip_map, '--output-dir', target]
        command += {'errors': ['--preview'], 'output': ['--json']}.get(place, ['--quiet'])
        process = subprocess.Popen(command, stdout=full[1] if place == 'output' else subprocess.DEVNULL,
                                   stderr=full[1] if place == 'errors' else subprocess.PIPE)
        if place == 'capture':
            fed = subprocess.Popen([sys.executable, '-c', 'import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())'],
                                   stdin=subprocess.PIPE, stdout=keep)
            fed.communicate(text[:rng.randrange(len(text))])
        quiet = 0
        while quiet < 5:
            time.sleep(0.02)
            quiet = quiet + 1 if sleeps(process) else 0
        begin = time.perf_counter()
        process.send_signal(sent)
        what = f'moment {moment}, waiting for {place}'
        try:
            status = process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
            problems.append(f'{what}: one signal does not end it')
        took = time.perf_counter() - begin
        longest = max(longest, took)
        if took > options.within:
            problems.append(f'{what}: {took:.2f} s to end')
        if status != (-sent if sent == signal.SIGKILL else 128 + sent):
            problems.append(f'{what}: exit status {status}')
        os.close(full[0])
        os.close(full[1])
        left = [entry.name for entry in folder.iterdir() if place != 'output' or entry != target]
        if left and sent != signal.SIGKILL:
            problems.append(f'{what}: left behind {left}')
        os.set_blocking(keep, False)
        try:
            while os.read(keep, 1 << 16):
                pass
        except BlockingIOError:
            os.set_blocking(keep, True)
    return problems, longest


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--cli', required=True)
    parser.add_argument('--generate', required=True)
    parser.add_argument('--moments', type=int, default=200)
    parser.add_argument('--rows', type=int, default=60000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--signal', choices=['KILL', 'HUP', 'INT', 'TERM', 'XCPU'], default='KILL')
    parser.add_argument('--blocked', action='store_true')
    parser.add_argument('--within', type=float, default=1, help='seconds to end in, while blocked')
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

        if options.blocked:
            problems, longest = blocked(options, sent, rng, captures[0][1], captures[0][3], folder)
            for problem in problems:
                print(problem)
            print(f'{options.moments} moments of SIG{options.signal} while blocked: the slowest took '
                  f'{longest * 1000:.0f} ms to end; {len(problems)} problems')
            return 1 if problems else 0

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
