// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_counts.h"
#include "core/stats/traffic_record.h"
#include "core/support/growth.h"
#include "core/support/slot_table.h"
#include "core/support/wide_sum.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <vector>

namespace packetloom {

/// TCP traffic between two addresses. `a` sent the first packet that was counted.
struct AddressPair
{
    AddressId a{}, b{};
    std::uint64_t firstRow = 0; ///< of that packet
    std::uint64_t packetsFromA = 0, packetsFromB = 0;
    WideSum bytesFromA, bytesFromB; ///< lengths below 0 count as 0
    std::int64_t firstTimestamp = 0, lastTimestamp = 0;
};

/// Collects AddressPairs, in 32 bytes each of nearly all of them.
class PairStats
{
public:
    /// A TCP packet. `row` is its number among all packets.
    void add(const Packet& packet, std::uint64_t row);
    /// All packets of a flow, instead of add() for each of them.
    void addFlow(const FlowCounts& flow);
    /// Asks the processor to fetch what addFlow() will look at first.
    void prefetch(const FlowKey& key) const { table_.prefetch(hash(key.low.address, key.high.address)); }
    /// What it looks at then; some time after prefetch().
    void prefetchRecord(const FlowKey& key) const
    {
        const Slot slot = table_.guess(hash(key.low.address, key.high.address));
        if (slot != SlotTable::none)
            prefetchLines(&slabs_[slot / Slab::most]->records[slot % Slab::most], sizeof(Record));
    }
    /// After the last add() or addFlow(): makes pairs() what it says. More may follow.
    void putInOrder();
    /// Takes over the pairs of shards, in which no pair is twice. To be put in order then.
    void merge(std::vector<PairStats> shards);
    /// What putInOrder() takes for itself.
    [[nodiscard]] std::uint64_t bytesToOrder() const { return size_ * std::uint64_t{5 * sizeof(Slot)}; }
    /// See growthOf().
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        return table_.growth(more) + more * sizeof(Record);
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    /// The pairs as values, made when they are looked at. Valid as long as what it is of.
    class List
    {
    public:
        class Iterator
        {
        public:
            using iterator_category = std::input_iterator_tag;
            using value_type = AddressPair;
            using difference_type = std::ptrdiff_t;
            using pointer = void;
            using reference = AddressPair;

            Iterator() = default;
            Iterator(const PairStats* stats, std::size_t i) : stats_(stats), i_(i) {}
            AddressPair operator*() const { return stats_->inOrder(i_); }
            Iterator& operator++()
            {
                ++i_;
                return *this;
            }
            Iterator operator++(int) { return {stats_, i_++}; }
            friend bool operator==(const Iterator&, const Iterator&) = default;

        private:
            const PairStats* stats_ = nullptr;
            std::size_t i_ = 0;
        };

        explicit List(const PairStats& stats) : stats_(&stats) {}
        [[nodiscard]] std::size_t size() const { return stats_->size(); }
        AddressPair operator[](std::size_t i) const { return stats_->inOrder(i); }
        [[nodiscard]] AddressPair front() const { return stats_->inOrder(0); }
        [[nodiscard]] AddressPair back() const { return stats_->inOrder(size() - 1); }
        [[nodiscard]] Iterator begin() const { return {stats_, 0}; }
        [[nodiscard]] Iterator end() const { return {stats_, size()}; }

    private:
        const PairStats* stats_;
    };
    /// In order of first appearance.
    [[nodiscard]] List pairs() const { return List(*this); }
    /// visit(pair), in no particular order; some pairs before that, soon(a, b) with its ends.
    template <class Visit, class Soon>
    void forEach(const Visit& visit, const Soon& soon) const
    {
        constexpr std::size_t ahead = 16;
        for (std::size_t slab = 0; slab < slabs_.size(); ++slab) {
            const Slab& at = *slabs_[slab];
            for (std::size_t i = 0; i < at.used; ++i) {
                if (i + ahead < at.used)
                    soon(at.records[i + ahead].a, at.records[i + ahead].b);
                visit(pair(slab * Slab::most + i));
            }
        }
    }

private:
    using Slot = SlotTable::Slot;
    struct Record
    {
        AddressId a, b;
        std::uint32_t firstRow; ///< of one that is not wide
        TrafficRecord traffic;
    };
    struct Wide
    {
        Traffic traffic;
        std::uint64_t firstRow;
    };
    struct Slab
    {
        static constexpr std::size_t most = 16384;
        std::array<Record, most> records;
        std::size_t used;
        std::vector<Wide> wide;
    };

    [[nodiscard]] std::uint64_t hash(AddressId a, AddressId b) const
    {
        return hash_.pair(std::min(a, b), std::max(a, b));
    }
    /// What the ends of this pair sent, of which `a` sent the packet of that row, `traffic` as seen from it.
    void add(AddressId a, AddressId b, std::uint64_t row, const Traffic& traffic);
    [[nodiscard]] Wide unpacked(std::size_t slot) const;
    [[nodiscard]] AddressPair pair(std::size_t slot) const;
    [[nodiscard]] AddressPair inOrder(std::size_t i) const { return pair(order_.empty() ? i : order_[i]); }
    void put(Slab& slab, Record& record, const Wide& value);
    void index();

    FlowKeyHash hash_;
    std::vector<std::unique_ptr<Slab>> slabs_;
    std::size_t size_ = 0;
    std::vector<Slot> order_; ///< slots in order; empty when they are so by themselves
    SlotTable table_;
    bool indexed_ = true; ///< whether table_ says the truth
};

} // namespace packetloom
