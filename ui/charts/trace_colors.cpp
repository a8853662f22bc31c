// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/trace_colors.h"

#include <array>

namespace packetloom {
namespace {

struct Pair
{
    QRgb light, dark;
};

constexpr std::array<Pair, traceInkCount> colors{{
    {0xff2b3a55, 0xffd5dbe6}, // segments: near to the text's
    {0xff009068, 0xff2fc79b}, // ACKs
    {0xffb07500, 0xfff2b83a}, // window edge
    {0xffc8321e, 0xffff7a66}, // retransmissions
    {0xff8a3fb0, 0xffd3a0f0}, // out of order
    {0xff6e5a4b, 0xffb9a596}, // gaps
    {0xff0072b2, 0xff4da3dd}, // originator
    {0xffc85a00, 0xfff0813a}, // responder
    {0xff9c2a6b, 0xfff08fc4}, // cursor
}};

} // namespace

QColor traceColor(TraceInk ink, bool dark)
{
    const Pair& pair = colors[static_cast<std::size_t>(ink)];
    return QColor::fromRgb(dark ? pair.dark : pair.light);
}

} // namespace packetloom
