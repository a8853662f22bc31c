// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/analysis.h"

#include "core/convert/guard.h"
#include "core/dataset/dataset_file.h"
#include "core/dataset/flow_reader.h"

#include <algorithm>
#include <numeric>

namespace packetloom {

void RunTotals::noteNothingKept()
{
    if (rows.kept == 0)
        warnings.push_back({Warning::Kind::NothingKept, {}});
}

void FlowTally::add(const CompletedFlow& flow, const FlowLife& life)
{
    ++closeTypes[static_cast<std::size_t>(life.closeType)];
    ++invalidReasons[static_cast<std::size_t>(life.invalidReason)];
    byTimeout += flow.byTimeout ? 1 : 0;
}

FlowTally& FlowTally::operator+=(const FlowTally& other)
{
    for (std::size_t i = 0; i < closeTypes.size(); ++i)
        closeTypes[i] += other.closeTypes[i];
    for (std::size_t i = 0; i < invalidReasons.size(); ++i)
        invalidReasons[i] += other.invalidReasons[i];
    byTimeout += other.byTimeout;
    return *this;
}

AddressPair& PairStats::find(AddressId a, AddressId b, std::uint64_t row, std::int64_t first,
                             std::int64_t last)
{
    const auto ids = std::uint64_t{index(std::min(a, b))} << 32 | index(std::max(a, b));
    const auto [found, added] = byIds_.try_emplace(ids, pairs_.size());
    if (added) {
        AddressPair fresh;
        fresh.a = a;
        fresh.b = b;
        fresh.firstTimestamp = first;
        fresh.lastTimestamp = last;
        pairs_.push_back(fresh);
        firstRows_.push_back(row);
        return pairs_.back();
    }
    AddressPair& pair = pairs_[found->second];
    std::uint64_t& firstRow = firstRows_[found->second];
    if (row < firstRow) { // flows come in order of completion
        firstRow = row;
        if (pair.a != a) {
            std::swap(pair.a, pair.b);
            std::swap(pair.packetsFromA, pair.packetsFromB);
            std::swap(pair.bytesFromA, pair.bytesFromB);
        }
    }
    pair.firstTimestamp = std::min(pair.firstTimestamp, first);
    pair.lastTimestamp = std::max(pair.lastTimestamp, last);
    return pair;
}

void PairStats::add(const Packet& packet, std::uint64_t row)
{
    AddressPair& pair = find(packet.source, packet.destination, row, packet.timestamp, packet.timestamp);
    const std::int64_t bytes = std::max<std::int64_t>(packet.length, 0);
    if (packet.source == pair.a) {
        ++pair.packetsFromA;
        pair.bytesFromA += bytes;
    } else {
        ++pair.packetsFromB;
        pair.bytesFromB += bytes;
    }
}

void PairStats::addFlow(const FlowCounts& flow)
{
    const std::array ends{flow.key.low.address, flow.key.high.address};
    const std::size_t opener = flow.openedByHigh ? 1 : 0;
    AddressPair& pair =
        find(ends[opener], ends[1 - opener], flow.firstRow, flow.firstTimestamp, flow.lastTimestamp);
    for (std::size_t end = 0; end < 2; ++end) {
        if (ends[end] == pair.a) { // both ends, where an address talks to itself
            pair.packetsFromA += flow.packets[end];
            pair.bytesFromA += flow.bytes[end];
        } else {
            pair.packetsFromB += flow.packets[end];
            pair.bytesFromB += flow.bytes[end];
        }
    }
}

void PairStats::putInOrder()
{
    std::vector<std::size_t> order(pairs_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [this](std::size_t x, std::size_t y) { return firstRows_[x] < firstRows_[y]; });
    std::vector<AddressPair> pairs;
    std::vector<std::uint64_t> firstRows;
    pairs.reserve(order.size());
    firstRows.reserve(order.size());
    for (const std::size_t i : order) {
        const AddressPair& pair = pairs_[i];
        byIds_[std::uint64_t{index(std::min(pair.a, pair.b))} << 32 | index(std::max(pair.a, pair.b))] =
            pairs.size();
        pairs.push_back(pair);
        firstRows.push_back(firstRows_[i]);
    }
    pairs_ = std::move(pairs);
    firstRows_ = std::move(firstRows);
}

namespace {

Result<FlowDetail> readDatasetFlow(const Analysis& analysis, std::size_t flow)
{
    const FlowTable& flows = analysis.flows;
    const auto file = analysis.dataset->chunkFile(flow);
    FlowDetail detail;
    detail.key = flows.key(flow);
    const auto text = [&](const Endpoint& end) {
        return EndText{analysis.addresses.text(end.address), end.port};
    };
    auto stored = readStoredFlow(file, analysis.dataset->places[flow].indexInChunk,
                                 {text(detail.key.low), text(detail.key.high)});
    if (!stored)
        return std::move(stored).error();
    const FlowLife& life = stored->life;
    if (stored->number != flows.number(flow) || stored->totalPackets != flows.packets(flow) ||
        life.listedPackets > stored->totalPackets || life.state != flows.state(flow) ||
        life.closeType != flows.closeType(flow) || life.invalidReason != flows.invalidReason(flow))
        return datasetMismatch(file, "it tells another flow_" + std::to_string(flows.number(flow)) +
                                         " than flows_index.json");
    detail.packets = std::move(stored->packets);
    detail.life = std::move(stored->life);
    detail.byTimeout = stored->byTimeout;
    return detail;
}

Result<FlowDetail> readSpooledFlow(const Analysis& analysis, std::size_t flow)
{
    const FlowTable& flows = analysis.flows;
    FlowDetail detail;
    detail.key = flows.key(flow);
    detail.packets.reserve(static_cast<std::size_t>(flows.packets(flow)));
    const PacketSpool::Range range{.firstRow = flows.firstRow(flow),
                                   .lastRow = flows.lastRow(flow),
                                   .earliest = flows.start(flow),
                                   .latest = flows.end(flow)};
    auto walked = analysis.spool.forEach(range, [&](const SpooledPacket& row) {
        if (row.packet.isTcp() && FlowKey::of(row.packet) == detail.key)
            detail.packets.push_back(FlowPacket::of(row.packet));
        return true;
    });
    if (!walked)
        return std::move(walked).error();
    std::stable_sort(detail.packets.begin(), detail.packets.end(),
                     [](const FlowPacket& a, const FlowPacket& b) { return a.timestamp < b.timestamp; });
    detail.byTimeout = flows.has(flow, FlowTable::ByTimeout);
    ReferenceMachine machine;
    detail.life = machine.run({.number = flows.number(flow),
                               .key = detail.key,
                               .packets = detail.packets,
                               .byTimeout = detail.byTimeout,
                               .firstRow = range.firstRow,
                               .lastRow = range.lastRow});
    return detail;
}

} // namespace

Result<FlowDetail> readFlow(const Analysis& analysis, std::size_t flow)
{
    return guarded(
        [&] { return analysis.dataset ? readDatasetFlow(analysis, flow) : readSpooledFlow(analysis, flow); });
}

} // namespace packetloom
