// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/traced_packet_model.h"

#include "ui/models/words.h"
#include "ui/views/packet_words.h"
#include "ui/views/segment_words.h"

#include <algorithm>
#include <array>

namespace packetloom {

TracedPacketModel::TracedPacketModel(QObject* parent) : TableModel(columns(), parent) {}

std::span<const TableModel::Column> TracedPacketModel::columns()
{
    static constexpr std::array<Column, ColumnCount> texts{{
        {"number", QT_TR_NOOP("No."), QT_TR_NOOP("Number of the packet in its flow, in the order of time"),
         true},
        {"time", QT_TR_NOOP("Time"), QT_TR_NOOP("Time of the packet (UTC)")},
        {"since_start", QT_TR_NOOP("Since start"), QT_TR_NOOP("Time since the first packet of the flow"),
         true},
        {"step", QT_TR_NOOP("Step"), QT_TR_NOOP("Time since the packet before it"), true},
        {"from", QT_TR_NOOP("From"), QT_TR_NOOP("Who sent the packet: originator → or ← responder")},
        {"flags", QT_TR_NOOP("Flags"), QT_TR_NOOP("TCP flags that are set")},
        {"sequence", QT_TR_NOOP("Sequence"),
         QT_TR_NOOP("TCP sequence number, relative to the first one of its sender"), true},
        {"acknowledgment", QT_TR_NOOP("Ack"),
         QT_TR_NOOP("TCP acknowledgment number, relative to the first sequence number of the other side"),
         true},
        {"length", QT_TR_NOOP("Length"), QT_TR_NOOP("Length of the packet in bytes, as in the capture"),
         true},
        {"payload", QT_TR_NOOP("Payload"),
         QT_TR_NOOP("Bytes of data; ≈ where they are estimated from the length"), true},
        {"window", QT_TR_NOOP("Window"),
         QT_TR_NOOP("Bytes that the sender has room for; scaled where the scale is known"), true},
        {"phase", QT_TR_NOOP("Phase"), QT_TR_NOOP("Part of the connection that the packet belongs to")},
        {"meaning", QT_TR_NOOP("Meaning"),
         QT_TR_NOOP("What the packet did for the connection, and what it turned out to be")},
        {"raw_sequence", QT_TR_NOOP("Raw sequence"), QT_TR_NOOP("TCP sequence number as it stands there"),
         true},
        {"raw_acknowledgment", QT_TR_NOOP("Raw acknowledgment"),
         QT_TR_NOOP("TCP acknowledgment number as it stands there"), true},
    }};
    return texts;
}

void TracedPacketModel::setTrace(std::shared_ptr<const FlowTrace> trace, const FlowEnds& ends)
{
    beginResetModel();
    trace_ = std::move(trace);
    ends_ = ends;
    putInOrder();
    endResetModel();
}

void TracedPacketModel::sort(int column, Qt::SortOrder order)
{
    sortColumn_ = column;
    sortOrder_ = order;
    beginResetModel();
    putInOrder();
    endResetModel();
}

void TracedPacketModel::putInOrder()
{
    rows_.clear();
    if (!trace_)
        return;
    rows_.reserve(trace_->packets.size() + trace_->folded.size());
    auto leftOut = trace_->folded.begin();
    for (std::size_t i = 0; i < trace_->packets.size(); ++i) {
        if (leftOut != trace_->folded.end() && leftOut->before == i)
            rows_.push_back({i, &*leftOut++});
        rows_.push_back({i, nullptr});
    }
    if (sortColumn_ < 0)
        return;
    struct Keyed
    {
        Cell key;
        Row row;
    };
    std::vector<Keyed> keyed;
    keyed.reserve(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i)
        keyed.push_back({cell(i, sortColumn_), rows_[i]});
    const bool descending = sortOrder_ == Qt::DescendingOrder;
    std::stable_sort(keyed.begin(), keyed.end(), [descending](const Keyed& a, const Keyed& b) {
        if ((a.row.leftOut != nullptr) != (b.row.leftOut != nullptr))
            return b.row.leftOut != nullptr;
        return descending ? cellLess(b.key, a.key) : cellLess(a.key, b.key);
    });
    for (std::size_t i = 0; i < rows_.size(); ++i)
        rows_[i] = keyed[i].row;
}

std::optional<std::uint64_t> TracedPacketModel::rowAt(int row) const
{
    const auto at = static_cast<std::size_t>(row);
    if (row < 0 || at >= rows_.size() || rows_[at].leftOut)
        return std::nullopt;
    return trace_->packets[rows_[at].packet].row;
}

int TracedPacketModel::indexOf(std::uint64_t row) const
{
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (!rows_[i].leftOut && trace_->packets[rows_[i].packet].row == row)
            return static_cast<int>(i);
    }
    return -1;
}

