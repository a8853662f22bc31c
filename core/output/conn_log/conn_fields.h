// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

// What conn-log and conn-json have in common: which figures of a flow Zeek's fields are.

/// Zeek's word for a transport: tcp, udp, icmp (of both versions of IP), unknown_transport.
std::string_view connProtocol(std::int64_t protocol);
/// Duration and bytes stand there only where there is a duration.
inline std::optional<std::int64_t> connDuration(const ExactFlow& flow)
{
    return flow.duration() > 0 ? std::optional(flow.duration()) : std::nullopt;
}
inline FlowSide::MaybeCount connBytes(const ExactFlow& flow, std::size_t side)
{
    return flow.duration() > 0 ? flow.sides[side].bytes : std::nullopt;
}
/// Of both directions; only TCP has what can be missed.
FlowSide::MaybeCount connMissedBytes(const ExactFlow& flow);

} // namespace packetloom
