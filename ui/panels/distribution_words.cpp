// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/distribution_words.h"

#include "core/support/text_format.h"
#include "ui/models/figure_words.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

namespace packetloom {
namespace {

struct DistributionWords
{
    Q_DECLARE_TR_FUNCTIONS(packetloom::DistributionWords)
};

constexpr auto highest = std::numeric_limits<std::int64_t>::max();

bool isOfTime(FilterField quantity)
{
    return typeOf(quantity) == FilterType::Duration;
}

QString numberText(std::int64_t number)
{
    return QString::fromStdString(grouped(WideSum(number)));
}

/// So many of a unit, exactly: at most three digits behind the point.
QString inUnits(std::int64_t number, std::int64_t unit)
{
    auto text = numberText(number / unit);
    if (unit >= 1000 && number % unit != 0) {
        auto digits =
            QStringLiteral("%1").arg(std::abs(number % unit) / (unit / 1000), 3, 10, QLatin1Char('0'));
        while (digits.endsWith(QLatin1Char('0')))
            digits.chop(1);
        text += QLatin1Char('.') + digits;
    }
    return text;
}

/// Exactly, in the largest unit that three digits behind the point are enough for.
QString exactTime(std::int64_t microseconds)
{
    constexpr std::int64_t ms = 1'000, second = 1'000'000;
    if (microseconds >= second && microseconds % ms == 0)
        return DistributionWords::tr("%1 s").arg(inUnits(microseconds, second));
    if (microseconds >= ms)
        return DistributionWords::tr("%1 ms").arg(inUnits(microseconds, ms));
    return DistributionWords::tr("%1 us").arg(microseconds);
}

QString exactText(FilterField quantity, std::int64_t value)
{
    return isOfTime(quantity) ? exactTime(value) : numberText(value);
}

/// Beside an axis there is little room: "12.5k".
QString shortText(FilterField quantity, std::int64_t value)
{
    constexpr std::int64_t shortEnough = 10'000;
    if (isOfTime(quantity) || (value < shortEnough && value > -shortEnough))
        return exactText(quantity, value);
    constexpr std::array<std::pair<std::int64_t, const char*>, 4> units{
        {{1'000'000'000'000, "T"}, {1'000'000'000, "G"}, {1'000'000, "M"}, {1'000, "k"}}};
    for (const auto& [unit, name] : units) {
        if (value % (unit / 1000) == 0 && (value >= unit || value <= -unit))
            return inUnits(value, unit) + QLatin1String(name);
    }
    return numberText(value);
}

QString unitOf(FilterField quantity)
{
    const auto figure = figureOf(quantity);
    if (figure == FlowFigure::RetransmissionShare)
        return DistributionWords::tr("‰");
    const bool bytes = figure ? factsOf(*figure).kind == FigureKind::Bytes : quantity == FilterField::Bytes;
    return bytes ? DistributionWords::tr("B") : QString();
}

QString withUnit(FilterField quantity, const QString& text)
{
    const auto unit = unitOf(quantity);
    return unit.isEmpty() ? text : text + QLatin1Char(' ') + unit;
}

/// Which borders are told where there is no room for all: the more zeros, the more they weigh.
int weightOf(std::int64_t border)
{
    int zeros = 0;
    for (; border > 9 && border % 10 == 0; border /= 10)
        ++zeros;
    if (border == 1)
        return zeros % 6 == 0 ? 4 : zeros % 3 == 0 ? 3 : 2;
    return border == 2 || border == 5 ? 1 : 0;
}

int linearWeightOf(std::int64_t border, std::int64_t width)
{
    const std::int64_t widths = border / width;
    return widths % 20 == 0 ? 3 : widths % 10 == 0 ? 2 : widths % 5 == 0 ? 1 : 0;
}

/// What is right of a bin: of numbers that are counted the last one that is in it, of time the border.
std::int64_t lastTold(FilterField quantity, std::int64_t most)
{
    return isOfTime(quantity) && most < highest ? most + 1 : most;
}

void addTicks(HistogramAxis& axis, const Distribution& distribution)
{
    constexpr int heaviest = 4;
    const auto& bins = distribution.bins;
    const auto at = static_cast<std::size_t>(axis.apart);
    for (int i = 0; i < axis.apart; ++i)
        axis.ticks.append({i, true, heaviest,
                           bins[static_cast<std::size_t>(i)].least == 0 ? shortText(distribution.quantity, 0)
                                                                        : axis.ranges[i]});
    if (at >= bins.size())
        return;
    const auto width = bins[bins.size() / 2 > at ? bins.size() / 2 : at].most -
                       bins[bins.size() / 2 > at ? bins.size() / 2 : at].least;
    // Less than a power of ten on a logarithmic scale: its bins are linear.
    const bool powers = distribution.scale == BinScale::Logarithmic &&
                        bins.back().least / 10 >= std::max<std::int64_t>(bins[at].least, 1);
    const auto weigh = [&](std::int64_t border) {
        return powers ? weightOf(border) : width < highest ? linearWeightOf(border, width + 1) : 0;
    };
    for (std::size_t i = at; i < bins.size(); ++i)
        axis.ticks.append({static_cast<int>(i), bins[i].least == bins[i].most, weigh(bins[i].least),
                           shortText(distribution.quantity, bins[i].least)});
    if (bins.back().most < highest && bins.back().least < bins.back().most)
        axis.ticks.append({static_cast<int>(bins.size()), false, weigh(bins.back().most + 1),
                           shortText(distribution.quantity, bins.back().most + 1)});
}

} // namespace

QString quantityTitle(FilterField quantity)
{
    switch (quantity) {
    case FilterField::Duration:
        return DistributionWords::tr("Duration");
    case FilterField::Packets:
        return DistributionWords::tr("Packets");
    case FilterField::Bytes:
        return DistributionWords::tr("Bytes");
    default:
        return QCoreApplication::translate("packetloom::FlowTableModel",
                                           figureTexts(*figureOf(quantity)).title);
    }
}

QString quantityMeaning(FilterField quantity)
{
    switch (quantity) {
    case FilterField::Duration:
        return DistributionWords::tr("Time from the first to the last packet");
    case FilterField::Packets:
        return DistributionWords::tr("Packets both ways");
    case FilterField::Bytes:
        return DistributionWords::tr("Bytes both ways");
    default:
        return figureMeaning(*figureOf(quantity));
    }
}

QString quantityText(FilterField quantity, std::int64_t value)
{
    if (isOfTime(quantity) && value >= 0)
        return QString::fromStdString(timeSpan(static_cast<std::uint64_t>(value)));
    return withUnit(quantity, numberText(value));
}

HistogramAxis histogramAxis(const Distribution& distribution)
{
    HistogramAxis axis;
    const auto quantity = distribution.quantity;
    const auto unit = unitOf(quantity);
    axis.label = quantityTitle(quantity);
    if (!unit.isEmpty() && !axis.label.contains(unit))
        axis.label = DistributionWords::tr("%1 (%2)").arg(axis.label, unit);
    for (const auto& bin : distribution.bins) {
        const bool negative = distribution.scale == BinScale::Logarithmic && bin.least < 0;
        const auto from = exactText(quantity, negative ? distribution.all.least : bin.least);
        const auto to = exactText(quantity, lastTold(quantity, bin.most));
        axis.from << from;
        axis.to << withUnit(quantity, to);
        axis.ranges << (negative ? DistributionWords::tr("below 0")
                        : bin.least == bin.most
                            ? withUnit(quantity, from)
                            : DistributionWords::tr("%1 – %2").arg(from, withUnit(quantity, to)));
        if (distribution.scale == BinScale::Logarithmic && bin.least <= 0)
            ++axis.apart;
    }
    addTicks(axis, distribution);
    return axis;
}

QString percentileWords(FilterField quantity, const ValueCounts& counts)
{
    if (counts.known == 0)
        return {};
    QStringList words{DistributionWords::tr("least %1").arg(quantityText(quantity, counts.least))};
    for (std::size_t i = 0; i < distributionPercents.size(); ++i) {
        const auto value = quantityText(quantity, counts.percentiles[i]);
        words << (distributionPercents[i] == 50
                      ? DistributionWords::tr("median %1").arg(value)
                      : DistributionWords::tr("%1%: %2").arg(distributionPercents[i]).arg(value));
    }
    words << DistributionWords::tr("most %1").arg(quantityText(quantity, counts.most));
    // Lines end between them, not within.
    for (auto& word : words)
        word.replace(QLatin1Char(' '), QChar::Nbsp);
    return words.join(QChar(QChar::Nbsp) + QStringLiteral("· "));
}

} // namespace packetloom
