// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/run/progress.h"
#include "core/run/run_result.h"
#include "core/shard/job.h"
#include "core/shard/map_facts.h"
#include "core/stats/address_stats.h"
#include "core/stats/flag_stats.h"
#include "core/stats/timestamp_store.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
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

    /// The facts of a task that reads the input of this number, and its addresses. Returns the facts. Errors:
    /// those of the reader; Cancelled.
    Result<MapFacts> add(const MapFactsReader& reader, std::size_t input, ProgressMeter& meter);
    void time(std::int64_t timestamp) { times_.add(timestamp); }

    /// After the last one. Error: JobTrouble::Damaged where they have not as many kept rows as the job.
    Result<void> finish(const Job& job, std::uint64_t keptRows);
    RunTotals totals;
    AddressTable addresses;
    AddressStats addressStats;
    FlagStats flags;
    [[nodiscard]] const TimestampStore& times() const { return times_; }

private:
    void add(const MapFacts& facts, std::size_t input);
    void add(const MapAddress& address);

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
