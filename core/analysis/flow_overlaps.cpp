// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_overlaps.h"

#include <algorithm>
#include <tsl/robin_map.h>
#include <utility>

namespace packetloom {
namespace {

/// The exact engine's flows of TCP by their ends.
class ExactByEnds
{
public:
    ExactByEnds(const ExactFlows& flows, std::vector<std::uint32_t>& ofTcp)
    {
        for (std::uint32_t i = 0; i < flows.size(); ++i) {
            const ExactFlow flow = flows.flow(i);
            if (flow.protocol != protocolTcp)
                continue;
            ofTcp.push_back(i);
            const auto number = numbers_.try_emplace(flow.key, static_cast<std::uint32_t>(numbers_.size()));
            flows_.push_back({number.first->second, flow.start, flow.firstRow, i});
        }
        std::sort(flows_.begin(), flows_.end());
        begins_.assign(numbers_.size() + 1, static_cast<std::uint32_t>(flows_.size()));
        for (std::size_t i = flows_.size(); i-- > 0;)
            begins_[flows_[i].ends] = static_cast<std::uint32_t>(i);
    }

    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// That a packet belongs to.
    [[nodiscard]] std::uint32_t of(const Packet& packet, std::uint64_t row) const
    {
        const auto found = numbers_.find(FlowKey::of(packet));
        if (found == numbers_.end())
            return none;
        const auto begin = flows_.begin() + begins_[found->second],
                   end = flows_.begin() + begins_[found->second + 1];
        const auto behind = std::upper_bound(begin, end, Begun{found->second, packet.timestamp, row, none});
        return behind == begin ? none : std::prev(behind)->flow;
    }

private:
    struct Begun
    {
        std::uint32_t ends; ///< number of the ends
        std::int64_t start;
        std::uint64_t firstRow;
        std::uint32_t flow;

        friend bool operator<(const Begun& a, const Begun& b)
        {
            return std::tie(a.ends, a.start, a.firstRow) < std::tie(b.ends, b.start, b.firstRow);
        }
    };

    tsl::robin_map<FlowKey, std::uint32_t, FlowKeyHash> numbers_;
    std::vector<Begun> flows_;
    std::vector<std::uint32_t> begins_; ///< by number of the ends
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

Result<FlowOverlaps> FlowOverlaps::of(const Analysis& analysis, const ExactFlows& flows, StopFlag stop)
{
    const auto rowFlows = rowFlowsOf(analysis, stop);
    if (!rowFlows)
        return rowFlows.error();
    FlowOverlaps made;
    made.facts.resize(analysis.flows.size());
    const ExactByEnds exact(flows, made.exact);
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
            const auto damage = reader.extras()[i].damage;
            if ((damage & (PacketExtras::LaterFragment | PacketExtras::BadHeader)) != 0)
                continue; // no packet of a connection for the exact engine
            if (const auto its = exact.of(packet, reader.firstRow() + i); its != ExactByEnds::none)
                counter.add(ofRows[i], its);
        }
    }
    made.all = counter.take();
    return made;
}

} // namespace packetloom
