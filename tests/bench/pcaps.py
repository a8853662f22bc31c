# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of compare.sh that measures packet captures, compressed captures and tables in other dialects. See there."""
import dataclasses
import shutil
import subprocess
import sys

from bounds import BoundTable, Capture, millions, seconds
from runs import Turns, load

SHAPES = ['campus', 'flood', 'crowd']

# The most that Packetloom may take of what it is compared with.
AGAINST_TRACKERS = 1 / 5
AGAINST_CAT, OR_SECONDS = 2, 0.6
AGAINST_UNPACKING = 1.2
AGAINST_REFERENCE_CSV = 1.3

# Some of the others take minutes, or all the memory there is. What takes long runs once.
OTHERS_GB, OTHERS_SECONDS, ONCE_BEYOND = 16, 1200, 30


@dataclasses.dataclass
class Program:
    """Another program that reads packet captures. `command` is one of the shell, whose $1 is the capture and $2 a
    folder of its own, which is empty."""
    name: str
    packages: list  # of Debian
    needs: list  # executables
    command: str
    flows: bool = True  # it tracks them


PROGRAMS = [
    Program('tshark -q -z conv,tcp', ['tshark'], ['tshark'], 'exec tshark -n -q -z conv,tcp -r "$1"'),
    Program('nfpcapd', ['nfdump'], ['nfpcapd'], 'exec nfpcapd -r "$1" -w "$2"'),
    Program('argus, ra', ['argus-server', 'argus-client'], ['argus', 'ra'],
            'argus -r "$1" -w - | ra -n -r -'),
    Program('tcptrace', ['tcptrace'], ['tcptrace'], 'exec tcptrace -n "$1"'),
    Program('softflowd', ['softflowd'], ['softflowd'],
            'exec softflowd -6 -d -r "$1" -n 127.0.0.1:9 -p "$2/pid" -c none -m 10000000'),
    Program('ndpiReader', ['libndpi-bin'], ['ndpiReader'], 'exec ndpiReader -q -i "$1"'),
    Program('capinfos', ['tshark', 'wireshark-common'], ['capinfos'], 'exec capinfos "$1"', flows=False),
]

# From the reference's CSV to what other programs write; awk's -F is the comma.
TSHARK_FIELDS = ('frame.time_epoch ip.src ip.dst ipv6.src ipv6.dst tcp.srcport tcp.dstport udp.srcport udp.dstport tcp.flags '
                 'tcp.seq_raw tcp.ack_raw frame.len ip.proto ipv6.nxt').split()
AS_TSHARK_FIELDS = r'''
BEGIN { OFS = "\t" }
NR > 1 {
    digits = length($1) - 6; six = index($2, ":") > 0; tcp = $10 == 6; udp = $10 == 17
    print substr($1, 1, digits) "." substr($1, digits + 1) "000", six ? "" : $2, six ? "" : $3, six ? $2 : "",
        six ? $3 : "", tcp ? $4 : "", tcp ? $5 : "", udp ? $4 : "", udp ? $5 : "", tcp ? sprintf("0x%04x", $6) : "",
        tcp ? $7 : "", tcp ? $8 : "", $9, six ? "" : $10, six ? $10 : ""
}'''


def add_options(parser):
    """Beside those of shapes.py: --packets, --quick."""
    parser.add_argument('--captures', nargs='?', const=','.join(SHAPES), metavar='SHAPE,...')


def measure(options):
    options.packets = options.packets or (1_000_000 if options.quick else 10_000_000)
    options.runs = options.runs or (1 if options.quick else 5)
    before = load()
    bench = CaptureBench(options)
    for shape in options.captures.split(','):
        print(f'{shape} ...', file=sys.stderr, flush=True)
        bench.pcap(shape)
    print('compression, dialects ...', file=sys.stderr, flush=True)
    bench.tables()
    bench.print(options.runs, before)


