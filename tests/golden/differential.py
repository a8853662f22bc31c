#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random small captures through packetloom-cli and through the slow model of the specification; both must agree.

    differential.py --cli PROGRAM --shared DIR [--cases N] [--seed N] [--threads N,N] [--keep DIR]

DIR holds golden/oracle.py and golden/compare.py; pandas_text.py puts right how the model reads text and numbers. A case
that differs is copied to the --keep folder in the layout of the golden cases. Rows that the model does not describe
(differences on purpose: short rows, quotes that are never closed, NUL bytes) are not made here; unit tests cover them.
"""
import argparse
import contextlib
import gzip
import importlib.util
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import pandas_text

COLUMNS = ['timestamp', 'src_ip', 'dst_ip', 'src_port', 'dst_port', 'flags', 'seq_num', 'ack_num', 'length', 'protocol']
BASE = 1257254615000000
SHORT = {'--chunk-read-size': '--chunk-r', '--chunk-size': '--chunk-s', '--flow-timeout-seconds': '--fl',
         '--max-records': '--m', '--filter-ips': '--filter-i', '--filter-time-start': '--filter-time-s',
         '--filter-time-end': '--filter-time-e', '--attack-context': '--att'}


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Capture:
    """One random capture: a handful of hosts, flows that are partly right, and a share of odd values."""

    def __init__(self, rng):
        self.rng = rng
        self.oddness = rng.choice([0, 0, 0.02, 0.1, 0.3])
        self.texts = ['10.1.0.%d' % i for i in range(1, 7)] + ['2001:db8::1', '2001:db8::2']
        if rng.random() < 0.2:
            self.texts += ['host-a', 'h\u00f6st', '\U0001f409', 'a,b', 'q"uote', 'tab\there', 'back\\slash', 'x:1']
        self.ids = {t: rng.choice([i + 1, 1000 + i, 7]) if rng.random() < 0.2 else i + 1
                    for i, t in enumerate(self.texts)}
        self.by_id = rng.random() < 0.5
        self.clock = BASE
        self.step = rng.choice([0, 1, 10, 1000, 1000000, 40000000])
        self.backward = rng.choice([0, 0, 0.05, 0.5])

    def address(self, text):
        rng = self.rng
        if rng.random() < self.oddness * 0.5:
            return rng.choice(['', 'nan', 'NA', 'null', '007', '99', '3.0', '2.5', '-4', '1e1', 'N/A', ' 5', '0', '00',
                               '1e3', '1E0', '+1', '1_000', '-7.0', '5 ', 'None', 'none', '<NA>', '#N/A N/A', '-1.#IND',
                               'NA ', 'True', 'FALSE', 'inf', '1e400', '1.2.3.4"', 'a"b"', '99999999999999999999'])
        if self.by_id:
            return str(self.ids[text])
        return text

    def number(self, value):
        rng = self.rng
        if rng.random() >= self.oddness:
            return str(value)
        return rng.choice(['', 'nan', '%d.0' % value, '%d.75' % value, 'abc', '-1', '0', '+%d' % value, ' %d ' % value,
                           '1e3', '-0', '4294967295', '9007199254740993', '.5', '5.', '-2.5', '0x10', 'None', '--1',
                           '1_000', 'True', 'false', 'inf', '-Infinity', 'NAN', '1e400', '-1e400', '\u0661\u0662',
                           '\u00b2', '%d"' % value, '\t%d' % value, '<NA>', '-1.#QNAN', '9223372036854775807',
                           '9223372036854775808', '-9223372036854775809', '18446744073709551615', '9.3e18', '1e30',
                           '99999999999999999999'])

    def flags(self, value):
        rng = self.rng
        if rng.random() < self.oddness:
            return rng.choice(['', 'x', '0', '256', '255', '274', '-1', '-256', '512', '66', '194', '18.0', '2.9', '41',
                               'inf', '1e400', 'True', '1_6', '2"', 'NA', '-nan', '99999999999999999999', '1e20'])
        return str(value)

    def time(self):
        rng = self.rng
        if rng.random() < self.backward:
            return self.clock - rng.randrange(0, 5 * self.step + 2)
        self.clock += rng.randrange(0, self.step + 1)
        if rng.random() < 0.01:
            self.clock += rng.choice([59999999, 60000000, 299999999, 300000000, 300000001])
        return self.clock

    def timestamp(self):
        rng = self.rng
        value = self.time()
        if rng.random() < self.oddness * 0.3:
            return rng.choice(['', 'notatime', 'inf', '-inf', 'nan', 'Infinity', '%d.5' % value, '%d.0' % value, '-5',
                               '-5.5', ' %d' % value, '+%d' % value, '1e400', '1e15', '%d"' % value, 'True', '1_000',
                               'NA', 'None', '9223372036854775808', '99999999999999999999', '-1e19'])
        return str(value)

    def rows(self, count):
        rng = self.rng
        flows = []
        for _ in range(rng.randrange(1, 8)):
            a, b = rng.sample(self.texts, 2)
            flows.append({'a': a, 'b': b if rng.random() < 0.95 else a, 'pa': rng.choice([40000, 40001, 5, 80]),
                          'pb': rng.choice([80, 443, 5, 0 if rng.random() < 0.1 else 22]), 'sa': rng.randrange(0, 5000),
                          'sb': rng.choice([rng.randrange(0, 5000), 0, 4294967295]), 'at': 0})
        for _ in range(count):
            f = rng.choice(flows)
            forward, flags, seq, ack, length = self.packet(f)
            src, dst, sp, dp = (f['a'], f['b'], f['pa'], f['pb']) if forward else (f['b'], f['a'], f['pb'], f['pa'])
            protocol = rng.choice(['6'] * 12 + ['17', '1', 'TCP', 'udp', ' Tcp '])
            if rng.random() < self.oddness:
                protocol = rng.choice(['', 'nan', 'icmp', 'SCTP', '6.0', '6.9', '-6', '132', '6"', 'inf', '1e400', '1_7',
                                       'True', 'NULL', '\u0666', '18446744073709551622'])
            yield [self.timestamp(), self.address(src), self.address(dst), self.number(sp), self.number(dp),
                   self.flags(flags), self.number(seq), self.number(ack), self.number(length), protocol]

    def packet(self, f):
        """The next packet of a plausible life, or sometimes of an implausible one."""
        rng = self.rng
        at = f['at']
        f['at'] += 1
        wrong = rng.random() < 0.08
        length = rng.choice([0, 54, 66, 66, 1514, 1514, -3])
        if wrong:
            return (rng.random() < 0.5, rng.choice([1, 2, 4, 16, 17, 18, 20, 24, 3, 7, 22, 0, 25, 48]),
                    rng.randrange(0, 50), rng.randrange(0, 50), length)
        if at == 0:
            return True, 2, f['sa'], 0, 74
        if at == 1:
            return False, 18, f['sb'], f['sa'] + 1, 74
        if at == 2:
            return True, 16, f['sa'] + 1, f['sb'] + 1, 66
        if rng.random() < 0.15:
            if rng.random() < 0.5:
                f['at'] = 0
                f['pa'] = rng.choice([f['pa'], f['pa'] + 1])
            return rng.random() < 0.5, rng.choice([17, 17, 4, 20, 1]), f['sa'] + at, f['sb'] + at, 66
        return rng.random() < 0.5, rng.choice([16, 16, 24]), f['sa'] + at, f['sb'] + at, length


def quoted(text):
    return '"%s"' % text.replace('"', '""')


def field_text(rng, text, quoting):
    """A field as it may stand in a file: with quotes where they must be, and now and then with some that need not."""
    if quoting == 'all' or text.startswith('"') or any(c in text for c in ',\r\n'):
        return quoted(text)
    if quoting == 'odd' and text and rng.random() < 0.1:
        cut = rng.randrange(0, len(text) + 1)
        if not text[cut:].startswith('"'):
            return quoted(text[:cut]) + text[cut:]
    return quoted(text) if '"' in text and rng.random() < 0.5 else text


def write_csv(rng, path, columns, rows):
    out = io.StringIO(newline='')
    eols = rng.choice([['\n'], ['\n'], ['\r\n'], ['\r'], ['\n', '\r\n', '\r'], ['\n'] * 20 + ['\r'],
                       ['\r'] * 20 + ['\n']])
    eol = ''
    quoting = rng.choice(['few', 'few', 'odd', 'all'])

    def write_row(values):
        nonlocal eol
        eol = rng.choice(eols)
        out.write(','.join(field_text(rng, value, quoting) for value in values) + eol)

    extra = rng.random() < 0.2
    write_row(columns + (['note'] if extra else []))
    for row in rows:
        values = [row[COLUMNS.index(c)] for c in columns]
        if extra:
            values.append(rng.choice(['', 'x', 'a,b', 'say "hi"', 'two\nlines', 'two\rlines', 'two\r\nlines', '\u00fc']))
        if rng.random() < 0.005:
            values += ['surplus']
        write_row(values)
        if rng.random() < 0.02:
            out.write(rng.choice(['', '', ' ', ' \t ']) + eol)
    data = out.getvalue().encode()
    if rng.random() < 0.2 and data.endswith(eol.encode()):
        data = data[:-len(eol)]
    if rng.random() < 0.1:
        data = b'\xef\xbb\xbf' + data
    if path.endswith('.gz'):
        cut = rng.randrange(0, len(data) + 1) if rng.random() < 0.3 else None
        parts = [data] if cut is None else [data[:cut], data[cut:]]
        data = b''.join(gzip.compress(p, mtime=0) for p in parts) + (b'\0' * 7 if rng.random() < 0.1 else b'')
    with open(path, 'wb') as f:
        f.write(data)


def make_case(rng, folder):
    """Writes the inputs into the folder and returns (data files, further arguments)."""
    capture = Capture(rng)
    columns = list(COLUMNS)
    if rng.random() < 0.3:
        rng.shuffle(columns)
    if rng.random() < 0.15:
        columns.remove(rng.choice(['src_port', 'flags', 'seq_num', 'ack_num', 'length', 'protocol']))
    count = rng.choice([0, 1, 2, 5, 20, 60, 150, 400])
    data = []
    for i in range(rng.choice([1, 1, 1, 2, 3])):
        name = 'p%d.csv%s' % (i, rng.choice(['', '', '.gz']))
        write_csv(rng, os.path.join(folder, name), columns, capture.rows(count))
        data.append(name)
    with open(os.path.join(folder, 'ip_map.json'), 'w') as f:
        json.dump(capture.ids, f)
    args = []
    def maybe(chance, name, value):
        if rng.random() < chance:
            args.extend([name, str(value)])
    maybe(0.7, '--chunk-read-size', rng.choice([1, 2, 3, 7, 20, 50, 100, 1000]))
    maybe(0.5, '--chunk-size', rng.choice([1, 2, 5, 7, 200]))
    maybe(0.5, '--flow-timeout-seconds', rng.choice([0, 1, 10, 60, 300, 999999]))
    maybe(0.2, '--max-records', rng.choice([0, 1, 7, 10, 50, 1000]))
    wanted = rng.sample(capture.texts[:8], rng.randrange(1, 3))
    if rng.random() < 0.3:
        wanted.append(str(rng.choice(list(capture.ids.values()))))
    if rng.random() < 0.2:
        wanted.append(rng.choice(['host-a', 'nonsense', 'x:1', '1e3', '+1', '1_000', '10.1.0', '1.2.3.4"', 'NA', '/8']))
    maybe(0.25, '--filter-ips', rng.choice([',', ', ', ' ,']).join(wanted))
    low = BASE + rng.randrange(-10, max(1, capture.clock - BASE + 1))
    maybe(0.2, '--filter-time-start', low)
    maybe(0.25, '--filter-time-end', low + rng.randrange(0, max(1, capture.clock - BASE + 1)))
    maybe(0.1, '--attack-context', rng.choice(['ddos', 'd\u00e9j\u00e0 "vu"', 'x' * 100]))
    if rng.random() < 0.2:
        args = [SHORT.get(word, word) for word in args]
    return data, args


def end_of_window(args):
    for option in ('--filter-time-end', SHORT['--filter-time-end']):
        if option in args:
            return int(args[args.index(option) + 1])
    return None


def run_oracle(oracle, folder, data, args, out):
    pandas_text.correct(oracle, end_of_window(args))
    arguments = ['oracle', '--data', *data, '--ip-map', 'ip_map.json', '--output-dir', out, *args]
    before, sys.argv = sys.argv, arguments
    here = os.getcwd()
    os.chdir(folder)
    try:
        oracle.main()
    finally:
        sys.argv = before
        os.chdir(here)


def keep_case(keep, name, folder, data, args, expected):
    target = os.path.join(keep, name)
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    for file in data + ['ip_map.json']:
        shutil.copy(os.path.join(folder, file), target)
    shutil.copytree(expected, os.path.join(target, 'expected'))
    with open(os.path.join(target, 'case.json'), 'w') as f:
        json.dump({'data': data, 'args': args}, f, indent=1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--cli', required=True)
    parser.add_argument('--shared', required=True)
    parser.add_argument('--cases', type=int, default=300)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', default='0', help='numbers of threads to try, separated by commas')
    parser.add_argument('--keep')
    options = parser.parse_args()
    sys.dont_write_bytecode = True
    golden = os.path.join(options.shared, 'golden')
    oracle = load(os.path.join(golden, 'oracle.py'), 'oracle')
    compare = load(os.path.join(golden, 'compare.py'), 'compare')
    cli = os.path.abspath(options.cli)
    failed = rows = 0
    for number in range(options.seed, options.seed + options.cases):
        rng = random.Random(number)
        with tempfile.TemporaryDirectory() as folder:
            data, args = make_case(rng, folder)
            expected, actual = os.path.join(folder, 'expected'), os.path.join(folder, 'actual')
            with contextlib.redirect_stdout(io.StringIO()):
                run_oracle(oracle, folder, data, args, expected)
            problem = []
            for threads in options.threads.split(','):
                command = [cli, '--data', *data, '--ip-map', 'ip_map.json', '--output-dir', actual, '--json',
                           '--threads', threads, *args]
                done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
                if done.returncode != 0:
                    problem.append('exit status %d: %s' % (done.returncode, done.stderr.strip()))
                    continue
                problem += compare.differences(actual, expected)
                counts = json.loads(done.stdout)['rows']
                rows += counts['read']
                if counts['read'] != counts['kept'] + counts['filtered'] + counts['rejected']:
                    problem.append('rows do not add up: %r' % counts)
            if problem:
                failed += 1
                print('case %d (%s): %s' % (number, ' '.join(args), '; '.join(problem[:4])))
                if options.keep:
                    keep_case(options.keep, 'differential_%d' % number, folder, data, args, expected)
    print('%d cases, %d rows, %d differ' % (options.cases, rows, failed))
    if rows == 0:
        print('no row was read: the test tested nothing')
        return 1
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
