// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/group_query.h"
#include "core/analysis/packet_query.h"
#include "core/analysis/row_flows.h"
#include "core/model/ip_protocol.h"
#include "core/model/service_name.h"
#include "core/support/guard.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tsl/robin_map.h>
#include <tsl/robin_set.h>
#include <utility>

namespace packetloom {
namespace {

struct KeyHash
{
    HashKey key;
    std::size_t operator()(std::uint64_t number) const { return static_cast<std::size_t>(key(number)); }
};

std::uint64_t joined(std::uint32_t upper, std::uint32_t lower)
{
    return std::uint64_t{upper} << 32 | lower;
}

constexpr std::int64_t protocolSctp = 132;

bool hasPorts(const Packet& packet)
{
    return packet.isTcp() ||
           (packet.hasProtocol && (packet.protocol == protocolUdp || packet.protocol == protocolSctp));
}

/// How many different numbers of a second kind there are to each of a first.
class DistinctPairs
{
public:
    /// Whether the pair is new.
    bool add(std::uint32_t first, std::uint32_t second) { return seen_.insert(joined(first, second)).second; }

private:
    tsl::robin_set<std::uint64_t, KeyHash> seen_;
};

/// The values that a packet has of a key: none, one or two.
struct Values
{
    std::array<std::uint32_t, 2> ids{};
    std::size_t count = 0;

    void add(std::uint32_t id)
    {
        if (count == 0 || ids[0] != id)
            ids[count++] = id;
    }
};

} // namespace

/// One grouping, packet after packet in the order of the spool.
class PacketGrouping
{
public:
    PacketGrouping(const Analysis& analysis, const GroupQuery& query, StopFlag stop)
        : analysis_(analysis),
          query_(query),
          stop_(stop),
          first_(query.by, query.steps, analysis.addresses),
          second_(query.thenBy.value_or(query.by), query.steps, analysis.addresses)
    {
        peersEnd_ = endOf(query.by);
        if (peersEnd_ == KeyEnd::None && query.thenBy) {
            peersEnd_ = endOf(*query.thenBy);
            peersLevel_ = 1;
        }
    }

    Result<std::shared_ptr<const GroupTable>> run()
    {
        const auto rows = selectPackets(analysis_, query_.narrowing, stop_);
        if (!rows)
            return rows.error();
        RowFlowsPtr flows;
        if (asksFlow(query_.by) || (query_.thenBy && asksFlow(*query_.thenBy))) {
            auto made = rowFlowsOf(analysis_, stop_);
            if (!made)
                return std::move(made).error();
            flows = *std::move(made);
        }
        table_->ofPackets_ = true;
        table_->steps_ = query_.steps;
        table_->span_ = query_.narrowing.interval.value_or(
            std::pair(analysis_.totals.firstTimestamp, analysis_.totals.lastTimestamp));
        if (auto walked = walk(*rows, flows.get()); !walked)
            return std::move(walked).error();
        drawSparklines();
        table_->levels_.push_back(first_.take());
        if (query_.thenBy)
            table_->levels_.push_back(second_.take());
        return std::shared_ptr<const GroupTable>(std::move(table_));
    }

private:
    Result<void> walk(const PacketRows& rows, const RowFlows* flows)
    {
        const PacketSpool& spool = analysis_.spool;
        PacketSpool::Reader reader(spool);
        std::vector<std::uint32_t> flowsOfBlock;
        for (std::size_t block = 0; block < spool.blocks(); ++block) {
            if (stopped(stop_))
                return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
            const std::uint64_t begin = std::uint64_t{block} * PacketSpool::blockRows;
            if (rows.before(begin + PacketSpool::blockRows) == rows.before(begin))
                continue;
            if (auto loaded = reader.load(block, columns()); !loaded)
                return loaded;
            const auto packets = reader.packets();
            if (flows) {
                flowsOfBlock.resize(packets.size());
                if (auto read = flows->read(begin, flowsOfBlock); !read)
                    return read;
            }
            for (std::size_t i = 0; i < packets.size(); ++i) {
                if (rows.has(begin + i))
                    take(packets[i], flows ? flowsOfBlock[i] : RowFlows::none);
            }
        }
        return {};
    }

    [[nodiscard]] unsigned columns() const
    {
        const auto asks = [this](GroupKey key) { return query_.by == key || query_.thenBy == key; };
        unsigned columns = PacketSpool::Time | PacketSpool::Ends | PacketSpool::Length;
        if (asks(GroupKey::Flags))
            columns |= unsigned{PacketSpool::Flags} | unsigned{PacketSpool::Protocol};
        if (asks(GroupKey::Protocol) || asks(GroupKey::Service))
            columns |= PacketSpool::Protocol;
        return columns;
    }

