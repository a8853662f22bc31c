// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/packet_table_model.h"

#include "core/analysis/address_query.h"
#include "ui/models/words.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

// "10.0.0.1:80", "[::1]:80"
QString endText(const QString& address, std::int64_t port)
{
    return (address.contains(QLatin1Char(':')) ? QStringLiteral("[%1]:") : QStringLiteral("%1:"))
               .arg(address) +
           QString::number(port);
}

} // namespace

QString PacketTableModel::phaseWords(Phase phase)
{
    switch (phase) {
    case Phase::None:
        return {};
    case Phase::Establishment:
        return tr("establishment");
    case Phase::DataTransfer:
        return tr("data transfer");
    case Phase::Closing:
        return tr("closing");
    }
    return {};
}

PacketTableModel::PacketTableModel(QObject* parent) : TableModel(columns(), parent) {}

std::span<const TableModel::Column> PacketTableModel::columns()
{
    static constexpr std::array<Column, ColumnCount> texts{{
        {"number", QT_TR_NOOP("No."), QT_TR_NOOP("Number of the packet in its flow, in the order of time"),
         true},
        {"time", QT_TR_NOOP("Time"), QT_TR_NOOP("Time of the packet (UTC)")},
        {"since_start", QT_TR_NOOP("Since start"), QT_TR_NOOP("Time since the first packet of the flow"),
         true},
        {"direction", QT_TR_NOOP("Direction"), QT_TR_NOOP("Who sent the packet, and to whom")},
        {"flags", QT_TR_NOOP("Flags"), QT_TR_NOOP("TCP flags that are set")},
        {"sequence", QT_TR_NOOP("Sequence"), QT_TR_NOOP("TCP sequence number"), true},
        {"acknowledgment", QT_TR_NOOP("Acknowledgment"), QT_TR_NOOP("TCP acknowledgment number"), true},
        {"length", QT_TR_NOOP("Length"), QT_TR_NOOP("Length of the packet in bytes"), true},
        {"phase", QT_TR_NOOP("Phase"), QT_TR_NOOP("Part of the connection that the packet belongs to")},
        {"meaning", QT_TR_NOOP("Meaning"), QT_TR_NOOP("What the packet did for the connection")},
    }};
    return texts;
}

void PacketTableModel::setFlow(FlowDetail detail, std::shared_ptr<const Analysis> analysis)
{
    beginResetModel();
    analysis_ = std::move(analysis);
    detail_ = std::move(detail);
    parts_.assign(detail_.packets.size(), {});
    const auto note = [this](const std::vector<PhasePacket>& packets, Phase phase) {
        for (const PhasePacket& p : packets)
            parts_[p.packet] = {phase, p.role};
    };
    note(detail_.life.establishment, Phase::Establishment);
    note(detail_.life.dataTransfer, Phase::DataTransfer);
    note(detail_.life.closing, Phase::Closing);
    putInOrder();
    endResetModel();
}

void PacketTableModel::clear()
{
    setFlow({}, nullptr);
}

int PacketTableModel::rowOf(std::size_t packet) const
{
    const auto found = std::find(order_.begin(), order_.end(), packet);
    return found == order_.end() ? -1 : static_cast<int>(found - order_.begin());
}

QVariant PacketTableModel::data(const QModelIndex& index, int role) const
{
    if ((role == PhaseRole || role == InvalidatesRole) && checkIndex(index, CheckIndexOption::IndexIsValid)) {
        const std::size_t packet = packetAt(index.row());
        return role == PhaseRole ? QVariant(static_cast<int>(parts_[packet].phase))
                                 : QVariant(invalidates(packet));
    }
    return TableModel::data(index, role);
}

void PacketTableModel::sort(int column, Qt::SortOrder order)
{
    sortColumn_ = column;
    sortOrder_ = order;
    beginResetModel();
    putInOrder();
    endResetModel();
}

// By name, as it is shown: in the order of the bits the names of single flags would run from Z to A.
void PacketTableModel::rankFlags()
{
    flagRanks_.clear();
    for (const FlowPacket& packet : detail_.packets)
        flagRanks_.try_emplace(std::string(FlagTypeName(packet.flags).text()), 0);
    std::uint64_t rank = 0;
    for (auto& [name, itsRank] : flagRanks_)
        itsRank = rank++;
}

