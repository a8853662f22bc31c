// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/sequence_chart.h"

#include "core/model/packet.h"
#include "ui/charts/unit_ticker.h"
#include "ui/messages.h"
#include "ui/views/segment_words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSignalBlocker>
#include <algorithm>
#include <qcustomplot.h>

namespace packetloom {
namespace {

constexpr SegmentMarks anyRetransmission = Retransmission | FastRetransmission | SpuriousRetransmission;

QString lettersOf(const TracedPacket& packet)
{
    const auto& flags = packet.packet.flags;
    QStringList letters;
    if (flags.has(TcpFlags::syn))
        letters << QStringLiteral("SYN");
    if (flags.has(TcpFlags::fin))
        letters << QStringLiteral("FIN");
    if (flags.has(TcpFlags::rst))
        letters << QStringLiteral("RST");
    if ((packet.verdict.marks & anyRetransmission) != 0)
        letters << QStringLiteral("R");
    if ((packet.verdict.marks & OutOfOrder) != 0)
        letters << QStringLiteral("O");
    return letters.join(QLatin1Char(' '));
}

SegmentPlot::Kind kindOf(SegmentMarks marks)
{
    return (marks & anyRetransmission) != 0 ? SegmentPlot::Kind::Retransmission
           : (marks & OutOfOrder) != 0      ? SegmentPlot::Kind::OutOfOrder
                                            : SegmentPlot::Kind::Plain;
}

} // namespace

SequenceChart::SequenceChart(QWidget* parent)
    : FlowChart(tr("Sequence numbers over time"), Zoom::TimeAndHeight, parent), ticker_(new SequenceTicker)
{
    segments_ = new SegmentPlot(plot()->xAxis, plot()->yAxis);
    gaps_ = new GapPlot(plot()->xAxis, plot()->yAxis);
    acks_ = new QCPGraph(plot()->xAxis, plot()->yAxis);
    edge_ = new QCPGraph(plot()->xAxis, plot()->yAxis);
    for (auto* const line : {acks_, edge_}) {
        line->setLineStyle(QCPGraph::lsStepLeft);
        line->setAntialiased(false);
    }
    plot()->yAxis->setTicker(ticker_);
    sideBox_ = new QComboBox;
    sideBox_->setAccessibleName(tr("Whose segments"));
    sideBox_->setToolTip(tr("Whose segments are drawn; the lines are the answers of the other side"));
    sideBox_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    sideBox_->addItems({tr("From the originator"), tr("From the responder")});
    absolute_ = new QCheckBox(tr("Absolute numbers"));
    absolute_->setToolTip(
        tr("Sequence numbers as they stand in the packets, instead of relative to the first"));
    addControl(sideBox_);
    addControl(absolute_);
    connect(sideBox_, &QComboBox::currentIndexChanged, this, [this](int side) {
        setSide(static_cast<std::size_t>(side));
        emit choiceChanged();
    });
    connect(absolute_, &QCheckBox::toggled, this, [this] {
        redraw(false);
        emit choiceChanged();
    });
}

void SequenceChart::setSide(std::size_t side)
{
    side_ = side == 0 ? 0 : 1;
    chosen_ = true;
    const QSignalBlocker quiet(sideBox_);
    sideBox_->setCurrentIndex(static_cast<int>(side_));
    redraw(true);
}

void SequenceChart::setAbsolute(bool on)
{
    const QSignalBlocker quiet(absolute_);
    absolute_->setChecked(on);
    redraw(false);
}

bool SequenceChart::absolute() const
{
    return absolute_->isChecked();
}

void SequenceChart::traceChanged()
{
    if (!chosen_) {
        const auto& sides = trace().flow.sides;
        side_ = sides[1].payload.value_or(0) > sides[0].payload.value_or(0) ? 1 : 0;
        const QSignalBlocker quiet(sideBox_);
        sideBox_->setCurrentIndex(static_cast<int>(side_));
    }
    for (std::size_t side = 0; side < 2; ++side)
        sideBox_->setItemData(static_cast<int>(side), sideName(side), Qt::ToolTipRole);
}

QString SequenceChart::nothing() const
{
    if (trace().flow.protocol != protocolTcp)
        return tr("Only TCP has sequence numbers.");
    const bool sent = trace().flow.sides[side_].packets > 0;
    if (!sent && !tells(side_, TraceFigure::Acknowledged))
        return tr("Nothing of %1 was captured, and nothing that was acknowledged.").arg(sideName(side_));
    return {};
}

QString SequenceChart::note() const
{
    QStringList notes;
    if (!hasTrace())
        return {};
    if (const auto ground = FlowChart::note(); !ground.isEmpty())
        notes << ground;
    if (trace().flow.sides[other()].packets == 0)
        notes << tr("no packets of %1 were captured, so no ACKs and windows").arg(sideName(other()));
    else if (!tells(side_, TraceFigure::WindowEdge))
        notes << tr("no window edge: this input tells no windows");
    if (absolute() && trace().flow.sides[side_].firstSequence < 0)
        notes << tr("relative numbers: the first one is not known");
    return notes.join(QStringLiteral("; "));
}

QString SequenceChart::number(std::int64_t relative) const
{
    const auto initial = trace().flow.sides[side_].firstSequence;
    if (absolute() && initial >= 0)
        return shownNumber(absoluteSequence(initial, relative));
    return groupedDecimal(static_cast<double>(relative), 0);
}

QString SequenceChart::draw(const TraceLens& lens, std::vector<Spot>& spots)
{
    const bool known = trace().flow.sides[side_].firstSequence >= 0;
    ticker_->setInitial(absolute() && known ? trace().flow.sides[side_].firstSequence : -1);
    plot()->yAxis->setLabel(absolute() && known ? tr("sequence number") : tr("relative sequence number"));
    columns_.clear();
    if (lens.detailed())
        drawPackets(lens, spots);
    else
        drawColumns(lens, spots);
    addStairs(acks_, lens, side_, TraceFigure::Acknowledged, Acks, spots);
    addStairs(edge_, lens, side_, TraceFigure::WindowEdge, Edge, spots);
    const auto& side = trace().flow.sides[side_];
    QStringList said{tr("Segments of %1 to %2").arg(sideName(side_), sideName(other()))};
    if (side.retransmissions && *side.retransmissions > 0)
        said << tr("%1 sent again (R)").arg(shownNumber(*side.retransmissions));
    if (side.outOfOrder && *side.outOfOrder > 0)
        said << tr("%1 out of order (O)").arg(shownNumber(*side.outOfOrder));
    if (side.gaps && *side.gaps > 0)
        said << (*side.gaps == 1 ? tr("1 gap") : tr("%1 gaps").arg(shownNumber(*side.gaps)));
    if (!lens.detailed())
        said << tr("each bar is %1").arg(lengthText(lens.columnWidth()));
    return said.join(QStringLiteral("; "));
}

void SequenceChart::drawPackets(const TraceLens& lens, std::vector<Spot>& spots)
{
    QVector<SegmentPlot::Segment> segments;
    QVector<GapPlot::Gap> gaps;
    std::optional<std::int64_t> next; // the number behind the highest so far
    for (std::size_t i = 0; i < lens.firstPacket() + lens.packets().size(); ++i) {
        const TracedPacket& packet = trace().packets[i];
        if (senderOf(packet) != side_ || !isSegment(packet))
            continue;
        const std::int64_t first = packet.verdict.relativeSequence, end = first + sequenceLength(packet);
        if (i >= lens.firstPacket()) {
            const double x = xOf(packet.packet.timestamp);
            segments.append({x, 0, static_cast<double>(first), static_cast<double>(end),
                             kindOf(packet.verdict.marks), lettersOf(packet)});
            spots.push_back({x, 0, static_cast<double>(first), static_cast<double>(end), Segments, i, i});
            if ((packet.verdict.marks & GapBefore) != 0 && next && first > *next)
                gaps.append({x, static_cast<double>(*next), static_cast<double>(first)});
        }
        next = std::max(next.value_or(end), end);
    }
    segments_->setSegments(std::move(segments));
    gaps_->setGaps(std::move(gaps));
}

void SequenceChart::drawColumns(const TraceLens& lens, std::vector<Spot>& spots)
{
    QVector<SegmentPlot::Segment> segments;
    columns_ = lens.columns(side_);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const TraceSlice& column = columns_[i];
        if (column.sequence.empty())
            continue;
        const double x = xOf(column.time), width = static_cast<double>(lens.columnWidth());
        const auto least = static_cast<double>(column.sequence.least),
                   most = static_cast<double>(column.sequence.most);
        const auto kind = column.retransmissions > 0 ? SegmentPlot::Kind::Retransmission
                          : column.outOfOrder > 0    ? SegmentPlot::Kind::OutOfOrder
                                                     : SegmentPlot::Kind::Plain;
        segments.append({x, width, least, most, kind,
                         column.retransmissions > 0 ? QStringLiteral("R")
                         : column.outOfOrder > 0    ? QStringLiteral("O")
                                                    : QString()});
        spots.push_back({x, width, least, most, Segments, i, std::nullopt});
    }
    segments_->setSegments(std::move(segments));
    gaps_->setGaps({});
}

