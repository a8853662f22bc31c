// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QColor>
#include <cstddef>
#include <cstdint>

namespace packetloom {

/// What is drawn of one flow. As in tcptrace's graphs ACKs are green and windows yellow (a dark one on a
/// light background); shapes, lines and letters tell the same as the colours.
enum class TraceInk : std::uint8_t {
    Segment,
    Acknowledged,
    WindowEdge,
    Retransmission,
    OutOfOrder,
    Gap,
    Originator,
    Responder,
    Cursor,
};
inline constexpr std::size_t traceInkCount = 9;

/// For a light or a dark background; at 3:1 at least against it.
QColor traceColor(TraceInk ink, bool dark);

} // namespace packetloom
