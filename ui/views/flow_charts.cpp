// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/flow_charts.h"

#include "core/model/packet.h"
#include "ui/charts/unit_ticker.h"
#include "ui/messages.h"
#include "ui/views/segment_words.h"
#include "ui/views/trace_plots.h"

#include <algorithm>
#include <cmath>
#include <qcustomplot.h>

namespace packetloom {
namespace {

// Ids of series: of the originator, and one more for the responder.
constexpr int first = 0, second = 2, third = 4;
constexpr double millisecond = 1000;
constexpr std::size_t mostRates = 150;
constexpr std::array sides{ExactFlow::originator, ExactFlow::responder};

std::size_t sideOf(int series)
{
    return static_cast<std::size_t>(series % 2);
}

TraceInk inkOf(std::size_t side)
{
    return side == ExactFlow::originator ? TraceInk::Originator : TraceInk::Responder;
}

SpanPlot* newSpans(QCustomPlot* plot, std::size_t side)
{
    return new SpanPlot(plot->xAxis, plot->yAxis,
                        side == ExactFlow::originator ? SpanPlot::Shape::Disc : SpanPlot::Shape::Diamond);
}

QCPGraph* newStairs(QCustomPlot* plot)
{
    auto* const line = new QCPGraph(plot->xAxis, plot->yAxis);
    line->setLineStyle(QCPGraph::lsStepLeft);
    line->setAntialiased(false);
    return line;
}

QString bytesText(double bytes)
{
    return shownNumber(static_cast<std::uint64_t>(std::llround(std::max(bytes, 0.0))));
}

/// "12 to 15", or one number where both are the same.
QString rangeText(const QString& least, const QString& most)
{
    return least == most ? least : FlowChart::tr("%1 to %2").arg(least, most);
}

QString millisecondsText(double microseconds)
{
    return groupedDecimal(microseconds / millisecond, 3);
}

} // namespace

RoundTripChart::RoundTripChart(QWidget* parent) : FlowChart(tr("Round-trip times"), Zoom::Time, parent)
{
    for (const auto side : sides) {
        samples_[side] = newSpans(plot(), side);
        medians_[side] = new QCPGraph(plot()->xAxis, plot()->yAxis);
    }
    plot()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new UnitTicker(millisecond)));
    plot()->yAxis->setLabel(tr("milliseconds"));
}

QString RoundTripChart::nothing() const
{
    for (const auto side : sides) {
        if (tells(side, TraceFigure::RoundTrip))
            return {};
    }
    if (trace().flow.protocol != protocolTcp)
        return tr("Only TCP acknowledges what was sent.");
    if (trace().flow.oneSided())
        return tr("Only one side was captured: there is no answer to measure a round trip by.");
    return tr("No segment was acknowledged that a round trip could be measured by.");
}

QString RoundTripChart::draw(const TraceLens& lens, std::vector<Spot>& spots)
{
    QStringList said;
    for (const auto side : sides) {
        addSpans(samples_[side], lens, side, TraceFigure::RoundTrip, first + int(side), spots);
        const RoundTrips& all = trace().flow.roundTrips[side];
        QVector<double> keys, values;
        if (all.samples > 0) {
            keys = {plot()->xAxis->range().lower, plot()->xAxis->range().upper};
            values = {double(all.median), double(all.median)};
            said << (said.isEmpty() ? tr("Segments of %1: %2 samples, median %3 ms, %4 to %5 ms")
                                    : tr("segments of %1: %2 samples, median %3 ms, %4 to %5 ms"))
                        .arg(sideName(side), shownNumber(all.samples), millisecondsText(double(all.median)),
                             millisecondsText(double(all.least)), millisecondsText(double(all.most)));
        }
        medians_[side]->setData(keys, values, true);
    }
    if (!lens.detailed())
        said << tr("each bar is %1").arg(lengthText(lens.columnWidth()));
    return said.join(QStringLiteral("; "));
}

QString RoundTripChart::spotText(const Spot& spot) const
{
    return tr("%1: %2 ms, of a segment of %3")
        .arg(spotTime(spot), rangeText(millisecondsText(spot.least), millisecondsText(spot.most)),
             sideName(sideOf(spot.series)));
}

QVector<FlowChart::Series> RoundTripChart::series() const
{
    QVector<Series> all;
    for (const auto side : sides) {
        if (trace().flow.roundTrips[side].samples == 0 && !tells(side, TraceFigure::RoundTrip))
            continue;
        all << Series{first + int(side), tr("segments of %1").arg(sideName(side)), inkOf(side),
                      samples_[side]}
            << Series{second + int(side), tr("their median"), inkOf(side), medians_[side], true};
    }
    return all;
}

ThroughputChart::ThroughputChart(QWidget* parent) : FlowChart(tr("Throughput"), Zoom::Time, parent)
{
    for (const auto side : sides) {
        all_[side] = newStairs(plot());
        fresh_[side] = newStairs(plot());
    }
    plot()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new UnitTicker));
    plot()->yAxis->setLabel(tr("bytes per second"));
}

