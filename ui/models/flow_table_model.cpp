// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/flow_table_model.h"

#include "core/analysis/flow_words.h"
#include "ui/models/words.h"

#include <algorithm>
#include <array>

namespace packetloom {

FlowTableModel::FlowTableModel(QObject* parent) : SourceTableModel(columns(), parent) {}

std::span<const TableModel::Column> FlowTableModel::columns()
{
    static constexpr std::array<Column, flowColumnCount> texts{{
        {"flow", QT_TR_NOOP("Flow"), QT_TR_NOOP("Number of the flow, in the order of the first packets"),
         true},
        {"source", QT_TR_NOOP("Source"),
         QT_TR_NOOP("Address of the initiator: who sent the SYN, or else the first packet")},
        {"source_port", QT_TR_NOOP("Source port"), QT_TR_NOOP("TCP port of the initiator"), true},
        {"destination", QT_TR_NOOP("Destination"), QT_TR_NOOP("Address of the other end")},
        {"destination_port", QT_TR_NOOP("Destination port"), QT_TR_NOOP("TCP port of the other end"), true},
        {"state", QT_TR_NOOP("State"),
         QT_TR_NOOP("State of the connection after its last packet; of a table of flows its own word")},
        {"closed", QT_TR_NOOP("Closed"), QT_TR_NOOP("How the flow closed")},
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
    }};
    return texts;
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
    return SourceTableModel::data(index, role);
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
        return closeTypeCell(flows.closeType(row));
    case FlowColumn::InvalidReason:
        return invalidReasonCell(flows.invalidReason(row));
    case FlowColumn::Start:
        return Instant{flows.start(row)};
    case FlowColumn::End:
        return Instant{flows.end(row)};
    case FlowColumn::Duration:
        return TimeSpan{static_cast<std::uint64_t>(flows.end(row)) -
                        static_cast<std::uint64_t>(flows.start(row))};
    case FlowColumn::Packets:
        return flows.packets(row);
    case FlowColumn::Bytes:
        return flows.bytes(row);
    case FlowColumn::Protocol:
        return HostileText{flowProtocol(analysis, row)};
    case FlowColumn::Service:
        return HostileText{flowService(analysis, row)};
    }
    return {};
}

} // namespace packetloom
