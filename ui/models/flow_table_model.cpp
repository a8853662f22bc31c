// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/flow_table_model.h"

#include "core/analysis/flow_words.h"
#include "core/flow/exact/figure_of.h"
#include "ui/models/figure_words.h"
#include "ui/models/words.h"

#include <algorithm>
#include <array>
#include <vector>

namespace packetloom {
namespace {

// State, way of closing and reason in one: what of them says most.
Cell closedCell(const Analysis& analysis, std::size_t flow)
{
    const FlowTable& flows = analysis.flows;
    const auto outcome = flows.outcome(flow);
    auto words = outcomeWords(outcome);
    if (const auto own = flowStateWord(analysis, flow); !own.empty())
        words = outcome == FlowOutcome::Unclosed // as of all that is not TCP: then the state says it alone
                    ? visibleText(own)
                    : FlowTableModel::tr("%1: %2").arg(visibleText(own), words);
    else if (outcome == FlowOutcome::Open || outcome == FlowOutcome::Unclosed)
        words = FlowTableModel::tr("%1: %2").arg(words, stateWords(flows.state(flow)));
    return Words{words, outcomeKey(outcome), {}};
}

// Another tool's table does not say what a flow went through.
bool phasesKnown(const Analysis& analysis)
{
    return !analysis.flowTable();
}

Cell phasesCell(const FlowTable& flows, std::size_t flow)
{
    QStringList words, names;
    const auto add = [&](FlowTable::Mark mark, const QString& word, const char* name) {
        if (flows.has(flow, mark)) {
            words << word;
            names << QLatin1String(name);
        }
    };
    add(FlowTable::Established, FlowTableModel::tr("establishment"), "establishment");
    add(FlowTable::DataTransferred, FlowTableModel::tr("data transfer"), "data_transfer");
    add(FlowTable::Closing, FlowTableModel::tr("closing"), "closing");
    return Words{words.join(QStringLiteral(", ")), names.join(QLatin1Char('+')),
                 words.isEmpty() ? FlowTableModel::tr("never established")
                                 : words.join(QStringLiteral(", "))};
}

// Only the exact engine tells them; what it does not know of a flow is empty.
Cell figureCell(const Analysis& analysis, std::size_t row, FlowFigure figure)
{
    const auto* const capture = analysis.capture();
    if (!capture || !capture->exact)
        return {};
    const ExactFlow flow = capture->exact->flow(row);
    const FigureKind kind = factsOf(figure).kind;
    if (kind == FigureKind::Word)
        return HostileText{wordOf(flow, figure)};
    const auto number = numberOf(flow, figure);
    if (!number)
        return {};
    if (kind == FigureKind::Duration)
        return TimeSpan{.microseconds = static_cast<std::uint64_t>(*number), .exact = true};
    return *number;
}

} // namespace

FlowTableModel::FlowTableModel(QObject* parent) : SourceTableModel(columns(), parent) {}

std::span<const TableModel::Column> FlowTableModel::columns()
{
    static constexpr std::array<Column, static_cast<std::size_t>(FlowColumn::FirstFigure)> texts{{
        {"flow", QT_TR_NOOP("Flow"), QT_TR_NOOP("Number of the flow, in the order of the first packets"),
         true},
        {"source", QT_TR_NOOP("Source"),
         QT_TR_NOOP("Address of the initiator: who sent the SYN, or else the first packet")},
        {"source_port", QT_TR_NOOP("Source port"), QT_TR_NOOP("TCP port of the initiator"), true},
        {"destination", QT_TR_NOOP("Destination"), QT_TR_NOOP("Address of the other end")},
        {"destination_port", QT_TR_NOOP("Destination port"), QT_TR_NOOP("TCP port of the other end"), true},
        {"state", QT_TR_NOOP("State"),
         QT_TR_NOOP("State of the connection after its last packet; of a table of flows its own word")},
        {"closed", QT_TR_NOOP("Closed"),
         QT_TR_NOOP(
             "How the flow closed; of one that did not, how far it came; of an invalid one, why it is")},
        {"why_invalid", QT_TR_NOOP("Why invalid"),
         QT_TR_NOOP("What is wrong with the handshake of an invalid flow")},
        {"start", QT_TR_NOOP("Start"), QT_TR_NOOP("Time of the first packet (UTC)")},
        {"end", QT_TR_NOOP("End"), QT_TR_NOOP("Time of the last packet (UTC)")},
        {"duration", QT_TR_NOOP("Duration"), QT_TR_NOOP("Time between the first and the last packet"), true},
        {"packets", QT_TR_NOOP("Packets"), QT_TR_NOOP("Packets both ways"), true},
        {"bytes", QT_TR_NOOP("Bytes"), QT_TR_NOOP("Sum of the packets' lengths both ways"), true},
        {"protocol", QT_TR_NOOP("Protocol"), QT_TR_NOOP("Protocol above IP")},
        {"service", QT_TR_NOOP("Service"),
         QT_TR_NOOP("What a table of flows says of the service; else what usually listens on the port of "
                    "the other end")},
        {"phases", QT_TR_NOOP("Phases"),
         QT_TR_NOOP("Which phases there were: establishment, data transfer, closing")},
    }};
    static const auto all = [] {
        std::vector<Column> columns(texts.begin(), texts.end());
        for (const auto& figure : flowFigures()) {
            const auto& words = figureTexts(figure.figure);
            columns.push_back({figure.name.data(), words.title, words.tip, figure.kind != FigureKind::Word,
                               figureGroup(figure.figure)});
        }
        return columns;
    }();
    return all;
}

int FlowTableModel::rowOf(std::uint32_t flow) const
{
    const auto found = std::find(rows().begin(), rows().end(), flow);
    return found == rows().end() ? -1 : static_cast<int>(found - rows().begin());
}

QVariant FlowTableModel::data(const QModelIndex& index, int role) const
{
    if (role == OutcomeRole && checkIndex(index, CheckIndexOption::IndexIsValid))
        return static_cast<int>(analysis()->flows.outcome(flowAt(index.row())));
    if (role == PhasesRole && checkIndex(index, CheckIndexOption::IndexIsValid) && phasesKnown(*analysis())) {
        const FlowTable& flows = analysis()->flows;
        const auto flow = flowAt(index.row());
        int marks = 0;
        for (const auto mark : {FlowTable::Established, FlowTable::DataTransferred, FlowTable::Closing})
            marks |= flows.has(flow, mark) ? mark : 0;
        return marks;
    }
    return SourceTableModel::data(index, role);
}

QVariant FlowTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    auto value = SourceTableModel::headerData(section, orientation, role);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || sort_.size() < 2)
        return value;
    for (std::size_t i = 0; i < sort_.size(); ++i) {
        if (static_cast<int>(sort_[i].column) == section)
            return QStringLiteral("%1 %2%3")
                .arg(value.toString())
                .arg(i + 1)
                .arg(sort_[i].descending ? QStringLiteral("↓") : QStringLiteral("↑"));
    }
    return value;
}

