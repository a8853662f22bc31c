// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/packet_query.h"

#include "core/analysis/packet_filter.h"
#include "core/support/guard.h"
#include "core/support/ordered_tasks.h"
#include "core/support/task_pool.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::size_t blocksATask = 16;
constexpr std::size_t wordsABlock = PacketSpool::blockRows / PacketRows::rowsAWord;

std::optional<std::int64_t> difference(std::int64_t a, std::int64_t b)
{
    const auto result =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
    return ((a ^ b) & (a ^ result)) < 0 ? std::nullopt : std::optional(result);
}

Error cancelled()
{
    return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
}

/// What of the packets a filter looks at. The protocol is cheap, and asked for beside much else.
unsigned columnsOf(const FilterExpression& filter)
{
    unsigned columns = PacketSpool::Protocol;
    for (const auto& part : filter.parts)
        columns |= columnsOf(part);
    if (filter.kind == FilterExpression::Kind::Says)
        return columns | PacketSpool::Ends | PacketSpool::Flags;
    if (!filter.asksField() || subjectOf(filter.field) == FilterSubject::Flows)
        return columns;
    switch (filter.field) {
    case FilterField::Source:
    case FilterField::Destination:
    case FilterField::Address:
    case FilterField::SourcePort:
    case FilterField::DestinationPort:
    case FilterField::Port:
    case FilterField::Service:
        return columns | PacketSpool::Ends;
    case FilterField::Protocol:
        return columns;
    case FilterField::Time:
        return columns | PacketSpool::Time;
    case FilterField::Length:
        return columns | PacketSpool::Length;
    default:
        return PacketSpool::AllColumns;
    }
}

/// Blocks of the spool, each by itself: side by side, for every block has words of the bitmap of its own.
class PacketSelection
{
public:
    /// `flows` may be null where the filter does not ask of any. All must outlive it.
    PacketSelection(const Analysis& analysis, const Narrowing& narrowing, const PacketFilter* filter,
                    const RowFlows* flows, StopFlag stop)
        : spool_(analysis.spool),
          interval_(narrowing.interval),
          filter_(filter),
          flows_(flows),
          stop_(stop),
          columns_((narrowing.filter ? columnsOf(*narrowing.filter) : 0u) |
                   (interval_ ? unsigned{PacketSpool::Time} : 0u)),
          bits_(static_cast<std::size_t>((spool_.packets() + PacketRows::rowsAWord - 1) /
                                         PacketRows::rowsAWord))
    {
    }

    Result<PacketRows> select()
    {
        TaskPool pool(spool_.blocks() > blocksATask ? 0 : 1);
        OrderedTasks<Result<void>> tasks(pool);
        for (std::size_t begin = 0; begin < spool_.blocks(); begin += blocksATask)
            tasks.push([this, begin] { return work(begin, std::min(begin + blocksATask, spool_.blocks())); });
        while (!tasks.empty()) {
            if (auto done = tasks.pop(); !done)
                return std::move(done).error();
        }
        return PacketRows(spool_.packets(), std::move(bits_));
    }

private:
    Result<void> work(std::size_t begin, std::size_t end)
    {
        Desk desk{PacketSpool::Reader(spool_), {}, {}};
        for (std::size_t block = begin; block < end; ++block) {
            if (stopped(stop_))
                return cancelled();
            if (auto done = workOn(block, desk); !done)
                return done;
        }
        return {};
    }

    /// What a thread works with.
    struct Desk
    {
        PacketSpool::Reader reader;
        std::vector<std::uint32_t> flows;
        std::vector<std::uint8_t> hits;
    };

    Result<void> workOn(std::size_t block, Desk& desk)
    {
        const auto [earliest, latest] = spool_.times(block);
        if (interval_ && (latest < interval_->first || earliest > interval_->second))
            return {};
        const bool within = !interval_ || (earliest >= interval_->first && latest <= interval_->second);
        const std::uint64_t firstRow = std::uint64_t{block} * PacketSpool::blockRows;
        const auto rows = static_cast<std::size_t>(
            std::min<std::uint64_t>(PacketSpool::blockRows, spool_.packets() - firstRow));
        if (within && !filter_) {
            note(block, rows, [](std::size_t) { return true; });
            return {};
        }
        if (auto loaded = desk.reader.load(block, columns_); !loaded)
            return loaded;
        const auto packets = desk.reader.packets();
        desk.hits.assign(rows, 1);
        if (filter_) {
            if (flows_) {
                desk.flows.resize(rows);
                if (auto read = flows_->read(firstRow, desk.flows); !read)
                    return read;
            }
            filter_->match(packets, desk.flows, desk.hits);
        }
        note(block, rows, [&](std::size_t i) {
            return desk.hits[i] != 0 && (within || (packets[i].timestamp >= interval_->first &&
                                                    packets[i].timestamp <= interval_->second));
        });
        return {};
    }

    template <class Holds>
    void note(std::size_t block, std::size_t rows, const Holds& holds)
    {
        std::uint64_t* words = bits_.data() + block * wordsABlock;
        for (std::size_t i = 0; i < rows; i += PacketRows::rowsAWord, ++words) {
            const std::size_t end = std::min(rows, i + PacketRows::rowsAWord);
            std::uint64_t word = 0;
            for (std::size_t at = i; at < end; ++at)
                word |= std::uint64_t{holds(at) ? 1u : 0u} << (at - i);
            *words = word;
        }
    }

