// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_overlaps.h"

#include "core/analysis/flow_members.h"

#include <algorithm>
#include <tsl/robin_map.h>
#include <utility>

namespace packetloom {
namespace {

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

Result<FlowOverlaps> FlowOverlaps::of(const Analysis& analysis, const ExactFlows& flows, StopFlag stop)
{
    const auto rowFlows = rowFlowsOf(analysis, stop);
    if (!rowFlows)
        return rowFlows.error();
    FlowOverlaps made;
    made.facts.resize(analysis.flows.size());
    std::vector<std::uint8_t> ofTcp(flows.size());
    for (std::uint32_t i = 0; i < flows.size(); ++i) {
        ofTcp[i] = flows.flow(i).protocol == protocolTcp ? 1 : 0;
        if (ofTcp[i] != 0)
            made.exact.push_back(i);
    }
    const FlowMembers members(flows, &ofTcp);
    Counter counter(analysis.flows.size());
    PacketSpool::Reader reader(analysis.spool);
    std::vector<std::uint32_t> ofRows;
    for (std::size_t block = 0; block < analysis.spool.blocks(); ++block) {
        if (stopped(stop))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        if (auto loaded =
                reader.load(block, PacketSpool::Time | PacketSpool::Ends | PacketSpool::Numbers |
                                       PacketSpool::Flags | PacketSpool::Protocol | PacketSpool::Extras);
            !loaded)
            return std::move(loaded).error();
        ofRows.resize(reader.packets().size());
        if (auto read = (*rowFlows)->read(reader.firstRow(), ofRows); !read)
            return std::move(read).error();
        for (std::size_t i = 0; i < ofRows.size(); ++i) {
            const Packet& packet = reader.packets()[i];
            if (ofRows[i] == RowFlows::none)
                continue;
            note(made.facts[ofRows[i]], packet);
            const auto its = members.flowOf(packet, reader.extras()[i], reader.firstRow() + i);
            if (its != FlowMembers::none)
                counter.add(ofRows[i], its);
        }
    }
    made.all = counter.take();
    return made;
}

} // namespace packetloom
