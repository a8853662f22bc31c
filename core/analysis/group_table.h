// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/group_values.h"
#include "core/support/wide_sum.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace packetloom {

inline constexpr std::size_t sparkSlices = 60;

/// What flows or packets with the same values of the keys have together.
struct Group
{
    std::array<std::uint32_t, 2> values{}; ///< of each level, see GroupTable::value()
    /// Flows that the group has; of packets 0.
    std::uint32_t flows = 0;
    /// Those of them in which the destination sent nothing; see FlowDirections.
    std::uint32_t unanswered = 0;
    /// Different addresses at the other end than the one that the group is of. Where no key is an address or
    /// a subnet, and of pairs, they are those at either end.
    std::uint32_t peers = 0;
    std::uint32_t ports = 0;   ///< different destination ports
    std::uint64_t packets = 0; ///< at most 2^64 - 1
    WideSum bytes;             ///< the sum of the lengths, negative ones included
    WideSum sentBytes,
        receivedBytes; ///< what the source and the destination sent of them, as far as it is known
    std::int64_t first = 0, last = 0; ///< times of the first and the last packet
};

/// Bars of a group over the span of the table: how many of its flows began in each slice, or how many of its
/// packets were in it.
using Sparkline = std::array<std::uint64_t, sparkSlices>;

enum class GroupColumn : std::uint8_t {
    First, ///< by the value of the first key
    Second,
    Flows,
    Packets,
    Bytes,
    SentBytes,
    ReceivedBytes,
    Peers,
    Ports,
    Unanswered,
    UnansweredShare,
    FirstSeen,
    LastSeen,
};
inline constexpr int groupColumnCount = 13;

struct GroupOrder
{
    GroupColumn column = GroupColumn::Flows;
    bool descending = true;

    friend bool operator==(const GroupOrder&, const GroupOrder&) = default;
};

/// The groups of some flows or packets, in the order in which their values appeared (by two keys: by the
/// first, then the second). Immutable once published; any number of threads may read it.
class GroupTable
{
public:
    [[nodiscard]] std::size_t size() const { return groups_.size(); }
    [[nodiscard]] const Group& operator[](std::size_t i) const { return groups_[i]; }
    /// 1 or 2.
    [[nodiscard]] std::size_t levels() const { return levels_.size(); }
    [[nodiscard]] GroupKey key(std::size_t level) const { return levels_[level].key(); }
    [[nodiscard]] GroupValue value(std::size_t level, std::size_t group) const
    {
        return levels_[level].value(groups_[group].values[level]);
    }
    [[nodiscard]] const GroupSteps& steps() const { return steps_; }
    /// The flows or packets that are in groups, each once.
    [[nodiscard]] std::uint64_t counted() const { return counted_; }
    [[nodiscard]] bool ofPackets() const { return ofPackets_; }
    /// Whether the analysis knows what each end sent; of a table that tells one way only it does not.
    [[nodiscard]] bool directionsKnown() const { return directionsKnown_; }
    /// Whether packets are in groups by flag types that have more than the eight bits of these: a filter asks
    /// for all bits, and would not find them.
    [[nodiscard]] bool hasFurtherFlags() const { return hasFurtherFlags_; }
    /// What the sparklines are of: first and last microsecond.
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> span() const { return span_; }
    [[nodiscard]] Sparkline sparkline(std::size_t group) const;
    [[nodiscard]] const GroupValues& values(std::size_t level) const { return levels_[level]; }

private:
    friend class FlowGrouping;
    friend class PacketGrouping;

    std::vector<Group> groups_;
    std::vector<GroupValues> levels_;
    GroupSteps steps_;
    std::uint64_t counted_ = 0;
    bool ofPackets_ = false;
    bool directionsKnown_ = true;
    bool hasFurtherFlags_ = false;
    std::pair<std::int64_t, std::int64_t> span_{};
    /// Of each group the slices that are not empty, one after the other: most groups have few.
    std::vector<std::uint64_t> sparkBegins_;
    std::vector<std::uint8_t> sparkAt_;
    std::vector<std::uint32_t> sparkCounts_; ///< at most 2^32 - 1
};

/// In which of the sparkline's slices a time is; those outside the span are at its ends.
std::size_t sparkSlice(const std::pair<std::int64_t, std::int64_t>& span, std::int64_t time);

/// Indexes of the groups in that order; equal ones stay as they are in the table. At most `most` of them.
/// Empty when stopped.
std::vector<std::uint32_t> sortedGroups(const GroupTable& table, const AddressTable& addresses,
                                        const GroupOrder& order, std::size_t most = ~std::size_t{0},
                                        StopFlag stop = nullptr);

} // namespace packetloom
