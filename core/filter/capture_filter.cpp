// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/capture_filter.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace packetloom {
namespace {

using Kind = FilterExpression::Kind;

constexpr auto earliest = std::numeric_limits<std::int64_t>::min(),
               latest = std::numeric_limits<std::int64_t>::max();

void collectParts(FilterExpression expression, std::vector<FilterExpression>& into)
{
    if (expression.kind != Kind::All) {
        into.push_back(std::move(expression));
        return;
    }
    for (auto& part : expression.parts)
        collectParts(std::move(part), into);
}

void add(std::optional<FilterExpression>& all, FilterExpression part)
{
    if (!all) {
        all = FilterExpression();
        all->kind = Kind::All;
    }
    all->parts.push_back(std::move(part));
}

} // namespace

std::variant<CaptureFilter, FilterProblem> parseCaptureFilter(std::string_view text)
{
    auto parsed = parseFilter(text, FilterSubject::Packets);
    if (auto* const problem = std::get_if<FilterProblem>(&parsed))
        return std::move(*problem);
    CaptureFilter filter;
    auto& expression = std::get<0>(parsed);
    if (!expression)
        return filter;
    std::vector<FilterExpression> parts;
    collectParts(*std::move(expression), parts);
    for (auto& part : parts) {
        if (!asksOfFlows(part))
            add(filter.rows, std::move(part));
        else if (canAskFlows(part))
            add(filter.flows, std::move(part));
        else
            return FilterProblem{FilterFault::MixedPart, 0, text.size(), {}, {}, {}};
    }
    return filter;
}

TimeWindow timesOf(const FilterExpression& rows)
{
    TimeWindow window;
    const auto narrow = [&](const FilterExpression& part) {
        if (part.kind != Kind::Equal || part.field != FilterField::Time || part.values.empty())
            return;
        std::int64_t from = latest, to = earliest;
        for (const auto& value : part.values) {
            from = std::min(from, value.least);
            to = std::max(to, value.most);
        }
        // What lies between two microseconds was cut off toward zero before the filter saw it.
        if (from <= 0 && from != earliest)
            --from;
        if (to >= 0 && to != latest)
            ++to;
        if (from != earliest)
            window.start = std::max(window.start.value_or(from), from);
        if (to != latest)
            window.end = std::min(window.end.value_or(to), to);
    };
    if (rows.kind == Kind::All)
        std::for_each(rows.parts.begin(), rows.parts.end(), narrow);
    else
        narrow(rows);
    return window;
}

} // namespace packetloom
