#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures that are made to take memory or patience, converted with the memory watched.

    bounds.py --cli PROGRAM [--share X] [--work DIR]

--share 0.01 makes everything a hundredth as large. Each case has a bound that is promised in README.md; it is scaled
with the share, and 80 MB that it takes anyway are added. Then runs with a limit, of their own or of a control group.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HEADER = 'timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n'
LEAST, MOST = -2 ** 63, 2 ** 63 - 1


def rows(count, row):
    yield HEADER
    for begin in range(0, count, 100000):
        yield ''.join(row(i) for i in range(begin, min(begin + 100000, count)))


def distinct_addresses(i):
    a, b = 2 * i, 2 * i + 1
    return (f'{1735689600000000 + i},{a >> 24 & 255}.{a >> 16 & 255}.{a >> 8 & 255}.{a & 255},'
            f'{b >> 24 & 255}.{b >> 16 & 255}.{b >> 8 & 255}.{b & 255},53,53,0,0,0,60,17\n')


def syn_flood(i):
    return f'{1735689600000000 + i},{i % 1000000 + 1},2,{1024 + i // 1000000},80,2,{i},0,60,6\n'


def one_flow(time_of):
    return lambda i: f'{time_of(i)},1,2,40000,80,16,{i * 700 % 2 ** 32},5,1514,6\n'


def many_flows(time_of):
    return lambda i: f'{time_of(i)},{i % 5000 + 10},2,40000,80,{2 if i < 5000 else 16},{i},5,60,6\n'


# name, rows, row, what it may take in MB, further arguments
CASES = [
    ('20 million distinct addresses', 10_000_000, distinct_addresses, 3000, []),
    ('5 million open flows (SYN flood)', 5_000_000, syn_flood, 2500, []),
    ('one flow that never ends', 10_000_000, one_flow(lambda i: 1735689600000000 + i), 200, []),
    ('one flow, time runs backward', 10_000_000, one_flow(lambda i: 1735689600000000 - i), 200, []),
    ('5,000 flows, time runs backward', 5_000_000, many_flows(lambda i: 1735689600000000 - 1000 * i), 300, []),
    ('5,000 flows, all at one time', 5_000_000, many_flows(lambda i: 1735689600000000), 300, []),
    ('times at the ends of 64 bits', 5_000_000, many_flows(lambda i: LEAST + i if i % 2 else MOST - i), 300, []),
]


def wide_rows(share):
    yield HEADER
    for i in range(int(1500 * share)):
        yield f'{1735689600000000 + i},{i}{"x" * 900_000},b.b.b,1,80,2,0,0,60,6\n'


def many_addresses_map(share):
    count = int(5_000_000 * share)
    yield '{'
    for begin in range(0, count, 100000):
        yield ','.join(f'"host{i}": {i * 7}' for i in range(begin, begin + 100000)) + (
            ',' if begin + 100000 < count else '}')


# What may come on top of a limit: one task on each thread, and the program itself, in MiB.
SLACK = 48
# name, the file's text for a share, arguments, limits in MB
LIMITED = [
    ('SYN flood', lambda share: rows(int(5_000_000 * share), syn_flood), ['--data', 'FILE'], (60, 150, 250, 300)),
    ('distinct addresses', lambda share: rows(int(5_000_000 * share), distinct_addresses), ['--data', 'FILE'],
     (60, 100, 160, 220)),
    ('rows of 900 kB with an address each', wide_rows, ['--data', 'FILE'], (100, 250)),
    ('IP map of many addresses', many_addresses_map, ['--ip-map', 'FILE', '--data', 'SOME'], (40, 80, 120)),
]


def control_group(limit):
    """A group of that limit, of version 2 or 1; nothing where that is not allowed."""
    for folder, name in (('/sys/fs/cgroup', 'memory.max'), ('/sys/fs/cgroup/memory', 'memory.limit_in_bytes')):
        group = pathlib.Path(folder) / f'packetloom-bounds-{os.getpid()}'
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            if (group / name).exists():  # else it is a folder like any other, without that kind of limit
                (group / name).write_text(str(limit))
                return group
        except OSError:
            pass
        group.rmdir()
    return None


def run(command):
    begin = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = process.stdout.read()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, output, errors.decode(), time.perf_counter() - begin, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--cli', required=True)
    parser.add_argument('--share', type=float, default=1)
    parser.add_argument('--work')
    options = parser.parse_args()
    problems = 0
    with tempfile.TemporaryDirectory(dir=options.work) as name:
        work = pathlib.Path(name)
        for title, count, row, bound, more in CASES:
            count = int(count * options.share)
            bound = bound * options.share + 80
            capture = work / 'capture.csv'
            with open(capture, 'w') as out:
                out.writelines(rows(count, row))
            said = []
            for arguments in (['--preview'], ['--compact', '--output-dir', work / 'dataset']):
                status, output, errors, seconds, megabytes = run(
                    [options.cli, '--json', '--quiet', '--data', capture, *arguments, *more])
                right = status == 0 and megabytes <= bound and json.loads(output)['rows']['kept'] == count
                problems += not right
                said.append(f'{"preview" if arguments[0] == "--preview" else "convert"} {seconds:.1f} s, '
                            f'{megabytes:.0f} MB' + ('' if right else f' WRONG (status {status}) {errors.strip()[-300:]}'))
            shutil.rmtree(work / 'dataset', ignore_errors=True)
            print(f'| {title} ({count} rows) | {bound:.0f} MB | {" | ".join(said)} |', flush=True)
        # A limit that is met ends the run with its name and what to do, and is met with little beyond it.
        limited = 0
        some = work / 'some.csv'
        some.write_text(HEADER + syn_flood(1))
        for title, write, arguments, limits in LIMITED:
            file = work / 'limited'
            with open(file, 'w') as out:
                out.writelines(write(max(options.share, 0.2)))
            arguments = [{'FILE': file, 'SOME': some}.get(word, word) for word in arguments]
            for limit in limits:
                for more in (['--preview'], ['--compact', '--output-dir', work / 'dataset']):
                    status, _, errors, _, megabytes = run([options.cli, '--quiet', '--memory-limit', limit,
                                                           *arguments, *more])
                    ended = status in (1, 2) and '--memory-limit' in errors and not (work / 'dataset').exists()
                    right = (status == 0 or ended) and megabytes <= limit * 1e6 / 2 ** 20 + SLACK
                    problems += not right
                    limited += 1
                    print(f'| {title} | --memory-limit {limit} | {more[0]}: status {status}, {megabytes:.0f} MB |'
                          + ('' if right else f' WRONG {errors.strip()[-300:]}'), flush=True)
                    shutil.rmtree(work / 'dataset', ignore_errors=True)
        # Without one, what a control group leaves is the limit: the kernel must not have to end the process.
        with open(capture, 'w') as out:
            out.writelines(rows(2_000_000, syn_flood))
        group = control_group(200_000_000)
        if group is None:
            print('no control group can be made here')
        else:
            status, _, errors, _, megabytes = run(
                ['sh', '-c', f'echo $$ > {group}/cgroup.procs && exec "$@"', 'sh', options.cli, '--quiet',
                 '--preview', '--data', capture])
            right = status == 1 and '--memory-limit' in errors
            problems += not right
            limited += 1
            print(f'control group of 200 MB: status {status}, {megabytes:.0f} MB, "{errors.strip()}"'
                  + ('' if right else ' WRONG'))
            group.rmdir()
    print(f'{2 * len(CASES) + limited} runs, {problems} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
