// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/packed_extras.h"
#include "core/model/packet.h"
#include "core/model/packet_extras.h"
#include "core/support/file.h"
#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace packetloom {

/// One packet of a spool.
struct SpooledPacket
{
    std::uint64_t row = 0;       ///< its number among the kept rows, from 0
    bool afterReadChunk = false; ///< a read chunk ended before it
    Packet packet;
    PacketExtras extras;
};

/// The kept rows of an analyzed capture, about 22 bytes each, with extras 25 (of hostile ones at most 130),
/// in a nameless temporary file (gone with the spool, or with the program): to show packets and to export
/// without reading the inputs again. Blocks of blockRows rows, in columns: any row is read with its block
/// alone, and only the columns that are asked for. Written by one thread, then immutable: any number of
/// threads may read.
class PacketSpool
{
public:
    static constexpr std::size_t blockRows = 2048;

    /// What is read of packets.
    enum Column : std::uint16_t {
        Time = 1,
        Ends = 2,    ///< addresses and ports
        Numbers = 4, ///< sequence and acknowledgment
        Length = 8,
        Flags = 16, ///< and which packets begin a read chunk
        Protocol = 32,
        Extras = 64, ///< brings Length with it
        AllColumns = 127,
    };

    explicit PacketSpool(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// An error sticks and is found in failure().
    void add(const Packet& packet, const PacketExtras& extras = {});
    /// Between two packets: flows were judged here.
    void endReadChunk() { chunkEnded_ = true; }
    /// After the last packet, before any reading.
    Result<void> finish();
    [[nodiscard]] const std::optional<Error>& failure() const { return error_; }
    /// For what else is kept of its rows.
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    /// Size of the temporary file.
    [[nodiscard]] std::uint64_t bytes() const { return offset_; }
    /// No packet is earlier than the one before it.
    [[nodiscard]] bool inOrder() const { return inOrder_; }
    /// Of some packets extras are known.
    [[nodiscard]] bool knowsExtras() const { return knowsExtras_; }

    /// Block i has the rows from i * blockRows on.
    [[nodiscard]] std::size_t blocks() const { return blocks_.size(); }
    /// Least and greatest timestamp of a block.
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> times(std::size_t block) const
    {
        return {blocks_[block].earliest, blocks_[block].latest};
    }

    /// Reads blocks for one thread; keeps the one that was read last.
    class Reader
    {
    public:
        /// The spool must outlive it, and be finished.
        explicit Reader(const PacketSpool& spool) : spool_(spool) {}

        /// Columns that are not asked for hold anything. Errors: Read, and what failure() says.
        Result<void> load(std::size_t block, unsigned columns = AllColumns);
        [[nodiscard]] std::span<const Packet> packets() const { return packets_; }
        /// Of packets(); with the column Extras.
        [[nodiscard]] std::span<const PacketExtras> extras() const { return extras_; }
        [[nodiscard]] std::uint64_t firstRow() const { return std::uint64_t{block_} * blockRows; }
        /// Whether a read chunk ended before packets()[i]; with the column Flags.
        [[nodiscard]] bool afterReadChunk(std::size_t i) const { return afterReadChunk_[i] != 0; }
        /// Of the temporary file.
        [[nodiscard]] std::uint64_t bytesRead() const { return bytesRead_; }

    private:
        const PacketSpool& spool_;
        std::size_t block_ = 0;
        unsigned loaded_ = 0; ///< columns
        std::vector<char> bytes_;
        std::vector<Packet> packets_;
        std::vector<std::uint8_t> afterReadChunk_;
        std::vector<PacketExtras> extras_;
        std::uint64_t bytesRead_ = 0;
    };

    /// Rows to visit: number and time, both bounds inclusive. The time only saves work; rows outside it may
    /// be visited too.
    struct Range
    {
        std::uint64_t firstRow = 0;
        std::uint64_t lastRow = ~std::uint64_t{0};
        std::optional<std::int64_t> earliest, latest;
    };
    /// In the order of add(). `visit` stops the walk by returning false.
    Result<void> forEach(const Range& range, const std::function<bool(const SpooledPacket&)>& visit) const;

    /// All rows from the first on, some at a time.
    class Cursor
    {
    public:
        /// The spool must outlive it, and be finished.
        explicit Cursor(const PacketSpool& spool) : spool_(spool), reader_(spool) {}

        /// Adds up to `most` packets that no read chunk lies between; none at the end. True when a read chunk
        /// ended before the first of them. `details`: may be null; else their extras are added, where the
        /// spool knows any. Errors: Read.
        Result<bool> next(std::vector<Packet>& into, std::size_t most, DetailColumns* details = nullptr);
        /// Of the temporary file.
        [[nodiscard]] std::uint64_t bytesRead() const { return reader_.bytesRead(); }

    private:
        const PacketSpool& spool_;
        Reader reader_;
        std::size_t nextBlock_ = 0;
        std::size_t at_ = 0; ///< in the block at hand
    };

private:
    struct Block
    {
        std::uint64_t offset = 0;
        std::uint32_t bytes = 0;
        std::uint32_t rows = 0;
        std::int64_t earliest = 0;
        std::int64_t latest = 0;
    };

    void flush();

    std::filesystem::path folder_;
    File file_;
    std::vector<Packet> pending_;             ///< of the last block
    std::vector<std::uint8_t> pendingHeads_;  ///< of the same
    std::vector<PacketExtras> pendingExtras_; ///< of the same; empty where none are known
    ExtrasPacker extrasPacker_;
    std::vector<std::uint8_t> encoded_;
    std::vector<Block> blocks_;
    std::uint64_t packets_ = 0;
    std::uint64_t offset_ = 0;
    std::int64_t latest_ = 0; ///< timestamp of the packet that was added last
    bool inOrder_ = true;
    bool knowsExtras_ = false;
    bool chunkEnded_ = false;
    std::optional<Error> error_;
};

} // namespace packetloom
