// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_expression.h"

#include <optional>
#include <string_view>

namespace packetloom {

/// What a value of this type is in a filter's text; nothing when it is none (docs/filters.md).
///  - numbers: "80", "0x50", with a fraction and a unit "1.5M", "10KiB"
///  - lengths of time: "5s", "20ms", "1.5min"; a number alone counts seconds
///  - times: "2009-11-03 13:23:35", or seconds since the epoch, or microseconds ("5us")
///  - addresses: a CIDR block, else any text
///  - protocols: a name or a number; of a name that has no number `least` is more than `most`
///  - flags: a number, or names ("SYN+ACK")
std::optional<FilterValue> filterValue(std::string_view text, FilterType type);

} // namespace packetloom
