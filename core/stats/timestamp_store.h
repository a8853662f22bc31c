// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/file.h"
#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace packetloom {

/// All timestamps of a run, because the bins are over a range that is only known at the end. In blocks, as
/// differences that all take the same 1, 2, 4 or 8 bytes (two, nearly always), in memory and beyond
/// `memoryLimit` in a nameless temporary file. A block knows its range, so that most need not be looked into.
class TimestampStore
{
public:
    static constexpr std::size_t mostInBlock = 4096;

private:
    struct Block
    {
        std::uint64_t offset = 0; ///< in the file, then in bytes_
        std::int64_t minimum = 0, maximum = 0;
        std::uint32_t count = 0;
        std::uint8_t width = 0; ///< bytes of a difference; the first timestamp takes 8
    };

public:
    static constexpr std::size_t defaultMemoryLimit = std::size_t{16} << 20;

    /// `spillFolder` must exist when the first spill happens.
    explicit TimestampStore(std::filesystem::path spillFolder, std::size_t memoryLimit = defaultMemoryLimit);

    /// Timestamps that follow each other, packed by any thread for append().
    class Run
    {
    public:
        void add(std::int64_t timestamp)
        {
            pending_.push_back(timestamp);
            if (pending_.size() == mostInBlock)
                end();
        }
        /// After the last one.
        void end()
        {
            if (!pending_.empty())
                pack();
        }
        /// Keeps the memory.
        void clear();

    private:
        friend TimestampStore;
        void pack();

        std::vector<std::int64_t> pending_;
        std::vector<Block> blocks_; ///< offsets into bytes_
        std::vector<std::uint8_t> bytes_;
    };

    /// An error of an earlier spill sticks; forEach() reports it.
    void add(std::int64_t timestamp)
    {
        own_.add(timestamp);
        if (own_.pending_.size() >= ownCount_ || own_.pending_.empty())
            take();
    }
    /// The same for many at once.
    void append(const Run& run);

    [[nodiscard]] std::uint64_t count() const { return ended_ + own_.pending_.size(); }
    /// Only when count() > 0.
    [[nodiscard]] std::int64_t minimum() const;
    [[nodiscard]] std::int64_t maximum() const;

    using Visit = std::function<bool(std::span<const std::int64_t>)>;
    /// Asked about some timestamps that follow each other: their range and how many they are. True when that
    /// was all that the caller wanted of them.
    using Skip = std::function<bool(std::int64_t minimum, std::int64_t maximum, std::uint64_t count)>;
    /// In the order of add(). `visit` gets them in batches, but for those that `skip` takes; it stops the
    /// walk by returning false (Cancelled). May be called again.
    Result<void> forEach(const Visit& visit, const Skip& skip = nullptr) const;

private:
    void take();
    void spill();
    Result<void> readBlock(const Block& block, std::vector<std::uint8_t>& bytes,
                           std::vector<std::int64_t>& timestamps) const;

    std::filesystem::path spillFolder_;
    std::size_t memoryLimit_;
    std::size_t ownCount_; ///< timestamps of add() a block
    Run own_;              ///< of add(): what is not in blocks_ yet
    std::vector<Block> blocks_;
    std::vector<std::uint8_t> bytes_;
    std::uint64_t inFile_ = 0; ///< bytes
    std::uint64_t ended_ = 0;  ///< timestamps in blocks
    File file_;
    std::optional<Error> error_;
};

} // namespace packetloom
