// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/not_ip.h"
#include "core/model/reject_reason.h"
#include "core/model/row_counts.h"
#include "core/run/run_result.h"
#include "core/shard/block_file.h"
#include "core/shard/input_facts.h"
#include "core/shard/job.h"
#include "core/shard/packed_address.h"
#include "core/shard/packed_bytes.h"
#include "core/stats/address_stats.h"
#include "core/stats/flag_stats.h"
#include "core/support/result.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace packetloom {

/// One read chunk of a map task: what others judge by (docs/flows.md, 6 and 8), and where reading stops
/// (docs/reading.md, 27).
struct MapChunk
{
    std::uint64_t rows = 0, kept = 0;
    std::optional<std::int64_t> newest; ///< newest time of a kept packet; for datasets of TCP packets alone
    bool pastWindow = false; ///< a row past the time window was seen, in it or in one before it of the task
};

/// What a map task tells beside its packets. The statistics can be joined in the order of the tasks.
struct MapFacts
{
    RowCounts rows;
    std::array<std::uint64_t, rejectReasonCount> rejectedBy{};
    NotIpCounts notIpBy{};
    std::vector<RejectedRow> firstRejected;
    std::vector<Warning> warnings;
    InputFacts input;
    std::uint64_t tcpPackets = 0;
    std::vector<FlagStats::Count> flags; ///< in order of first appearance
    std::uint64_t packetsBytes = 0;      ///< of packets.csv, and its CRC-32
    std::uint32_t packetsSum = 0;
    /// Times of the first and last kept packet; only where not all times are told one by one.
    std::optional<std::int64_t> firstTime, lastTime;
    std::vector<MapChunk> chunks;

    /// What reading knows of the rows.
    void take(RunTotals totals)
    {
        rows = totals.rows;
        rejectedBy = totals.rejectedBy;
        notIpBy = totals.notIpBy;
        firstRejected = std::move(totals.firstRejected);
        warnings = std::move(totals.warnings);
    }
};

/// An address of a map task's kept rows.
struct MapAddress
{
    std::string_view text;
    std::optional<AddressCounters> tcp; ///< where it has TCP packets: those first, in order of appearance
};

inline constexpr std::string_view mapFactsFile = "facts", mapPartsFile = "parts",
                                  mapPacketsFile = "packets.csv";

/// Writes the file of facts of a map task: times and addresses as they come, the rest at the end.
class MapFactsWriter
{
public:
    MapFactsWriter(const std::filesystem::path& folder, const BlockFileName& name);

    void time(std::int64_t timestamp);
    void address(const MapAddress& address);
    [[nodiscard]] bool failed() const { return file_.failed(); }
    [[nodiscard]] const Error& error() const { return file_.error(); }
    Result<void> finish(const MapFacts& facts);

private:
    void endTimes();
    void endAddresses();

    BlockWriter file_;
    BytesOut times_, counters_;
    AddressesOut texts_; ///< of the addresses whose counters those are
    std::int64_t lastTime_ = 0, lastFirst_ = 0;
};

/// Reads it. Errors: JobTrouble::Damaged, Open, Read.
class MapFactsReader
{
public:
    static Result<MapFactsReader> open(const std::filesystem::path& folder, const BlockFileName& name);

    Result<MapFacts> facts() const;
    /// False of `each` ends it with Cancelled.
    Result<void> forEachTime(const std::function<bool(std::int64_t)>& each) const;
    Result<void> forEachAddress(const std::function<bool(const MapAddress&)>& each) const;

private:
    explicit MapFactsReader(BlockReader file) : file_(std::move(file)) {}
    Result<void> forEachBlock(std::uint64_t kind, const std::function<Result<void>(BytesIn&)>& each) const;

    BlockReader file_;
};

/// What a file of a map task is called in itself.
BlockFileName mapFileName(const Job& job, std::size_t task, std::string_view file);

} // namespace packetloom
