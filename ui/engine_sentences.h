// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/engine_comparison.h"

#include <array>

namespace packetloom {

// What people read about the differences of the engines, in the window and on the command line, so they share
// this; no Qt in here.

struct EngineSentence
{
    EngineDifference difference;
    const char* title; ///< a few words
    const char* why;   ///< one sentence
};

inline constexpr const char* enginesAgree =
    "One flow of each with the same packets, and outcomes that mean the same.";

inline constexpr std::array<EngineSentence, engineDifferenceCount> engineSentences{{
    {EngineDifference::NumberWraps, "Number wraps in the handshake",
     "A number of the handshake is the last of 32 bits; the reference expects the one after it without a "
     "wrap."},
    {EngineDifference::HandshakeOutOfOrder, "Handshake out of order",
     "The answer was captured before the SYN, or the SYN+ACK not at all; the reference needs them in their "
     "order."},
    {EngineDifference::AckOutOfPlace, "ACK out of place",
     "The first bare ACK after the SYN+ACK is another than that of the handshake; the reference calls the "
     "flow invalid."},
    {EngineDifference::AckWithData, "Handshake's ACK with data",
     "The ACK that ends the handshake has data or a PSH, for which the reference has no rule: its handshake "
     "stays incomplete."},
    {EngineDifference::ResetInHandshake, "Reset in the handshake",
     "A RST came while the handshake was going on for the reference, of a connection that was established "
     "before it or after it."},
    {EngineDifference::NeverEstablished, "No handshake",
     "A FIN, or an answer with a wrong number, came without a whole handshake; the reference names that end, "
     "for the exact engine no connection was seen."},
    {EngineDifference::HalfClosed, "Closed by one side",
     "Only one side sent a FIN; the reference calls that a graceful close."},
    {EngineDifference::ResetWithClose, "FIN and RST",
     "There are a FIN and a RST; the reference goes by the last of them, the exact engine by what closed the "
     "connection."},
    {EngineDifference::BeginMissed, "Beginning not captured",
     "No SYN was captured; the reference names an end all the same, the exact engine does not."},
    {EngineDifference::Direction, "Direction",
     "The engines take another end for the one that began: the reference goes by the first SYN alone."},
    {EngineDifference::LatePackets, "Late packets",
     "Packets after the close, in a later read chunk, are a flow of their own for the reference."},
    {EngineDifference::ReadChunk, "Split at a read chunk",
     "A read chunk ended after the first FIN or RST and before the last packets; there the reference's flow "
     "was complete."},
    {EngineDifference::ReferenceInactivity, "Inactivity of the reference",
     "The reference ended the flow by inactivity; for the exact engine it went on."},
    {EngineDifference::SynWithAnotherNumber, "SYN with another number",
     "After a SYN without an answer one with another number is a new attempt; the reference waits for the "
     "answer to the first."},
    {EngineDifference::PortReuse, "Ends used again",
     "Connections with the same ends follow each other within a read chunk, and are one flow for the "
     "reference."},
    {EngineDifference::AfterLinger, "Long after the close",
     "Packets came so long after the close that they are a flow of their own for the exact engine; the "
     "reference's was still open."},
    {EngineDifference::ExactInactivity, "Inactivity at its time",
     "The exact engine ended the flow by inactivity at its own time; the reference looks only where a read "
     "chunk ends."},
    {EngineDifference::AttemptEnded, "Attempt ended",
     "An unanswered attempt, or half a close, had ended for the exact engine before more packets came."},
    {EngineDifference::LeftOut, "Packets left out",
     "Packets without a whole header are none of a connection for the exact engine; the reference counts "
     "them."},
    {EngineDifference::ReferenceOnly, "Of the reference alone",
     "All packets of the flow are without a whole header."},
    {EngineDifference::ExactOnly, "Of the exact engine alone",
     "A port is 0; such packets are no flow for the reference."},
    {EngineDifference::Several, "Several of these", "More than one of these reasons at once."},
    {EngineDifference::Other, "Another reason", "None of these."},
}};

constexpr const EngineSentence& sentenceOf(EngineDifference difference)
{
    return engineSentences[static_cast<std::size_t>(difference)];
}

static_assert([] {
    for (std::size_t i = 0; i < engineDifferenceCount; ++i) {
        if (engineSentences[i].difference != static_cast<EngineDifference>(i))
            return false;
    }
    return true;
}());

} // namespace packetloom
