// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/packet_rows_model.h"

#include "ui/models/words.h"

#include <QMetaObject>
#include <algorithm>
#include <array>

namespace packetloom {
namespace {

constexpr std::size_t mostPages = 64;
/// Whoever scrolls on does not want what was passed by.
constexpr std::size_t mostWanted = 4;

/// A 0 in place of a port is one only where there are ports.
Cell portCell(const Packet& packet, std::int64_t port)
{
    const bool ported =
        !packet.hasProtocol || packet.protocol == protocolTcp || packet.protocol == protocolUdp;
    return port == 0 && !ported ? Cell() : Cell(Identifier{port});
}

} // namespace

PacketRowsModel::PacketRowsModel(QObject* parent) : TableModel(columns(), parent) {}

std::span<const TableModel::Column> PacketRowsModel::columns()
{
    static constexpr std::array<Column, ColumnCount> texts{{
        {"number", QT_TR_NOOP("No."),
         QT_TR_NOOP("Number of the packet among the kept rows. Packets stand in the order of the capture and "
                    "are not sorted."),
         true},
        {"time", QT_TR_NOOP("Time"), QT_TR_NOOP("Time of the packet (UTC)")},
        {"since_before", QT_TR_NOOP("Delta"),
         QT_TR_NOOP("Seconds since the packet that is shown before it; negative where that one is later"),
         true},
        {"source", QT_TR_NOOP("Source"), QT_TR_NOOP("Address of the sender")},
        {"source_port", QT_TR_NOOP("Source port"), QT_TR_NOOP("Port of the sender"), true},
        {"destination", QT_TR_NOOP("Destination"), QT_TR_NOOP("Address of the receiver")},
        {"destination_port", QT_TR_NOOP("Destination port"), QT_TR_NOOP("Port of the receiver"), true},
        {"protocol", QT_TR_NOOP("Protocol"), QT_TR_NOOP("IP protocol: its name, or its IANA number")},
        {"flags", QT_TR_NOOP("Flags"), QT_TR_NOOP("TCP flags that are set")},
        {"length", QT_TR_NOOP("Length"), QT_TR_NOOP("Length of the packet in bytes"), true},
        {"sequence", QT_TR_NOOP("Sequence"), QT_TR_NOOP("TCP sequence number"), true},
        {"relative_sequence", QT_TR_NOOP("Relative sequence"),
         QT_TR_NOOP("How far the sequence number is behind the first one of the same sender in the flow"),
         true},
        {"acknowledgment", QT_TR_NOOP("Acknowledgment"), QT_TR_NOOP("TCP acknowledgment number"), true},
        {"flow", QT_TR_NOOP("Flow"), QT_TR_NOOP("Number of the flow that the packet belongs to"), true},
    }};
    return texts;
}

void PacketRowsModel::setRows(std::shared_ptr<const Analysis> analysis, Rows rows)
{
    beginResetModel();
    if (analysis_ != analysis)
        flowsKnown_ = false;
    analysis_ = std::move(analysis);
    rows_ = std::move(rows);
    pages_.clear();
    byFirst_.clear();
    wanted_.clear();
    asked_.reset();
    endResetModel();
}

void PacketRowsModel::setFlowsKnown()
{
    flowsKnown_ = true;
    if (rowCount() > 0) // whoever looks at a page asks for it again
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void PacketRowsModel::setPage(const Rows& rows, int first, std::vector<PacketView> views, bool withFlows)
{
    if (rows != rows_ || !rows_)
        return;
    if (asked_ == first)
        asked_.reset();
    if (const auto old = byFirst_.find(first); old != byFirst_.end()) {
        pages_.erase(old->second);
        byFirst_.erase(old);
    }
    if (pages_.size() >= mostPages) {
        byFirst_.erase(pages_.back().first);
        pages_.pop_back();
    }
    const auto count = static_cast<int>(views.size());
    pages_.push_front({first, std::move(views), withFlows});
    byFirst_[first] = pages_.begin();
    if (count > 0)
        emit dataChanged(index(first, 0), index(first + count - 1, ColumnCount - 1));
    askNext();
}

void PacketRowsModel::pageFailed(const Rows& rows, int first)
{
    if (rows != rows_ || asked_ != first)
        return;
    asked_.reset();
    askNext();
}

const PacketRowsModel::Page* PacketRowsModel::page(int first) const
{
    const auto found = byFirst_.find(first);
    if (found == byFirst_.end()) {
        ask(first);
        return nullptr;
    }
    pages_.splice(pages_.begin(), pages_, found->second);
    if (flowsKnown_ && !found->second->withFlows)
        ask(first);
    return &*found->second;
}

// Not at once: a view asks for every cell of a page, and signals are not for the middle of painting.
void PacketRowsModel::ask(int first) const
{
    if (asked_ == first)
        return;
    if (const auto same = std::find(wanted_.begin(), wanted_.end(), first); same != wanted_.end()) {
        if (same + 1 == wanted_.end())
            return;
        wanted_.erase(same);
    }
    wanted_.push_back(first);
    if (wanted_.size() > mostWanted)
        wanted_.pop_front();
    if (std::exchange(willAsk_, true))
        return;
    auto* const self = const_cast<PacketRowsModel*>(this);
    QMetaObject::invokeMethod(
        self,
        [self] {
            self->willAsk_ = false;
            self->askNext();
        },
        Qt::QueuedConnection);
}

void PacketRowsModel::askNext()
{
    if (asked_ || wanted_.empty() || !rows_)
        return;
    asked_ = wanted_.back();
    wanted_.pop_back();
    emit pageWanted(rows_, *asked_, pageRows);
}

const PacketView* PacketRowsModel::view(int row) const
{
    const auto found = byFirst_.find(row - row % pageRows);
    if (found == byFirst_.end() || row < 0)
        return nullptr;
    const auto at = static_cast<std::size_t>(row % pageRows);
    return at < found->second->views.size() ? &found->second->views[at] : nullptr;
}

QVariant PacketRowsModel::data(const QModelIndex& index, int role) const
{
    if (role == PendingRole) {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
            return {};
        const Page* const there = page(index.row() - index.row() % pageRows);
        return !there || (flowsKnown_ && !there->withFlows);
    }
    return TableModel::data(index, role);
}

Cell PacketRowsModel::flowCell(const PacketView& view) const
{
    if (!view.flow)
        return {};
    return Identifier{static_cast<std::int64_t>(analysis_->flows.number(*view.flow))};
}

Cell PacketRowsModel::cell(std::size_t row, int column) const
{
    const auto shownRow = static_cast<int>(row);
    const Page* const there = page(shownRow - shownRow % pageRows);
    const auto at = static_cast<std::size_t>(shownRow % pageRows);
    if (!there || at >= there->views.size())
        return column == Number ? Cell() : Cell(Words{QString(QChar(0x2026)), {}, {}});
    const PacketView& view = there->views[at];
    const Packet& packet = view.packet;
    const bool tcp = packet.isTcp();
    switch (column) {
    case Number:
        return view.row + 1;
    case Time:
        return Instant{packet.timestamp};
    case SinceBefore:
        return view.sinceBefore ? Cell(TimeStep{*view.sinceBefore}) : Cell();
    case Source:
        return HostileText{analysis_->addresses.text(packet.source)};
    case SourcePort:
        return portCell(packet, packet.sourcePort);
    case Destination:
        return HostileText{analysis_->addresses.text(packet.destination)};
    case DestinationPort:
        return portCell(packet, packet.destinationPort);
    case Protocol:
        return protocolCell(packet);
    case Flags:
        return tcp ? flagsCell(packet.flags) : Cell();
    case Length:
        return packet.length;
    case Sequence:
        return tcp ? Cell(packet.sequence) : Cell();
    case RelativeSequence:
        return view.relativeSequence ? Cell(*view.relativeSequence) : Cell();
    case Acknowledgment:
        return tcp ? Cell(packet.acknowledgment) : Cell();
    case FlowNumber:
        return flowCell(view);
    default:
        return {};
    }
}

} // namespace packetloom
