#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs by packetloom-slurm on a real Slurm of two nodes, one of which dies in the middle of a task."""
import pathlib
import subprocess

from jobs import ended_well, expect, made_twice, play, run
from processes import freeze, kill_tree, parent_of, wait_for, was_killed
from slurm import Slurm

LARGEST_ARRAY = 5 # less than there are tasks, so that an element of an array does several
SUBMIT_SECONDS = 240


def driver(bench, slurm, job, *finish, options=(), flags=('-w',)):
    """The script's run, which may fail."""
    return subprocess.run([bench.drivers / 'slurm/packetloom-slurm', *flags, job, '--time=10', '--mem=1000', *options, '--', *finish],
                          env=slurm.environment, capture_output=True, text=True, timeout=SUBMIT_SECONDS, cwd=bench.folder)


def whole(bench, slurm, capture):
    """From the first submission to the dataset; then again, when all is done."""
    again = made_twice(capture, lambda job, dataset: driver(bench, slurm, job, capture.told, dataset), slurm.logs)[1]
    expect(again.stdout.count('tasks are done') == 3, again.stdout + again.stderr)


def a_node_dies(bench, slurm, capture):
    job, dataset, plan = capture.plan()
    expect(plan['map_tasks'] > LARGEST_ARRAY, f'{plan}: one task an element')
    ended_well(driver(bench, slurm, job, capture.told, dataset, flags=()))
    process, working, said = freeze(
        job, lambda one: b'SLURMD_NODENAME=right' in pathlib.Path(f'/proc/{one}/environ').read_bytes().split(b'\0'))
    number = int(working.name[1:6])
    # The node loses power: its daemon, what watches the task, and the task.
    slurm.kill('slurmd.right')
    step = parent_of(parent_of(process))
    expect(step in slurm.steps(), f'process {process} is no child of a slurmstepd')
    kill_tree(step)
    expect(was_killed(process, working) and not (job / 'map' / f'{number:05}').exists(), f'map {number} is done, though it was killed')
    killed = [task for task in bench.status(job)['not_done'] if task['state'] == 'killed']
    expect([(task['kind'], task['task'], task['process'], task['slurm_job']) for task in killed] ==
           [('map', number, process, said['slurm'])], f'status says {killed}, not map {number}')
    print(f'map {number}, Slurm job {said["slurm"]}, process {process}, was killed with its node', flush=True)
    wait_for('Slurm to see it', lambda: slurm.run('scontrol', 'show', 'node', 'right').stdout.count('DOWN'))
    slurm.start_node('right')

    def restarts():
        shown = slurm.run('scontrol', '--oneliner', 'show', 'job', said['slurm']).stdout
        return 'Restarts=1 ' in shown and shown
    wait_for('the task to be queued again', restarts)
    ended = wait_for('the dataset', lambda: dataset.exists() or not slurm.queue().strip(), SUBMIT_SECONDS)
    wait_for('an empty queue', lambda: not slurm.queue().strip())
    expect(dataset.exists(), f'{ended} {slurm.queue()}{slurm.logs()}{bench.status(job)}')
    shown = slurm.run('scontrol', '--oneliner', 'show', 'job', said['slurm']).stdout
    expect('JobState=COMPLETED' in shown and 'Restarts=1 ' in shown, shown)
    expect((job / 'map' / f'{number:05}').is_dir() and working.is_dir(), 'what was killed is not what was left')
    capture.check(dataset)


def failures_are_told(bench, slurm, capture):
    job, dataset, plan = capture.plan()
    (bench.folder / 'in the way').write_text('no dataset')
    failed = driver(bench, slurm, job, '--output-dir', bench.folder / 'in the way')
    expect(failed.returncode != 0, 'finish failed, and the script did not')
    expect((bench.folder / 'in the way').read_text() == 'no dataset', 'a file was overwritten')
    job, dataset, plan = capture.plan()
    (job / 'map').write_text('no folder') # no task can begin
    failed = driver(bench, slurm, job, capture.told, dataset)
    expect(failed.returncode != 0 and not dataset.exists(), 'all tasks failed, and the script did not')
    wait_for('an empty queue', lambda: not slurm.queue().strip()) # what waits for what cannot come is gone
    (job / 'map').unlink()
    ended_well(driver(bench, slurm, job, capture.told, dataset), slurm.logs)
    capture.check(dataset)
    for words in ((), (bench.folder,), (job,), (job, '--time=10'), (job, '--')):
        refused = run('bash', '-c', '! "$0" "$@" 2>&1', bench.drivers / 'slurm/packetloom-slurm', *words, env=slurm.environment)
        expect('usage: ' in refused.stdout, refused.stdout)
    expect(not slurm.queue().strip(), slurm.queue())


def test(bench):
    sample, large = bench.sample(), bench.large()
    with Slurm(bench.folder / 'slurm', LARGEST_ARRAY) as slurm:
        whole(bench, slurm, sample)
        whole(bench, slurm, bench.connections())
        a_node_dies(bench, slurm, large)
        failures_are_told(bench, slurm, sample)


play(__doc__, 'campus', test)
