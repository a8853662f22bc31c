// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/run/run_result.h"
#include "core/shard/map_facts.h"
#include "core/stats/address_stats.h"
#include "core/stats/flag_stats.h"
#include "core/stats/timestamp_store.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace packetloom {

/// What all rows of a job are together, of the map tasks' facts in input order.
class JoinedStatistics
{
public:
    /// Temporary files, if any, are made in `folder`. `inputs` as they shall be told of.
    JoinedStatistics(const std::filesystem::path& folder, std::vector<std::filesystem::path> inputs)
        : inputs_(std::move(inputs)), times_(folder)
    {
        totals.inputs.resize(inputs_.size());
    }

    /// Of a task that reads the input of this number.
    void add(const MapFacts& facts, std::size_t input);
    void add(const MapAddress& address);
    void time(std::int64_t timestamp) { times_.add(timestamp); }

    /// After the last one.
    void finish();
    RunTotals totals;
    AddressTable addresses;
    AddressStats addressStats;
    FlagStats flags;
    [[nodiscard]] const TimestampStore& times() const { return times_; }

private:
    struct Joined
    {
        AddressCounters counters;
        bool hasTcp = false;
    };
    std::vector<std::filesystem::path> inputs_;
    AddressTable orderAddresses_;    ///< of first and last packets
    std::vector<Joined> joined_;     ///< by AddressId
    std::vector<AddressId> inOrder_; ///< those with TCP packets, of first appearance
    TimestampStore times_;
    std::optional<std::int64_t> first_, last_; ///< as facts tell them
};

} // namespace packetloom
