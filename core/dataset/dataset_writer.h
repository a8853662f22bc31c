// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/dataset/flow_json.h"
#include "core/dataset/manifest.h"
#include "core/dataset/packets_csv.h"
#include "core/stats/address_stats.h"
#include "core/stats/flag_stats.h"
#include "core/stats/time_bins.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace packetloom {

/// Writes the files of a dataset into a folder (reference.md, "Output folder"). Packets and flows are written
/// as they come; nothing is held but the buffers. An error sticks and is found in failure().
class DatasetWriter
{
public:
    /// `folder` must exist and be empty. `addresses` must outlive the writer.
    DatasetWriter(std::filesystem::path folder, std::uint64_t flowsPerChunk, const AddressTable& addresses);

    void packet(const Packet& packet) { packets_.write(packet); }
    void flow(const CompletedFlow& flow, const FlowLife& life);

    /// The rest: statistics, bins, manifest. `manifest`'s counts of flows and chunks are filled in here.
    Result<void> finish(const AddressStats& addresses, const FlagStats& flags,
                        const std::vector<TimeBin>& bins, Manifest manifest);

    [[nodiscard]] std::optional<Error> failure();
    [[nodiscard]] std::uint64_t flows() const { return flows_; }
    [[nodiscard]] std::uint64_t chunks() const { return chunks_; }
    [[nodiscard]] std::uint64_t files() const { return files_; }
    [[nodiscard]] std::uint64_t bytes();

private:
    void beginChunk();
    void endChunk();
    void writeAddressStats(const AddressStats& stats);
    void writeFlagStats(const FlagStats& stats);
    void writeUniqueAddresses(const AddressStats& stats);
    void writeBins(const std::vector<TimeBin>& bins);
    void open(BufferedWriter& writer, const std::filesystem::path& relative);
    void close(BufferedWriter& writer);

    std::filesystem::path folder_;
    std::uint64_t flowsPerChunk_;
    const AddressTable& addresses_;
    PacketsCsv packets_;
    BufferedWriter index_;
    BufferedWriter chunk_;
    BufferedWriter small_; ///< the files written at the end, one after the other
    FlowJson json_;
    std::string chunkFile_;
    std::uint64_t inChunk_ = 0;
    std::uint64_t flows_ = 0;
    std::uint64_t chunks_ = 0;
    std::uint64_t files_ = 0;
    std::optional<Error> error_;
};

} // namespace packetloom
