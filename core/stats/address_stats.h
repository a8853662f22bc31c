// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_counts.h"
#include "core/stats/pair_stats.h"
#include "core/stats/traffic_record.h"
#include "core/support/growth.h"
#include "core/support/prefetch.h"
#include "core/support/wide_sum.h"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace packetloom {

/// What one address sent and received in TCP packets.
struct AddressCounters
{
    std::uint64_t sentPackets = 0;
    std::uint64_t receivedPackets = 0;
    WideSum sentBytes; ///< lengths below 0 count as 0
    WideSum receivedBytes;
    std::int64_t firstTimestamp = 0; ///< microseconds since the epoch
    std::int64_t lastTimestamp = 0;

    [[nodiscard]] bool seen() const { return sentPackets + receivedPackets > 0; }
};

/// Counts per address, in 24 bytes each of nearly all of them, and which addresses there are at all.
class AddressStats
{
public:
    /// Every kept packet.
    void addAny(const Packet& packet)
    {
        note(packet.source);
        note(packet.destination);
    }
    /// A TCP packet, after addAny(). `row` is its number among all packets.
    void addTcp(const Packet& packet, std::uint64_t row);
    /// All packets of a flow, instead of addTcp() for each of them.
    void addFlow(const FlowCounts& flow);
    /// All packets of a pair, instead of addTcp() for each of them.
    void addPair(const AddressPair& pair);
    /// The same for all of them: of millions each would miss the cache twice, so they are fetched ahead.
    void addPairs(const PairStats& pairs);
    /// Adds what another one counted of the same capture.
    void merge(AddressStats&& other);
    /// That a kept packet has this address.
    void addAny(AddressId id) { note(id); }
    /// What merge() and putInOrder() take for themselves for so many addresses.
    static std::uint64_t bytesToMerge(std::size_t addresses)
    {
        return addresses * std::uint64_t{sizeof(Record) + 6 * sizeof(AddressId)};
    }
    /// After the last packet, flow or pair, or merge(): makes inOrder() what it says.
    void putInOrder();

    /// What a dataset recorded instead of packets: that an address is there ...
    void restore(AddressId id) { note(id); }
    /// ... and then what it did in TCP packets; in order of first appearance, once each, and seen().
    void restore(AddressId id, const AddressCounters& counters);
    /// See growthOf(): for so many new addresses.
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        return growthOf(order_, more) + growthOf(unique_, more) + more * sizeof(Record);
    }
    /// Whether any kept packet has it.
    [[nodiscard]] bool has(AddressId id) const
    {
        const Record* const record = find(id);
        return record && record->firstAppearance != absent;
    }

    /// Addresses of TCP packets in order of first appearance, source before destination.
    [[nodiscard]] const std::vector<AddressId>& inOrder() const { return order_; }
    [[nodiscard]] AddressCounters counters(AddressId id) const;
    /// Addresses of any kept packet, in no particular order.
    [[nodiscard]] const std::vector<AddressId>& unique() const { return unique_; }

private:
    // When a record is not wide this says since when it has TCP packets: 2 * row + 1 of a destination.
    static constexpr std::uint32_t absent = ~std::uint32_t{0}, withoutTcp = absent - 1;
    struct Record
    {
        std::uint32_t firstAppearance = absent;
        TrafficRecord traffic; ///< what it sent, then what it received
    };
    struct Wide
    {
        Traffic traffic;
        std::uint64_t firstAppearance;
    };
    struct Slab
    {
        static constexpr std::size_t most = 4096;
        std::array<Record, most> records;
    };

    void prefetch(AddressId id) const
    {
        if (const Record* const record = find(id))
            prefetchLines(record, sizeof(Record));
    }
    [[nodiscard]] const Record* find(AddressId id) const
    {
        const std::size_t slab = index(id) / Slab::most;
        return slab < slabs_.size() && slabs_[slab] ? &slabs_[slab]->records[index(id) % Slab::most]
                                                    : nullptr;
    }
    Record& at(AddressId id)
    {
        const std::size_t slab = index(id) / Slab::most;
        if (slab >= slabs_.size() || !slabs_[slab]) [[unlikely]]
            makeSlab(slab);
        return slabs_[slab]->records[index(id) % Slab::most];
    }
    void makeSlab(std::size_t slab);
    void note(AddressId id)
    {
        if (Record& record = at(id); record.firstAppearance == absent) [[unlikely]] {
            record.firstAppearance = withoutTcp;
            unique_.push_back(id);
        }
    }
    void add(AddressId id, std::uint64_t appearance, const Traffic& traffic);
    [[nodiscard]] Wide unpacked(const Record& record) const;
    void put(Record& record, const Wide& value);

    std::vector<std::unique_ptr<Slab>> slabs_; ///< by number of address
    std::deque<Wide> wide_;
    std::vector<AddressId> order_;
    std::vector<AddressId> unique_;
};

} // namespace packetloom
