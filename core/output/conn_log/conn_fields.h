// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace packetloom {

// What conn-log and conn-json have in common: which figures of a flow Zeek's fields are.

/// Zeek's word for a transport: tcp, udp, icmp (of both versions of IP), unknown_transport.
std::string_view connProtocol(std::int64_t protocol);
/// Duration and bytes stand there only where there is a duration.
inline std::optional<std::int64_t> connDuration(const ExactFlow& flow)
{
    if (flow.end <= flow.start)
        return std::nullopt;
    // The ends may lie further apart than a signed number reaches.
    const auto length = static_cast<std::uint64_t>(flow.end) - static_cast<std::uint64_t>(flow.start);
    return static_cast<std::int64_t>(
        std::min<std::uint64_t>(length, std::numeric_limits<std::int64_t>::max()));
}
inline FlowSide::MaybeCount connBytes(const ExactFlow& flow, std::size_t side)
{
    return flow.end > flow.start ? flow.sides[side].bytes : std::nullopt;
}
/// Of both directions; only TCP has what can be missed.
FlowSide::MaybeCount connMissedBytes(const ExactFlow& flow);

} // namespace packetloom
