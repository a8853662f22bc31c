// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/gzip_source.h"

#include <algorithm>
#include <limits>
#include <new>
#include <zlib.h>

namespace packetloom {
namespace {

constexpr int gzipOnly = 15 + 16; // window bits of 32 KiB, gzip header and trailer (zlib's inflateInit2)
constexpr unsigned char magicFirst = 0x1f, magicSecond = 0x8b;

} // namespace

GzipSource::GzipSource(std::unique_ptr<FileSource> file, std::size_t blockSize)
    : file_(std::move(file)),
      input_(std::clamp<std::size_t>(blockSize, 1, std::size_t{1} << 26)),
      stream_(std::make_unique<z_stream>())
{
    if (inflateInit2(stream_.get(), gzipOnly) != Z_OK)
        throw std::bad_alloc();
}

GzipSource::~GzipSource()
{
    inflateEnd(stream_.get());
}

std::uint64_t GzipSource::bytesOnDisk() const noexcept
{
    return file_->bytesOnDisk() - stream_->avail_in;
}

Error GzipSource::failure(Errc code, const char* reason) const
{
    return Error{.code = code, .detail = reason ? reason : "", .file = file_->path(), .byte = bytesOnDisk()};
}

Result<bool> GzipSource::fill()
{
    auto n = file_->read(input_);
    if (!n)
        return std::move(n).error();
    stream_->next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_->avail_in = static_cast<uInt>(*n);
    return *n > 0;
}

Result<std::size_t> GzipSource::read(std::span<char> into)
{
    const std::size_t wanted = std::min<std::size_t>(into.size(), std::numeric_limits<uInt>::max());
    stream_->next_out = reinterpret_cast<Bytef*>(into.data());
    stream_->avail_out = static_cast<uInt>(wanted);
    // Members may hold a byte each, and whoever asks pays for every read: so many of them as are in memory
    // come at once. Nothing that can fail or wait is asked while there is something to give.
    while (stream_->avail_out > 0 && state_ != State::End) {
        const uInt lookedAt = state_ == State::Member ? 1 : 2;
        if (stream_->avail_out < wanted && (stream_->avail_in < lookedAt || state_ == State::Padding))
            break;
        if (state_ != State::Member) {
            if (auto moved = nextMember(); !moved)
                return std::move(moved).error();
            continue;
        }
        if (stream_->avail_in == 0) {
            const auto more = fill();
            if (!more)
                return more.error();
            if (!*more)
                return failure(Errc::InflateEnd, nullptr);
        }
        const int code = inflate(stream_.get(), Z_NO_FLUSH);
        if (code == Z_STREAM_END)
            state_ = State::BetweenMembers;
        else if (code == Z_MEM_ERROR)
            throw std::bad_alloc();
        else if (code != Z_OK && code != Z_BUF_ERROR) {
            if (stream_->avail_out == wanted)
                return failure(Errc::Inflate, stream_->msg);
            break; // next time: what came before is good
        }
    }
    return wanted - stream_->avail_out;
}

Result<void> GzipSource::nextMember()
{
    if (state_ == State::Padding)
        return skipPadding();
    // Two bytes decide, and they may lie in different blocks.
    if (stream_->avail_in == 0) {
        const auto more = fill();
        if (!more)
            return more.error();
        if (!*more) {
            state_ = State::End;
            return {};
        }
    }
    const std::uint64_t memberAt = bytesOnDisk();
    if (*stream_->next_in == 0) {
        state_ = State::Padding;
        return {};
    }
    if (*stream_->next_in == magicFirst) {
        if (stream_->avail_in == 1) {
            std::vector<char> pair(std::max<std::size_t>(input_.size(), 2));
            pair[0] = static_cast<char>(*stream_->next_in);
            auto n = file_->read(std::span(pair).subspan(1));
            if (!n)
                return std::move(n).error();
            input_ = std::move(pair);
            stream_->next_in = reinterpret_cast<Bytef*>(input_.data());
            stream_->avail_in = static_cast<uInt>(*n + 1);
        }
        if (stream_->avail_in > 1 && stream_->next_in[1] == magicSecond) {
            inflateReset(stream_.get());
            state_ = State::Member;
            return {};
        }
    }
    ignoredFrom_ = memberAt;
    state_ = State::End;
    return {};
}

Result<void> GzipSource::skipPadding()
{
    for (;;) {
        while (stream_->avail_in > 0 && *stream_->next_in == 0) {
            ++stream_->next_in;
            --stream_->avail_in;
        }
        if (stream_->avail_in > 0) {
            ignoredFrom_ = bytesOnDisk();
            state_ = State::End;
            return {};
        }
        const auto more = fill();
        if (!more)
            return more.error();
        if (!*more) {
            state_ = State::End;
            return {};
        }
    }
}

} // namespace packetloom
