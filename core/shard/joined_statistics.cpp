// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/joined_statistics.h"

#include "core/shard/job_trouble.h"

#include <algorithm>

namespace packetloom {

Result<MapFacts> JoinedStatistics::add(const MapFactsReader& reader, std::size_t input, ProgressMeter& meter)
{
    auto facts = reader.facts();
    if (!facts)
        return facts;
    add(*facts, input);
    auto joined = reader.forEachAddress([&](const MapAddress& address) {
        add(address);
        return meter.tick();
    });
    if (!joined)
        return std::move(joined).error();
    return facts;
}

void JoinedStatistics::add(const MapFacts& facts, std::size_t input)
{
    InputTotals& own = totals.inputs[input];
    for (RowCounts* rows : {&totals.rows, &own.rows}) {
        rows->read += facts.rows.read;
        rows->kept += facts.rows.kept;
        rows->filtered += facts.rows.filtered;
        rows->rejected += facts.rows.rejected;
        rows->notIp += facts.rows.notIp;
    }
    for (std::size_t i = 0; i < facts.rejectedBy.size(); ++i) {
        totals.rejectedBy[i] += facts.rejectedBy[i];
        own.rejectedBy[i] += facts.rejectedBy[i];
    }
    for (std::size_t i = 0; i < facts.notIpBy.size(); ++i) {
        totals.notIpBy[i] += facts.notIpBy[i];
        own.notIpBy[i] += facts.notIpBy[i];
    }
    own.order.append(orderOf(facts.input, orderAddresses_));
    own.frames.append(facts.input.frames);
    for (const auto& row : facts.firstRejected) {
        if (totals.firstRejected.size() == keptRejectedRows)
            break;
        totals.firstRejected.push_back(row);
        totals.firstRejected.back().input = input;
    }
    for (Warning warning : facts.warnings) {
        warning.error.file = inputs_[input];
        if (warning.kind == Warning::Kind::InputCut) {
            warning.kept = own.rows.kept; // of all stretches up to the one that ends early
            own.incomplete = warning.error;
        }
        totals.warnings.push_back(std::move(warning));
    }
    totals.tcpPackets += facts.tcpPackets;
    if (facts.firstTime && facts.lastTime) {
        first_ = std::min(first_.value_or(*facts.firstTime), *facts.firstTime);
        last_ = std::max(last_.value_or(*facts.lastTime), *facts.lastTime);
    }
    FlagStats later;
    for (const auto& flag : facts.flags)
        later.restore(flag.name, flag.packets);
    flags.append(later);
}

void JoinedStatistics::add(const MapAddress& address)
{
    const AddressId id = addresses.intern(address.text);
    if (index(id) >= joined_.size())
        joined_.resize(std::max<std::size_t>(index(id) + 1, 2 * joined_.size()));
    addressStats.addAny(id);
    if (!address.tcp)
        return;
    Joined& joined = joined_[index(id)];
    AddressCounters& counters = joined.counters;
    if (!joined.hasTcp) {
        joined.hasTcp = true;
        inOrder_.push_back(id);
        counters = *address.tcp;
        return;
    }
    counters.sentPackets += address.tcp->sentPackets;
    counters.receivedPackets += address.tcp->receivedPackets;
    counters.sentBytes += address.tcp->sentBytes;
    counters.receivedBytes += address.tcp->receivedBytes;
    counters.firstTimestamp = std::min(counters.firstTimestamp, address.tcp->firstTimestamp);
    counters.lastTimestamp = std::max(counters.lastTimestamp, address.tcp->lastTimestamp);
}

Result<void> JoinedStatistics::finish(const Job& job, std::uint64_t keptRows)
{
    for (const AddressId id : inOrder_)
        addressStats.restore(id, joined_[index(id)].counters);
    addressStats.putInOrder();
    totals.uniqueAddresses = addressStats.unique().size();
    if (times_.count() > 0) {
        totals.firstTimestamp = times_.minimum();
        totals.lastTimestamp = times_.maximum();
    } else if (first_) {
        totals.firstTimestamp = *first_;
        totals.lastTimestamp = *last_;
    }
    totals.noteNothingKept();
    if (totals.rows.kept != keptRows)
        return jobError(JobTrouble::Damaged, job.folder, "tasks do not agree on how many rows there are");
    return {};
}

} // namespace packetloom
