// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_expression.h"

#include <optional>
#include <string_view>

namespace packetloom {

/// What a word stands for by itself (docs/filters.md): "10.0.0.1" and "10.0.0.0/8" for either address,
/// "10.0.0." for those that begin so, ":443" and ":8000..8100" for either port, "10.0.0.1:443" and
/// "[2001:db8::1]:443" for an address with its port, "flow_12", "tcp" and other protocols, "ip" and "ipv6",
/// and the names of states, ways of closing, reasons and services. Nothing for any other word.
std::optional<FilterExpression> filterShorthand(std::string_view word);

} // namespace packetloom
