#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the exact engine find every flow again that the generator made?

    exact_truth.py --cli PACKETLOOM_CLI --generate PACKETLOOM_GENERATE [--flows N] [--case NAME...]

Makes captures with losses and without, in order and shuffled, as CSV and pcap, with the truth about each flow
(tests/bench/README.md), and compares: every flow once, with its begin, last packet, originator, packets, state, both
halves of the handshake's round trip; where payloads are known, what was lost and sent again. What the engine judges
as Wireshark does, from timing, is counted and not demanded. Exit status 1 when a flow differs without a reason.
"""
import argparse
import collections
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from exact_export import flows_of

CASES = {
    "lossy-pcap": ["--shape", "lossy", "--format", "pcap", "--snap-length", "2000"],
    "lossy-pcapng": ["--shape", "lossy", "--format", "pcapng", "--snap-length", "2000", "--seed", "5"],
    "cut-pcap": ["--shape", "lossy", "--format", "pcap", "--snap-length", "96", "--seed", "6"],
    "lossy-csv": ["--shape", "lossy", "--format", "csv"],
    "plain-pcap": ["--shape", "plain", "--format", "pcap", "--snap-length", "2000"],
    "plain-csv": ["--shape", "plain", "--format", "csv"],
    "shuffled-pcap": ["--shape", "lossy", "--format", "pcap", "--snap-length", "2000", "--shuffle"],
    "shuffled-csv": ["--shape", "lossy", "--format", "csv", "--shuffle"],
    "near-pcap": ["--shape", "lossy", "--format", "pcap", "--snap-length", "2000", "--shuffle-within", "50", "--seed", "9"],
}


def key(proto, one, port, other, other_port):
    return (proto, *sorted([(one, port), (other, other_port)]))


def key_of_truth(flow, measured):
    if flow["proto"] in (1, 58) and not measured:
        return key(flow["proto"], flow["orig"], 0, flow["resp"], 0)
    if flow["proto"] == 1:  # Zeek's ports of ICMP: type and the answer's type
        return key(1, flow["orig"], 8, flow["resp"], 0)
    if flow["proto"] == 58:
        return key(58, flow["orig"], 128, flow["resp"], 129)
    return key(flow["proto"], flow["orig"], flow["orig_port"], flow["resp"], flow["resp_port"])


def key_of_ours(flow):
    return key(flow["proto"], flow["orig"], flow["orig_port"], flow["resp"], flow["resp_port"])


def states(flow):
    """Zeek's words for what the truth tells."""
    if flow["proto"] in (1, 58):
        return {"OTH"}
    if flow["proto"] != 6:
        return {"SF"} if flow["resp_packets"] > 0 else {"S0"}
    opened = flow["syn"] and flow["syn_ack"]
    return {
        "closed": {"SF"},
        "reset_by_originator": {"RSTO"} if opened else {"OTH", "RSTO"},
        "reset_by_responder": {"RSTR"} if opened else {"RSTRH", "RSTR"},
        "half_closed_by_originator": {"S2"} if opened else {"SH"},
        "half_closed_by_responder": {"S3"} if opened else {"SHR"},
        "rejected": {"REJ"},
        "unanswered": {"S0"},
        "given_up": {"RSTOS0"} if flow["orig_data_packets"] == 0 and flow["opening"] == "given_up" else {"OTH"},
        "half_open": {"S1"},
        "open": {"S1"} if opened else {"S0"} if flow["syn"] else {"OTH"},
    }[flow["close"]]


