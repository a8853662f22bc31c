// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_trace.h"

#include <string>

namespace packetloom::tracer {

/// The time-sequence graphs of both sides, point by point as the window draws them, as one line of JSON with
/// its newline:
///
///     {"orig": "10.0.0.1", "orig_port": 40000, "resp": ..., "resp_port": ..., "start": TIME, "packets": N,
///      "orig_graph": {"first": NUMBER, "segments": [[TIME, FROM, TO, "LETTERS"], ...], "acks": [[TIME,
///      NUMBER], ...],
///                     "edges": [[TIME, NUMBER], ...], "zeros": [TIME, ...], "rtts": [[TIME, MICROSECONDS],
///                     ...]},
///      "resp_graph": ...}
///
/// Times are microseconds since the epoch. Numbers are relative to `first`, the side's first sequence number,
/// which is -1 where it sent nothing; segments go from the first number to one behind the last. acks, edges
/// (of the window) and zeros (windows closed) are those that the other side told of this one's numbers, in
/// the order of time. Letters: S SYN, F FIN, X RST, R sent again, O out of order, K keep-alive, P window
/// probe. Of a trace whose packets were folded the points would be columns: then there are none, and "folded"
/// is true.
std::string graphLine(const Analysis& analysis, const FlowTrace& trace);

} // namespace packetloom::tracer
