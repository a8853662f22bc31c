// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_field.h"
#include "core/filter/ip_network.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace packetloom {

/// What a field is compared with.
struct FilterValue
{
    std::int64_t least = 0, most = 0;   ///< of numbers and times: both inclusive
    std::string text;                   ///< of addresses and words
    std::optional<IpNetwork> network{}; ///< of addresses: a block; else the text
    friend bool operator==(const FilterValue& a, const FilterValue& b)
    {
        return a.least == b.least && a.most == b.most && a.text == b.text &&
               a.network.has_value() == b.network.has_value();
    }
};

/// A filter as it was understood: a tree.
struct FilterExpression
{
    enum class Kind : std::uint8_t {
        All,      ///< of its parts, which are at least one
        Any,      ///< of its parts
        None,     ///< of its one part
        Equal,    ///< the field is one of the values
        Contains, ///< the text of the field has one of the values in it
        Begins,   ///< the text of the field begins with one of the values
        Says,     ///< any text of a flow has the value in it: no field
    };
    Kind kind = Kind::All;
    FilterField field{};
    std::vector<FilterValue> values;
    std::vector<FilterExpression> parts;
};

} // namespace packetloom
