// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QIcon>
#include <cstdint>

namespace packetloom {

/// The program's own set of symbols: lines of one weight on a grid of 24, without colours of their own.
enum class Symbol : std::uint8_t {
    Open,
    OpenDataset,
    Analyze,
    Cancel,
    Export,
    CopyCommand,
    Search,
    SidePanel,
    Save,
    Sample,
    Overview,
    Flows,
    Groups,
    Distributions,
    Packets,
    Addresses,
    Flags,
    Rows,
    Quality,
    Engines,
    More,
    OwnWindow,
};
inline constexpr int symbolCount = 22;

/// Drawn at any size, in the palette's text colour at the time of painting: it follows the theme by itself.
QIcon symbolIcon(Symbol symbol);

} // namespace packetloom
