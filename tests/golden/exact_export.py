# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What packetloom-cli's exact engine makes of a capture, for the scripts beside this one that judge it."""
import json
import subprocess
import tempfile
from pathlib import Path

# The one place that knows the members of conn-json: what a script calls it, its name, and whether it is a time or a
# span in seconds, which becomes whole microseconds.
MEMBERS = [
    ("orig", "id.orig_h", False),
    ("orig_port", "id.orig_p", False),
    ("resp", "id.resp_h", False),
    ("resp_port", "id.resp_p", False),
    ("proto", "ip_proto", False),
    ("start", "ts", True),
    ("duration", "duration", True),
    ("last", "last_packet", True),
    ("state", "conn_state", False),
    ("history", "history", False),
    ("ending", "end_reason", False),
    ("completeness", "completeness", False),
    ("syn_to_synack", "syn_to_synack", True),
    ("synack_to_ack", "synack_to_ack", True),
    ("estimated", "estimated", False),
    ("first_row", "first_row", False),
    ("last_row", "last_row", False),
]
SIDE_MEMBERS = [
    ("packets", "pkts", False),
    ("ip_bytes", "ip_bytes", False),
    ("bytes", "bytes", False),
    ("payload", "payload", False),
    ("goodput", "goodput", False),
    ("missed", "missed_bytes", False),
    ("data_packets", "data_pkts", False),
    ("retransmissions", "retransmissions", False),
    ("fast", "fast_retransmissions", False),
    ("spurious", "spurious_retransmissions", False),
    ("out_of_order", "out_of_order", False),
    ("gaps", "gaps", False),
    ("duplicate_acks", "duplicate_acks", False),
    ("zero_windows", "zero_windows", False),
    ("window_full", "window_full", False),
    ("keep_alives", "keep_alives", False),
    ("isn", "first_sequence", False),
    ("rtt_samples", "rtt_samples", False),
    ("rtt_min", "rtt_min", True),
    ("rtt_median", "rtt_median", True),
    ("rtt_max", "rtt_max", True),
]


def taken(line, name, is_time):
    value = line.get(name)
    return round(value * 1e6) if is_time and value is not None else value


def read(lines):
    """Each flow as a dictionary: members of the tables above; orig_ and resp_ stand before those of a side. None: it
    is not told."""
    flows = []
    for text in lines:
        line = json.loads(text)
        flow = {key: taken(line, name, is_time) for key, name, is_time in MEMBERS}
        for side in ("orig_", "resp_"):
            for key, name, is_time in SIDE_MEMBERS:
                flow[side + key] = taken(line, side + name, is_time)
        flow["duration"] = flow["duration"] or 0
        flow["end"] = flow["start"] + flow["duration"]
        flows.append(flow)
    return flows


def flows_of(cli, capture, arguments=()):
    """Runs the export. RuntimeError with what it said when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "flows.json"
        command = [cli, "export", str(capture), "--as", "conn-json", "--engine", "exact", "--output", str(output),
                   "--quiet", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
        if done.returncode:
            raise RuntimeError(f"exit status {done.returncode}: {done.stderr.strip()[-300:]}")
        with open(output, encoding="utf-8") as lines:
            return read(lines)