void FlowTableModel::setSorting(const std::vector<FlowSort>& sort)
{
    sort_ = sort;
    emit headerDataChanged(Qt::Horizontal, 0, flowColumnCount - 1);
}

void FlowTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0)
        emit sortCleared();
    else if (column < flowColumnCount)
        emit sortRequested(static_cast<FlowColumn>(column), order == Qt::DescendingOrder);
}

std::size_t FlowTableModel::rowsOf(const Analysis& analysis) const
{
    return analysis.flows.size();
}

Cell FlowTableModel::cellOf(const Analysis& analysis, std::size_t row, int column) const
{
    const FlowTable& flows = analysis.flows;
    switch (static_cast<FlowColumn>(column)) {
    case FlowColumn::Number:
        return Identifier{static_cast<std::int64_t>(flows.number(row))};
    case FlowColumn::Source:
        return HostileText{analysis.addresses.text(flows.source(row))};
    case FlowColumn::SourcePort:
        return Identifier{flows.sourcePort(row)};
    case FlowColumn::Destination:
        return HostileText{analysis.addresses.text(flows.destination(row))};
    case FlowColumn::DestinationPort:
        return Identifier{flows.destinationPort(row)};
    case FlowColumn::State:
        if (const auto own = flowStateWord(analysis, row); !own.empty())
            return HostileText{own};
        return stateCell(flows.state(row));
    case FlowColumn::CloseType:
        return closedCell(analysis, row);
    case FlowColumn::InvalidReason:
        return invalidReasonCell(flows.invalidReason(row));
    case FlowColumn::Start:
        return Instant{flows.start(row)};
    case FlowColumn::End:
        return Instant{flows.end(row)};
    case FlowColumn::Duration:
        return TimeSpan{.microseconds = static_cast<std::uint64_t>(flows.end(row)) -
                                        static_cast<std::uint64_t>(flows.start(row)),
                        .exact = true};
    case FlowColumn::Packets:
        return flows.packets(row);
    case FlowColumn::Bytes:
        return flows.bytes(row);
    case FlowColumn::Protocol:
        return HostileText{flowProtocol(analysis, row)};
    case FlowColumn::Service:
        return HostileText{flowService(analysis, row)};
    case FlowColumn::Phases:
        return phasesKnown(analysis) ? phasesCell(flows, row) : Cell();
    case FlowColumn::FirstFigure:
        break;
    }
    return figureCell(analysis, row, *figureOf(static_cast<FlowColumn>(column)));
}

} // namespace packetloom
