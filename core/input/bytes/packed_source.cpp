// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/packed_source.h"

#include <algorithm>
#include <cstring>

namespace packetloom {

std::unique_ptr<PackedSource> PackedSource::over(std::unique_ptr<FileSource> file, Compression compression,
                                                 std::size_t blockSize)
{
    auto unpacker = makeUnpacker(compression);
    if (!unpacker)
        return nullptr;
    return std::unique_ptr<PackedSource>(
        new PackedSource(std::move(file), compression, blockSize, std::move(unpacker)));
}

PackedSource::PackedSource(std::unique_ptr<FileSource> file, Compression compression, std::size_t blockSize,
                           std::unique_ptr<Unpacker> unpacker)
    : file_(std::move(file)),
      compression_(compression),
      blockSize_(std::clamp<std::size_t>(blockSize, 1, std::size_t{1} << 26)),
      unpacker_(std::move(unpacker)),
      input_(blockSize_ + unpacker_->magicBytes())
{
}

Error PackedSource::failure(Errc code, std::string reason) const
{
    return Error{.code = code,
                 .detail = std::move(reason),
                 .file = file_->path(),
                 .byte = bytesOnDisk(),
                 .facts = compression_};
}

// What is left is less than a magic number: that much room is in front of every block.
Result<bool> PackedSource::fill()
{
    const std::size_t left = available_.size();
    if (left > 0)
        std::memmove(input_.data(), available_.data(), left);
    available_ = std::span<const char>(input_).first(left);
    auto n = file_->read(std::span(input_).subspan(left, blockSize_));
    if (!n)
        return std::move(n).error();
    available_ = std::span<const char>(input_).first(left + *n);
    return *n > 0;
}

Result<std::size_t> PackedSource::read(std::span<char> into)
{
    std::span<char> text = into;
    const auto given = [&] { return into.size() - text.size(); };
    // Members may hold a byte each, and whoever asks pays for every read: so many of them as are in memory
    // come at once. Nothing that can fail or wait is asked while there is something to give.
    while (!text.empty() && state_ != State::End) {
        const std::size_t lookedAt = state_ == State::Member ? 1 : unpacker_->magicBytes();
        if (given() > 0 && (available_.size() < lookedAt || state_ == State::Padding || failed_))
            break;
        if (failed_)
            return *failed_;
        if (state_ != State::Member) {
            if (auto moved = nextMember(); !moved)
                return std::move(moved).error();
            continue;
        }
        if (available_.empty() && !pending_) {
            const auto more = fill();
            if (!more)
                return more.error();
            if (!*more)
                return failure(Errc::InflateEnd, {});
        }
        switch (unpacker_->step(available_, text)) {
        case Unpacker::Step::MemberEnd:
            state_ = unpacker_->endsFile() ? State::End : State::BetweenMembers;
            pending_ = false;
            break;
        case Unpacker::Step::Corrupt:
            failed_ = failure(Errc::Inflate, unpacker_->reason()); // told behind what came before it
            break;
        case Unpacker::Step::More:
            pending_ = text.empty();
            break;
        }
    }
    return given();
}

Result<void> PackedSource::nextMember()
{
    if (state_ == State::Padding)
        return skipPadding();
    // The magic number may lie in different blocks.
    while (available_.size() < unpacker_->magicBytes()) {
        const auto more = fill();
        if (!more)
            return more.error();
        if (!*more)
            break;
    }
    if (available_.empty()) {
        state_ = State::End;
    } else if (unpacker_->memberBegins({available_.data(), available_.size()})) {
        unpacker_->begin();
        state_ = State::Member;
    } else if (available_.front() == '\0') {
        state_ = State::Padding;
    } else {
        ignoredFrom_ = bytesOnDisk();
        state_ = State::End;
    }
    return {};
}

Result<void> PackedSource::skipPadding()
{
    for (;;) {
        const auto behind =
            std::find_if(available_.begin(), available_.end(), [](char c) { return c != '\0'; });
        available_ = available_.subspan(static_cast<std::size_t>(behind - available_.begin()));
        if (!available_.empty()) {
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
