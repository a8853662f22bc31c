// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/distribution_query.h"
#include "core/analysis/flow_query.h"
#include "tests/core/analysis/plain_groups.h"

#include <QString>
#include <algorithm>
#include <limits>
#include <random>

namespace packetloom::test {

inline constexpr std::int64_t lowestValue = std::numeric_limits<std::int64_t>::min(),
                              highestValue = std::numeric_limits<std::int64_t>::max();

using DistributionPtr = std::shared_ptr<const Distribution>;

inline DistributionPtr ask(const Analysis& analysis, const DistributionQuery& query)
{
    auto made = distributionOf(analysis, query);
    if (!made)
        qFatal("no distribution");
    return *made;
}

/// A flow of a source with so many packets of one length, that takes so long.
inline void addPlain(Analysis& analysis, const std::string& source, std::int64_t lasts, int packets,
                     std::int64_t length, std::int64_t port = 80)
{
    PlainFlow flow;
    flow.source = source;
    flow.destinationPort = port;
    flow.number = analysis.flows.size() + 1;
    for (int i = 0; i < packets; ++i)
        flow.packets.push_back({i == 0 ? 0 : lasts, length, i % 2 == 1});
    addFlow(analysis, flow);
}

inline void fillAtRandom(Analysis& analysis, unsigned seed, int flows, int sources)
{
    std::mt19937_64 random(seed); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    for (int i = 0; i < flows; ++i) {
        const auto size = std::int64_t{1} << random() % 40; // of all sizes
        const auto lasts = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(size));
        const auto length = static_cast<std::int64_t>(random() % 3000) - 300;
        addPlain(analysis, "10.0.0." + std::to_string(random() % static_cast<unsigned>(sources)),
                 random() % 10 == 0 ? 0 : lasts, 1 + static_cast<int>(random() % 9),
                 random() % 20 == 0 ? 0 : length, random() % 3 == 0 ? 443 : 80);
    }
}

inline std::int64_t valueOf(const Analysis& analysis, FilterField quantity, std::size_t i)
{
    const FlowTable& flows = analysis.flows;
    if (quantity == FilterField::Duration)
        return flows.end(i) - flows.start(i);
    return quantity == FilterField::Packets ? static_cast<std::int64_t>(flows.packets(i)) : flows.bytes(i);
}

inline std::vector<std::int64_t> valuesOf(const Analysis& analysis, FilterField quantity,
                                          const std::vector<std::uint32_t>& rows)
{
    std::vector<std::int64_t> values;
    for (const auto row : rows)
        values.push_back(valueOf(analysis, quantity, row));
    std::sort(values.begin(), values.end());
    return values;
}

inline bool within(const ValueRange& range, std::int64_t value)
{
    return value >= range.least && value <= range.most;
}

/// What is wrong about counts of these values, which are in order.
inline QString differs(const Distribution& distribution, const ValueCounts& counts,
                       const std::vector<std::int64_t>& values)
{
    if (counts.known != values.size())
        return QStringLiteral("%1 flows instead of %2").arg(counts.known).arg(values.size());
    if (counts.bins.size() != distribution.bins.size())
        return QStringLiteral("bins");
    for (std::size_t i = 0; i < counts.bins.size(); ++i) {
        const auto expected = std::count_if(values.begin(), values.end(), [&](std::int64_t value) {
            return within(distribution.bins[i], value);
        });
        if (counts.bins[i] != static_cast<std::uint64_t>(expected))
            return QStringLiteral("bin %1 has %2 instead of %3").arg(i).arg(counts.bins[i]).arg(expected);
    }
    if (values.empty())
        return {};
    if (counts.least != values.front() || counts.most != values.back())
        return QStringLiteral("least and most");
    for (std::size_t p = 0; p < distributionPercents.size(); ++p) {
        // The least value that enough of them are not above.
        const auto found = std::find_if(values.begin(), values.end(), [&](std::int64_t value) {
            const auto notAbove = static_cast<std::size_t>(
                std::upper_bound(values.begin(), values.end(), value) - values.begin());
            return notAbove * 100 >= distributionPercents[p] * values.size();
        });
        if (counts.percentiles[p] != *found)
            return QStringLiteral("percentile %1").arg(distributionPercents[p]);
    }
    return {};
}

inline std::vector<std::uint32_t> everyRow(const Analysis& analysis)
{
    return *selectFlows(analysis, {});
}

inline constexpr auto bothScales = {BinScale::Linear, BinScale::Logarithmic};

inline QString nameOfScale(BinScale scale)
{
    return scale == BinScale::Linear ? QStringLiteral("linear") : QStringLiteral("log");
}

} // namespace packetloom::test
