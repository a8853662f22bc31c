// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/flow_figure.h"

#include <array>

namespace packetloom {
namespace {

using enum FlowFigure;
using enum FigureKind;

constexpr auto originator = FigureSide::Originator, responder = FigureSide::Responder;

constexpr std::array figures{
    FlowFigureFacts{History, "history", Word},
    FlowFigureFacts{EndReason, "end_reason", Word},
    FlowFigureFacts{Completeness, "completeness", Number},
    FlowFigureFacts{OneSided, "one_sided", Truth},
    FlowFigureFacts{Estimated, "estimated", Truth},
    FlowFigureFacts{HandshakeTime, "handshake_rtt", Duration},
    FlowFigureFacts{SynToSynAck, "syn_to_synack", Duration},
    FlowFigureFacts{SynAckToAck, "synack_to_ack", Duration},
    FlowFigureFacts{RttLeast, "rtt_min", Duration, originator},
    FlowFigureFacts{RttMedian, "rtt_median", Duration, originator},
    FlowFigureFacts{RttMost, "rtt_max", Duration, originator},
    FlowFigureFacts{ResponderRttLeast, "resp_rtt_min", Duration, responder},
    FlowFigureFacts{ResponderRttMedian, "resp_rtt_median", Duration, responder},
    FlowFigureFacts{ResponderRttMost, "resp_rtt_max", Duration, responder},
    FlowFigureFacts{FirstResponse, "first_response", Duration},
    FlowFigureFacts{LongestSilence, "longest_silence", Duration},
    FlowFigureFacts{OriginatorPackets, "orig_packets", Number, originator},
    FlowFigureFacts{ResponderPackets, "resp_packets", Number, responder},
    FlowFigureFacts{OriginatorIpBytes, "orig_ip_bytes", Bytes, originator},
    FlowFigureFacts{ResponderIpBytes, "resp_ip_bytes", Bytes, responder},
    FlowFigureFacts{OriginatorBytes, "orig_bytes", Bytes, originator},
    FlowFigureFacts{ResponderBytes, "resp_bytes", Bytes, responder},
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
    FlowFigureFacts{OriginatorPayload, "orig_payload", Bytes, originator},
    FlowFigureFacts{OriginatorGoodput, "orig_goodput", Bytes, originator},
    FlowFigureFacts{OriginatorMissedBytes, "orig_missed_bytes", Bytes, originator},
    FlowFigureFacts{OriginatorRetransmissions, "orig_retransmissions", Number, originator},
    FlowFigureFacts{OriginatorRetransmissionShare, "orig_retransmission_share", Number, originator},
    FlowFigureFacts{OriginatorFastRetransmissions, "orig_fast_retransmissions", Number, originator},
    FlowFigureFacts{OriginatorSpuriousRetransmissions, "orig_spurious_retransmissions", Number, originator},
    FlowFigureFacts{OriginatorOutOfOrder, "orig_out_of_order", Number, originator},
    FlowFigureFacts{OriginatorGaps, "orig_gaps", Number, originator},
    FlowFigureFacts{OriginatorDuplicateAcks, "orig_duplicate_acks", Number, originator},
    FlowFigureFacts{OriginatorZeroWindows, "orig_zero_windows", Number, originator},
    FlowFigureFacts{OriginatorWindowFull, "orig_window_full", Number, originator},
    FlowFigureFacts{OriginatorKeepAlives, "orig_keep_alives", Number, originator},
    FlowFigureFacts{ResponderPayload, "resp_payload", Bytes, responder},
    FlowFigureFacts{ResponderGoodput, "resp_goodput", Bytes, responder},
    FlowFigureFacts{ResponderMissedBytes, "resp_missed_bytes", Bytes, responder},
    FlowFigureFacts{ResponderRetransmissions, "resp_retransmissions", Number, responder},
    FlowFigureFacts{ResponderRetransmissionShare, "resp_retransmission_share", Number, responder},
    FlowFigureFacts{ResponderFastRetransmissions, "resp_fast_retransmissions", Number, responder},
    FlowFigureFacts{ResponderSpuriousRetransmissions, "resp_spurious_retransmissions", Number, responder},
    FlowFigureFacts{ResponderOutOfOrder, "resp_out_of_order", Number, responder},
    FlowFigureFacts{ResponderGaps, "resp_gaps", Number, responder},
    FlowFigureFacts{ResponderDuplicateAcks, "resp_duplicate_acks", Number, responder},
    FlowFigureFacts{ResponderZeroWindows, "resp_zero_windows", Number, responder},
    FlowFigureFacts{ResponderWindowFull, "resp_window_full", Number, responder},
    FlowFigureFacts{ResponderKeepAlives, "resp_keep_alives", Number, responder},
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
