# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Slurm of two nodes on this one machine: slurmctld and two slurmd with names and ports of their own, all files
in one folder. No munge, systemd, control groups or database. For tests alone: whoever reaches the ports may run jobs.
"""
import os
import pathlib
import pwd
import signal
import socket
import subprocess

from processes import kill_tree, start, wait_for

CONF = """
ClusterName=packetloom
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/none
CredType=cred/none
# A job that is queued again waits until its old credential is too old.
AuthInfo=cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/linear
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
SlurmdTimeout=10
ReturnToService=2
KillWait=2
MaxArraySize={largest_array}
SchedulerParameters=sched_interval=2,sched_min_interval=0,batch_sched_delay=0
NodeName=left NodeHostname={host} NodeAddr=127.0.0.1 Port={left_port} CPUs=1 RealMemory=4000
NodeName=right NodeHostname={host} NodeAddr=127.0.0.1 Port={right_port} CPUs=1 RealMemory=4000
PartitionName=all Nodes=left,right Default=YES State=UP
"""
NODES = ('left', 'right')


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(('127.0.0.1', 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Slurm:
    def __init__(self, folder, largest_array):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        (self.folder / 'state').mkdir()
        controller, left, right = free_ports(3)
        conf = self.folder / 'slurm.conf'
        conf.write_text(CONF.format(
            host=socket.gethostname().split('.')[0], user=pwd.getpwuid(os.getuid()).pw_name, folder=self.folder,
            controller_port=controller, left_port=left, right_port=right, largest_array=largest_array))
        self.environment = dict(os.environ, SLURM_CONF=str(conf))
        self.daemons = {}

    def __enter__(self):
        try:
            self.start('slurmctld', '-D')
            for node in NODES:
                self.start_node(node)
            wait_for('two idle nodes', lambda: self.states() == {'idle'})
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.run('scancel', '--user', pwd.getpwuid(os.getuid()).pw_name, '--signal=KILL', '--full')
        for name in reversed(list(self.daemons)):
            self.kill(name, signal.SIGTERM)
        for step in self.steps():
            kill_tree(step)

    def start(self, name, *words):
        program = '/usr/sbin/' + name.partition('.')[0]
        self.daemons[name] = start([program, *words], self.folder / f'{name}.out', env=self.environment)

    def start_node(self, node):
        (self.folder / f'spool.{node}').mkdir(exist_ok=True)
        self.start(f'slurmd.{node}', '-D', '-N', node)

    def kill(self, name, how=signal.SIGKILL):
        daemon = self.daemons.pop(name)
        daemon.send_signal(how)
        try:
            daemon.wait(10)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()

    def run(self, *words):
        return subprocess.run([str(word) for word in words], env=self.environment, capture_output=True, text=True, timeout=60)

    def states(self):
        return set(self.run('sinfo', '--noheader', '--Node', '--format=%T').stdout.split())

    def queue(self):
        return self.run('squeue', '--noheader', '--format=%i %j %T %r').stdout

    def steps(self):
        """Process ids of the slurmstepd of this cluster, each with a task below it."""
        found = []
        for entry in pathlib.Path('/proc').iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if (entry / 'comm').read_text().strip() == 'slurmstepd' and \
                        f'SLURM_CONF={self.folder}/slurm.conf'.encode() in (entry / 'environ').read_bytes():
                    found.append(int(entry.name))
            except OSError:
                pass
        return found

    def logs(self):
        return ''.join(f'== {path.name}\n{path.read_text(errors="replace")[-3000:]}\n'
                       for path in sorted(self.folder.glob('*.log')))
