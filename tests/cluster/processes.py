# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes of a test: to wait for what they do, and to kill them in the middle of it."""
import os
import pathlib
import signal
import time


def wait_for(what, condition, seconds=60.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise TimeoutError(f'{what}: not within {seconds:g} s')


def parent_of(process):
    try:
        return int(pathlib.Path(f'/proc/{process}/stat').read_text().rpartition(') ')[2].split()[1])
    except OSError:
        return 0


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
        parts = working / 'parts'
        if (working / 'who').exists() and parts.exists() and parts.stat().st_size > 0:
            return found
        os.kill(process, signal.SIGCONT)
        return None
    return wait_for('a task at work', one)


def was_killed(job, process, working):
    """Waits for the end of a task's process. True when it left its work undone."""
    wait_for('the end of the task', lambda: not parent_of(process))
    return working.is_dir() and not (working.parent / working.name[1:6]).exists()
