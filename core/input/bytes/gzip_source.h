// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"

#include <memory>
#include <vector>

struct z_stream_s;

namespace packetloom {

/// Inflates a gzip file of one or more members (RFC 1952, section 2.2) to its end, checking each member's CRC
/// and length. Zero padding after the last member is skipped; any other bytes there are left out and reported
/// by ignoredFrom(). Errors: Inflate (corrupt), InflateEnd (cut off), with the byte offset in the compressed
/// file.
class GzipSource final : public ByteSource
{
public:
    GzipSource(std::unique_ptr<FileSource> file, std::size_t blockSize);
    GzipSource(const GzipSource&) = delete;
    GzipSource& operator=(const GzipSource&) = delete;
    ~GzipSource() override;

    Result<std::size_t> read(std::span<char> into) override;
    [[nodiscard]] std::uint64_t bytesOnDisk() const noexcept override;
    [[nodiscard]] Compression compression() const noexcept override { return Compression::Gzip; }
    [[nodiscard]] InputChange change() const override { return file_->change(); }
    [[nodiscard]] std::optional<std::uint64_t> ignoredFrom() const noexcept override { return ignoredFrom_; }

private:
    enum class State { Member, BetweenMembers, Padding, End };

    Result<bool> fill();       ///< false at the end of the file
    Result<void> nextMember(); ///< at a member's end: to the next one, or to the end of all
    Result<void> skipPadding();
    [[nodiscard]] Error failure(Errc code, const char* reason) const;

    std::unique_ptr<FileSource> file_;
    std::vector<char> input_;
    std::unique_ptr<z_stream_s> stream_;
    State state_ = State::Member;
    std::optional<std::uint64_t> ignoredFrom_;
};

} // namespace packetloom
