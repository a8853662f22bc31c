// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"
#include "core/input/capture/record_walker.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace packetloom {

/// Reads a capture file in blocks, each with the frames that are whole in it, in file order. One thread.
class FrameReader
{
public:
    /// Reads the file header. Errors: CaptureCut, CaptureVersion, Read and those of compressed streams.
    static Result<std::unique_ptr<FrameReader>>
    open(const std::filesystem::path& path, std::unique_ptr<ByteSource> source, std::size_t blockSize);

    /// The next block with frames; false at the end. `block` is overwritten; its memory is used again.
    /// Errors: Read, and those of compressed streams but for InflateEnd, which is the end.
    Result<bool> next(FrameBlock& block);
    /// After the end: why it came before the file's own: CaptureCut, where the file ends inside a packet
    /// (facts: Compression, where that is cut off), or what is damaged, behind which nothing can be found.
    /// `line` is the number of the packet, `byte` where that begins in the (decompressed) file. InflateEnd,
    /// where compression is cut off behind a whole packet; then `byte` is that of the file on disk.
    [[nodiscard]] const std::optional<Error>& endedEarly() const { return early_; }
    /// About how many frames so many bytes on disk have, by the file's head.
    [[nodiscard]] std::uint64_t expectedFrames(std::uint64_t bytes) const;

    /// Of the header of the file, before the first record; 0 in pcapng, whose sections have theirs.
    [[nodiscard]] std::size_t headerBytes() const { return headerBytes_; }
    [[nodiscard]] const StableArray<CaptureInterface>& interfaces() const { return walker_->interfaces(); }
    [[nodiscard]] const ByteSource& source() const { return *source_; }

private:
    FrameReader(std::filesystem::path path, std::unique_ptr<ByteSource> source, std::size_t blockSize)
        : path_(std::move(path)), source_(std::move(source)), blockSize_(blockSize)
    {
    }

    bool readMore(FrameBlock& block);
    bool packingIsDamaged(FrameBlock& block);
    void estimate(std::string_view head);
    void endEarly(Error error, std::uint64_t byte);
    [[nodiscard]] Error ofFile(Error error) const;

    std::filesystem::path path_;
    std::unique_ptr<ByteSource> source_;
    std::size_t blockSize_;
    std::unique_ptr<RecordWalker> walker_;
    std::size_t headerBytes_ = 0;
    std::vector<std::uint8_t> rest_; ///< the beginning of a record that the last block did not hold
    std::uint64_t restOffset_ = 0;   ///< where that is in the file
    std::uint64_t skip_ = 0;         ///< bytes of the file behind the rest that nobody needs
    bool skipsFrame_ = false;        ///< those are of the last frame
    std::uint64_t frames_ = 0;
    double framesAByte_ = 0; ///< on disk, by the head of the file
    bool ended_ = false;
    std::optional<Error> failed_; ///< why nothing can be read any more
    std::optional<Error> early_;
};

} // namespace packetloom
