#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs by the Snakefile: on this machine, and by its profile on a real Slurm."""
import os
import subprocess

from jobs import ended_well, expect, play
from slurm import Slurm

SECONDS = 300


def snakemake(bench, *words, environment=None):
    """Of a user's folder, where Snakemake keeps its own files."""
    folder = bench.folder / 'work'
    folder.mkdir(exist_ok=True)
    return subprocess.run(['snakemake', '--nocolor', '-s', bench.drivers / 'snakemake/Snakefile', *map(str, words)],
                          cwd=folder, env=environment, text=True, capture_output=True, timeout=SECONDS)


def told(job, finish, *more):
    return ['--config', f'job={job}', f"finish={finish}", *more]


def here(bench, capture):
    job, dataset, plan = capture.plan()
    finish = f"{capture.told} '{dataset}' --quiet"
    done = ended_well(snakemake(bench, '--cores', 2, *told(job, finish, 'merges=2')))
    steps = plan['map_tasks'] + plan['reduce_tasks'] + 2 + 4
    expect(f'{steps} of {steps} steps (100%) done' in done.stderr, done.stderr)
    capture.check(dataset)
    again = snakemake(bench, '--cores', 2, *told(job, finish, 'merges=2'))
    expect(again.returncode == 0 and 'Nothing to be done' in again.stderr, again.stderr)
    # To another place: finish alone.
    other = snakemake(bench, '--cores', 2, *told(job, f"{capture.told} '{dataset} again' --quiet", 'merges=2'))
    expect(other.returncode == 0 and '2 of 2 steps' in other.stderr, other.stderr)
    capture.check(dataset.with_name(dataset.name + ' again'))


def failing(bench, capture):
    job, dataset, plan = capture.plan()
    (job / 'map').write_text('no folder')
    (bench.folder / 'work/config.yaml').write_text(f'job: "{job}"\nfinish: --quiet --output-dir "{dataset}"\n')
    failed = snakemake(bench, '--cores', 2)
    expect(failed.returncode != 0 and not dataset.exists(), failed.stderr)
    (job / 'map').unlink()
    ended_well(snakemake(bench, '--cores', 2))
    capture.check(dataset)
    (bench.folder / 'work/config.yaml').unlink()
    refused = snakemake(bench, '--cores', 2)
    expect(refused.returncode != 0 and 'needs a job' in refused.stderr, refused.stderr)


def by_profile(bench, capture):
    with Slurm(bench.folder / 'slurm', 1001) as slurm:
        job, dataset, plan = capture.plan()
        profile = bench.drivers / 'snakemake/slurm'
        ended_well(snakemake(bench, '--profile', profile, '--latency-wait', 5, *told(job, f"{capture.told} '{dataset}'", 'merges=1'),
                             environment=slurm.environment), slurm.logs)
        capture.check(dataset)
        logs = sorted(path.name.split('-')[1] for path in (bench.folder / 'work').glob('slurm-*.log'))
        expect(logs == sorted(['finish', 'merge', *['map'] * plan['map_tasks'], *['reduce'] * plan['reduce_tasks']]), str(logs))
        status = profile / 'status.sh'

        def state_of(number):
            return subprocess.run([status, str(number)], env=slurm.environment, text=True, capture_output=True).stdout.strip()
        submit = ['sbatch', '--parsable', '--output=/dev/null']
        good, bad, long = (slurm.run(*submit, *more).stdout.strip() for more in (
            ('--wait', '--wrap', 'true'), ('--wait', '--wrap', 'false'), ('--begin=now+1hour', '--wrap', 'true')))
        expect([state_of(number) for number in (good, bad, long, 99999)] == ['success', 'failed', 'running', 'failed'],
               f'{[state_of(number) for number in (good, bad, long, 99999)]}')
        slurm.environment['SLURM_CONF'] = os.devnull
        expect(state_of(good) == 'running', 'without its controller nobody knows')
        slurm.environment['SLURM_CONF'] = str(slurm.folder / 'slurm.conf')


def test(bench):
    here(bench, bench.large())
    here(bench, bench.connections())
    sample = bench.sample()
    failing(bench, sample)
    by_profile(bench, sample)


play(__doc__, 'lossy', test)
