// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_overlaps.h"

#include "core/analysis/flow_members.h"
#include "core/support/radix_sort.h"

#include <algorithm>
#include <tsl/robin_map.h>
#include <utility>

namespace packetloom {
namespace {

/// Which packets are those of the reference's flows: between its first and its last row all with its ends.
class ReferenceMembers
{
public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    explicit ReferenceMembers(const FlowTable& flows) : flows_(flows), order_(flows.size())
    {
        for (std::uint32_t i = 0; i < flows.size(); ++i)
            ++byKey_[flows.key(i)].count;
        std::uint32_t begin = 0;
        for (auto range = byKey_.begin(); range != byKey_.end(); ++range)
            range.value().begin = std::exchange(begin, begin + std::exchange(range.value().count, 0));
        std::vector<Ranked<std::uint64_t>> byRow(flows.size()); // those of a key follow each other
        for (std::uint32_t i = 0; i < flows.size(); ++i)
            byRow[i] = {flows.firstRow(i), i};
        sortRanked(byRow);
        for (const auto& [row, flow] : byRow) {
            Range& range = byKey_.find(flows.key(flow)).value();
            order_[range.begin + range.count++] = flow;
        }
    }

    [[nodiscard]] std::uint32_t flowOf(const Packet& packet, std::uint64_t row) const
    {
        if (!packet.isTcp() || !FlowKey::hasFlow(packet))
            return none;
        const auto found = byKey_.find(FlowKey::of(packet));
        if (found == byKey_.end())
            return none;
        const auto begin = order_.begin() + found->second.begin;
        const auto behind = std::upper_bound(
            begin, begin + found->second.count, row,
            [&](std::uint64_t at, std::uint32_t flow) { return at < flows_.firstRow(flow); });
        return behind != begin && row <= flows_.lastRow(*std::prev(behind)) ? *std::prev(behind) : none;
    }

private:
    struct Range
    {
        std::uint32_t begin = 0, count = 0; ///< in order_
    };
    const FlowTable& flows_;
    std::vector<std::uint32_t> order_;
    tsl::robin_map<FlowKey, Range, FlowKeyHash> byKey_;
};

void note(ReferenceFacts& facts, const Packet& packet)
{
    using Facts = ReferenceFacts;
    constexpr std::int64_t lastNumber = 0xFFFFFFFF;
    const auto& flags = packet.flags;
    const auto mark = [&](Facts::Mark one) { facts.marks = static_cast<std::uint8_t>(facts.marks | one); };
    if (flags.has(TcpFlags::fin))
        mark(Facts::Fin);
    if (flags.has(TcpFlags::rst))
        mark(Facts::Rst);
    if (!flags.has(TcpFlags::syn) || flags.has(TcpFlags::rst))
        return;
    if (packet.sequence == lastNumber)
        mark(Facts::NumberWraps);
    if (flags.has(TcpFlags::ack)) {
        if (!facts.has(Facts::SynAck) || packet.timestamp < facts.synAckTime)
            facts.synAckTime = packet.timestamp;
        mark(Facts::SynAck);
        if (!facts.has(Facts::Syn)) // of equal times the first one counts
            mark(Facts::SynAckFirst);
    } else if (!facts.has(Facts::Syn)) {
        facts.synSequence = packet.sequence;
        facts.synTime = packet.timestamp;
        mark(Facts::Syn);
        if (facts.has(Facts::SynAck) && packet.timestamp < facts.synAckTime)
            facts.marks = static_cast<std::uint8_t>(facts.marks & ~Facts::SynAckFirst);
    } else if (packet.sequence != facts.synSequence) {
        mark(Facts::OtherSyn);
    }
    if (facts.has(Facts::Syn) && facts.has(Facts::SynAck) && facts.synAckTime < facts.synTime)
        mark(Facts::SynAckFirst);
}

/// Counts overlaps. Nearly every flow of the reference has one, and that one needs no table.
class Counter
{
public:
    explicit Counter(std::size_t referenceFlows) : first_(referenceFlows) {}

    void add(std::uint32_t reference, std::uint32_t exact)
    {
        First& first = first_[reference];
        if (first.packets == 0)
            first.exact = exact;
        if (first.exact == exact)
            ++first.packets;
        else
            ++more_[std::uint64_t{reference} << 32 | exact];
    }
    [[nodiscard]] std::vector<FlowOverlap> take() const
    {
        std::vector<FlowOverlap> all;
        all.reserve(first_.size() + more_.size());
        for (std::uint32_t i = 0; i < first_.size(); ++i) {
            if (first_[i].packets > 0)
                all.push_back({i, first_[i].exact, first_[i].packets});
        }
        for (const auto& [pair, packets] : more_)
            all.push_back(
                {static_cast<std::uint32_t>(pair >> 32), static_cast<std::uint32_t>(pair), packets});
        std::sort(all.begin(), all.end(), [](const FlowOverlap& a, const FlowOverlap& b) {
            return std::pair(a.reference, a.exact) < std::pair(b.reference, b.exact);
        });
        return all;
    }

private:
    struct First
    {
        std::uint64_t packets = 0;
        std::uint32_t exact = 0;
    };
    struct PairHash
    {
        HashKey key;
        std::size_t operator()(std::uint64_t pair) const { return static_cast<std::size_t>(key(pair)); }
    };
    std::vector<First> first_;
    tsl::robin_map<std::uint64_t, std::uint64_t, PairHash> more_;
};

} // namespace

Result<FlowOverlaps> FlowOverlaps::of(const FlowTable& reference, const ExactFlows& exact,
                                      const PacketSpool& spool, StopFlag stop)
{
    FlowOverlaps made;
    made.facts.resize(reference.size());
    std::vector<std::uint8_t> ofTcp(exact.size());
    for (std::uint32_t i = 0; i < exact.size(); ++i) {
        ofTcp[i] = exact.flow(i).protocol == protocolTcp ? 1 : 0;
        if (ofTcp[i] != 0)
            made.exact.push_back(i);
    }
    const ReferenceMembers ofReference(reference);
    const FlowMembers ofExact(exact, &ofTcp);
    Counter counter(reference.size());
    PacketSpool::Reader reader(spool);
    for (std::size_t block = 0; block < spool.blocks(); ++block) {
        if (stopped(stop))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        if (auto loaded =
                reader.load(block, PacketSpool::Time | PacketSpool::Ends | PacketSpool::Numbers |
                                       PacketSpool::Flags | PacketSpool::Protocol | PacketSpool::Extras);
            !loaded)
            return std::move(loaded).error();
        for (std::size_t i = 0; i < reader.packets().size(); ++i) {
            const Packet& packet = reader.packets()[i];
            const std::uint64_t row = reader.firstRow() + i;
            const auto its = ofReference.flowOf(packet, row);
            if (its == ReferenceMembers::none)
                continue;
            note(made.facts[its], packet);
            const auto other = ofExact.flowOf(packet, reader.extras()[i], row);
            if (other != FlowMembers::none)
                counter.add(its, other);
        }
    }
    made.all = counter.take();
    return made;
}

} // namespace packetloom
