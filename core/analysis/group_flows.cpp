// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_directions.h"
#include "core/analysis/flow_query.h"
#include "core/analysis/group_numbers.h"
#include "core/analysis/group_order.h"
#include "core/analysis/group_query.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t membersBetweenStops = std::size_t{1} << 16;

/// Ports as numbers without gaps: nearly all are what ports should be.
class PortNumbers
{
public:
    explicit PortNumbers(const FlowTable& flows, std::span<const std::uint32_t> rows)
    {
        for (const std::uint32_t row : rows) {
            const std::int64_t port = flows.destinationPort(row);
            if (isUsual(port))
                continue;
            unusual_.push_back(port);
        }
        std::sort(unusual_.begin(), unusual_.end());
        unusual_.erase(std::unique(unusual_.begin(), unusual_.end()), unusual_.end());
    }
    [[nodiscard]] std::uint32_t of(std::int64_t port) const
    {
        if (isUsual(port))
            return static_cast<std::uint32_t>(port);
        const auto found = std::lower_bound(unusual_.begin(), unusual_.end(), port);
        return usual + static_cast<std::uint32_t>(found - unusual_.begin());
    }
    [[nodiscard]] std::size_t count() const { return usual + unusual_.size(); }

private:
    static constexpr std::uint32_t usual = 65536;
    static bool isUsual(std::int64_t port) { return port >= 0 && port < std::int64_t{usual}; }

    std::vector<std::int64_t> unusual_;
};

void addCapped(std::uint64_t& sum, std::uint64_t more)
{
    sum = sum + more < sum ? ~std::uint64_t{0} : sum + more;
}

} // namespace

/// One grouping. A member is a flow in one group: a flow may be in several.
class FlowGrouping
{
public:
    FlowGrouping(const Analysis& analysis, const GroupQuery& query, StopFlag stop)
        : analysis_(analysis), flows_(analysis.flows), query_(query), stop_(stop)
    {
    }

    Result<std::shared_ptr<const GroupTable>> run()
    {
        auto rows = selectFlows(analysis_, {.narrowing = query_.narrowing}, stop_);
        if (!rows)
            return std::move(rows).error();
        rows_ = *std::move(rows);
        table_->counted_ = rows_.size();
        table_->steps_ = query_.steps;
        table_->directionsKnown_ = directionsKnown(analysis_);
        if (!stopped(stop_))
            findGroups();
        if (!stopped(stop_))
            addUp();
        if (!stopped(stop_))
            lookIntoGroups();
        if (stopped(stop_))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        return std::shared_ptr<const GroupTable>(table_);
    }

private:
    void findGroups()
    {
        groups_ = numbered(query_.by);
        if (!query_.thenBy) {
            table_->groups_.resize(table_->levels_.front().size());
            for (std::uint32_t i = 0; i < table_->groups_.size(); ++i)
                table_->groups_[i].values[0] = i;
            return;
        }
        const auto second = numbered(*query_.thenBy);
        if (stopped(stop_))
            return;
        auto both = combine(groups_, table_->levels_[0].size(), second, table_->levels_[1].size());
        groups_ = std::move(both.ids);
        table_->groups_.resize(both.values.size());
        for (std::size_t i = 0; i < both.values.size(); ++i)
            table_->groups_[i].values = {both.values[i].first, both.values[i].second};
    }

    /// The value of each member; where it has two, it becomes two members.
    std::vector<std::uint32_t> numbered(GroupKey key)
    {
        const bool peersOfThis = peersEnd_ == KeyEnd::None;
        if (peersOfThis)
            peersEnd_ = endOf(key);
        ValueNumbers numbers(key, query_.steps, analysis_.addresses);
        auto ids = numbered(key, numbers, peersOfThis);
        table_->levels_.push_back(numbers.take());
        return ids;
    }