QString SequenceChart::spotText(const Spot& spot) const
{
    if (spot.series == Acks || spot.series == Edge) {
        const auto value = static_cast<std::int64_t>(spot.most);
        const auto what = spot.series == Acks ? tr("%1 acknowledged up to %2") : tr("%1 takes up to %2");
        return tr("%1: %2").arg(spotTime(spot), what.arg(sideName(other()), number(value)));
    }
    if (!spot.packet) {
        const TraceSlice& column = columns_[spot.index];
        auto text = tr("%1: %2 packets of %3, %4 to %5, %6 bytes")
                        .arg(spotTime(spot), shownNumber(column.packets), sideName(side_),
                             number(column.sequence.least), number(column.sequence.most),
                             shownNumber(column.payload));
        if (column.retransmissions > 0)
            text += tr(", %1 of them sent again").arg(shownNumber(column.retransmissions));
        if (column.outOfOrder > 0)
            text += tr(", %1 out of order").arg(shownNumber(column.outOfOrder));
        return text;
    }
    const TracedPacket& packet = trace().packets[*spot.packet];
    const auto flags = FlagTypeName(packet.packet.flags);
    const std::int64_t first = packet.verdict.relativeSequence, end = first + sequenceLength(packet);
    const auto payload = std::max<std::int64_t>(packet.verdict.payload, 0);
    auto text = tr("%1: %2 sent %3, %4 to %5, %6 bytes")
                    .arg(spotTime(spot), sideName(side_),
                         QString::fromUtf8(flags.text().data(), qsizetype(flags.text().size())),
                         number(first), number(end), shownNumber(static_cast<std::uint64_t>(payload)));
    if (const auto words = markWords(packet.verdict.marks); !words.isEmpty())
        text += tr(": %1").arg(words);
    return text;
}

QVector<FlowChart::Series> SequenceChart::series() const
{
    return {{Segments, tr("segments (R sent again, O out of order)"), TraceInk::Segment, segments_},
            {Acks, tr("acknowledged"), TraceInk::Acknowledged, acks_},
            {Edge, tr("window edge"), TraceInk::WindowEdge, edge_},
            {Gaps, tr("gap before a segment"), TraceInk::Gap, gaps_}};
}

void SequenceChart::recolour(bool dark)
{
    segments_->setInk(SegmentPlot::Kind::Plain, traceColor(TraceInk::Segment, dark));
    segments_->setInk(SegmentPlot::Kind::Retransmission, traceColor(TraceInk::Retransmission, dark));
    segments_->setInk(SegmentPlot::Kind::OutOfOrder, traceColor(TraceInk::OutOfOrder, dark));
    segments_->setLetterFont(font());
}

} // namespace packetloom
