// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_reading.h"

#include "core/analysis/sorted_runs.h"

#include <algorithm>

namespace packetloom {
namespace {

/// The blocks in which packets of the flow may be, by their first times.
std::vector<std::size_t> blocksOf(const PacketSpool& spool, const PacketSpool::Range& range)
{
    std::vector<std::size_t> blocks;
    for (std::uint64_t block = range.firstRow / PacketSpool::blockRows;
         block < spool.blocks() && block * PacketSpool::blockRows <= range.lastRow; ++block) {
        const auto i = static_cast<std::size_t>(block);
        const auto [earliest, latest] = spool.times(i);
        if ((!range.earliest || latest >= *range.earliest) && (!range.latest || earliest <= *range.latest))
            blocks.push_back(i);
    }
    std::stable_sort(blocks.begin(), blocks.end(), [&](std::size_t a, std::size_t b) {
        return spool.times(a).first < spool.times(b).first;
    });
    return blocks;
}

/// The flow's packets in a block, in order.
Result<std::vector<FlowRow>> rowsIn(PacketSpool::Reader& reader, std::size_t block, const FlowPlace& place)
{
    std::vector<FlowRow> rows;
    // In most blocks there is none of a small flow: the ends tell, and the rest is not unpacked.
    if (auto loaded = reader.load(block, PacketSpool::Ends); !loaded)
        return std::move(loaded).error();
    const auto fits = [&](const Packet& packet) { return FlowKey::of(packet) == place.key; };
    const auto ends = reader.packets();
    if (std::none_of(ends.begin(), ends.end(), fits))
        return rows;
    if (auto loaded = reader.load(block, PacketSpool::AllColumns); !loaded)
        return std::move(loaded).error();
    const auto packets = reader.packets();
    const auto extras = reader.extras();
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const std::uint64_t row = reader.firstRow() + i;
        const Packet& packet = packets[i];
        if (row >= place.range.firstRow && row <= place.range.lastRow && packet.hasProtocol &&
            packet.protocol == place.protocol && fits(packet))
            rows.push_back({row, packet, extras[i]});
    }
    if (!std::is_sorted(rows.begin(), rows.end(), inTime))
        std::sort(rows.begin(), rows.end(), inTime);
    return rows;
}

} // namespace

Result<void> readInTime(const PacketSpool& spool, const FlowPlace& place,
                        const std::function<bool(std::span<const FlowRow>)>& visit,
                        const std::function<bool(double)>& goesOn, std::size_t mostHeld)
{
    const auto blocks = blocksOf(spool, place.range);
    PacketSpool::Reader reader(spool);
    SortedRuns runs(place, spool.folder());
    std::uint64_t visited = 0;
    std::size_t read = 0;
    bool cancelled = false;
    // Half of the work is reading, the other half what is done with it, maybe after all was read.
    const auto tell = [&] {
        const auto part = [](std::uint64_t done, std::uint64_t all) {
            return all == 0 ? 1.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(all));
        };
        const double done = part(read, blocks.size());
        cancelled =
            cancelled ||
            (goesOn && !goesOn((done + (place.packets > 0 ? part(visited, place.packets) : done)) / 2));
        return !cancelled;
    };
    const SortedRuns::Visit counted = [&](std::span<const FlowRow> rows) {
        visited += rows.size();
        return visit(rows) && tell();
    };
    const auto ended = [&]() -> Result<void> {
        if (runs.failure())
            return *runs.failure();
        if (cancelled)
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        return {};
    };
    for (const std::size_t block : blocks) {
        if (!tell() || !runs.take(spool.times(block).first, counted))
            return ended();
        auto rows = rowsIn(reader, block, place);
        if (!rows)
            return std::move(rows).error();
        ++read;
        if (!rows->empty())
            runs.add(*std::move(rows));
        if (runs.held() > mostHeld) {
            if (auto spilled = runs.spill(); !spilled)
                return spilled;
        }
    }
    runs.take(std::nullopt, counted);
    return ended();
}

} // namespace packetloom
