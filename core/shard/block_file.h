// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/buffered_writer.h"
#include "core/support/file.h"
#include "core/support/result.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace packetloom {

/// What a file of a job belongs to. A reader that asks for another one gets JobTrouble::Damaged.
struct BlockFileName
{
    std::string job;  ///< Job::id
    std::string what; ///< "map 3 parts"
};

/// A block's entry in the list at the end of its file. What tags say is the owner's business.
struct BlockEntry
{
    std::uint64_t kind = 0;
    std::array<std::uint64_t, 3> tags{};
    std::uint64_t offset = 0; ///< of the payload in the file
    std::uint64_t size = 0;   ///< of the payload in bytes
};

/// Blocks of bytes in one file, each with a checksum, and a list of them at its end (docs/scale.md, 4). Files
/// that a crash or a full disk cut short have no such end. Errors stick, and finish() tells them.
class BlockWriter
{
public:
    /// `path` must not exist.
    BlockWriter(const std::filesystem::path& path, const BlockFileName& name);

    void add(std::uint64_t kind, std::string_view payload, const std::array<std::uint64_t, 3>& tags = {});
    [[nodiscard]] bool failed() const { return file_.failed(); }
    [[nodiscard]] const Error& error() const { return file_.error(); }
    [[nodiscard]] std::uint64_t bytes() const { return file_.bytesWritten(); }
    Result<void> finish();

private:
    void put(std::string_view payload);

    BufferedWriter file_;
    BlockFileName name_;
    std::vector<BlockEntry> entries_;
};

/// Reads them in any order. A process may have thousands of readers: beyond mostKeptOpen of them files are
/// opened for each read. Movable; one thread.
class BlockReader
{
public:
    static constexpr int mostKeptOpen = 200;

    /// Errors: JobTrouble::Damaged for what BlockWriter::finish() did not end, or another job's; Open, Read.
    static Result<BlockReader> open(const std::filesystem::path& path, const BlockFileName& name);
    /// Without its list, for blocks that are known of open(). Nothing is opened yet.
    static BlockReader ofKnownBlocks(std::filesystem::path path) { return BlockReader(std::move(path)); }
    BlockReader(BlockReader&& other) noexcept = default;
    BlockReader& operator=(BlockReader&& other) noexcept = default;
    BlockReader(const BlockReader&) = delete;
    BlockReader& operator=(const BlockReader&) = delete;
    ~BlockReader() = default;

    [[nodiscard]] const std::vector<BlockEntry>& blocks() const { return entries_; }
    /// The payload into `into`, whose memory is used again. `slack` readable bytes lie behind it. Errors:
    /// JobTrouble::Damaged, Read.
    Result<std::string_view> read(const BlockEntry& block, std::string& into, std::size_t slack = 0) const;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] Error damaged(std::string what) const;

private:
    /// A file that stays open, and is counted.
    class Kept
    {
    public:
        explicit Kept(File file) : file_(std::move(file)) { ++count; }
        Kept(const Kept&) = delete;
        Kept& operator=(const Kept&) = delete;
        ~Kept() { --count; }
        [[nodiscard]] const File& file() const { return file_; }
        static std::atomic<int> count;

    private:
        File file_;
    };

    explicit BlockReader(std::filesystem::path path) : path_(std::move(path)) {}
    Result<void> readList(const File& file, const BlockFileName& name);
    Result<std::string_view> read(const File& file, const BlockEntry& block, std::string& into,
                                  std::size_t slack) const;
    /// Calls use(file), and keeps it open if that may be.
    template <class Use>
    auto withFile(const Use& use) const -> decltype(use(std::declval<const File&>()));

    std::filesystem::path path_;
    mutable std::unique_ptr<Kept> kept_; ///< none: nothing was read yet, or there are too many
    std::vector<BlockEntry> entries_;
};

/// The CRC-32 of zlib and PNG, which goes on from that of the bytes before.
std::uint32_t crc32Of(std::string_view bytes, std::uint32_t before = 0);

} // namespace packetloom
