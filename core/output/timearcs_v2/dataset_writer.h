// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/dataset/manifest.h"
#include "core/output/timearcs_v2/chunk_writer.h"
#include "core/output/timearcs_v2/packets_csv.h"
#include "core/stats/address_stats.h"
#include "core/stats/flag_stats.h"
#include "core/stats/time_bins.h"
#include "core/support/ordered_tasks.h"
#include "core/support/recycler.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace packetloom {

/// Writes the files of a dataset into a folder (docs/dataset.md). Packets and flows are written
/// as they come, formatted on a pool's threads; nothing is held but the buffers. An error sticks and is found
/// in failure(). One thread owns the writer; ChunkWriters work on others.
class DatasetWriter
{
public:
    /// `folder` must exist and be empty. `addresses` and `pool` must outlive the writer.
    DatasetWriter(std::filesystem::path folder, std::uint64_t flowsPerChunk, const AddressTable& addresses,
                  TaskPool& pool, JsonStyle style = JsonStyle::Indented,
                  const FlowEngine& engine = defaultFlowEngine());

    /// The next rows of packets.csv. `owner` keeps `packets` alive.
    void packets(std::span<const Packet> packets, std::shared_ptr<const void> owner);

    /// For the flows from this number on (from 0, in order of completion).
    std::unique_ptr<ChunkWriter> chunkWriter(std::uint64_t firstFlow);
    /// Whether a chunk file begins with this flow: a ChunkWriter that begins elsewhere goes on with the file
    /// of the one before, which must have been taken.
    [[nodiscard]] bool beginsChunkFile(std::uint64_t flow) const { return flow % flowsPerChunk_ == 0; }
    /// They come back in order.
    void take(ChunkWriter& writer);

    /// What was written elsewhere, in order: rows of packets.csv, and entries of the index with the comma
    /// before each but the first.
    void joinPackets(std::string_view rows) { packets_.append(rows); }
    void joinIndex(std::string_view entries) { index_.append(entries); }
    /// Of these entries: chunk files that somebody puts into the folder.
    void joinChunks(std::uint64_t flows, std::uint64_t chunks, std::uint64_t bytes);

    /// Waits for the rows of packets.csv that are under way.
    void finishPackets();
    /// The rest: statistics, bins, manifest. `manifest`'s counts of flows and chunks are filled in here.
    /// What finish() takes for itself, in bytes of memory.
    [[nodiscard]] static std::uint64_t bytesToFinish(const AddressStats& addresses)
    {
        return addresses.unique().size() * std::uint64_t{sizeof(std::string_view)};
    }
    Result<void> finish(const AddressStats& addresses, const FlagStats& flags,
                        const std::vector<TimeBin>& bins, Manifest manifest);

    [[nodiscard]] std::optional<Error> failure();
    [[nodiscard]] std::uint64_t flows() const { return flows_; }
    [[nodiscard]] std::uint64_t chunks() const { return chunks_; }
    [[nodiscard]] std::uint64_t files() const { return files_; }
    [[nodiscard]] std::uint64_t bytes() const;

private:
    void writePackets();
    void writeAddressStats(const AddressStats& stats);
    void writeFlagStats(const FlagStats& stats);
    void writeUniqueAddresses(const AddressStats& stats);
    void writeBins(const std::vector<TimeBin>& bins);
    void open(BufferedWriter& writer, const std::filesystem::path& relative);
    void close(BufferedWriter& writer);
    void note(std::optional<Error> error);

    std::filesystem::path folder_;
    std::uint64_t flowsPerChunk_;
    const AddressTable& addresses_;
    TaskPool& pool_;
    JsonStyle style_;
    const FlowEngine& engine_;
    BufferedWriter packets_;
    BufferedWriter index_;
    BufferedWriter small_; ///< the files written at the end, one after the other
    ChunkWriter::Tools tools_;
    std::shared_ptr<BufferedWriter> openChunk_; ///< a chunk that is not complete, if any
    Recycler<TextBuffer> texts_;
    std::uint64_t chunkBytes_ = 0;
    std::uint64_t flows_ = 0;
    std::uint64_t chunks_ = 0;
    std::uint64_t files_ = 0;
    std::optional<Error> error_;
    OrderedTasks<std::shared_ptr<TextBuffer>> packetTexts_; ///< last: its tasks use the others
};

} // namespace packetloom