void PacketTableModel::putInOrder()
{
    if (sortColumn_ == Flags)
        rankFlags();
    std::vector<KeyedRow> keyed(detail_.packets.size());
    for (std::size_t i = 0; i < keyed.size(); ++i)
        keyed[i] = {keyOf(i, sortColumn_), static_cast<std::uint32_t>(i)};
    order_ = sortedRows(std::move(keyed), sortColumn_ >= 0 && sortOrder_ == Qt::DescendingOrder);
}

std::uint64_t PacketTableModel::keyOf(std::size_t packet, int column) const
{
    const FlowPacket& p = detail_.packets[packet];
    const Part& part = parts_[packet];
    switch (column) {
    case Number:
        return packet;
    case Time:
    case SinceStart:
        return sortKey(p.timestamp);
    case Direction:
        return p.fromHigh ? 1 : 0;
    case Flags:
        return flagRanks_.find(FlagTypeName(p.flags).text())->second;
    case Sequence:
        return sortKey(p.sequence);
    case Acknowledgment:
        return sortKey(p.acknowledgment);
    case Length:
        return sortKey(p.length);
    case PhaseName:
        return static_cast<std::uint64_t>(part.phase);
    case Meaning:
        return invalidates(packet)         ? 0
               : part.phase == Phase::None ? ~std::uint64_t{0}
                                           : 1 + static_cast<std::uint64_t>(part.role);
    default:
        return 0;
    }
}

// The reasons that are about one packet. A reset of an open connection is noted there too, and is no fault.
bool PacketTableModel::invalidates(std::size_t packet) const
{
    const FlowLife& life = detail_.life;
    return life.invalidPacket == packet && (life.invalidReason == InvalidReason::InvalidSynAck ||
                                            life.invalidReason == InvalidReason::InvalidAck ||
                                            life.invalidReason == InvalidReason::RstDuringHandshake);
}

std::uint64_t PacketTableModel::sinceStart(const FlowPacket& packet) const
{
    return static_cast<std::uint64_t>(packet.timestamp) -
           static_cast<std::uint64_t>(detail_.packets.front().timestamp);
}

Cell PacketTableModel::directionCell(const FlowPacket& packet) const
{
    constexpr qsizetype most = shownCharacters / 3;
    const Endpoint& source = packet.fromHigh ? detail_.key.high : detail_.key.low;
    const Endpoint& destination = packet.fromHigh ? detail_.key.low : detail_.key.high;
    const auto ends = [&](qsizetype characters, const QString& arrow) {
        return endText(visibleText(analysis_->addresses.text(source.address), characters), source.port) +
               arrow +
               endText(visibleText(analysis_->addresses.text(destination.address), characters),
                       destination.port);
    };
    return Words{ends(most, QStringLiteral(" \u2192 ")),
                 endText(wholeText(analysis_->addresses.text(source.address)), source.port) +
                     QStringLiteral(" -> ") +
                     endText(wholeText(analysis_->addresses.text(destination.address)), destination.port),
                 ends(toolTipCharacters / 2, QStringLiteral(" \u2192 "))};
}

Cell PacketTableModel::meaningCell(std::size_t packet) const
{
    const Part& part = parts_[packet];
    QString words = part.phase == Phase::None ? QString() : roleWords(part.role);
    if (invalidates(packet)) {
        const QString why =
            tr("makes the flow invalid: %1").arg(invalidReasonWords(detail_.life.invalidReason));
        words = words.isEmpty() ? why : tr("%1; %2").arg(words, why);
    } else if (packet >= detail_.life.listedPackets) {
        words = tr("after the packet that made the flow invalid");
    }
    return Words{words, words, {}};
}

Cell PacketTableModel::cell(std::size_t row, int column) const
{
    const std::size_t packet = order_[row];
    const FlowPacket& p = detail_.packets[packet];
    switch (column) {
    case Number:
        return std::uint64_t{packet + 1};
    case Time:
        return Instant{p.timestamp};
    case SinceStart:
        return TimeSpan{.microseconds = sinceStart(p), .exact = true};
    case Direction:
        return directionCell(p);
    case Flags:
        return flagsCell(p.flags);
    case Sequence:
        return p.sequence;
    case Acknowledgment:
        return p.acknowledgment;
    case Length:
        return p.length;
    case PhaseName: {
        const QString words = phaseWords(parts_[packet].phase);
        return Words{words, words, {}};
    }
    case Meaning:
        return meaningCell(packet);
    default:
        return {};
    }
}

} // namespace packetloom
