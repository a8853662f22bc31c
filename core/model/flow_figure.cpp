// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/flow_figure.h"

#include <array>

namespace packetloom {
namespace {

using enum FlowFigure;
using enum FigureKind;

constexpr std::array figures{
    FlowFigureFacts{History, "history", Word},
    FlowFigureFacts{EndReason, "end_reason", Word},
    FlowFigureFacts{Completeness, "completeness", Number},
    FlowFigureFacts{OneSided, "one_sided", Truth},
    FlowFigureFacts{Estimated, "estimated", Truth},
    FlowFigureFacts{HandshakeTime, "handshake_rtt", Duration},
    FlowFigureFacts{SynToSynAck, "syn_to_synack", Duration},
    FlowFigureFacts{SynAckToAck, "synack_to_ack", Duration},
    FlowFigureFacts{RttLeast, "rtt_min", Duration},
    FlowFigureFacts{RttMedian, "rtt_median", Duration},
    FlowFigureFacts{RttMost, "rtt_max", Duration},
    FlowFigureFacts{ResponderRttLeast, "resp_rtt_min", Duration},
    FlowFigureFacts{ResponderRttMedian, "resp_rtt_median", Duration},
    FlowFigureFacts{ResponderRttMost, "resp_rtt_max", Duration},
    FlowFigureFacts{FirstResponse, "first_response", Duration},
    FlowFigureFacts{LongestSilence, "longest_silence", Duration},
    FlowFigureFacts{OriginatorPackets, "orig_packets", Number},
    FlowFigureFacts{ResponderPackets, "resp_packets", Number},
    FlowFigureFacts{OriginatorIpBytes, "orig_ip_bytes", Bytes},
    FlowFigureFacts{ResponderIpBytes, "resp_ip_bytes", Bytes},
    FlowFigureFacts{OriginatorBytes, "orig_bytes", Bytes},
    FlowFigureFacts{ResponderBytes, "resp_bytes", Bytes},
    FlowFigureFacts{Payload, "payload", Bytes},
    FlowFigureFacts{Goodput, "goodput", Bytes},
    FlowFigureFacts{MissedBytes, "missed_bytes", Bytes},
    FlowFigureFacts{Retransmissions, "retransmissions", Number},
    FlowFigureFacts{RetransmissionShare, "retransmission_share", Number},
    FlowFigureFacts{FastRetransmissions, "fast_retransmissions", Number},
    FlowFigureFacts{SpuriousRetransmissions, "spurious_retransmissions", Number},
    FlowFigureFacts{OutOfOrder, "out_of_order", Number},
    FlowFigureFacts{Gaps, "gaps", Number},
    FlowFigureFacts{DuplicateAcks, "duplicate_acks", Number},
    FlowFigureFacts{ZeroWindows, "zero_windows", Number},
    FlowFigureFacts{WindowFull, "window_full", Number},
    FlowFigureFacts{KeepAlives, "keep_alives", Number},
};

constexpr bool inOrder()
{
    for (std::size_t i = 0; i < figures.size(); ++i) {
        if (figures[i].figure != static_cast<FlowFigure>(i))
            return false;
    }
    return figures.size() == flowFigureCount;
}
static_assert(inOrder());

} // namespace

std::span<const FlowFigureFacts> flowFigures()
{
    return figures;
}

} // namespace packetloom
