// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/conn_log/conn_fields.h"

#include "core/model/packet.h"

namespace packetloom {

std::string_view connProtocol(std::int64_t protocol)
{
    constexpr std::int64_t protocolIcmp6 = 58;
    switch (protocol) {
    case protocolTcp:
        return "tcp";
    case protocolUdp:
        return "udp";
    case protocolIcmp:
    case protocolIcmp6:
        return "icmp";
    default:
        return "unknown_transport";
    }
}

FlowSide::MaybeCount connMissedBytes(const ExactFlow& flow)
{
    if (flow.protocol != protocolTcp)
        return 0;
    FlowSide::MaybeCount missed;
    for (const auto& side : flow.sides) {
        if (side.missedBytes)
            missed = missed.value_or(0) + *side.missedBytes;
    }
    return missed;
}

} // namespace packetloom
