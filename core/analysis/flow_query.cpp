// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_query.h"

#include "core/analysis/address_query.h"
#include "core/analysis/flow_filter.h"
#include "core/analysis/flow_words.h"
#include "core/analysis/packet_query.h"
#include "core/analysis/row_flows.h"
#include "core/flow/exact/figure_of.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace packetloom {
namespace {

constexpr std::uint64_t rowsAtOnce = PacketSpool::blockRows;
constexpr std::size_t flowsAtOnce = std::size_t{1} << 12;

bool overlaps(const FlowTable& flows, std::size_t i, const Narrowing& narrowing)
{
    return !narrowing.interval ||
           (flows.end(i) >= narrowing.interval->first && flows.start(i) <= narrowing.interval->second);
}

/// The flows that have a packet which is left.
Result<std::vector<std::uint32_t>> withPackets(const Analysis& analysis, const Narrowing& narrowing,
                                               StopFlag stop)
{
    std::vector<std::uint32_t> rows;
    if (analysis.flowTable()) // which has no packets
        return rows;
    const auto packets = selectPackets(analysis, narrowing, stop);
    if (!packets)
        return packets.error();
    const auto flowOfRow = rowFlowsOf(analysis, stop);
    if (!flowOfRow)
        return flowOfRow.error();
    std::vector<std::uint8_t> left(analysis.flows.size());
    std::vector<std::uint32_t> flows;
    for (std::uint64_t first = 0; first < packets->rows() && !stopped(stop); first += rowsAtOnce) {
        const auto end = std::min(first + rowsAtOnce, packets->rows());
        if (packets->before(end) == packets->before(first))
            continue;
        flows.resize(static_cast<std::size_t>(end - first));
        if (auto read = (*flowOfRow)->read(first, flows); !read)
            return std::move(read).error();
        for (std::size_t i = 0; i < flows.size(); ++i) {
            if (flows[i] != RowFlows::none && packets->has(first + i))
                left[flows[i]] = 1;
        }
    }
    for (std::uint32_t flow = 0; flow < left.size(); ++flow) {
        if (left[flow] != 0)
            rows.push_back(flow);
    }
    return rows;
}

Result<std::vector<std::uint32_t>> narrowed(const Analysis& analysis, const Narrowing& narrowing,
                                            StopFlag stop)
{
    const FlowTable& flows = analysis.flows;
    std::vector<std::uint32_t> rows;
    if (narrowing.everything()) {
        rows.resize(flows.size());
        std::iota(rows.begin(), rows.end(), std::uint32_t{0});
        return rows;
    }
    if (auto unknown = notExact(analysis, narrowing.filter); unknown)
        return *std::move(unknown);
    if (narrowing.filter && !canAskFlows(*narrowing.filter))
        return withPackets(analysis, narrowing, stop);
    std::optional<FlowFilter> filter;
    if (narrowing.filter)
        filter.emplace(analysis, *narrowing.filter, stop);
    std::vector<std::uint8_t> hits(flowsAtOnce, 1);
    for (std::size_t first = 0; first < flows.size(); first += flowsAtOnce) {
        if (stopped(stop))
            return rows;
        hits.resize(std::min(flowsAtOnce, flows.size() - first));
        if (filter)
            filter->match(first, hits);
        for (std::size_t i = 0; i < hits.size(); ++i) {
            if (hits[i] != 0 && overlaps(flows, first + i, narrowing))
                rows.push_back(static_cast<std::uint32_t>(first + i));
        }
    }
    return rows;
}

/// The rows with the numbers that stand for the column's values.
class KeyMaker
{
public:
    KeyMaker(const Analysis& analysis, const std::vector<std::uint32_t>& rows)
        : analysis_(analysis), flows_(analysis.flows), rows_(rows)
    {
    }