def differences(flow, ours, measured, cut):
    """What is told otherwise than it was made: (name, made, told)."""
    def unequal(name, made, told):
        if made != told:
            yield name, made, told

    yield from unequal("last", flow["last"], ours["last"])
    yield from unequal("originator", (flow["orig"], flow["orig_port"] if flow["proto"] in (6, 17) else None),
                       (ours["orig"], ours["orig_port"] if flow["proto"] in (6, 17) else None))
    for side in ("orig_", "resp_"):
        yield from unequal(side + "packets", flow[side + "packets"], ours[side + "packets"])
    if ours["state"] not in states(flow):
        yield "state", f"{flow['close']} {'|'.join(sorted(states(flow)))}", ours["state"]
    if flow["proto"] != 6:
        return
    yield from unequal("rtt_syn", flow["rtt_syn"], ours["syn_to_synack"])
    yield from unequal("rtt_ack", flow["rtt_last_ack"], ours["synack_to_ack"])
    if not measured:
        return
    if ours["estimated"]:
        yield "payloads", "known", "estimated"
        return
    settled = flow["close"] in ("closed", "open", "half_closed_by_originator", "half_closed_by_responder")
    for side, other in (("orig_", "resp_"), ("resp_", "orig_")):
        for name in ("payload", "data_packets", "zero_windows", "keep_alives"):
            if name != "keep_alives" or flow[side + "probes"] == 0:  # a probe that was taken looks like one
                yield from unequal(side + name, flow[side + name], ours[side + name])
        # What came before the first captured byte of a stream is not known to be new.
        if flow["hidden"] == "none" or ours[side + "goodput"] > flow[side + "fresh"]:
            yield from unequal(side + "goodput", flow[side + "fresh"], ours[side + "goodput"])
        again = sum(flow[side + name] for name in
                    ("rtx_timeout", "rtx_fast", "rtx_recovery", "twice", "overtaken")) - flow[side + "looks_new"]
        yield from unequal(side + "again", again, ours[side + "retransmissions"] + ours[side + "out_of_order"])
        yield from unequal(side + "gaps", flow[side + "gaps"], ours[side + "gaps"])
        # Of frames that are cut Zeek counts the bytes that are not there as missed, also what was captured only after it
        # was acknowledged. The byte of a zero-window probe was seen though nobody took it.
        if settled and flow["hidden"] == "none" and not cut:
            made, told = max(flow[side + "acknowledged"] - flow[side + "fresh"], 0), ours[side + "missed"]
            late = flow[side + "rtx_needless"] + flow[side + "overtaken"] > 0
            # Of what is fresh something may not be acknowledged yet, which hides as much that was lost.
            late = late or (flow["close"] == "open" and flow[side + "lost"] > 0)
            if not made - flow[side + "probes"] <= told <= (float("inf") if late else made):
                yield side + "missed", made, told


JUDGED = [  # what follows from timing: (name, the truth's members, ours)
    ("fast retransmissions", ["rtx_fast"], "fast"),
    ("spurious retransmissions", ["rtx_needless"], "spurious"),
    ("out of order", ["overtaken"], "out_of_order"),
    ("retransmissions", ["rtx_timeout", "rtx_fast", "rtx_recovery", "twice"], "retransmissions"),
    ("duplicate ACKs", ["dup_acks"], "duplicate_acks"),
    ("window full", ["window_full"], "window_full"),
]


# What even the right numbers of a capture leave open now and then, or a rule of the engine makes otherwise. At most one
# flow of a thousand may differ so.
KEEP_ALIVE = "a last byte that is sent again looks like a keep-alive"
KEPT_BYTE = "a keep-alive repeats a byte that the capture does not have, and so brings it"
PROBE = "the byte of a window probe was taken before the opening of the window was captured"
ATTEMPT = "its SYN was not answered for longer than an attempt lasts (docs/exact-engine.md, 6): two flows or more"


def split_by_attempt(flow, mine, told, measured):
    """Whether what was made is several flows, because attempts end; these are taken out of `told`."""
    if mine["ending"] != "attempt" or mine["resp_packets"] > 0:
        return False
    ends = key_of_truth(flow, measured)
    places = sorted((place for place in told if place[0] == ends and mine["start"] < place[1] <= flow["last"]),
                    key=lambda place: place[1])
    pieces = [mine, *(told[place] for place in places)]
    if (not places or pieces[-1]["last"] != flow["last"] or pieces[-1]["state"] not in states(flow) or
            any(piece["ending"] != "attempt" for piece in pieces[:-1]) or
            any(sum(piece[side + "packets"] for piece in pieces) != flow[side + "packets"] for side in ("orig_", "resp_"))):
        return False
    for place in places:
        del told[place]
    return True


