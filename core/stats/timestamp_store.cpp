// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/timestamp_store.h"

#include "core/support/varint.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace packetloom {
namespace {

constexpr std::size_t blockBytes = std::size_t{1} << 16;

} // namespace

TimestampStore::TimestampStore(std::filesystem::path spillFolder, std::size_t memoryLimit)
    : spillFolder_(std::move(spillFolder)), memoryLimit_(memoryLimit)
{
}

void TimestampStore::add(std::int64_t timestamp)
{
    minimum_ = count_ == 0 ? timestamp : std::min(minimum_, timestamp);
    maximum_ = count_ == 0 ? timestamp : std::max(maximum_, timestamp);
    ++count_;
    std::array<std::uint8_t, longestVarint> encoded;
    auto* const end = putDifference(encoded.data(), timestamp, last_);
    last_ = timestamp;
    bytes_.insert(bytes_.end(), encoded.data(), end);
    if (bytes_.size() >= memoryLimit_)
        spill();
}

void TimestampStore::spill()
{
    if (!error_ && !file_.isOpen()) {
        auto file = File::temporary(spillFolder_);
        if (file)
            file_ = *std::move(file);
        else
            error_ = std::move(file).error();
    }
    if (!error_) {
        const std::span<const char> text(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
        if (auto written = file_.write(text); !written)
            error_ = std::move(written).error();
    }
    bytes_.clear();
}

Result<void> TimestampStore::forEach(const std::function<bool(std::span<const std::int64_t>)>& visit)
{
    if (file_.isOpen())
        spill(); // the rest too, so that there is one place to read from
    if (error_)
        return *error_;
    if (file_.isOpen()) {
        if (auto rewound = file_.rewind(); !rewound)
            return rewound;
    }
    std::vector<std::uint8_t> block(blockBytes);
    std::vector<std::int64_t> batch;
    std::int64_t last = 0;
    std::size_t have = 0; // bytes in the block
    std::size_t fromMemory = 0;
    for (std::uint64_t left = count_; left > 0;) {
        std::size_t got = 0;
        if (file_.isOpen()) {
            auto n = file_.read({reinterpret_cast<char*>(block.data()) + have, block.size() - have});
            if (!n)
                return std::move(n).error();
            got = *n;
        } else {
            got = std::min(block.size() - have, bytes_.size() - fromMemory);
            std::memcpy(block.data() + have, bytes_.data() + fromMemory, got);
            fromMemory += got;
        }
        if (got == 0)
            return Error{
                .code = Errc::Internal, .detail = "the timestamp store ends early", .file = file_.path()};
        have += got;
        // Only whole integers: the last byte of each has its top bit clear.
        std::size_t whole = have;
        while (whole > 0 && block[whole - 1] >= 0x80)
            --whole;
        batch.clear();
        for (const auto *at = block.data(), *end = at + whole; at != end; --left)
            batch.push_back(last = takeDifference(at, last));
        std::memmove(block.data(), block.data() + whole, have - whole);
        have -= whole;
        if (!visit(batch))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    }
    return {};
}

} // namespace packetloom
