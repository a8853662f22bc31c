#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The counting part of instructions.sh: instructions of `packetloom-cli --preview --threads 1` for each packet, by
shape of traffic and by stage. See README.md."""
import argparse
import collections
import pathlib
import re
import subprocess
import sys

from runs import sources
from shapes import SHAPES, Capture

HERE = pathlib.Path(__file__).resolve().parent
BEGIN, END = '<!-- instructions: begin -->', '<!-- instructions: end -->'

# What a stage's functions are called; the first that matches has it. A function that no line names (the standard
# library, memory, tasks) counts for the stages that call it.
STAGES = {
    'map': r'\bIpMap::',
    'read': r'\b(PacketReader|CsvTokenizer|GzipSource|FileSource|PlainSource|ByteSource|TextBlock)\b.*::|openByteSource|'
            r'\binflate|PacketStream::readOne\(',
    'index': r'\bDelimiterIndex::',
    'parse': r'\b(BlockParser|RowInterpreter|RowFilter|BatchBuilder|AddressFields)::|PacketStream::parse\(',
    'resolve': r'\b(AddressResolver|AddressDecoder|AddressTable|TextArena)::',
    'route': r'\b(RowRouter|AddressMarks)::',
    'judge': r'\b(ReferenceMachine|FlowUnpacker|FlowCounts)::|decodePacket|FlowStage::workOn|judge|Shard::take',
    'statistics': r'\b(FlagStats|AddressStats|TimeBins|BinBorders|Timeline|TimestampStore|PairStats|FlowTally|FlowTable|'
                  r'TrafficRecord|Traffic|CountingCollector|TableCollector|CollectingSink)::|'
                  r'Engine::(bins|takeStatistics)\(|referenceBins|classOf|sortRanked',
    'track': r'\b(FlowTracker|ShortFlow|PacketStore|FlowKey|PackedFlow|FlowBatch|Shard)::|encodePacket',
    'engine': r'\b(Engine|FlowShards|ProgressMeter)::',
}
STAGE_OF = {stage: re.compile(pattern) for stage, pattern in STAGES.items()}
# The order of the table.
COLUMNS = ['read', 'index', 'parse', 'resolve', 'route', 'track', 'judge', 'statistics', 'engine', 'map', 'other']


class Profile:
    """What callgrind wrote: of each function its own instructions, and those of its calls."""

    def __init__(self, path):
        self.own = collections.Counter()
        self.calls = collections.defaultdict(collections.Counter)  # by callee, of each caller
        names, function, callee = {}, None, None

        def name(text):
            number, _, written = text.partition(' ')
            if written:
                names[number] = written
            return names[number]

        for line in path.read_text().splitlines():
            if line.startswith('fn='):
                function = name(line[3:])
            elif line.startswith('cfn='):
                callee = name(line[4:])
            elif function and re.match(r'[+*\-\d]', line):
                cost = int(line.split()[1])
                if callee:
                    self.calls[callee][function] += cost
                    callee = None
                else:
                    self.own[function] += cost

    def stages(self):
        """Instructions by stage. What a function that belongs to none has costs its callers, by what they spend in
        it; where such functions call each other in circles, a few rounds come close enough."""
        functions = set(self.own) | set(self.calls)
        shares = {}
        for function in functions:
            stage = next((stage for stage, pattern in STAGE_OF.items() if pattern.search(owner(function))), None)
            shares[function] = {stage: 1.0} if stage else None
        fixed = {function for function in functions if shares[function]}
        for _ in range(60):
            moved = 0.0
            for function in functions - fixed:
                callers = self.calls.get(function, {})
                total = sum(cost for caller, cost in callers.items() if caller != function and shares.get(caller))
                new = collections.Counter()
                for caller, cost in callers.items():
                    if caller != function and shares.get(caller):
                        for stage, share in shares[caller].items():
                            new[stage] += share * cost / total if total else 0
                if not new and not callers:
                    new['other'] = 1.0
                old = shares[function] or {}
                moved = max([moved] + [abs(new[stage] - old.get(stage, 0)) for stage in new])
                shares[function] = dict(new) if new else shares[function]
            if moved < 1e-6:
                break
        result = collections.Counter()
        for function, cost in self.own.items():
            for stage, share in (shares[function] or {'other': 1.0}).items():
                result[stage] += share * cost
        return result


def owner(function):
    """A function's name without its parameters and template arguments, where other classes are named; of a lambda
    in a function, and of what std::function makes of it, that function's."""
    inside = re.search(r'packetloom::[^<>]*?(\w+::\w+)\([^{}]*\)(?: const)?::\{lambda', function)
    if inside:
        return inside.group(1) + '('
    text, depth = '', 0
    for character in function.replace('(anonymous namespace)::', '').replace('operator<', 'operator_'):
        if character == '<':
            depth += 1
        elif character == '>':
            depth -= 1
        elif depth == 0:
            text += character
            if character == '(':
                break
    return text