QString ThroughputChart::nothing() const
{
    for (const auto& slices : trace().slices) {
        if (std::ranges::any_of(slices, [](const TraceSlice& slice) { return slice.payload > 0; }))
            return {};
    }
    const bool known = trace().flow.sides[0].payload || trace().flow.sides[1].payload;
    return known ? tr("No side sent any payload.") : tr("This input does not tell payloads.");
}

QString ThroughputChart::note() const
{
    auto text = FlowChart::note();
    if (hasTrace() && !freshKnown_)
        text += (text.isEmpty() ? QString() : QStringLiteral("; ")) +
                tr("what was new of it is shown once fewer packets are seen");
    return text;
}

QString ThroughputChart::draw(const TraceLens& lens, std::vector<Spot>& spots)
{
    const std::int64_t width = lens.rateWidth(mostRates);
    const double perSecond = 1e6 / static_cast<double>(width);
    freshKnown_ = lens.allKept();
    QStringList said{tr("Each step is %1").arg(lengthText(width))};
    for (const auto side : sides) {
        rates_[side] = lens.rates(side, mostRates);
        QVector<double> keys, all, fresh;
        for (std::size_t i = 0; i < rates_[side].size(); ++i) {
            const TraceRate& rate = rates_[side][i];
            const double value = static_cast<double>(rate.payload) * perSecond;
            keys << xOf(rate.time);
            all << value;
            fresh << static_cast<double>(rate.fresh) * perSecond;
            const Spot spot{keys.last(), static_cast<double>(width), value, value, first + int(side), i, {}};
            spots.push_back(spot);
        }
        if (!keys.isEmpty()) {
            keys << keys.last() + static_cast<double>(width);
            all << all.last();
            fresh << fresh.last();
        }
        all_[side]->setData(keys, all, true);
        fresh_[side]->setData(freshKnown_ ? keys : QVector<double>(), freshKnown_ ? fresh : QVector<double>(),
                              true);
        const FlowSide& figures = trace().flow.sides[side];
        if (figures.payload && *figures.payload > 0)
            said << tr("%1 sent %2 bytes").arg(sideName(side), shownNumber(*figures.payload)) +
                        (figures.goodput ? tr(", %1 of them new").arg(shownNumber(*figures.goodput))
                                         : QString());
    }
    return said.join(QStringLiteral("; "));
}

QString ThroughputChart::spotText(const Spot& spot) const
{
    const std::size_t side = sideOf(spot.series);
    const TraceRate& rate = rates_[side][spot.index];
    auto text = tr("%1: %2 sent %3 bytes, %4 per second")
                    .arg(spotTime(spot), sideName(side), shownNumber(rate.payload), bytesText(spot.most));
    if (freshKnown_ && rate.fresh != rate.payload)
        text += tr("; %1 bytes of them new").arg(shownNumber(rate.fresh));
    return text;
}

QVector<FlowChart::Series> ThroughputChart::series() const
{
    QVector<Series> all;
    for (const auto side : sides) {
        all << Series{first + int(side), tr("sent by %1").arg(sideName(side)), inkOf(side), all_[side]};
        if (const auto again = trace().flow.sides[side].retransmissions; again && *again > 0 && freshKnown_)
            all << Series{second + int(side), tr("of it new (goodput)"), inkOf(side), fresh_[side], true};
    }
    return all;
}

WindowChart::WindowChart(QWidget* parent) : FlowChart(tr("Windows offered"), Zoom::Time, parent)
{
    for (const auto side : sides)
        windows_[side] = newStairs(plot());
    closed_ = new QCPGraph(plot()->xAxis, plot()->yAxis);
    closed_->setLineStyle(QCPGraph::lsNone);
    plot()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new UnitTicker));
    plot()->yAxis->setLabel(tr("bytes"));
}

QString WindowChart::nothing() const
{
    if (trace().flow.protocol != protocolTcp)
        return tr("Only TCP has windows.");
    return tells(0, TraceFigure::Window) || tells(1, TraceFigure::Window)
               ? QString()
               : tr("No windows in this input: tables of packets (CSV, datasets) do not tell them, packet "
                    "captures do.");
}

QString WindowChart::draw(const TraceLens& lens, std::vector<Spot>& spots)
{
    QVector<double> keys, values;
    QStringList said;
    for (const auto side : sides) {
        addStairs(windows_[side], lens, side, TraceFigure::Window, first + int(side), spots);
        if (const auto zero = trace().flow.sides[side].zeroWindows; zero && *zero > 0)
            said << (*zero == 1
                         ? tr("%1 offered no room in 1 segment").arg(sideName(side))
                         : tr("%1 offered no room in %2 segments").arg(sideName(side), shownNumber(*zero)));
    }
    for (const Spot& spot : spots) {
        // of a packet: where the engine says so, for a SYN may say 0 and mean nothing
        const bool closed =
            spot.packet ? (trace().packets[*spot.packet].verdict.marks & ZeroWindow) != 0 : spot.least <= 0;
        if (!closed)
            continue;
        keys << spot.x + spot.width / 2;
        values << 0;
    }
    closed_->setData(keys, values);
    if (said.isEmpty())
        said << tr("No window was closed");
    if (!lens.detailed())
        said << tr("least to most of each %1").arg(lengthText(lens.columnWidth()));
    return said.join(QStringLiteral("; "));
}

