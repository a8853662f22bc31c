// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"
#include "core/input/bytes/unpacker.h"

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace packetloom {

/// Unpacks a file of one or more members (or frames, or streams) to its end; each member's checksum is
/// checked where the format has one. Zero padding after the last member is skipped; any other bytes there are
/// left out and reported by ignoredFrom(). Errors: Inflate (corrupt), InflateEnd (cut off), with the byte
/// offset in the compressed file and the Compression as facts.
class PackedSource final : public ByteSource
{
public:
    /// Null when there is no unpacker for it (makeUnpacker()). `blockSize` is how much is read of the file at
    /// once.
    static std::unique_ptr<PackedSource> over(std::unique_ptr<FileSource> file, Compression compression,
                                              std::size_t blockSize);

    Result<std::size_t> read(std::span<char> into) override;
    [[nodiscard]] std::uint64_t bytesOnDisk() const noexcept override
    {
        return file_->bytesOnDisk() - available_.size();
    }
    [[nodiscard]] Compression compression() const noexcept override { return compression_; }
    [[nodiscard]] InputChange change() const override { return file_->change(); }
    [[nodiscard]] std::optional<std::uint64_t> ignoredFrom() const noexcept override { return ignoredFrom_; }

private:
    enum class State : std::uint8_t { Member, BetweenMembers, Padding, End };

    PackedSource(std::unique_ptr<FileSource> file, Compression compression, std::size_t blockSize,
                 std::unique_ptr<Unpacker> unpacker);
    Result<bool> fill();       ///< more behind what is available; false at the end of the file
    Result<void> nextMember(); ///< at a member's end: to the next one, or to the end of all
    Result<void> skipPadding();
    [[nodiscard]] Error failure(Errc code, std::string reason) const;

    std::unique_ptr<FileSource> file_;
    Compression compression_;
    std::size_t blockSize_;
    std::unique_ptr<Unpacker> unpacker_;
    std::vector<char> input_;
    std::span<const char> available_; ///< of the input, not unpacked yet
    State state_ = State::Member;
    bool pending_ = false; ///< the unpacker may have more text without more input
    std::optional<Error> failed_;
    std::optional<std::uint64_t> ignoredFrom_;
};

} // namespace packetloom