    void take(const Packet& packet, std::uint32_t flow)
    {
        const auto firsts = valuesOf(query_.by, first_, packet, flow);
        if (firsts.count == 0)
            return;
        Values seconds;
        if (query_.thenBy)
            seconds = valuesOf(*query_.thenBy, second_, packet, flow);
        else
            seconds.add(0);
        table_->counted_ += seconds.count > 0 ? 1 : 0;
        for (std::size_t a = 0; a < firsts.count; ++a) {
            for (std::size_t b = 0; b < seconds.count; ++b)
                add(groupOf(firsts.ids[a], seconds.ids[b]), packet, (peersLevel_ == 0 ? a : b) == 1);
        }
    }

    Values valuesOf(GroupKey key, ValueNumbers& numbers, const Packet& packet, std::uint32_t flow)
    {
        Values values;
        const bool ofFlow = flow != RowFlows::none;
        switch (key) {
        case GroupKey::Source:
            values.add(numbers.ofAddress(packet.source));
            break;
        case GroupKey::Destination:
            values.add(numbers.ofAddress(packet.destination));
            break;
        case GroupKey::Address:
            values.add(numbers.ofAddress(packet.source));
            values.add(numbers.ofAddress(packet.destination));
            break;
        case GroupKey::SourceSubnet:
            values.add(numbers.ofSubnet(packet.source));
            break;
        case GroupKey::DestinationSubnet:
            values.add(numbers.ofSubnet(packet.destination));
            break;
        case GroupKey::Subnet:
            values.add(numbers.ofSubnet(packet.source));
            values.add(numbers.ofSubnet(packet.destination));
            break;
        case GroupKey::Pair:
            values.add(numbers.ofPair(packet.source, packet.destination));
            break;
        case GroupKey::SourcePort:
            values.add(numbers.ofNumber(packet.sourcePort));
            break;
        case GroupKey::DestinationPort:
            values.add(numbers.ofNumber(packet.destinationPort));
            break;
        case GroupKey::Port:
            values.add(numbers.ofNumber(packet.sourcePort));
            values.add(numbers.ofNumber(packet.destinationPort));
            break;
        case GroupKey::Protocol:
            values.add(numbers.ofWord(protocolOf(packet)));
            break;
        case GroupKey::Service:
            addServices(values, numbers, packet);
            break;
        case GroupKey::Flags:
            table_->hasFurtherFlags_ |= packet.isTcp() && (packet.flags.bits & ~std::int64_t{0xFF}) != 0;
            values.add(
                numbers.ofWord(packet.isTcp() ? FlagTypeName(packet.flags).text() : std::string_view()));
            break;
        case GroupKey::Time:
            values.add(numbers.ofTime(packet.timestamp));
            break;
        case GroupKey::State:
            if (ofFlow)
                values.add(numbers.ofNumber(static_cast<std::int64_t>(analysis_.flows.state(flow))));
            break;
        case GroupKey::Close:
            if (ofFlow)
                values.add(numbers.ofNumber(static_cast<std::int64_t>(analysis_.flows.closeType(flow))));
            break;
        case GroupKey::Reason:
            if (ofFlow)
                values.add(numbers.ofNumber(static_cast<std::int64_t>(analysis_.flows.invalidReason(flow))));
            break;
        }
        return values;
    }

    /// Its name, or its number where it has none that is known.
    std::string_view protocolOf(const Packet& packet)
    {
        if (!packet.hasProtocol)
            return {};
        if (const auto name = ipProtocolName(packet.protocol); !name.empty())
            return name;
        digits_ = std::to_string(packet.protocol);
        return digits_;
    }

    /// Either port may be the one of a service, as in filters.
    static void addServices(Values& values, ValueNumbers& numbers, const Packet& packet)
    {
        if (hasPorts(packet)) {
            for (const std::int64_t port : {packet.sourcePort, packet.destinationPort}) {
                if (const auto name = serviceName(port); !name.empty())
                    values.add(numbers.ofWord(name));
            }
        }
        if (values.count == 0)
            values.add(numbers.ofWord({}));
    }

    std::uint32_t groupOf(std::uint32_t first, std::uint32_t second)
    {
        const auto next = static_cast<std::uint32_t>(table_->groups_.size());
        const auto [found, isNew] = groups_.try_emplace(joined(first, second), next);
        if (isNew) {
            table_->groups_.emplace_back();
            table_->groups_.back().values = {first, second};
        }
        return found->second;
    }