    std::vector<KeyedRow> make(FlowColumn column, StopFlag stop) const
    {
        switch (column) {
        case FlowColumn::Number:
            return with([](const FlowTable& f, std::size_t i) { return f.number(i); });
        case FlowColumn::Source:
        case FlowColumn::Destination: {
            const auto ranks = addressRanks(analysis_.addresses, stop);
            if (ranks.empty())
                return {};
            if (column == FlowColumn::Source)
                return with([&](const FlowTable& f, std::size_t i) { return ranks[index(f.source(i))]; });
            return with([&](const FlowTable& f, std::size_t i) { return ranks[index(f.destination(i))]; });
        }
        case FlowColumn::SourcePort:
            return with([](const FlowTable& f, std::size_t i) { return sortKey(f.sourcePort(i)); });
        case FlowColumn::DestinationPort:
            return with([](const FlowTable& f, std::size_t i) { return sortKey(f.destinationPort(i)); });
        case FlowColumn::State:
            if (analysis_.flowFacts())
                return byText(flowStateWord);
            return with([](const FlowTable& f, std::size_t i) { return static_cast<unsigned>(f.state(i)); });
        case FlowColumn::CloseType:
            return with(
                [](const FlowTable& f, std::size_t i) { return static_cast<unsigned>(f.outcome(i)); });
        case FlowColumn::InvalidReason:
            return with(
                [](const FlowTable& f, std::size_t i) { return static_cast<unsigned>(f.invalidReason(i)); });
        case FlowColumn::Start:
            return with([](const FlowTable& f, std::size_t i) { return sortKey(f.start(i)); });
        case FlowColumn::End:
            return with([](const FlowTable& f, std::size_t i) { return sortKey(f.end(i)); });
        case FlowColumn::Duration: // unsigned: the ends may lie further apart than a signed number reaches
            return with([](const FlowTable& f, std::size_t i) {
                return static_cast<std::uint64_t>(f.end(i)) - static_cast<std::uint64_t>(f.start(i));
            });
        case FlowColumn::Packets:
            return with([](const FlowTable& f, std::size_t i) { return f.packets(i); });
        case FlowColumn::Bytes:
            return with([](const FlowTable& f, std::size_t i) { return sortKey(f.bytes(i)); });
        case FlowColumn::Protocol:
            return byText(flowProtocol);
        case FlowColumn::Service:
            return byText(flowService);
        case FlowColumn::Phases:
            return with([](const FlowTable& f, std::size_t i) {
                return (f.has(i, FlowTable::Established) ? 4u : 0u) +
                       (f.has(i, FlowTable::DataTransferred) ? 2u : 0u) +
                       (f.has(i, FlowTable::Closing) ? 1u : 0u);
            });
        case FlowColumn::FirstFigure:
            break;
        }
        return byFigure(*figureOf(column), stop);
    }

private:
    template <class KeyOf>
    std::vector<KeyedRow> with(KeyOf keyOf) const
    {
        std::vector<KeyedRow> keyed;
        keyed.reserve(rows_.size());
        for (const std::uint32_t row : rows_)
            keyed.push_back({keyOf(flows_, row), row});
        return keyed;
    }

    // What is not known comes first, as the least.
    std::vector<KeyedRow> byFigure(FlowFigure figure, StopFlag stop) const
    {
        const auto* const capture = analysis_.capture();
        if (!capture || !capture->exact)
            return with([](const FlowTable&, std::size_t) { return 0u; });
        const ExactFlows& exact = *capture->exact;
        if (factsOf(figure).kind == FigureKind::Word) {
            std::vector<std::string> words;
            words.reserve(rows_.size());
            for (const std::uint32_t row : rows_)
                words.emplace_back(wordOf(exact.flow(row), figure));
            std::sort(words.begin(), words.end());
            words.erase(std::unique(words.begin(), words.end()), words.end());
            return with([&](const FlowTable&, std::size_t i) {
                return std::uint64_t(
                    std::lower_bound(words.begin(), words.end(), wordOf(exact.flow(i), figure)) -
                    words.begin());
            });
        }
        return with([&](const FlowTable&, std::size_t i) {
            if (i % flowsAtOnce == 0 && stopped(stop))
                return std::uint64_t{0};
            const auto number = numberOf(exact.flow(i), figure);
            return number ? sortKey(*number) : std::uint64_t{0};
        });
    }

    // Byte by byte.
    std::vector<KeyedRow> byText(std::string_view (*textOf)(const Analysis&, std::size_t)) const
    {
        std::vector<std::string_view> texts;
        texts.reserve(rows_.size());
        for (const std::uint32_t row : rows_)
            texts.push_back(textOf(analysis_, row));
        std::sort(texts.begin(), texts.end());
        texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
        return with([&](const FlowTable&, std::size_t i) {
            return std::uint64_t(std::lower_bound(texts.begin(), texts.end(), textOf(analysis_, i)) -
                                 texts.begin());
        });
    }

    const Analysis& analysis_;
    const FlowTable& flows_;
    const std::vector<std::uint32_t>& rows_;
};

} // namespace

std::optional<Error> notExact(const Analysis& analysis, const std::optional<FilterExpression>& filter)
{
    const auto* const capture = analysis.capture();
    const auto figure = filter ? figureAsked(*filter) : std::nullopt;
    if (!figure || (capture && capture->exact))
        return std::nullopt;
    return Error{.code = Errc::NotExact, .detail = std::string(factsOf(*figure).name), .file = {}};
}

Result<std::vector<std::uint32_t>> selectFlows(const Analysis& analysis, const FlowQuery& query,
                                               StopFlag stop)
{
    auto left = narrowed(analysis, query.narrowing, stop);
    if (stopped(stop))
        return std::vector<std::uint32_t>();
    if (!left)
        return left;
    auto rows = *std::move(left);
    // Sorting keeps the order of equals, so the first one is sorted by at last.
    for (auto by = query.sort.rbegin(); by != query.sort.rend() && !stopped(stop); ++by)
        rows = sortedRows(KeyMaker(analysis, rows).make(by->column, stop), by->descending, stop);
    return stopped(stop) ? std::vector<std::uint32_t>() : rows;
}

} // namespace packetloom
