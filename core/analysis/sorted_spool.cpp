// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/sorted_spool.h"

#include "core/support/packed_column.h"

#include <algorithm>

namespace packetloom {

Result<void> SortedSpool::add(const TimeOrderedRows& rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        last_ = {rows.packets[i].timestamp, rows.rows[i]};
        if (pending_.empty())
            first_ = last_;
        spool_.add(rows.packets[i], rows.extras[i]);
        pending_.push_back(rows.rows[i]);
        if (pending_.size() < PacketSpool::blockRows)
            continue;
        if (auto ended = endBlock(); !ended)
            return ended;
    }
    return {};
}

Result<void> SortedSpool::endBlock()
{
    if (spool_.failure())
        return *spool_.failure();
    if (!file_.isOpen()) {
        auto file = File::temporary(folder_);
        if (!file)
            return std::move(file).error();
        file_ = *std::move(file);
        encoded_.resize(packedColumnHead + 8 * PacketSpool::blockRows + packedColumnSlack);
        offsets_.push_back(0);
    }
    const auto* const end = packColumn(encoded_.data(), pending_.size(),
                                       [&](std::size_t i) { return static_cast<std::int64_t>(pending_[i]); });
    const auto size = static_cast<std::size_t>(end - encoded_.data());
    if (auto written = file_.write({reinterpret_cast<const char*>(encoded_.data()), size}); !written)
        return written;
    offsets_.push_back(offsets_.back() + size);
    blocks_.push_back({blocks_.size(), first_, last_});
    pending_.clear();
    return {};
}

Result<void> SortedSpool::finish()
{
    if (!pending_.empty()) {
        if (auto ended = endBlock(); !ended)
            return ended;
    }
    pending_ = {};
    encoded_ = {};
    return spool_.finish();
}

Result<void> SortedSpool::readNumbers(std::size_t block, std::vector<std::uint64_t>& rows) const
{
    const auto size = static_cast<std::size_t>(offsets_[block + 1] - offsets_[block]);
    std::vector<char> bytes(size + packedColumnSlack);
    if (auto read = file_.readAt(offsets_[block], std::span(bytes).first(size)); !read)
        return read;
    const std::uint64_t first = std::uint64_t{block} * PacketSpool::blockRows;
    rows.resize(
        static_cast<std::size_t>(std::min<std::uint64_t>(PacketSpool::blockRows, spool_.packets() - first)));
    unpackColumn(reinterpret_cast<const std::uint8_t*>(bytes.data()), rows.size(),
                 [&](std::size_t i, std::int64_t number) { rows[i] = static_cast<std::uint64_t>(number); });
    return {};
}

} // namespace packetloom