def counts(command, work):
    """Of a program: all instructions in user mode, and those of each stage, by valgrind."""
    file = work / 'callgrind.out'
    subprocess.run(['valgrind', '--tool=callgrind', f'--callgrind-out-file={file}', '--quiet', *command], check=True,
                   stdout=subprocess.DEVNULL)
    profile = Profile(file)
    file.unlink()
    return sum(profile.own.values()), profile.stages()


def by_perf(command):
    """Nothing where the machine does not count instructions (most virtual ones)."""
    try:
        said = subprocess.run(['perf', 'stat', '-x,', '-e', 'instructions:u', *command], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True).stderr
        return int(re.search(r'^(\d+),.*instructions', said, re.MULTILINE).group(1))
    except (OSError, AttributeError):
        return None


def table(options):
    options.work.mkdir(parents=True, exist_ok=True)
    rows = []
    for shape in options.shapes.split(','):
        print(f'{shape} ...', file=sys.stderr, flush=True)
        capture = Capture.generated(options.bin / 'packetloom-generate', options.work, shape, options.packets)
        command = [str(word) for word in (options.bin / 'packetloom-cli', '--preview', '--quiet', '--threads', '1',
                                          *capture.arguments())]
        perf = by_perf(command)
        total, stages = counts(command, options.work)
        capture.remove()
        rows.append([shape, perf, total, *(stages[column] for column in COLUMNS)])
    columns = ['shape', 'all, by perf', 'all', *COLUMNS]
    if not any(row[1] for row in rows):
        columns.pop(1)
        for row in rows:
            row.pop(1)
    lines = [f'| {" | ".join(columns)} |', '| --- |' + ' ---: |' * (len(columns) - 1)]
    for shape, *numbers in rows:
        lines.append(f'| {shape} | ' + ' | '.join(f'{number / options.packets:,.0f}' for number in numbers) + ' |')
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--bin', type=pathlib.Path)
    parser.add_argument('--work', type=pathlib.Path)
    # Colliding keys are counted by compare.sh, within a limit: they may take all the memory there is.
    parser.add_argument('--shapes', default=','.join(shape for shape in SHAPES if shape != 'collide'))
    parser.add_argument('--packets', type=int, default=1_000_000)
    parser.add_argument('--write', action='store_true', help='into README.md')
    parser.add_argument('--profile', type=pathlib.Path, help='only the stages of a file that callgrind wrote')
    options = parser.parse_args()
    if options.profile:
        profile = Profile(options.profile)
        for stage, cost in profile.stages().most_common():
            print(f'{cost:16,.0f} {stage}')
        return
    compiler = subprocess.run(['c++', '--version'], capture_output=True, text=True).stdout.splitlines()[:1]
    lines = [f'{sources(HERE)}, {" ".join(compiler)}, {options.packets:,} packets:', '', *table(options)]
    print('\n'.join(lines))
    if options.write:
        readme = HERE / 'README.md'
        before, rest = readme.read_text().split(BEGIN)
        readme.write_text(before + BEGIN + '\n' + '\n'.join(lines) + '\n' + END + rest.split(END)[1])


if __name__ == '__main__':
    main()