    const PacketSpool& spool_;
    const std::optional<std::pair<std::int64_t, std::int64_t>> interval_;
    const PacketFilter* filter_;
    const RowFlows* flows_;
    StopFlag stop_;
    const unsigned columns_; ///< that are looked at
    std::vector<std::uint64_t> bits_;
};

} // namespace

Result<PacketRows> selectPackets(const Analysis& analysis, const Narrowing& narrowing, StopFlag stop)
{
    return guarded([&]() -> Result<PacketRows> {
        if (narrowing.everything())
            return PacketRows::all(analysis.spool.packets());
        if (auto unknown = notExact(analysis, narrowing.filter); unknown)
            return *std::move(unknown);
        std::optional<PacketFilter> filter;
        if (narrowing.filter)
            filter.emplace(analysis, *narrowing.filter, stop);
        RowFlowsPtr flows;
        if (filter && filter->asksOfFlows()) {
            auto made = rowFlowsOf(analysis, stop);
            if (!made)
                return std::move(made).error();
            flows = *std::move(made);
        }
        return PacketSelection(analysis, narrowing, filter ? &*filter : nullptr, flows.get(), stop).select();
    });
}

std::optional<std::int64_t> relativeSequence(std::int64_t sequence, std::int64_t first,
                                             std::int64_t flowBytes)
{
    constexpr std::int64_t round = std::int64_t{1} << 32, half = round / 2;
    const auto isNumber = [](std::int64_t number) { return number >= 0 && number < round; };
    if (!isNumber(sequence) || !isNumber(first))
        return difference(sequence, first);
    const std::int64_t distance = (sequence - first + round) % round;
    return distance >= half && flowBytes < half ? distance - round : distance;
}

Result<std::vector<PacketView>> PacketPages::read(const PacketRows& rows, std::uint64_t first,
                                                  std::size_t count, const RowFlows* flows)
{
    return guarded([&]() -> Result<std::vector<PacketView>> {
        const FlowTable& table = analysis_.flows;
        std::vector<PacketView> views;
        std::vector<std::uint32_t> flowsOfBlock;
        std::uint64_t flowsFrom = 0;
        // The one before the page tells how long the first waited.
        const std::uint64_t from = first > 0 ? first - 1 : 0;
        std::optional<std::int64_t> before;
        for (const std::uint64_t row : rows.rows(from, count + static_cast<std::size_t>(first - from))) {
            const auto block = static_cast<std::size_t>(row / PacketSpool::blockRows);
            if (auto loaded = reader_.load(block); !loaded)
                return std::move(loaded).error();
            const Packet& packet = reader_.packets()[static_cast<std::size_t>(row - reader_.firstRow())];
            PacketView view{
                .row = row, .packet = packet, .sinceBefore = {}, .flow = {}, .relativeSequence = {}};
            if (before)
                view.sinceBefore = difference(packet.timestamp, *before);
            before = packet.timestamp;
            if (flows) {
                if (flowsOfBlock.empty() || flowsFrom != reader_.firstRow()) {
                    flowsFrom = reader_.firstRow();
                    flowsOfBlock.resize(reader_.packets().size());
                    if (auto read = flows->read(flowsFrom, flowsOfBlock); !read)
                        return std::move(read).error();
                }
                const std::uint32_t flow = flowsOfBlock[static_cast<std::size_t>(row - flowsFrom)];
                if (flow != RowFlows::none) {
                    view.flow = flow;
                    if (const auto base = flows->firstSequence(flow, FlowKey::isTurned(packet)))
                        view.relativeSequence = relativeSequence(packet.sequence, *base, table.bytes(flow));
                }
            }
            views.push_back(view);
        }
        if (from < first && !views.empty())
            views.erase(views.begin());
        return views;
    });
}

Result<std::optional<std::uint64_t>> PacketPages::placeOfTime(const PacketRows& rows, std::int64_t time,
                                                              StopFlag stop)
{
    return guarded([&]() -> Result<std::optional<std::uint64_t>> {
        const PacketSpool& spool = analysis_.spool;
        for (std::size_t block = 0; block < spool.blocks(); ++block) {
            if (spool.times(block).second < time)
                continue;
            const std::uint64_t firstRow = std::uint64_t{block} * PacketSpool::blockRows;
            const std::uint64_t place = rows.before(firstRow);
            if (rows.before(firstRow + PacketSpool::blockRows) == place)
                continue; // none of it is shown
            if (stopped(stop))
                return cancelled();
            if (auto loaded = reader_.load(block); !loaded)
                return std::move(loaded).error();
            const auto packets = reader_.packets();
            for (std::size_t i = 0; i < packets.size(); ++i) {
                if (packets[i].timestamp >= time && rows.has(firstRow + i))
                    return std::optional(rows.before(firstRow + i));
            }
        }
        return rows.size() > 0 ? std::optional(rows.size() - 1) : std::nullopt;
    });
}

} // namespace packetloom
