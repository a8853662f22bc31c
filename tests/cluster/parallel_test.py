#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs by packetloom-parallel: on this machine, and on a list of machines by ssh, where a task is killed."""
import os
import shutil
import signal
import subprocess

from jobs import expect, killed_in_the_middle, made_twice, play, run
from processes import start, wait_for
from slurm import free_ports

SECONDS = 240
SSHD_CONF = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/user.pub
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PermitRootLogin yes
MaxStartups 50
"""
SSH_CONF = """
Host left right
    HostName 127.0.0.1
    Port {port}
    IdentityFile {folder}/user
    IdentitiesOnly yes
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    LogLevel ERROR
"""


class SshServer:
    """That this user alone can log in to, under the names left and right."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_ports(1)[0]
        folder.mkdir()

    def __enter__(self):
        for key in ('host', 'user'):
            run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', self.folder / key)
        for name, text in (('sshd.conf', SSHD_CONF), ('ssh.conf', SSH_CONF)):
            (self.folder / name).write_text(text.format(port=self.port, folder=self.folder))
        if os.getuid() == 0:
            os.makedirs('/run/sshd', exist_ok=True)
        self.daemon = start([shutil.which('sshd', path='/usr/sbin:/usr/bin'), '-D', '-f', self.folder / 'sshd.conf'],
                            self.folder / 'sshd.out')
        try:
            wait_for('sshd', lambda: subprocess.run(['ssh', '-F', self.folder / 'ssh.conf', 'left', 'true'],
                                                    capture_output=True).returncode == 0, 20)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.daemon.terminate()
        self.daemon.wait()

    def logins(self):
        """A list for --sshloginfile, one task at once on each."""
        path = self.folder / 'nodes'
        path.write_text(''.join(f'1/ssh -F {self.folder}/ssh.conf {name}\n' for name in ('left', 'right')))
        return path


def command(bench, job, *words):
    return [str(word) for word in (bench.drivers / 'parallel/packetloom-parallel', '-m', 2, job, *words)]


def driver(bench, job, *words):
    """The script's run, which may fail."""
    return subprocess.run(command(bench, job, *words), capture_output=True, text=True, timeout=SECONDS, cwd=bench.folder)


def here(bench, capture):
    marks = []

    def drive(job, dataset):
        done = driver(bench, job, '--jobs', 2, '--', capture.told, dataset, '--quiet')
        marks.append(sorted(path.stat().st_mtime_ns for path in job.glob('*/0*')))
        return done
    made_twice(capture, drive)
    expect(marks[0] and marks[0] == marks[1], 'what was done was done again')


def by_ssh(bench, capture):
    with SshServer(bench.folder / 'ssh') as server:
        job, dataset, plan = capture.plan()
        killed_in_the_middle(bench, job, command(bench, job, '--sshloginfile', server.logins(), '--', capture.told, dataset, '--quiet'),
                             lambda process: os.kill(process, signal.SIGKILL), SECONDS)
        hosts = [line.split('\t')[1].split()[-1] for line in (job / 'parallel/map.log').read_text().splitlines()[1:]]
        expect(set(hosts) == {'left', 'right'} and len(hosts) >= plan['map_tasks'], f'it ran on {hosts}')
        capture.check(dataset)


def failures_are_told(bench, capture):
    job, dataset, plan = capture.plan()
    (job / 'map').write_text('no folder')
    failed = driver(bench, job, '--', capture.told, dataset)
    expect(failed.returncode == plan['map_tasks'] and not dataset.exists(), f'exit status {failed.returncode}: {failed.stderr}')
    (job / 'map').unlink()
    for words in (('--jobs', 2), ('--',)):
        refused = driver(bench, job, *words)
        expect(refused.returncode == 255 and 'usage: ' in refused.stderr, refused.stderr)
    expect(not dataset.exists() and not (job / 'map').exists(), 'something was begun')


def test(bench):
    sample = bench.sample()
    here(bench, sample)
    here(bench, bench.connections())
    by_ssh(bench, bench.large())
    failures_are_told(bench, sample)


play(__doc__, 'shuffled', test)