def reason_of(flow, mine, found, told, measured):
    """Why a flow that was found is told otherwise; None where that is a defect."""
    if split_by_attempt(flow, mine, told, measured):
        return ATTEMPT
    by_name = {name: (made, told_) for name, made, told_ in found}
    for side in ("orig_", "resp_"):
        names = set(by_name)
        if names == {side + "keep_alives", side + "again"}:
            (alive, told_alive), (again, told_again) = by_name[side + "keep_alives"], by_name[side + "again"]
            if again - told_again == told_alive - alive > 0:
                return KEEP_ALIVE
        if names == {side + "goodput"} and flow[side + "keep_alives"] > 0 and flow[side + "lost"] > 0:
            made, told_ = by_name[side + "goodput"]
            if told_ == made + 1:
                return KEPT_BYTE
        if names <= {side + "again", side + "gaps", side + "goodput"} and flow[side + "probes"] > 0 and all(
                abs(made - told_) == 1 for made, told_ in by_name.values()):
            return PROBE
    return None


def judge(name, truth, ours, shown):
    """Prints what differs; how many flows do without a reason."""
    measured, cut = "csv" not in name, "cut" in name
    told = {}
    doubled = 0
    for flow in ours:
        place = (key_of_ours(flow), flow["start"])
        doubled += place in told
        told[place] = flow
    kinds, reasons, wrong, unclear = collections.Counter(), collections.Counter(), 0, 0
    judged = collections.Counter()
    for flow in truth:
        mine = told.pop((key_of_truth(flow, measured), flow["first"]), None)
        found = [("not found", "", "")] if mine is None else list(differences(flow, mine, measured, cut))
        if found:
            reason = reason_of(flow, mine, found, told, measured) if mine else None
            wrong += reason is None
            unclear += reason is not None
            if reason:
                reasons[reason] += 1
            else:
                kinds.update(difference[0] for difference in found)
            if reason is None and wrong <= shown:
                print(f"  {flow['orig']}:{flow['orig_port']} > {flow['resp']}:{flow['resp_port']} "
                      f"{flow['opening']}/{flow['ending']}/{flow['hidden']}: " +
                      "; ".join(f"{what} made {made} told {ours_}" for what, made, ours_ in found))
        if mine is not None and measured and flow["proto"] == 6:
            for what, members, member in JUDGED:
                for side in ("orig_", "resp_"):
                    made, mine_ = sum(flow[side + m] for m in members), mine[side + member]
                    if mine_ is not None:
                        judged[what, "made"] += made
                        judged[what, "both"] += min(made, mine_)
                        judged[what, "told"] += mine_
    for place, flow in list(told.items())[:shown]:
        print(f"  nobody made {place}: {flow['state']} {flow['history']} {flow['orig_packets']}+{flow['resp_packets']}")
    print(f"{name}: {len(truth) - wrong - unclear} of {len(truth)} flows as they were made, {unclear} otherwise for a reason, "
          f"{wrong} without one, {len(told) + doubled} more told"
          f"{'; ' + str(dict(kinds.most_common())) if kinds else ''}")
    for reason, count in reasons.most_common():
        print(f"  {count}: {reason}")
    for what, _, _ in JUDGED if measured else []:
        print(f"  {what}: made {judged[what, 'made']}, told {judged[what, 'told']}, "
              f"flow by flow the same {judged[what, 'both']}")
    return wrong + (0 if unclear * 1000 <= len(truth) else unclear) + len(told) + doubled


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", required=True)
    parser.add_argument("--generate", required=True)
    parser.add_argument("--flows", type=int, default=2000)
    parser.add_argument("--case", nargs="*", choices=CASES, default=list(CASES))
    parser.add_argument("--show", type=int, default=5)
    arguments = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in arguments.case:
            capture = Path(folder) / f"capture.{CASES[case][CASES[case].index('--format') + 1]}"
            truth = Path(folder) / "truth.json"
            subprocess.run([arguments.generate, *CASES[case], "--flows", str(arguments.flows), "--packets", "999999999",
                            "--output", str(capture), "--truth", str(truth)], check=True, stderr=subprocess.DEVNULL)
            with open(truth, encoding="utf-8") as lines:
                made = [json.loads(line) for line in lines]
            bad += judge(case, made, flows_of(arguments.cli, capture), arguments.show)
            capture.unlink()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