Cell TracedPacketModel::leftOutCell(const FoldedPackets& leftOut, int column) const
{
    switch (column) {
    case Time:
        return Instant{leftOut.first};
    case SinceStart:
        return TimeStep{leftOut.first - trace_->flow.start};
    case Payload:
        return leftOut.payload[0] + leftOut.payload[1];
    case Meaning: {
        const std::uint64_t count = leftOut.packets[0] + leftOut.packets[1];
        const QString words =
            tr("%1 packets are not listed: look at less time to see them").arg(shownCell(count));
        return Words{words, words, {}};
    }
    default:
        return {};
    }
}

Cell TracedPacketModel::meaningCell(const TracedPacket& packet) const
{
    QStringList words;
    if (packet.role)
        words += roleWords(*packet.role);
    if (packet.row == trace_->decidingRow)
        words += tr("makes the flow invalid: %1").arg(invalidReasonWords(trace_->life.invalidReason));
    else if (packet.index >= trace_->life.listedPackets)
        words += tr("after the packet that made the flow invalid");
    if (const QString marks = markWords(packet.verdict.marks); !marks.isEmpty())
        words += marks;
    const QString text = words.join(QStringLiteral("; "));
    return Words{text, text, {}};
}

Cell TracedPacketModel::payloadCell(const TracedPacket& packet) const
{
    const std::int64_t payload = packet.verdict.payload;
    if (payload < 0)
        return {};
    if (!trace_->flow.estimated)
        return payload;
    return Words{QChar(0x2248) + shownCell(payload), QString::number(payload), {}};
}

Cell TracedPacketModel::cell(std::size_t row, int column) const
{
    if (rows_[row].leftOut)
        return leftOutCell(*rows_[row].leftOut, column);
    const std::size_t at = rows_[row].packet;
    const TracedPacket& traced = trace_->packets[at];
    const Packet& packet = traced.packet;
    const SegmentVerdict& verdict = traced.verdict;
    const bool believed = (verdict.marks & Ignored) == 0, acknowledges = packet.flags.has(TcpFlags::ack);
    switch (column) {
    case Number:
        return traced.index + 1;
    case Time:
        return Instant{packet.timestamp};
    case SinceStart:
        return TimeStep{packet.timestamp - trace_->flow.start};
    case Step:
        // of packets that follow each other
        if (at == 0 || trace_->packets[at - 1].index + 1 != traced.index)
            return {};
        return TimeStep{packet.timestamp - trace_->packets[at - 1].packet.timestamp};
    case From: {
        const bool forth = verdict.fromOriginator;
        const QString& who = forth ? ends_.originator : ends_.responder;
        return Words{(forth ? QChar(0x2192) : QChar(0x2190)) + QStringLiteral(" ") + who,
                     forth ? QStringLiteral("originator") : QStringLiteral("responder"), who};
    }
    case Flags:
        return flagsCell(packet.flags);
    case Sequence:
        return believed ? Cell(verdict.relativeSequence) : Cell();
    case Acknowledgment:
        return believed && acknowledges ? Cell(verdict.relativeAcknowledgment) : Cell();
    case Length:
        return packet.length;
    case Payload:
        return payloadCell(traced);
    case Window:
        return verdict.window >= 0 ? Cell(verdict.window) : Cell();
    case Phase: {
        const QString words = traced.role ? phaseWords(traced.phase) : QString();
        return Words{words, words, {}};
    }
    case Meaning:
        return meaningCell(traced);
    case RawSequence:
        return packet.sequence;
    case RawAcknowledgment:
        return packet.acknowledgment;
    default:
        return {};
    }
}

} // namespace packetloom