    std::vector<std::uint32_t> numbered(GroupKey key, ValueNumbers& numbers, bool peersOfThis)
    {
        if (key == GroupKey::Pair)
            return ofPairs(numbers);
        const bool ofEnd = peersOfThis && endOf(key) == KeyEnd::Either;
        return withFlowNumbers(
            analysis_, key, numbers, [&](const auto& numberOf) { return ofOne(numberOf); },
            [&](const auto& numbersOf) { return ofEither(ofEnd, numbersOf); });
    }

    template <class NumberOf>
    std::vector<std::uint32_t> ofOne(const NumberOf& numberOf)
    {
        std::vector<std::uint32_t> ids(rows_.size());
        for (std::size_t m = 0; m < rows_.size() && !timeToStop(m); ++m)
            ids[m] = numberOf(std::size_t{rows_[m]});
        return ids;
    }

    std::vector<std::uint32_t> ofPairs(ValueNumbers& numbers) const
    {
        std::vector<std::uint32_t> low(rows_.size()), high(rows_.size());
        for (std::size_t m = 0; m < rows_.size() && !timeToStop(m); ++m) {
            const std::uint32_t source = index(flows_.source(rows_[m])),
                                destination = index(flows_.destination(rows_[m]));
            low[m] = std::min(source, destination);
            high[m] = std::max(source, destination);
        }
        auto pairs = combine(low, analysis_.addresses.size(), high, analysis_.addresses.size());
        numbers.addPairs(pairs.values);
        return std::move(pairs.ids);
    }

    template <class NumbersOf>
    std::vector<std::uint32_t> ofEither(bool peersOfThis, const NumbersOf& numbersOf)
    {
        std::vector<std::uint32_t> ids, rows, groups;
        std::vector<std::uint8_t> ends;
        const auto add = [&](std::size_t m, std::uint32_t id, bool destination) {
            ids.push_back(id);
            rows.push_back(rows_[m]);
            if (!groups_.empty())
                groups.push_back(groups_[m]);
            if (peersOfThis)
                ends.push_back(destination ? 1 : 0);
            else if (!ends_.empty())
                ends.push_back(ends_[m]);
        };
        for (std::size_t m = 0; m < rows_.size() && !timeToStop(m); ++m) {
            const auto [source, destination] = numbersOf(std::size_t{rows_[m]});
            add(m, source, false);
            if (destination != source)
                add(m, destination, true);
        }
        rows_ = std::move(rows);
        groups_ = std::move(groups);
        ends_ = std::move(ends);
        return ids;
    }

    [[nodiscard]] bool timeToStop(std::size_t i) const
    {
        return i % membersBetweenStops == 0 && stopped(stop_);
    }

    void addUp()
    {
        constexpr auto lowest = std::numeric_limits<std::int64_t>::min(),
                       highest = std::numeric_limits<std::int64_t>::max();
        for (Group& group : table_->groups_) {
            group.first = highest;
            group.last = lowest;
        }
        for (std::size_t m = 0; m < rows_.size() && !timeToStop(m); ++m) {
            const std::size_t flow = rows_[m];
            Group& group = table_->groups_[groups_[m]];
            const auto directions = directionsOf(analysis_, flow);
            ++group.flows;
            group.unanswered += directions.unanswered ? 1 : 0;
            addCapped(group.packets, flows_.packets(flow));
            group.bytes += flows_.bytes(flow);
            group.sentBytes += directions.sentBytes;
            group.receivedBytes += directions.receivedBytes;
            group.first = std::min(group.first, flows_.start(flow));
            group.last = std::max(group.last, flows_.end(flow));
        }
        if (!table_->directionsKnown_) {
            for (Group& group : table_->groups_)
                group.unanswered = 0;
        }
        table_->span_ = span();
    }

    [[nodiscard]] std::pair<std::int64_t, std::int64_t> span() const
    {
        if (query_.narrowing.interval)
            return *query_.narrowing.interval;
        if (table_->groups_.empty())
            return {};
        std::pair span(table_->groups_.front().first, table_->groups_.front().last);
        for (const Group& group : table_->groups_)
            span = {std::min(span.first, group.first), std::max(span.second, group.last)};
        return span;
    }

