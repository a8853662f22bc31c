// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/column_map.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace packetloom {

/// The columns of a header that can be this one, by their names: those of the reference, of tshark's fields
/// ("frame.time_epoch", "ip.src", "_ws.col.Source"), of Wireshark's export, and plain ones ("Source IP",
/// "saddr", "sport"), in any case and whatever stands between the letters. The best first; several only where
/// a row fills one of them (ip.src, ipv6.src).
std::vector<std::size_t> columnsNamed(Column column, std::span<const std::string> header);

/// Wireshark's column Info, if there is one.
std::optional<std::size_t> infoColumn(std::span<const std::string> header);

/// Columns that only packets of TCP (or UDP) fill.
std::vector<std::size_t> tcpColumns(std::span<const std::string> header);
std::vector<std::size_t> udpColumns(std::span<const std::string> header);

} // namespace packetloom
