// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/views/flow_part.h"
#include "ui/views/ladder_lines.h"

#include <QString>

namespace packetloom {

// Packets of a trace in words, translated; numbers with digit groups.

/// "PSH+ACK  Seq 1  Ack 1  Len 1,460": relative numbers; of a length that was estimated "Len ≈1,460".
QString segmentLabel(const FlowTrace& trace, const TracedPacket& packet);
/// What is to be said of a packet beyond that: marks, and that it decided; empty for most.
QString packetNote(const FlowTrace& trace, const TracedPacket& packet);
/// "1,204 packets in 3.2 s: 802 → 1.2 MB, 402 ←".
QString foldLabel(const LadderLine& line);
/// What is to be said of packets that are one line; empty for most.
QString foldNote(const LadderLine& line);
QString phaseWords(FlowPhase phase);
/// Seconds since the flow's first packet, to the microsecond: "1.234567"; negative before it.
QString secondsText(std::int64_t microseconds);
/// A whole line for who cannot see it, and for copying.
QString lineSentence(const LadderLines& lines, std::size_t line, const FlowEnds& ends);

} // namespace packetloom
