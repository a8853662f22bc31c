# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of programs, and the machine that they ran on."""
import os
import pathlib
import platform
import resource
import signal
import statistics
import subprocess
import sys
import threading
import time


class Run:
    """One run of a program: seconds and peak resident memory in MB (of it alone, not of what it waits for). With
    `limit_gb`, that is all the address space that it gets; with `limit_seconds`, all the time, for it and what it
    started. A run that fails ends the measurement, unless it has a limit: then `failed` says so."""

    def __init__(self, command, seconds_from_output=False, limit_gb=None, limit_seconds=None, **options):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (limit_gb << 30, limit_gb << 30))

        if limit_gb:
            options['preexec_fn'] = limit
            options['stderr'] = subprocess.DEVNULL
        begin = time.perf_counter()
        options['start_new_session'] = bool(limit_seconds)
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE if seconds_from_output
                                   else subprocess.DEVNULL, **options)
        killer = threading.Timer(limit_seconds or 0, lambda: os.killpg(process.pid, signal.SIGKILL))
        if limit_seconds:
            killer.start()
        output = process.stdout.read() if seconds_from_output else b''
        _, status, usage = os.wait4(process.pid, 0)
        killer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = time.perf_counter() - begin
        self.failed = process.returncode != 0
        if self.failed and not limit_gb and not limit_seconds:
            sys.exit('failed: ' + ' '.join(map(str, command)))
        if seconds_from_output:
            self.seconds = float(output)
        self.megabytes = usage.ru_maxrss / 1024


class Turns:
    """Several programs, run in turn so that what else the machine does hits them all alike."""

    def __init__(self, runs, once_beyond=None):
        """What takes more than `once_beyond` seconds runs once."""
        self.runs, self.programs, self.once_beyond = runs, [], once_beyond

    def add(self, name, command, before=None, **options):
        self.programs.append((name, command, before, options))

    def results(self):
        """Of each program by its name: the median of the seconds, the largest memory, whether a run failed."""
        runs = {name: [] for name, *_ in self.programs}
        for _ in range(self.runs):
            for name, command, before, options in self.programs:
                if runs[name] and self.once_beyond and runs[name][0].seconds > self.once_beyond:
                    continue
                if before:
                    before()
                runs[name].append(Run(command, **options))
        return {name: Summary(of_one) for name, of_one in runs.items()}


class Summary:
    def __init__(self, runs):
        self.seconds = statistics.median(run.seconds for run in runs)
        self.megabytes = max(run.megabytes for run in runs)
        self.failed = any(run.failed for run in runs)


def machine():
    """A line."""
    memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2 ** 30
    return (f'{platform.system()} {platform.machine()}, {os.cpu_count()} processors ({processor()}), '
            f'{memory:.0f} GB of memory')


def load():
    return ' '.join(f'{value:.1f}' for value in os.getloadavg())


def processor():
    for line in pathlib.Path('/proc/cpuinfo').read_text().splitlines():
        if line.startswith('model name'):
            return line.split(':', 1)[1].strip()
    return platform.processor()


def sources(folder):
    """Which sources of the converter the programs were made of: git's name of the tree core/, which is the same
    wherever that has the same content."""
    def git(*words):
        return subprocess.run(['git', '-C', folder, *words], capture_output=True, text=True, check=True).stdout.strip()

    try:
        top = git('rev-parse', '--show-toplevel')
        changed = ' with changes' if git('status', '--porcelain', f'{top}/core') else ''
        return f'core/ is {git("rev-parse", "--short", "HEAD:core")}{changed}'
    except (OSError, subprocess.CalledProcessError):
        return 'no git'
