#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures that are made to take memory or patience, converted with the memory watched.

    bounds.py --cli PROGRAM [--share X] [--work DIR]

--share 0.01 makes everything a hundredth as large. Each case has a bound that is promised in README.md; it is scaled
with the share, and 80 MB that it takes anyway are added.
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
        # A limit that is met ends the run with its name and what to do.
        with open(capture, 'w') as out:
            out.writelines(rows(max(int(5_000_000 * options.share), 1_000_000), syn_flood))
        status, _, errors, _, megabytes = run([options.cli, '--quiet', '--memory-limit', '60', '--data', capture,
                                               '--output-dir', work / 'dataset'])
        right = status == 1 and 'memory' in errors and '--memory-limit' in errors and not (work / 'dataset').exists()
        problems += not right
        print(f'--memory-limit 60: status {status}, {megabytes:.0f} MB, "{errors.strip()}"' + ('' if right else ' WRONG'))
    print(f'{2 * len(CASES) + 1} runs, {problems} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
