// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/distribution_query.h"
#include "core/analysis/group_text.h"
#include "core/filter/filter_parser.h"

#include <array>
#include <limits>
#include <span>
#include <utility>
#include <variant>

namespace packetloom {
namespace {

constexpr auto lowest = std::numeric_limits<std::int64_t>::min(),
               highest = std::numeric_limits<std::int64_t>::max();

struct Unit
{
    const char* name;
    std::int64_t factor;
};
constexpr std::array lengths{Unit{"s", 1'000'000}, Unit{"ms", 1'000}, Unit{"us", 1}};
constexpr std::array sizes{Unit{"G", 1'000'000'000}, Unit{"M", 1'000'000}, Unit{"k", 1'000}, Unit{"", 1}};

bool isOfBytes(FilterField quantity)
{
    const auto figure = figureOf(quantity);
    return figure ? factsOf(*figure).kind == FigureKind::Bytes : quantity == FilterField::Bytes;
}

/// A value as the language writes it, in the largest unit that it is a whole number of.
std::string valueText(FilterField quantity, std::int64_t value)
{
    const auto text = [&](std::span<const Unit> units) {
        for (const Unit& unit : units) {
            // The language knows no number as large as the largest (filter_value.cpp).
            if (value % unit.factor == 0 && value / unit.factor < highest / unit.factor)
                return std::to_string(value / unit.factor) + unit.name;
        }
        return std::to_string(value) + units.back().name;
    };
    if (typeOf(quantity) == FilterType::Duration)
        return value == 0 ? "0s" : text(lengths);
    return value != 0 && isOfBytes(quantity) ? text(sizes) : std::to_string(value);
}

/// Empty: all values.
std::string rangeText(FilterField quantity, ValueRange range)
{
    const auto test = [field = std::string(nameOf(quantity))](const char* how, const std::string& value) {
        return field + ' ' + how + ' ' + value;
    };
    // What is beside the ends needs no word, and the ends themselves have none. Sizes alone can be negative.
    const bool above = range.least > lowest && (range.least > 0 || quantity == FilterField::Bytes);
    const bool below = range.most < highest;
    if (range.least == range.most)
        return test("==", valueText(quantity, range.least));
    std::string text = above ? test(">=", valueText(quantity, range.least)) : std::string();
    if (!below)
        return text;
    const auto last = valueText(quantity, range.most);
    const auto behind = range.most + 1 < highest ? valueText(quantity, range.most + 1) : std::string();
    if (!text.empty())
        text += " and ";
    return text + (!behind.empty() && behind.size() < last.size() ? test("<", behind) : test("<=", last));
}

std::optional<std::string> partText(const Distribution& distribution, DistributionPart part,
                                    std::size_t group, const AddressTable& addresses)
{
    const auto filterOf = [&](const Distribution::Group& one) {
        return flowGroupFilter(distribution.values.value(one.value), distribution.steps, addresses);
    };
    if (part == DistributionPart::All)
        return std::string();
    if (part == DistributionPart::Group)
        return filterOf(distribution.groups[group]);
    std::string groups;
    for (const auto& one : distribution.groups) {
        const auto filter = filterOf(one);
        if (!filter)
            return std::nullopt;
        groups += (groups.empty() ? "" : " or ") + ('(' + *filter + ')');
    }
    return "not (" + groups + ')';
}

} // namespace

std::optional<std::string> distributionFilter(const Distribution& distribution,
                                              std::pair<std::size_t, std::size_t> bins, DistributionPart part,
                                              std::size_t group, const AddressTable& addresses)
{
    auto text = partText(distribution, part, group, addresses);
    if (!text)
        return std::nullopt;
    const auto range = rangeText(distribution.quantity,
                                 {distribution.bins[bins.first].least, distribution.bins[bins.second].most});
    if (!text->empty() && !range.empty())
        *text += " and ";
    *text += range;
    if (text->empty() || std::holds_alternative<FilterProblem>(parseFilter(*text, FilterSubject::Flows)))
        return std::nullopt;
    return text;
}

} // namespace packetloom
