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

bool isOf(const FlowRow& row, const FlowSpan& span)
{
    const Packet& packet = row.packet;
    if (!span.exact)
        return row.row >= span.range.firstRow && row.row <= span.range.lastRow && packet.hasProtocol &&
               packet.protocol == span.protocol && FlowKey::of(packet) == span.key;
    const RowTime at{packet.timestamp, row.row};
    bool fromHigh = false;
    return at >= span.exact->first && at <= span.exact->last &&
           ConnectionKey::of(packet, row.extras, fromHigh) == span.exact->key;
}

/// Whether the addresses are those of the flow.
bool mayBeOf(const Packet& packet, const FlowSpan& span)
{
    const FlowKey& key = span.exact ? span.exact->key.ends : span.key;
    return (packet.source == key.low.address && packet.destination == key.high.address) ||
           (packet.source == key.high.address && packet.destination == key.low.address);
}

/// The flow's packets in a block, in order.
Result<std::vector<FlowRow>> rowsIn(PacketSpool::Reader& reader, std::size_t block, const FlowSpan& span)
{
    std::vector<FlowRow> rows;
    // In most blocks there is none of a small flow: the ends tell, and the rest is not unpacked.
    if (auto loaded = reader.load(block, PacketSpool::Ends); !loaded)
        return std::move(loaded).error();
    const auto ends = reader.packets();
    if (std::none_of(ends.begin(), ends.end(), [&](const Packet& packet) { return mayBeOf(packet, span); }))
        return rows;
    if (auto loaded = reader.load(block, PacketSpool::AllColumns); !loaded)
        return std::move(loaded).error();
    for (std::size_t i = 0; i < reader.packets().size(); ++i) {
        const FlowRow row{reader.firstRow() + i, reader.packets()[i], reader.extras()[i]};
        if (isOf(row, span))
            rows.push_back(row);
    }
    if (!std::is_sorted(rows.begin(), rows.end(), inTime))
        std::sort(rows.begin(), rows.end(), inTime);
    return rows;
}

} // namespace

FlowSpan spanOf(const ExactFlow& flow)
{
    FlowSpan span;
    span.key = flow.key;
    span.protocol = flow.protocol;
    span.exact = {ConnectionKey::of(flow), {flow.start, flow.firstRow}, {flow.lastPacket, flow.lastRow}};
    span.range.earliest = flow.start; // its rows may be anywhere
    span.range.latest = flow.lastPacket;
    span.packets = flow.sides[0].packets + flow.sides[1].packets;
    return span;
}

Result<void> readInTime(const PacketSpool& spool, const FlowSpan& place,
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
