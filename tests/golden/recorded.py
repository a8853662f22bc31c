#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every recorded case of the reference through packetloom-cli, judged by its own compare.py.

    recorded.py --cli PROGRAM --shared DIR

DIR holds golden/compare.py and folders of cases beside it (hand, fuzz, real): case.json with the arguments, the
inputs, and either the whole expected dataset or its checksums.
"""
import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile


def arguments_of(case):
    described = json.loads((case / 'case.json').read_text())
    arguments = ['--data', *described['data'], *described['args']]
    if (case / 'ip_map.json').exists() and '--ip-map' not in arguments:
        arguments += ['--ip-map', 'ip_map.json']
    return arguments


def difference(cli, compare, case, work, threads):
    actual = work / case.name
    command = [cli, *arguments_of(case), '--output-dir', str(actual), '--quiet', '--threads', threads]
    run = subprocess.run(command, cwd=case, capture_output=True, text=True)
    if run.returncode != 0:
        return f'exit status {run.returncode}: {run.stderr.strip()}'
    expected = case / 'expected'
    if not expected.is_dir():
        expected = case / 'SHA256SUMS'
    judged = subprocess.run([sys.executable, compare, str(actual), str(expected)], capture_output=True, text=True)
    return '' if judged.returncode == 0 else (judged.stdout + judged.stderr).strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--cli', required=True)
    parser.add_argument('--shared', required=True)
    parser.add_argument('--threads', default='1,2,8', help='numbers of threads to try, separated by commas')
    options = parser.parse_args()
    golden = pathlib.Path(options.shared) / 'golden'
    cases = sorted(path.parent for path in golden.glob('*/*/case.json'))
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        for case, threads in itertools.product(cases, options.threads.split(',')):
            problem = difference(str(pathlib.Path(options.cli).resolve()), str(golden / 'compare.py'), case,
                                 pathlib.Path(work), threads)
            if problem:
                failed += 1
                print(f'{case} with {threads} threads: {problem}')
    print(f'{len(cases)} cases, {failed} differ')
    return 1 if failed or not cases else 0


if __name__ == '__main__':
    sys.exit(main())
