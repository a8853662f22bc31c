// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"
#include "core/support/file.h"
#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace packetloom {

/// One packet of a spool.
struct SpooledPacket
{
    std::uint64_t row = 0;       ///< its number among the kept rows, from 0
    bool afterReadChunk = false; ///< a read chunk ended before it
    Packet packet;
};

/// The kept rows of an analyzed capture, about 20 bytes each, in a nameless temporary file (gone with the
/// spool, or with the program): to show a flow's packets and to export without reading the inputs again.
/// Written by one thread, then immutable: any number of threads may read.
class PacketSpool
{
public:
    explicit PacketSpool(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// An error sticks and is found in failure().
    void add(const Packet& packet);
    /// Between two packets: flows were judged here.
    void endReadChunk() { chunkEnded_ = true; }
    /// After the last packet, before any reading.
    Result<void> finish();
    [[nodiscard]] const std::optional<Error>& failure() const { return error_; }

    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    /// Size of the temporary file.
    [[nodiscard]] std::uint64_t bytes() const { return offset_; }

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

private:
    struct Block;

public:
    /// All rows from the first on, some at a time.
    class Cursor
    {
    public:
        /// The spool must outlive it, and be finished.
        explicit Cursor(const PacketSpool& spool) : spool_(spool) {}

        /// Adds up to `most` packets that no read chunk lies between; none at the end. True when a read chunk
        /// ended before the first of them. Errors: Read.
        Result<bool> next(std::vector<Packet>& into, std::size_t most);
        /// Of the temporary file.
        [[nodiscard]] std::uint64_t bytesRead() const { return bytesRead_; }

    private:
        Result<bool> loadBlock();

        const PacketSpool& spool_;
        std::size_t nextBlock_ = 0;
        std::vector<char> bytes_; ///< of the block at hand
        const std::uint8_t* at_ = nullptr;
        std::uint64_t rowsLeft_ = 0; ///< in the block, without the one that was taken ahead
        std::optional<SpooledPacket> ahead_;
        std::int64_t timestamp_ = 0;
        std::uint64_t bytesRead_ = 0;
    };

private:
    struct Block
    {
        std::uint64_t offset = 0;
        std::uint32_t bytes = 0;
        std::uint64_t firstRow = 0;
        std::uint64_t rows = 0;
        std::int64_t earliest = 0;
        std::int64_t latest = 0;
    };

    void flush();

    std::filesystem::path folder_;
    File file_;
    std::vector<std::uint8_t> buffer_; ///< the encoded packets of the last block
    std::vector<Block> blocks_;
    Block current_;
    std::int64_t lastTimestamp_ = 0;
    std::uint64_t packets_ = 0;
    std::uint64_t offset_ = 0;
    bool chunkEnded_ = false;
    std::optional<Error> error_;
};

} // namespace packetloom
