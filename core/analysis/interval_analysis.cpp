// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/interval_analysis.h"

#include "core/analysis/flow_table_analysis.h"
#include "core/stats/packet_totals.h"
#include "core/support/guard.h"

#include <algorithm>
#include <limits>

namespace packetloom {
namespace {

constexpr auto unknownAddress = static_cast<AddressId>(std::numeric_limits<std::uint32_t>::max());

class IntervalCounter
{
public:
    IntervalCounter(const Analysis& whole, std::int64_t first, std::int64_t last)
        : whole_(whole),
          first_(first),
          last_(last),
          counted_(std::make_shared<CountedPackets>()),
          numbers_(whole.addresses.size(), unknownAddress)
    {
    }

    void take(Packet packet)
    {
        if (packet.timestamp < first_ || packet.timestamp > last_)
            return;
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

    std::shared_ptr<const CountedPackets> finish()
    {
        for (PreviewRow row : whole_.firstRows) {
            if (row.packet.timestamp < first_ || row.packet.timestamp > last_)
                continue;
            row.packet.source = translated(row.packet.source);
            row.packet.destination = translated(row.packet.destination);
            counted_->firstRows.push_back(row);
        }
        counted_->inputs = whole_.inputs;
        RunTotals& totals = counted_->totals;
        totals.rows.read = totals.rows.kept = totals_.packets;
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
    std::int64_t first_, last_;
    std::shared_ptr<CountedPackets> counted_;
    PacketTotals totals_;
    std::vector<AddressId> numbers_; ///< of the whole's addresses in the result
};

} // namespace

Result<std::shared_ptr<const CountedPackets>> analyzeInterval(const Analysis& whole, std::int64_t first,
                                                              std::int64_t last, StopFlag stop)
{
    return guarded([&]() -> Result<std::shared_ptr<const CountedPackets>> {
        if (const auto* const table = whole.flowTable()) {
            if (auto counted = table->startedWithin(first, last, stop))
                return counted;
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        }
        IntervalCounter counter(whole, first, last);
        PacketSpool::Range range;
        range.earliest = first;
        range.latest = last;
        auto walked = whole.spool.forEach(range, [&](const SpooledPacket& row) {
            counter.take(row.packet);
            return !stopped(stop);
        });
        if (!walked)
            return std::move(walked).error();
        if (stopped(stop))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        return counter.finish();
    });
}

} // namespace packetloom
