// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/timestamp_store.h"

#include "core/support/zigzag.h"

#include <algorithm>
#include <cstring>

namespace packetloom {
namespace {

template <class Width>
void putDifferences(std::span<const std::int64_t> timestamps, std::uint8_t* out)
{
    for (std::size_t i = 1; i < timestamps.size(); ++i) {
        const auto number = static_cast<Width>(zigzag(timestamps[i], timestamps[i - 1]));
        std::memcpy(out + (i - 1) * sizeof number, &number, sizeof number);
    }
}

template <class Width>
void takeDifferences(const std::uint8_t* bytes, std::span<std::int64_t> timestamps)
{
    for (std::size_t i = 1; i < timestamps.size(); ++i) {
        Width number{};
        std::memcpy(&number, bytes + (i - 1) * sizeof number, sizeof number);
        timestamps[i] = unzigzag(number, timestamps[i - 1]);
    }
}

/// Calls `what` with a value of the type that has so many bytes.
template <class What>
void withWidth(std::uint8_t width, const What& what)
{
    if (width == 1)
        what(std::uint8_t{});
    else if (width == 2)
        what(std::uint16_t{});
    else if (width == 4)
        what(std::uint32_t{});
    else
        what(std::uint64_t{});
}

} // namespace

TimestampStore::TimestampStore(std::filesystem::path spillFolder, std::size_t memoryLimit)
    : spillFolder_(std::move(spillFolder)),
      memoryLimit_(memoryLimit),
      ownCount_(std::clamp<std::size_t>(memoryLimit / sizeof(std::int64_t), 1, mostInBlock))
{
}

std::int64_t TimestampStore::minimum() const
{
    std::int64_t least = own_.pending_.empty() ? blocks_.front().minimum : own_.pending_.front();
    for (const auto timestamp : own_.pending_)
        least = std::min(least, timestamp);
    for (const auto& block : blocks_)
        least = std::min(least, block.minimum);
    return least;
}

std::int64_t TimestampStore::maximum() const
{
    std::int64_t most = own_.pending_.empty() ? blocks_.front().maximum : own_.pending_.front();
    for (const auto timestamp : own_.pending_)
        most = std::max(most, timestamp);
    for (const auto& block : blocks_)
        most = std::max(most, block.maximum);
    return most;
}

void TimestampStore::Run::clear()
{
    pending_.clear();
    blocks_.clear();
    bytes_.clear();
}

void TimestampStore::Run::pack()
{
    Block block{.offset = bytes_.size(),
                .minimum = pending_.front(),
                .maximum = pending_.front(),
                .count = static_cast<std::uint32_t>(pending_.size())};
    std::uint64_t all = 0; // has the highest bit of any difference
    for (std::size_t i = 1; i < pending_.size(); ++i) {
        all |= zigzag(pending_[i], pending_[i - 1]);
        block.minimum = std::min(block.minimum, pending_[i]);
        block.maximum = std::max(block.maximum, pending_[i]);
    }
    block.width = static_cast<std::uint8_t>(all <= 0xff ? 1 : all <= 0xffff ? 2 : all <= 0xffffffff ? 4 : 8);
    const std::size_t begin = bytes_.size();
    bytes_.resize(begin + sizeof(std::int64_t) + (pending_.size() - 1) * block.width);
    std::memcpy(bytes_.data() + begin, pending_.data(), sizeof(std::int64_t));
    withWidth(block.width, [&]<class Width>(Width) {
        putDifferences<Width>(pending_, bytes_.data() + begin + sizeof(std::int64_t));
    });
    blocks_.push_back(block);
    pending_.clear();
}

void TimestampStore::take()
{
    own_.end();
    Run run;
    std::swap(run, own_);
    append(run);
    run.clear();
    std::swap(run, own_); // for its memory
}

void TimestampStore::append(const Run& run)
{
    if (!own_.pending_.empty())
        take();
    for (Block block : run.blocks_) {
        block.offset += inFile_ + bytes_.size();
        blocks_.push_back(block);
        ended_ += block.count;
    }
    // From some size on, room for all that it may become: what is not written to takes no memory, while
    // growing bit by bit would hold everything twice each time.
    const std::size_t needed = bytes_.size() + run.bytes_.size();
    if (needed > bytes_.capacity() && needed >= memoryLimit_ / 16)
        bytes_.reserve(std::max(needed, memoryLimit_ + memoryLimit_ / 16));
    bytes_.insert(bytes_.end(), run.bytes_.begin(), run.bytes_.end());
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
    inFile_ += bytes_.size();
    bytes_.clear();
}

Result<void> TimestampStore::readBlock(const Block& block, std::vector<std::uint8_t>& bytes,
                                       std::vector<std::int64_t>& timestamps) const
{
    const std::size_t size = sizeof(std::int64_t) + (block.count - std::size_t{1}) * block.width;
    const std::uint8_t* from = nullptr;
    if (block.offset < inFile_) {
        bytes.resize(size);
        if (auto read = file_.readAt(block.offset, {reinterpret_cast<char*>(bytes.data()), size}); !read)
            return read;
        from = bytes.data();
    } else {
        from = bytes_.data() + (block.offset - inFile_);
    }
    timestamps.resize(block.count);
    std::memcpy(timestamps.data(), from, sizeof(std::int64_t));
    withWidth(block.width,
              [&]<class Width>(Width) { takeDifferences<Width>(from + sizeof(std::int64_t), timestamps); });
    return {};
}

Result<void> TimestampStore::forEach(const Visit& visit, const Skip& skip) const
{
    if (error_)
        return *error_;
    std::vector<std::uint8_t> bytes;
    std::vector<std::int64_t> timestamps;
    for (const Block& block : blocks_) {
        if (skip && skip(block.minimum, block.maximum, block.count))
            continue;
        if (auto read = readBlock(block, bytes, timestamps); !read)
            return read;
        if (!visit(timestamps))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    }
    if (!own_.pending_.empty() && !visit(own_.pending_))
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    return {};
}

} // namespace packetloom
