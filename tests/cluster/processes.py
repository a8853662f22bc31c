# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes of a test: to wait for what they do, and to kill them in the middle of it."""
import ctypes
import os
import pathlib
import signal
import subprocess
import time

PR_SET_PDEATHSIG = 1 # prctl(2)


def start(words, log, **options):
    """A process that no key reaches, and that ends with this one, however that ends. What it says is in `log`."""
    libc = ctypes.CDLL(None)
    with open(log, 'a') as output:
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                                preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM), **options)


def wait_for(what, condition, seconds=60.0, every=0.05):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(every)
    raise TimeoutError(f'{what}: not within {seconds:g} s')


def stat_of(process):
    """State and parent: Z and 0 when there is no such process any more."""
    try:
        state, parent = pathlib.Path(f'/proc/{process}/stat').read_text().rpartition(') ')[2].split()[:2]
        return state, int(parent)
    except OSError:
        return 'Z', 0


def state_of(process):
    return stat_of(process)[0]


def parent_of(process):
    return stat_of(process)[1]


def kill_tree(process):
    """With all below it. Each is stopped before its children die, so that nobody tells how they ended; none of them is
    left without a parent, for then the system would wake it by SIGHUP.
    """
    try:
        os.kill(process, signal.SIGSTOP)
        for entry in pathlib.Path('/proc').iterdir():
            if entry.name.isdigit() and parent_of(entry.name) == process:
                kill_tree(int(entry.name))
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass


def worker_of(job, where):
    """A task of map at work: its process, working folder, and what its `who` says. `where` tells by the process."""
    for who in job.glob('map/.*/who'):
        try:
            said = dict(line.split(' ', 1) for line in who.read_text().splitlines())
            process = int(said['process'])
            if parent_of(process) and where(process):
                return process, who.parent, said
        except (OSError, KeyError, ValueError):
            pass # it just begins, or just ended
    return None


def freeze(job, where=lambda process: True):
    """Stops a task of map in the middle of its work, so that it cannot end before it is killed."""
    def one():
        found = worker_of(job, where)
        if not found:
            return None
        process, working, _ = found
        os.kill(process, signal.SIGSTOP)
        wait_for('its stop', lambda: state_of(process) in 'TZ', every=0.001)
        parts = working / 'parts'
        if (working / 'who').exists() and parts.exists() and parts.stat().st_size > 0:
            return found
        os.kill(process, signal.SIGCONT)
        return None
    return wait_for('a task at work', one, every=0.002)


def was_killed(process, working):
    """Waits for the end of a task's process. True when it left its work undone: else its folder had another name now. (By
    then another process may have done the task.)
    """
    wait_for('the end of the task', lambda: state_of(process) == 'Z')
    return (working / 'who').exists()