class CaptureBench(BoundTable):
    def __init__(self, options):
        super().__init__()
        self.options, self.work = options, options.work
        self.cli, self.generate = options.bin / 'packetloom-cli', options.bin / 'packetloom-generate'
        self.work.mkdir(parents=True, exist_ok=True)
        self.programs = [one for one in PROGRAMS if all(shutil.which(name) for name in one.needs)]
        if missing := sorted({package for one in PROGRAMS if one not in self.programs for package in one.packages}):
            self.notes.append(f'Not compared with what is not here (Debian packages): {", ".join(missing)}.')
        self.notes += versions(self.programs)

    def preview(self, path):
        return [self.cli, '--preview', '--quiet', '--threads', '2', '--data', path]

    def pcap(self, shape):
        packets, path, own_folder = self.options.packets, self.work / f'{shape}.pcap', self.work / 'other'
        subprocess.run([self.generate, '--shape', shape, '--packets', str(packets), '--seed', '5', '--format', 'pcap',
                        '--snap-length', '96', '--output', path], check=True, stderr=subprocess.DEVNULL)

        def clean():
            shutil.rmtree(own_folder, ignore_errors=True)
            own_folder.mkdir()

        turns = Turns(self.options.runs, ONCE_BEYOND)
        turns.add('own', self.preview(path))
        turns.add('cat', ['cat', path])
        for one in self.programs:
            turns.add(one.name, ['sh', '-c', one.command, 'sh', path, own_folder], clean, limit_gb=OTHERS_GB,
                      limit_seconds=OTHERS_SECONDS)
        results = turns.results()
        shutil.rmtree(own_folder, ignore_errors=True)
        path.unlink()
        self.compare(shape, f'preview {millions(packets)}, pcap', results)

    def compare(self, shape, what, results):
        own, cat = results['own'], results['cat']
        self.add_times(shape, what, own, 'cat', cat, max(AGAINST_CAT, OR_SECONDS / cat.seconds))
        for one in self.programs:
            other = results[one.name]
            said = f'{shape}: {one.name} {seconds(other.seconds)[0]}, {other.megabytes:.0f} MB'
            if other.failed:
                self.facts.append(f'{said}, FAILED (of {OTHERS_GB} GB and {OTHERS_SECONDS} s)')
            elif one.flows:
                self.add_times(shape, what, own, one.name, other, AGAINST_TRACKERS)
            else:
                self.facts.append(f'{said}, without flows')
        self.facts.append(f'{shape}: Packetloom {seconds(own.seconds)[0]}, {own.megabytes:.0f} MB')

    def tables(self):
        """CSV with addresses as text, so that no map is read."""
        packets = self.options.packets
        plain = Capture.generated(self.generate, self.work, 'campus', packets, '--addresses', 'text')
        for name, pack in {'zstd': ['zstd', '-q', '-f', '-o'], 'lz4': ['lz4', '-q', '-f']}.items():
            if not shutil.which(name):
                self.notes.append(f'{name} is not here.')
                continue
            packed = self.work / f'campus.csv.{name}'
            subprocess.run([*pack, packed, plain.path] if name == 'zstd' else [*pack, plain.path, packed], check=True)
            turns = Turns(self.options.runs)
            turns.add('own', self.preview(packed))
            turns.add('other', [name, '-dc', packed])
            results = turns.results()
            packed.unlink()
            self.add_times('campus', f'preview {millions(packets)}, {name}', results['own'], f'{name} -dc',
                           results['other'], AGAINST_UNPACKING)

        dialects = {name: self.work / f'campus-{name}' for name in ('semicolon', 'tab', 'tshark')}
        for name, sign in {'semicolon': ';', 'tab': '\\t'}.items():
            with open(plain.path, 'rb') as source, open(dialects[name], 'wb') as out:
                subprocess.run(['tr', ',', sign], stdin=source, stdout=out, check=True)
        with open(dialects['tshark'], 'w', encoding='ascii') as out:
            print(*TSHARK_FIELDS, sep='\t', file=out, flush=True)
            subprocess.run(['awk', '-F,', AS_TSHARK_FIELDS, plain.path], stdout=out, check=True)
        turns = Turns(self.options.runs)
        turns.add('plain', self.preview(plain.path))
        for name, path in dialects.items():
            turns.add(name, self.preview(path))
        results = turns.results()
        for name, path in dialects.items():
            path.unlink()
            self.add_times('campus', f'preview {millions(packets)}, {name}', results[name], "the reference's CSV",
                           results['plain'], AGAINST_REFERENCE_CSV)
        plain.remove()


def versions(programs):
    """A line, where there is dpkg."""
    packages = sorted({package for one in programs for package in one.packages})
    if not packages or not shutil.which('dpkg-query'):
        return []
    said = subprocess.run(['dpkg-query', '-W', '-f=${Package} ${Version}\n', *packages], capture_output=True, text=True)
    return ['Compared with: ' + ', '.join(said.stdout.split('\n')[:-1]) + '.']
