# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of engines have in common: captures, their datasets by one run, jobs of them, and the comparison."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from processes import freeze, was_killed

ROWS = 2_000_000
READ_CHUNK = 100_000 # so that tables of that size can be cut into some tasks


class Capture:
    """A capture with the dataset of one run, to compare with."""
    told = '--output-dir' # to finish

    def __init__(self, cli, name, folder, inputs, options, cut):
        self.cli, self.name, self.folder = cli, name, folder
        self.inputs, self.options, self.cut = inputs, options, cut
        self.one = folder / f'{name}.one'
        self.made = 0
        self.convert()

    def convert(self):
        run(self.cli, '--data', *self.inputs, *self.options, '--output-dir', self.one, '--quiet')

    def plan(self):
        """A new job, and where its dataset is to come. Names with a space and a quote: both are for shells."""
        self.made += 1
        job = self.folder / f"{self.name}'s job {self.made}"
        said = run(self.cli, 'shard', 'plan', '--job', job, *self.cut, *self.options, '--json', *self.inputs)
        plan = json.loads(said.stdout)
        return job, self.folder / f'{self.name} by tasks {self.made}', plan

    def check(self, dataset):
        """All files the same, byte for byte, but for the time in the manifest."""
        texts = [(folder / 'manifest.json').read_text() for folder in (self.one, dataset)]
        lines = [[line for line in text.splitlines() if not line.startswith('  "created": ')] for text in texts]
        if lines[0] != lines[1] or len(lines[0]) != len(texts[0].splitlines()) - 1:
            raise AssertionError(f'{self.name}: the manifests differ')
        different = subprocess.run(['diff', '-r', '-q', '--exclude=manifest.json', self.one, dataset], text=True,
                                   capture_output=True)
        if different.returncode != 0:
            raise AssertionError(f'{self.name}: {different.stdout[:2000]}{different.stderr[:2000]}')
        print(f'{self.name}: {sum(1 for file in dataset.rglob("*") if file.is_file())} files are the same', flush=True)


class Connections(Capture):
    """A capture with the conn.log of one run."""
    told = '--output'

    def convert(self):
        run(self.cli, 'export', *self.inputs, *self.options, '--output', self.one, '--quiet')

    def check(self, dataset):
        if self.one.read_bytes() != dataset.read_bytes():
            raise AssertionError(f'{self.name}: {dataset} differs from {self.one}')
        print(f'{self.name}: {self.one.stat().st_size} bytes are the same', flush=True)


class Bench:
    """Programs, drivers, and a folder for all that the test makes."""

    def __init__(self, description, shape):
        parser = argparse.ArgumentParser(description=description)
        for program in ('cli', 'generate', 'source'):
            parser.add_argument('--' + program, required=True, type=pathlib.Path)
        parser.add_argument('--rows', type=int, default=ROWS)
        parser.add_argument('--keep', type=pathlib.Path, help='a new folder that stays')
        options = parser.parse_args()
        self.cli, self.generate, self.rows, self.shape = options.cli.resolve(), options.generate, options.rows, shape
        self.drivers = options.source / 'packaging/cluster'
        self.sample_folder = options.source / 'resources/sample'
        self.temporary = None
        if options.keep:
            options.keep.mkdir()
            self.folder = options.keep.resolve()
        else:
            self.temporary = tempfile.TemporaryDirectory(prefix='packetloom-cluster-')
            self.folder = pathlib.Path(self.temporary.name)
        # As a user has it: the program is found on the PATH.
        os.environ['PATH'] = f'{self.cli.parent}:{os.environ["PATH"]}'

    def sample(self):
        return Capture(self.cli, 'sample', self.folder, [self.sample_folder / 'capture.csv.gz'],
                       ['--ip-map', self.sample_folder / 'ip_map.json'], ['--shards', '3'])

    def connections(self):
        return Connections(self.cli, 'connections', self.folder, [self.sample_folder / 'capture.csv.gz'],
                           ['--ip-map', self.sample_folder / 'ip_map.json', '--as', 'conn-log'], ['--shards', '2'])

    def large(self):
        capture = self.folder / 'large.csv'
        run(self.generate, '--shape', self.shape, '--rows', self.rows, '--seed', '11', '--addresses', 'text', '--output', capture)
        print(f'{self.rows} rows of shape {self.shape}, {capture.stat().st_size >> 20} MB', flush=True)
        return Capture(self.cli, 'large', self.folder, [capture], ['--chunk-read-size', str(READ_CHUNK)],
                       ['--shards', '5', '--task-bytes', str(capture.stat().st_size // 9)])

    def status(self, job):
        return json.loads(run(self.cli, 'shard', 'status', '--job', job, '--json').stdout)


def run(*words, **options):
    """A command that has to end well; what it said is told where it does not."""
    done = subprocess.run([str(word) for word in words], text=True, capture_output=True, **options)
    if done.returncode != 0:
        raise AssertionError(f'exit status {done.returncode} of {" ".join(map(str, words))}\n'
                             f'{done.stdout[-3000:]}\n{done.stderr[-3000:]}')
    return done


def expect(condition, text):
    if not condition:
        raise AssertionError(text)


def ended_well(done, logs=lambda: ''):
    """A driver's run, which did; `logs` tells more where it did not."""
    expect(done.returncode == 0, f'exit status {done.returncode}: {done.stdout}{done.stderr}{logs() if done.returncode else ""}')
    return done


def made_twice(capture, drive, logs=lambda: ''):
    """By drive(job, dataset) from the plan to the dataset; then again, when all is done, at another place. Both runs."""
    job, dataset, _ = capture.plan()
    runs = []
    for place in (dataset, dataset.with_name(dataset.name + ' again')):
        runs.append(ended_well(drive(job, place), logs))
        capture.check(place)
    return runs


def killed_in_the_middle(bench, job, words, kill, seconds):
    """Runs a driver, kills a map task of its job in the middle by kill(process), and sees that the driver has it done again."""
    script = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=bench.folder)
    try:
        process, working, _ = freeze(job)
        kill(process)
        expect(was_killed(process, working), 'a task is done, though it was killed')
        print(f'{working.name[1:6]}, process {process}, was killed', flush=True)
        complaint = script.communicate(timeout=seconds)[1]
    finally:
        script.kill()
    expect(script.returncode == 0, f'exit status {script.returncode}: {complaint}')
    expect(working.is_dir() and (working.parent / working.name[1:6]).is_dir(), 'what was killed was not done again')


def play(description, shape, test):
    """The program of a test: test(bench), and an exit status. `shape` is that of Bench.large()."""
    try:
        test(Bench(description, shape))
    except (AssertionError, TimeoutError) as problem:
        print(problem)
        sys.exit(1)