    void add(std::uint32_t id, const Packet& packet, bool byDestination)
    {
        Group& group = table_->groups_[id];
        group.first = group.packets == 0 ? packet.timestamp : std::min(group.first, packet.timestamp);
        group.last = group.packets == 0 ? packet.timestamp : std::max(group.last, packet.timestamp);
        ++group.packets;
        group.bytes += packet.length;
        draw(id, sparkSlice(table_->span_, packet.timestamp));
        const std::uint32_t source = index(packet.source), destination = index(packet.destination);
        // Packets come in bursts of the same few flows, which need not be looked for again.
        Recent& recent = recent_[(id * 31 + source * 17 + destination +
                                  static_cast<std::uint32_t>(packet.destinationPort)) %
                                 recent_.size()];
        const Recent now{id, source, destination, packet.destinationPort, byDestination, true};
        if (recent == now)
            return;
        recent = now;
        const KeyEnd end = peersEnd_ != KeyEnd::Either ? peersEnd_
                           : byDestination             ? KeyEnd::Destination
                                                       : KeyEnd::Source;
        if (end != KeyEnd::Destination)
            group.peers += peers_.add(id, destination) ? 1u : 0u;
        if (end != KeyEnd::Source)
            group.peers += peers_.add(id, source) ? 1u : 0u;
        group.ports += ports_.add(id, portNumbers_.ofNumber(packet.destinationPort)) ? 1u : 0u;
    }

    /// Bars are kept as they come: time hardly ever goes back, so most are there once.
    void draw(std::uint32_t group, std::size_t slice)
    {
        if (lastBar_.size() <= group)
            lastBar_.resize(table_->groups_.size(), none);
        if (const auto last = lastBar_[group]; last != none && bars_[last].slice == slice) {
            if (bars_[last].count != ~std::uint32_t{0})
                ++bars_[last].count;
            return;
        }
        lastBar_[group] = bars_.size();
        bars_.push_back({group, static_cast<std::uint8_t>(slice), 1});
    }

    void drawSparklines()
    {
        std::stable_sort(bars_.begin(), bars_.end(), [](const Bar& a, const Bar& b) {
            return std::pair(a.group, a.slice) < std::pair(b.group, b.slice);
        });
        std::size_t at = 0;
        table_->sparkBegins_.push_back(0);
        for (std::uint32_t group = 0; group < table_->groups_.size(); ++group) {
            const std::size_t begin = table_->sparkAt_.size();
            for (; at < bars_.size() && bars_[at].group == group; ++at) {
                if (table_->sparkAt_.size() == begin || table_->sparkAt_.back() != bars_[at].slice) {
                    table_->sparkAt_.push_back(bars_[at].slice);
                    table_->sparkCounts_.push_back(0);
                }
                const std::uint64_t sum = std::uint64_t{table_->sparkCounts_.back()} + bars_[at].count;
                table_->sparkCounts_.back() =
                    static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, ~std::uint32_t{0}));
            }
            table_->sparkBegins_.push_back(table_->sparkAt_.size());
        }
    }

    struct Bar
    {
        std::uint32_t group;
        std::uint8_t slice;
        std::uint32_t count;
    };
    struct Recent
    {
        std::uint32_t group = 0, source = 0, destination = 0;
        std::int64_t port = 0;
        bool byDestination = false, used = false;

        friend bool operator==(const Recent&, const Recent&) = default;
    };
    static constexpr std::size_t none = ~std::size_t{0};

    const Analysis& analysis_;
    const GroupQuery& query_;
    StopFlag stop_;
    ValueNumbers first_, second_;
    ValueNumbers portNumbers_{GroupKey::DestinationPort, {}, analysis_.addresses};
    KeyEnd peersEnd_ = KeyEnd::None;
    std::size_t peersLevel_ = 0;
    std::shared_ptr<GroupTable> table_ = std::make_shared<GroupTable>();
    tsl::robin_map<std::uint64_t, std::uint32_t, KeyHash> groups_;
    DistinctPairs peers_, ports_;
    std::array<Recent, 4096> recent_{};
    std::vector<Bar> bars_;
    std::vector<std::size_t> lastBar_; ///< by group
    std::string digits_;
};

Result<std::shared_ptr<const GroupTable>> groupPackets(const Analysis& analysis, const GroupQuery& query,
                                                       StopFlag stop)
{
    return guarded([&] { return PacketGrouping(analysis, query, stop).run(); });
}

} // namespace packetloom
