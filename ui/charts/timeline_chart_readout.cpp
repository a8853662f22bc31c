// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What the timeline says: of a bin, or of all that is seen.

#include "core/support/text_format.h"
#include "ui/charts/bin_widths.h"
#include "ui/charts/timeline_chart.h"
#include "ui/messages.h"

#include <QDateTime>
#include <QLabel>
#include <algorithm>
#include <cmath>
#include <limits>
#include <qcustomplot.h>

namespace packetloom {
namespace {

/// A time as exact as bins of this width need it.
QString timeText(std::int64_t time, double width, bool withDate)
{
    const auto whole = QString::fromStdString(utcTime(time)); // "2009-11-03 13:23:35.000042 UTC"
    if (!whole.endsWith(QLatin1String(" UTC")))
        return whole;
    constexpr double ms = 1000, second = 1e6;
    const int cut = width >= second && std::fmod(width, second) == 0 ? 7
                    : width >= ms && std::fmod(width, ms) == 0       ? 3
                                                                     : 0;
    const auto text = whole.chopped(4 + cut);
    return withDate ? text : text.section(QLatin1Char(' '), 1);
}

QString rateText(double perSecond)
{
    if (perSecond >= 100)
        return shownNumber(static_cast<std::uint64_t>(std::llround(perSecond)));
    return QString::number(perSecond, 'g', 3);
}

} // namespace

QString TimelineChart::readout() const
{
    const auto parts = readoutParts_->text();
    return parts.isEmpty() ? readout_->text() : readout_->text() + QLatin1String("; ") + parts;
}

QString TimelineChart::columnText(std::size_t column, QString* partsText) const
{
    const TimeRange& range = columns_.ranges[column];
    const std::int64_t end =
        range.last < std::numeric_limits<std::int64_t>::max() ? range.last + 1 : range.last;
    const auto from = timeText(range.first, columns_.width, true);
    const bool sameDay = from.left(10) == timeText(end, columns_.width, true).left(10);
    const auto to = timeText(end, columns_.width, !sameDay);
    std::uint64_t sum = 0;
    QStringList named;
    for (const Part& part : parts()) {
        const auto& cell = columns_.cell(column, part.category);
        const std::uint64_t value = quantity_ == Quantity::Bytes ? cell.bytes : cell.packets;
        if (isHidden(part.category) || value == 0)
            continue;
        sum += value;
        named << tr("%1 %2").arg(part.name, shownNumber(value));
    }
    const auto number = shownNumber(sum);
    QString what;
    switch (quantity_) {
    case Quantity::Packets:
        what = sum == 1 ? tr("1 packet") : tr("%1 packets").arg(number);
        break;
    case Quantity::Bytes:
        what = sum == 1 ? tr("1 byte") : tr("%1 bytes").arg(number);
        break;
    case Quantity::NewFlows:
        what = sum == 1 ? tr("1 new flow") : tr("%1 new flows").arg(number);
        break;
    case Quantity::OpenFlows:
        what = tr("at most %1 flows open at once").arg(number);
        break;
    case Quantity::Resets:
        what = sum == 1 ? tr("1 reset") : tr("%1 resets").arg(number);
        break;
    }
    if (quantity_ != Quantity::OpenFlows)
        what += tr(" (%1 per second)").arg(rateText(static_cast<double>(sum) * 1e6 / columns_.width));
    if (layer_ && column < layerColumns_.count()) {
        std::uint64_t inLayer = 0;
        for (const Part& part : parts()) {
            const auto& cell = layerColumns_.cell(column, part.category);
            if (!isHidden(part.category))
                inLayer += quantity_ == Quantity::Bytes ? cell.bytes : cell.packets;
        }
        what += tr(", of them %1: %2").arg(layerName(), shownNumber(inLayer));
    }
    *partsText = named.size() > 1 ? named.join(QStringLiteral(" · ")) : QString();
    if (named.size() == 1)
        what += tr(", all %1").arg(named.first().section(QLatin1Char(' '), 0, -2));
    return tr("%1 – %2 UTC: %3").arg(from, to, what);
}

QString TimelineChart::wholeText(QString* hint) const
{
    QStringList said;
    if (columns_.count() > 0) {
        const auto width = static_cast<qint64>(columns_.width);
        const auto fits = chosenWidth_ && !live_ && width > *chosenWidth_ && width == wantedWidth();
        said << (fits ? tr("bins of %1: %2 are too fine for all that is seen")
                            .arg(binWidthText(width), binWidthText(*chosenWidth_))
                      : tr("bins of %1").arg(binWidthText(width)));
    }
    QStringList hidden;
    for (const Part& part : parts()) {
        if (isHidden(part.category))
            hidden << part.name;
    }
    if (!hidden.isEmpty())
        said << tr("hidden: %1").arg(hidden.join(QStringLiteral(", ")));
    if (analysis_ && analysis_->flowTable() && quantity_ != Quantity::OpenFlows && !live_)
        said << (quantity_ == Quantity::NewFlows ? tr("flows at their start")
                                                 : tr("a flow's packets stand at its start"));
    if (scale_.broken())
        said << tr("hatched: left out, for nothing was there");
    if (layer_)
        said << tr("in front: %1").arg(layerName());
    *hint = nothingToShow() ? QString() : tr("Shift+drag marks an interval; the wheel zooms");
    auto text = said.join(QStringLiteral("; "));
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

void TimelineChart::showReadout()
{
    QString second;
    const std::size_t column = pointed_ ? columns_.columnAt(*pointed_) : columns_.count();
    const auto first = column < columns_.count() ? columnText(column, &second) : wholeText(&second);
    readout_->setText(first);
    readoutParts_->setText(second);
    // Whatever has no room in its line.
    readout_->setToolTip(first);
    readoutParts_->setToolTip(second);
    describe();
}

// For who does not see it: what is drawn, its highest bin, and each part's share.
void TimelineChart::describe()
{
    QString hint;
    QStringList lines;
    if (columns_.count() == 0) {
        plot_->setAccessibleDescription(nothing_->text());
        return;
    }
    const auto unit = plot_->yAxis->label();
    std::vector<double> sums(columns_.count());
    QStringList shares;
    for (const Part& part : parts()) {
        double all = 0;
        for (std::size_t column = 0; column < columns_.count(); ++column) {
            const double value = isHidden(part.category) ? 0 : valueOf(columns_.cell(column, part.category));
            sums[column] += value;
            all += value;
        }
        if (all > 0 && quantity_ != Quantity::OpenFlows && !perSecond_)
            shares << tr("%1: %2").arg(part.name, shownNumber(static_cast<std::uint64_t>(std::llround(all))));
    }
    const auto highest = std::ranges::max_element(sums);
    const auto& range = columns_.ranges[static_cast<std::size_t>(highest - sums.begin())];
    lines << tr("%1, %2 to %3")
                 .arg(unit, shownTime(columns_.ranges.front().first), shownTime(columns_.ranges.back().last));
    lines << wholeText(&hint);
    lines << tr("highest: %1 at %2").arg(rateText(*highest), shownTime(range.first));
    if (!shares.isEmpty())
        lines << shares.join(QStringLiteral(", "));
    plot_->setAccessibleDescription(lines.join(QStringLiteral("; ")));
}

} // namespace packetloom
