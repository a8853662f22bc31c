// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/narrowed_packets.h"

#include "core/analysis/flow_query.h"
#include "core/analysis/flow_table_analysis.h"
#include "core/analysis/packet_query.h"
#include "core/stats/packet_totals.h"
#include "core/support/guard.h"

#include <algorithm>
#include <limits>

namespace packetloom {
namespace {

constexpr auto unknownAddress = static_cast<AddressId>(std::numeric_limits<std::uint32_t>::max());

class NarrowedCounter
{
public:
    explicit NarrowedCounter(const Analysis& whole)
        : whole_(whole),
          counted_(std::make_shared<NarrowedPackets>()),
          numbers_(whole.addresses.size(), unknownAddress)
    {
    }

    void take(Packet packet)
    {
        packet.source = translated(packet.source);
        packet.destination = translated(packet.destination);
        totals_.add(packet);
        counted_->addressStats.addAny(packet);
        if (!packet.isTcp())
            return;
        counted_->addressStats.addTcp(packet, totals_.packets);
        counted_->flags.add(packet.flags);
        counted_->pairs.add(packet, totals_.packets);
    }

    /// The next of the analysis's first rows is left.
    void takeFirst(PreviewRow row)
    {
        row.packet.source = translated(row.packet.source);
        row.packet.destination = translated(row.packet.destination);
        counted_->firstRows.push_back(row);
    }

    std::shared_ptr<NarrowedPackets> finish()
    {
        counted_->inputs = whole_.inputs;
        RunTotals& totals = counted_->totals;
        counted_->packetCount = totals.rows.read = totals.rows.kept = totals_.packets;
        totals.tcpPackets = totals_.tcpPackets;
        totals.firstTimestamp = totals_.firstTimestamp;
        totals.lastTimestamp = totals_.lastTimestamp;
        totals.uniqueAddresses = counted_->addressStats.unique().size();
        return std::move(counted_);
    }

private:
    AddressId translated(AddressId address)
    {
        AddressId& number = numbers_[index(address)];
        if (number == unknownAddress)
            number = counted_->addresses.intern(whole_.addresses.text(address));
        return number;
    }

    const Analysis& whole_;
    std::shared_ptr<NarrowedPackets> counted_;
    PacketTotals totals_;
    std::vector<AddressId> numbers_; ///< of the whole's addresses in the result
};

/// Block by block; those where nothing is left are not read.
Result<void> count(const Analysis& whole, const PacketRows& left, NarrowedCounter& counter, StopFlag stop)
{
    PacketSpool::Reader reader(whole.spool);
    for (std::size_t block = 0; block < whole.spool.blocks(); ++block) {
        const std::uint64_t first = std::uint64_t{block} * PacketSpool::blockRows;
        if (left.before(first + PacketSpool::blockRows) == left.before(first))
            continue;
        if (stopped(stop))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        if (auto loaded = reader.load(block); !loaded)
            return loaded;
        for (std::size_t i = 0; i < reader.packets().size(); ++i) {
            if (!left.has(first + i))
                continue;
            counter.take(reader.packets()[i]);
            if (first + i < whole.firstRows.size())
                counter.takeFirst(whole.firstRows[static_cast<std::size_t>(first + i)]);
        }
    }
    return {};
}

FlowTally tallyOf(const FlowTable& flows, const std::vector<std::uint32_t>& rows)
{
    FlowTally tally;
    for (const std::uint32_t flow : rows) {
        ++tally.closeTypes[static_cast<std::size_t>(flows.closeType(flow))];
        ++tally.invalidReasons[static_cast<std::size_t>(flows.invalidReason(flow))];
        tally.byTimeout += flows.has(flow, FlowTable::ByTimeout) ? 1u : 0u;
    }
    return tally;
}

} // namespace

Result<std::shared_ptr<const NarrowedPackets>> narrowPackets(const Analysis& whole,
                                                             const Narrowing& narrowing, StopFlag stop)
{
    return guarded([&]() -> Result<std::shared_ptr<const NarrowedPackets>> {
        auto selected = selectFlows(whole, {.narrowing = narrowing}, stop);
        if (!selected)
            return std::move(selected).error();
        const auto flows = *std::move(selected);
        std::shared_ptr<NarrowedPackets> counted;
        if (const auto* const table = whole.flowTable()) {
            counted = table->countedOf(flows, stop);
        } else {
            const auto left = selectPackets(whole, narrowing, stop);
            if (!left)
                return left.error();
            NarrowedCounter counter(whole);
            if (auto done = count(whole, *left, counter, stop); !done)
                return std::move(done).error();
            counted = counter.finish();
        }
        if (stopped(stop))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        counted->totals.flows = flows.size();
        counted->tally = tallyOf(whole.flows, flows);
        return std::shared_ptr<const NarrowedPackets>(std::move(counted));
    });
}

} // namespace packetloom