QString WindowChart::spotText(const Spot& spot) const
{
    auto text = tr("%1: %2 offered %3 bytes")
                    .arg(spotTime(spot), sideName(sideOf(spot.series)),
                         rangeText(bytesText(spot.least), bytesText(spot.most)));
    if (spot.packet) {
        if (const auto words = markWords(trace().packets[*spot.packet].verdict.marks &
                                         (ZeroWindow | WindowUpdate | ZeroWindowProbe));
            !words.isEmpty())
            text += tr(": %1").arg(words);
    }
    return text;
}

QVector<FlowChart::Series> WindowChart::series() const
{
    QVector<Series> all;
    for (const auto side : sides) {
        if (tells(side, TraceFigure::Window))
            all << Series{first + int(side), tr("offered by %1").arg(sideName(side)), inkOf(side),
                          windows_[side], side == ExactFlow::responder};
    }
    all << Series{second, tr("closed (0)"), TraceInk::Retransmission, closed_};
    return all;
}

void WindowChart::recolour(bool dark)
{
    closed_->setScatterStyle(QCPScatterStyle(
        QCPScatterStyle::ssCross, QPen(traceColor(TraceInk::Retransmission, dark), 2), Qt::NoBrush, 9));
}

InFlightChart::InFlightChart(QWidget* parent) : FlowChart(tr("Bytes in flight"), Zoom::Time, parent)
{
    for (const auto side : sides) {
        inFlight_[side] = newSpans(plot(), side);
        windows_[side] = newStairs(plot());
    }
    plot()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new UnitTicker));
    plot()->yAxis->setLabel(tr("bytes"));
}

QString InFlightChart::nothing() const
{
    if (trace().flow.protocol != protocolTcp)
        return tr("Only TCP tells what has arrived.");
    if (trace().flow.oneSided())
        return tr("Only one side was captured: nothing tells what has arrived.");
    // A SYN is to be acknowledged and is no byte of data.
    const bool any = std::ranges::any_of(trace().slices, [](const auto& slices) {
        return std::ranges::any_of(slices, [](const TraceSlice& slice) { return slice.inFlight.most > 0; });
    });
    return any ? QString() : tr("No side sent any data that is to be acknowledged.");
}

QString InFlightChart::note() const
{
    auto text = FlowChart::note();
    if (hasTrace() && !tells(0, TraceFigure::Window) && !tells(1, TraceFigure::Window))
        text += (text.isEmpty() ? QString() : QStringLiteral("; ")) +
                tr("no windows: this input does not tell them");
    return text;
}

QString InFlightChart::draw(const TraceLens& lens, std::vector<Spot>& spots)
{
    QStringList said;
    for (const auto side : sides) {
        const auto before = spots.size();
        addSpans(inFlight_[side], lens, side, TraceFigure::InFlight, first + int(side), spots);
        double most = 0;
        for (std::size_t i = before; i < spots.size(); ++i)
            most = std::max(most, spots[i].most);
        if (spots.size() > before)
            said << tr("%1 had at most %2 bytes in flight here").arg(sideName(side), bytesText(most));
        addStairs(windows_[side], lens, 1 - side, TraceFigure::Window, second + int(side), spots);
    }
    if (!lens.detailed())
        said << tr("each bar is %1").arg(lengthText(lens.columnWidth()));
    return said.join(QStringLiteral("; "));
}

QString InFlightChart::spotText(const Spot& spot) const
{
    const std::size_t side = sideOf(spot.series);
    const auto bytes = rangeText(bytesText(spot.least), bytesText(spot.most));
    if (spot.series >= second)
        return tr("%1: %2 offered %3 bytes").arg(spotTime(spot), sideName(1 - side), bytes);
    return tr("%1: %2 bytes of %3 in flight").arg(spotTime(spot), bytes, sideName(side));
}

QVector<FlowChart::Series> InFlightChart::series() const
{
    QVector<Series> all;
    for (const auto side : sides) {
        if (tells(side, TraceFigure::InFlight))
            all << Series{first + int(side), tr("in flight from %1").arg(sideName(side)), inkOf(side),
                          inFlight_[side]};
        if (tells(1 - side, TraceFigure::Window))
            all << Series{second + int(side), tr("window of %1").arg(sideName(1 - side)),
                          TraceInk::WindowEdge, windows_[side], side == ExactFlow::responder};
    }
    return all;
}

} // namespace packetloom
