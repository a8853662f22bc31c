// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/tcp_connection.h"

#include <cstdint>

namespace packetloom {

/// A segment on its way through the rules of a connection.
struct TcpConnection::Step
{
    const TcpSegment& segment;
    TcpEndpoint* end;    ///< that sent it
    TcpEndpoint* peer;   ///< the other one
    bool fromOriginator; ///< when it came: the sides may be exchanged since
    bool measured;
    bool flipped = false;
    bool closes = false;

    /// Numbers that it takes; the data of a RST is no part of the stream.
    [[nodiscard]] std::uint32_t numbers() const
    {
        return (segment.rst() ? 0 : segment.payload) + (segment.syn() ? 1 : 0) + (segment.fin() ? 1 : 0);
    }
    [[nodiscard]] std::uint32_t behind() const { return segment.sequence + numbers(); }
};

} // namespace packetloom
