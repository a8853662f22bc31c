#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files whose keys were made to collide, against files of the same size and shape with random keys.

    collisions.py --cli PROGRAM [--work DIR] [--runs 3] [--quick]

The keys collide for hashes that anybody can compute: libstdc++'s of texts (MurmurHash64A with a known seed), a mix of
64-bit numbers whose every step can be undone, and that of integers, which are their own hash in a table of as many
places as a known prime. The made file may take at most 1.5 times the memory of the honest one, and 1.5 times its time
(--quick, for ctest: memory alone, and without the texts, which take a minute to make).
"""
import argparse
import gzip
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time

HEADER = 'timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n'
MASK = 2 ** 64 - 1
MURMUR, MURMUR_INVERSE = 0xc6a4a7935bd1e995, 0x5f7a0ea7e59b19bd
MIX, MIX_INVERSE, MIX_ADDED = 0xD6E8FEB86659FD93, 0xcfee444d8b59a89b, 0x9E3779B97F4A7C15
BUCKETS = 159871  # of an unordered_map with room for 150,000
PRINTABLE = set(range(0x21, 0x7f)) - set(b'",\\')


def murmur_second(first):
    k = first * MURMUR & MASK
    k ^= k >> 47
    h = ((0xc70f6907 ^ 16 * MURMUR & MASK) ^ (k * MURMUR & MASK)) * MURMUR & MASK
    k = (h ^ 0x0123456789abcdef) * MURMUR_INVERSE & MASK
    k ^= k >> 47
    return k * MURMUR_INVERSE & MASK


def mix(a, b):
    a ^= (b + MIX_ADDED) & MASK
    a = a * MIX & MASK
    return a ^ a >> 32


def mix_second(first):
    return ((mix(16, first) ^ 0x0123456789abcdef) - MIX_ADDED) & MASK


def colliding_texts(count, second_of):
    """Texts of 16 printable bytes: eight hexadecimal digits and what makes up for them."""
    texts, i = [], 0
    while len(texts) < count:
        first = int.from_bytes(b'%08x' % i, 'little')
        second = second_of(first)
        i += 1
        if second & 0x8080808080808080 == 0:
            tail = struct.pack('<Q', second)
            if PRINTABLE.issuperset(tail):
                texts.append(('%08x' % (i - 1)) + tail.decode())
    return texts


def random_texts(count):
    letters = [chr(c) for c in sorted(PRINTABLE)]
    return [f'{random.getrandbits(32):08x}' + ''.join(random.choices(letters, k=8)) for _ in range(count)]


def capture_of_addresses(texts):
    return HEADER + ''.join(f'{1735689600000000 + i},{text},b.b.b,1024,80,2,{i},0,60,6\n'
                            for i, text in enumerate(texts))


def capture_of_ports(ports):
    return HEADER + ''.join(f'{1735689600000000 + i},1,2,{low},{high},2,{i},0,60,6\n'
                            for i, (low, high) in enumerate(ports))


def signed(number):
    return number - 2 ** 64 if number >= 2 ** 63 else number


def colliding_ports(count):
    # Numbers of the addresses of ids 1 and 2, in order of appearance.
    return [(low, signed(((mix(1 << 32 | 2, low) ^ 0x0123456789abcdef) - MIX_ADDED) & MASK) or 1)
            for low in range(1, count + 1)]


def random_ports(count):
    return [(low, random.randrange(-2 ** 63, 2 ** 63) or 1) for low in range(1, count + 1)]


def ip_map(ids):
    return '{' + ',\n'.join(f'"10.{i >> 16}.{i >> 8 & 255}.{i & 255}": {number}' for i, number in enumerate(ids)) + '}'


def run(cli, arguments):
    begin = time.perf_counter()
    process = subprocess.Popen([cli, '--quiet', *map(str, arguments)], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, time.perf_counter() - begin, usage.ru_maxrss / 1024, errors.decode()


def best(cli, arguments, runs, work):
    results = []
    for _ in range(runs):
        results.append(run(cli, arguments))
        shutil.rmtree(work / 'dataset', ignore_errors=True)
    return results[0][0], min(r[1] for r in results), min(r[2] for r in results), results[0][3]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--cli', required=True)
    parser.add_argument('--work')
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('--quick', action='store_true')
    options = parser.parse_args()
    random.seed(1)
    problems = 0
    with tempfile.TemporaryDirectory(dir=options.work) as name:
        work = pathlib.Path(name)
        some = work / 'some.csv'
        some.write_text(capture_of_ports(random_ports(1000)))

        def write(file, make):
            # In a process of its own: what this one has used counts as used by every program that it starts.
            child = os.fork()
            if child == 0:
                content = make()
                (work / file).write_bytes(content if isinstance(content, bytes) else content.encode())
                os._exit(0)
            os.waitpid(child, 0)
            return work / file

        def case(title, made, honest):
            nonlocal problems
            for kind, more in (('preview', ['--preview']),
                               ('convert', ['--compact', '--output-dir', work / 'dataset'])):
                bad = best(options.cli, [*made, *more], options.runs, work)
                good = best(options.cli, [*honest, *more], options.runs, work)
                right = (bad[0] == good[0] == 0 and bad[2] <= 1.5 * good[2] + 2
                         and (options.quick or bad[1] <= 1.5 * good[1] + 0.02))
                problems += not right
                print(f'| {title}, {kind} | {bad[1]:.2f} s, {bad[2]:.0f} MB | {good[1]:.2f} s, {good[2]:.0f} MB |'
                      + ('' if right else f' WRONG {bad[3].strip()[-200:]}'), flush=True)

        count = 20_000
        case(f'{count} flows whose ports collide',
             ['--data', write('ports.csv', lambda: capture_of_ports(colliding_ports(count)))],
             ['--data', write('random.csv', lambda: capture_of_ports(random_ports(count)))])
        ids = range(0, 150_000 * BUCKETS, BUCKETS)
        case(f'IP map, {len(ids)} ids that are multiples of a prime',
             ['--ip-map', write('made.json', lambda: ip_map(ids)), '--data', some],
             ['--ip-map', write('honest.json', lambda: ip_map(random.sample(range(ids[-1]), len(ids)))),
              '--data', some])
        if not options.quick:
            for title, second_of in (('std::hash', murmur_second), ('the mix', mix_second)):
                count = 9_000
                case(f'{count} addresses that collide for {title}',
                     ['--data', write('texts.csv', lambda: capture_of_addresses(colliding_texts(count, second_of)))],
                     ['--data', write('random.csv', lambda: capture_of_addresses(random_texts(count)))])
            # A member of one byte takes 21; the honest file is as large, and its text much longer.
            def tiny():
                member = {bytes([c]): gzip.compress(bytes([c]), mtime=0) for c in range(128)}
                text = capture_of_ports(random_ports(25_000)).encode()[:1_000_000].rsplit(b'\n', 1)[0] + b'\n'
                return b''.join(member[text[i:i + 1]] for i in range(len(text)))

            case('gzip, a member for each byte, against one of the same size on disk',
                 ['--data', write('tiny.csv.gz', tiny)],
                 ['--data', write('honest.csv.gz', lambda: gzip.compress(
                     capture_of_ports(random_ports(1_000_000)).encode(), 1))])
            sizes = [(work / name).stat().st_size / 1e6 for name in ('tiny.csv.gz', 'honest.csv.gz')]
            print(f'  ({sizes[0]:.0f} MB and {sizes[1]:.0f} MB)')
    print(f'{problems} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
