// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_field.h"
#include "core/filter/ip_network.h"
#include "core/filter/text_pattern.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace packetloom {

/// What a field is compared with.
struct FilterValue
{
    std::int64_t least = 0, most = 0;     ///< of numbers and times: both inclusive
    std::string text;                     ///< of addresses, words and patterns
    std::optional<IpNetwork> network{};   ///< of addresses: a block; else the text
    std::optional<TextPattern> pattern{}; ///< of Kind::Matches: the text, compiled
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
        OfFlow,   ///< its one part, asked of flows; of a packet: of its flow
        Equal,    ///< the field is one of the values
        Contains, ///< the text of the field has one of the values in it
        Begins,   ///< the text of the field begins with one of the values
        Matches,  ///< the pattern of one of the values is found in the text of the field
        Bits,     ///< the field has a bit of the value's number
        Present,  ///< there is such a field: an address of the family, a flow
        Says,     ///< any text of it has the value in it: no field
    };
    Kind kind = Kind::All;
    FilterField field{};
    AddressFamily family = AddressFamily::Any; ///< of fields of addresses: an IP address is of this one
    std::vector<FilterValue> values;
    std::vector<FilterExpression> parts;

    /// Whether it asks for a field.
    [[nodiscard]] bool asksField() const
    {
        return kind == Kind::Equal || kind == Kind::Contains || kind == Kind::Begins ||
               kind == Kind::Matches || kind == Kind::Bits || kind == Kind::Present;
    }
};

/// The field is the value.
FilterExpression isEqual(FilterField field, FilterValue value);
FilterExpression isPresent(FilterField field, AddressFamily family);
FilterExpression negated(FilterExpression expression);
FilterExpression saysText(std::string text);

/// Whether a packet must be asked for its flow to know whether the expression holds.
bool asksOfFlows(const FilterExpression& expression);
/// Whether a flow can be asked: no field in it is of packets alone.
bool canAskFlows(const FilterExpression& expression);

/// The first figure of the exact engine that it asks for, in the order of the text; where another engine
/// tells of the flows, there is no answer.
std::optional<FlowFigure> figureAsked(const FilterExpression& expression);

} // namespace packetloom