    /// What has to be known of a member to tell the different ones of a group.
    struct Trait
    {
        std::uint32_t peer = 0, otherPeer = 0; ///< the same where there is only one
        std::uint32_t port = 0;                ///< of PortNumbers
        std::uint32_t slice = 0;               ///< of the sparkline
    };

    /// The traits of all members, group after group. They are copied together in the order of the flows: to
    /// fetch them in the order of the groups, here and there, would take several times as long.
    std::vector<Trait> traitsByGroup(const GroupBegins& begins, const PortNumbers& ports) const
    {
        std::vector<Trait> traits(rows_.size());
        auto next = begins.copy();
        for (std::size_t m = 0; m < rows_.size() && !timeToStop(m); ++m) {
            const std::size_t flow = rows_[m];
            const KeyEnd end = endOfMember(m);
            const std::uint32_t source = index(flows_.source(flow)),
                                destination = index(flows_.destination(flow));
            traits[next[groups_[m]]++] = {
                .peer = end == KeyEnd::Destination ? source : destination,
                .otherPeer = end == KeyEnd::Source ? destination : source,
                .port = ports.of(flows_.destinationPort(flow)),
                .slice = static_cast<std::uint32_t>(sparkSlice(table_->span_, flows_.start(flow)))};
        }
        return traits;
    }

    void lookIntoGroups()
    {
        const GroupBegins begins(groups_, table_->groups_.size());
        const PortNumbers portNumbers(flows_, rows_);
        const auto traits = traitsByGroup(begins, portNumbers);
        DistinctCounter peers(analysis_.addresses.size()), ports(portNumbers.count());
        table_->sparkBegins_.reserve(table_->groups_.size() + 1);
        table_->sparkBegins_.push_back(0);
        std::array<std::uint32_t, sparkSlices> bars{}; // all empty between groups
        std::vector<std::uint8_t> drawn;
        for (std::size_t g = 0; g < table_->groups_.size(); ++g) {
            if (timeToStop(g))
                return;
            peers.begin();
            ports.begin();
            for (std::size_t i = begins[g]; i < begins[g + 1]; ++i) {
                const Trait& trait = traits[i];
                peers.add(trait.peer);
                peers.add(trait.otherPeer);
                ports.add(trait.port);
                if (bars[trait.slice]++ == 0) // a group has fewer than 2^32 flows
                    drawn.push_back(static_cast<std::uint8_t>(trait.slice));
            }
            table_->groups_[g].peers = peers.count();
            table_->groups_[g].ports = ports.count();
            std::sort(drawn.begin(), drawn.end());
            for (const std::uint8_t slice : drawn) {
                table_->sparkAt_.push_back(slice);
                table_->sparkCounts_.push_back(std::exchange(bars[slice], 0));
            }
            drawn.clear();
            table_->sparkBegins_.push_back(table_->sparkAt_.size());
        }
    }

    /// Whose peers are counted: those of the source, of the destination, or both ends themselves (None).
    [[nodiscard]] KeyEnd endOfMember(std::size_t member) const
    {
        if (peersEnd_ != KeyEnd::Either)
            return peersEnd_;
        return ends_[member] != 0 ? KeyEnd::Destination : KeyEnd::Source;
    }

    const Analysis& analysis_;
    const FlowTable& flows_;
    const GroupQuery& query_;
    StopFlag stop_;
    std::shared_ptr<GroupTable> table_ = std::make_shared<GroupTable>();
    std::vector<std::uint32_t> rows_;   ///< of each member its flow
    std::vector<std::uint32_t> groups_; ///< and its group
    std::vector<std::uint8_t>
        ends_; ///< and whether it is in it by its destination, where peersEnd_ is either
    KeyEnd peersEnd_ = KeyEnd::None;
};

Result<std::shared_ptr<const GroupTable>> groupFlows(const Analysis& analysis, const GroupQuery& query,
                                                     StopFlag stop)
{
    return FlowGrouping(analysis, query, stop).run();
}

} // namespace packetloom
