// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/engine_models.h"

#include "ui/engine_sentences.h"
#include "ui/models/words.h"

#include <QCoreApplication>
#include <array>

namespace packetloom {
namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("EngineDifference", text);
}

Cell wordCell(std::string_view word)
{
    const auto text = QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
    return Words{text, text, {}};
}

Cell outcomeCell(const FlowTable& flows, std::uint32_t flow)
{
    return flows.closeType(flow) == CloseType::Invalid ? invalidReasonCell(flows.invalidReason(flow))
                                                       : closeTypeCell(flows.closeType(flow));
}

/// Of the reference's flow, or else of the exact engine's.
struct FirstFlow
{
    Endpoint source, destination;
    std::int64_t start = 0;
};

FirstFlow firstOf(const ShownEngineCases& cases, const EngineCase& one)
{
    if (!one.reference.empty()) {
        const FlowTable& flows = *cases.compared->reference;
        const std::uint32_t i = one.reference.front();
        return {flows.sourceEnd(i), {flows.destination(i), flows.destinationPort(i)}, flows.start(i)};
    }
    const ExactFlow flow = cases.compared->exact->flow(one.exact.front());
    return {flow.originatorEnd(), flow.responderEnd(), flow.start};
}

} // namespace

QString engineDifferenceTitle(EngineDifference difference)
{
    return translated(sentenceOf(difference).title);
}

QString engineDifferenceWhy(EngineDifference difference)
{
    return translated(sentenceOf(difference).why);
}

EngineDifferenceModel::EngineDifferenceModel(QObject* parent) : SourceTableModel(columns(), parent) {}

std::span<const TableModel::Column> EngineDifferenceModel::columns()
{
    static constexpr std::array<Column, ColumnCount> texts{{
        {"difference", QT_TR_NOOP("Difference"), QT_TR_NOOP("In what the engines differ")},
        {"cases", QT_TR_NOOP("Cases"), QT_TR_NOOP("Flows that have packets in common are one case"), true},
        {"reference_flows", QT_TR_NOOP("Reference"), QT_TR_NOOP("Flows of the reference in these cases"),
         true},
        {"exact_flows", QT_TR_NOOP("Exact"), QT_TR_NOOP("Flows of the exact engine in these cases"), true},
        {"packets", QT_TR_NOOP("Packets"), QT_TR_NOOP("Packets of these flows"), true},
        {"why", QT_TR_NOOP("Why"), QT_TR_NOOP("Why the engines differ")},
    }};
    return texts;
}

void EngineDifferenceModel::sort(int column, Qt::SortOrder order)
{
    sortByCells(column, order);
}

std::vector<std::uint32_t> EngineDifferenceModel::selectRows() const
{
    auto rows = SourceTableModel::selectRows();
    std::erase_if(rows, [&](std::uint32_t row) {
        return analysis()->comparison->cases(static_cast<EngineDifference>(row)) == 0;
    });
    return rows;
}

std::size_t EngineDifferenceModel::rowsOf(const ComparedEngines&) const
{
    return engineDifferenceCount;
}

Cell EngineDifferenceModel::cellOf(const ComparedEngines& compared, std::size_t row, int column) const
{
    const auto difference = static_cast<EngineDifference>(row);
    const EngineCounts& counts = compared.comparison->counts(difference);
    switch (column) {
    case Title: {
        const auto name = engineDifferenceName(difference);
        return Words{engineDifferenceTitle(difference),
                     QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())),
                     engineDifferenceWhy(difference)};
    }
    case Cases:
        return counts.cases;
    case ReferenceFlows:
        return counts.reference;
    case ExactFlows:
        return counts.exact;
    case Packets:
        return counts.packets;
    case Why: {
        const auto why = engineDifferenceWhy(difference);
        return Words{why, why, why};
    }
    default:
        return {};
    }
}

EngineCaseModel::EngineCaseModel(QObject* parent) : SourceTableModel(columns(), parent) {}

std::span<const TableModel::Column> EngineCaseModel::columns()
{
    static constexpr std::array<Column, ColumnCount> texts{{
        {"number", QT_TR_NOOP("Flow"),
         QT_TR_NOOP("Number of the reference's flow, of several that of the first"), true},
        {"outcome", QT_TR_NOOP("Reference says"), QT_TR_NOOP("How the flow ended by the reference's rules")},
        {"conn_state", QT_TR_NOOP("Exact says"),
         QT_TR_NOOP("What became of the connection, in Zeek's words")},
        {"history", QT_TR_NOOP("History"),
         QT_TR_NOOP("What the sides did, in Zeek's letters: capitals for the originator")},
        {"reference_flows", QT_TR_NOOP("Reference"), QT_TR_NOOP("How many flows the reference makes of it"),
         true},
        {"exact_flows", QT_TR_NOOP("Exact"), QT_TR_NOOP("How many flows the exact engine makes of it"), true},
        {"source", QT_TR_NOOP("Source"), QT_TR_NOOP("The end that began")},
        {"source_port", QT_TR_NOOP("Port"), QT_TR_NOOP("Its port"), true},
        {"destination", QT_TR_NOOP("Destination"), QT_TR_NOOP("The other end")},
        {"destination_port", QT_TR_NOOP("Port"), QT_TR_NOOP("Its port"), true},
        {"start", QT_TR_NOOP("Start"), QT_TR_NOOP("Time of the first packet (UTC)")},
    }};
    return texts;
}

std::size_t EngineCaseModel::rowsOf(const ShownEngineCases& cases) const
{
    return cases.compared->comparison->cases(cases.difference);
}

Cell EngineCaseModel::cellOf(const ShownEngineCases& cases, std::size_t row, int column) const
{
    const EngineCase one = cases.at(row);
    const auto address = [&](const Endpoint& end) {
        return HostileText{cases.analysis->addresses.text(end.address)};
    };
    switch (column) {
    case Number:
        return one.reference.empty() ? Cell()
                                     : Identifier{static_cast<std::int64_t>(
                                           cases.compared->reference->number(one.reference.front()))};
    case ReferenceFlows:
        return std::uint64_t{one.reference.size()};
    case ExactFlows:
        return std::uint64_t{one.exact.size()};
    case Source:
        return address(firstOf(cases, one).source);
    case SourcePort:
        return Identifier{firstOf(cases, one).source.port};
    case Destination:
        return address(firstOf(cases, one).destination);
    case DestinationPort:
        return Identifier{firstOf(cases, one).destination.port};
    case Start:
        return Instant{firstOf(cases, one).start};
    case Outcome:
        return one.reference.empty() ? Cell()
                                     : outcomeCell(*cases.compared->reference, one.reference.front());
    case State:
        return one.exact.empty()
                   ? Cell()
                   : wordCell(connStateName(cases.compared->exact->flow(one.exact.front()).state));
    case History:
        return one.exact.empty() ? Cell() : wordCell(cases.compared->exact->flow(one.exact.front()).history);
    default:
        return {};
    }
}

} // namespace packetloom
