// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/distribution_bins.h"
#include "core/analysis/group_values.h"
#include "core/analysis/narrowing.h"
#include "core/filter/filter_field.h"
#include "core/support/result.h"
#include "core/support/stop_flag.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace packetloom {

/// Of which quantities of flows there are distributions: duration, packets and bytes of every analysis, and
/// the figures of the exact engine that count or measure something (not those that are a word, a truth, or,
/// as Wireshark's completeness, bits). They are called as filters call them.
std::span<const FilterField> distributionQuantities();

/// What of which flows.
struct DistributionQuery
{
    FilterField quantity = FilterField::Duration; ///< one of distributionQuantities()
    BinScale scale = BinScale::Logarithmic;
    std::optional<GroupKey> by = std::nullopt; ///< any but Flags
    GroupSteps steps = {};
    Narrowing narrowing = {};
};

inline constexpr std::array distributionPercents{5U, 25U, 50U, 75U, 95U, 99U};

/// How many flows have which values.
struct ValueCounts
{
    std::vector<std::uint64_t> bins;  ///< flows, by Distribution::bins
    std::uint64_t known = 0;          ///< flows in bins
    std::uint64_t unknown = 0;        ///< flows that the quantity is not known of; in no bin
    std::int64_t least = 0, most = 0; ///< this and the percentiles: 0 where nothing is known
    /// The least values that so many percent of the values are not above (nearest rank), by
    /// distributionPercents.
    std::array<std::int64_t, distributionPercents.size()> percentiles{};
};

/// Values are as filters compare them: microseconds, bytes, numbers; what does not fit into 63 bits is as
/// much as does. Immutable once published.
struct Distribution
{
    static constexpr std::size_t mostGroups = 8;

    struct Group
    {
        std::uint32_t value = 0; ///< of `values`
        ValueCounts counts;
    };

    FilterField quantity{};
    BinScale scale{};
    std::vector<ValueRange> bins; ///< the same of all groups; none where nothing is known
    ValueCounts all;
    std::optional<GroupKey> by;
    GroupSteps steps;
    GroupValues values; ///< of `by`
    /// Those of most flows first, at most mostGroups. A flow that has two values of the key is in both.
    std::vector<Group> groups;
    /// The flows that are in none of these, where there are any, and how many groups have such flows.
    std::optional<ValueCounts> others;
    std::uint64_t otherGroups = 0;
};

/// Counts the flows of an analysis that are not narrowed away. Takes time and memory that follow their
/// number; any thread. Errors: Cancelled; those of selectFlows(); and NotExact, where the quantity is a
/// figure of the exact engine, and that does not tell of the flows.
Result<std::shared_ptr<const Distribution>>
distributionOf(const Analysis& analysis, const DistributionQuery& query, StopFlag stop = nullptr);

/// Of which of its flows a filter is.
enum class DistributionPart : std::uint8_t { All, Group, Others };

/// What leaves the flows with a value in one of the bins from the first to the last: "duration >= 10ms and
/// duration < 20ms"; of a group (by its place in `groups`) only its flows. Nothing where the language has no
/// way to say it: numbers at the ends of their range, or what groupFilter() cannot.
std::optional<std::string> distributionFilter(const Distribution& distribution,
                                              std::pair<std::size_t, std::size_t> bins, DistributionPart part,
                                              std::size_t group, const AddressTable& addresses);

} // namespace packetloom
