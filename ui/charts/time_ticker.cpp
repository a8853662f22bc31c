// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/time_ticker.h"

#include "ui/charts/bin_widths.h"

#include <QDateTime>
#include <algorithm>
#include <cmath>

namespace packetloom {
namespace {

constexpr double second = 1e6, minute = 60 * second, day = 86'400 * second;
constexpr double pixelsPerTick = 105;

/// How far a time lies behind a multiple of the step.
double offsetOf(std::int64_t time, double step)
{
    if (step < 0x1p62) { // the axis may show more than all of time
        const auto whole = static_cast<std::int64_t>(step);
        const std::int64_t rest = time % whole;
        return static_cast<double>(rest < 0 ? rest + whole : rest);
    }
    const double offset = std::fmod(static_cast<double>(time), step);
    return offset + (offset < 0 ? step : 0);
}

} // namespace

double TimeTicker::getTickStep(const QCPRange& range)
{
    const double rough = range.size() / std::clamp(pixels_ / pixelsPerTick, 2.0, 12.0);
    for (const std::int64_t width : binWidths()) {
        if (static_cast<double>(width) >= rough)
            return static_cast<double>(width);
    }
    auto step = static_cast<double>(binWidths().back());
    while (step < rough) // more than there is
        step *= 10;
    return step;
}

void TimeTicker::addTicks(const TimeScale::Segment& segment, const QCPRange& part, double step)
{
    const double offset = offsetOf(segment.first, step) - segment.from;
    const double first = std::ceil((part.lower + offset) / step);
    const double last = std::floor((part.upper + offset) / step);
    for (double i = first; i <= last && ticks_.size() < 100; ++i) {
        const double tick = i * step - offset;
        const auto text = label(tick, step);
        ticks_ << tick;
        labels_ << text;
    }
}

QVector<double> TimeTicker::createTickVector(double tickStep, const QCPRange& range)
{
    ticks_.clear();
    labels_.clear();
    date_.clear();
    const auto& segments = scale_.segments();
    for (std::size_t i = 0; i < segments.size(); ++i) {
        QCPRange part = range;
        if (i > 0)
            part.lower = std::max(part.lower, segments[i].from);
        if (i + 1 < segments.size())
            part.upper = std::min(part.upper, segments[i].to);
        if (part.lower >= part.upper)
            continue;
        date_.clear(); // behind a gap it is another day
        const auto before = ticks_.size();
        addTicks(segments[i], part, tickStep);
        // A stretch says when it is, be it ever so short.
        for (auto width = binWidths().rbegin(); segments.size() > 1 && ticks_.size() == before; ++width) {
            if (width == binWidths().rend())
                break;
            if (static_cast<double>(*width) < tickStep)
                addTicks(segments[i], part, static_cast<double>(*width));
        }
        if (ticks_.size() > before + 1 && segments.size() > 1 && part.size() < tickStep) {
            ticks_.resize(before + 1);
            labels_.resize(before + 1);
        }
    }
    return ticks_;
}

int TimeTicker::getSubTickCount(double /*tickStep*/)
{
    return 0;
}

QString TimeTicker::label(double tick, double step)
{
    const auto& origin = scale_.segments().front();
    if (std::fabs(static_cast<double>(origin.first) + tick) > 2.5e17) // beyond the year 9999
        return QString::number(static_cast<double>(origin.first) + tick, 'g', 6);
    const std::int64_t whole = scale_.timeAt(tick);
    if (std::fabs(static_cast<double>(whole)) > 2.5e17)
        return QString::number(static_cast<double>(whole), 'g', 6);
    const auto fraction = ((whole % 1'000'000) + 1'000'000) % 1'000'000;
    const auto moment = QDateTime::fromSecsSinceEpoch((whole - fraction) / 1'000'000, Qt::UTC);
    const auto date = moment.toString(QStringLiteral("yyyy-MM-dd"));
    if (step >= day)
        return date;
    auto text = moment.toString(step >= minute ? QStringLiteral("HH:mm") : QStringLiteral("HH:mm:ss"));
    if (step < second) {
        const int digits = step >= 1e3 ? 3 : 6;
        text += QLatin1Char('.') + QStringLiteral("%1").arg(fraction, 6, 10, QLatin1Char('0')).first(digits);
    }
    text += QLatin1Char('\n'); // all of one height
    if (date != date_)
        text += date;
    date_ = date;
    return text;
}

QString TimeTicker::getTickLabel(double tick, const QLocale& /*locale*/, QChar /*formatChar*/,
                                 int /*precision*/)
{
    return labels_.value(ticks_.indexOf(tick));
}

} // namespace packetloom
