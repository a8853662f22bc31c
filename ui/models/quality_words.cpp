// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/quality_words.h"

#include "core/support/path_text.h"
#include "core/support/text_format.h"
#include "ui/messages.h"
#include "ui/models/words.h"

#include <QCoreApplication>
#include <algorithm>

namespace packetloom {
namespace {

struct QualityWords
{
    Q_DECLARE_TR_FUNCTIONS(packetloom::QualityWords)
};

constexpr std::size_t rejectsShown = 3;                          // an input
constexpr std::uint64_t longGap = std::uint64_t{60} * 1'000'000; // microseconds

QString shownDuration(std::uint64_t microseconds)
{
    return QString::fromStdString(duration(microseconds));
}

/// "12 (0.3%)"
QString share(std::uint64_t part, std::uint64_t whole)
{
    return QualityWords::tr("%1 (%2)").arg(shownNumber(part), QString::fromStdString(percent(part, whole)));
}

void addRows(QualitySection& section, const InputTotals& input)
{
    const RowCounts& rows = input.rows;
    if (input.incomplete)
        section.lines.push_back(
            {input.leftOut ? QualityWords::tr("Left out") : QualityWords::tr("Reading ended early"),
             errorReason(*input.incomplete), true});
    section.lines.push_back({QualityWords::tr("Rows read"), shownNumber(rows.read), rows.read == 0});
    section.lines.push_back({QualityWords::tr("Kept"), share(rows.kept, rows.read), rows.kept == 0});
    if (rows.filtered > 0)
        section.lines.push_back({QualityWords::tr("Filtered"), share(rows.filtered, rows.read)});
    section.lines.push_back(
        {QualityWords::tr("Rejected"), share(rows.rejected, rows.read), rows.rejected > 0});
    if (rows.notIp == 0)
        return;
    section.lines.push_back({QualityWords::tr("Without an IP packet"), share(rows.notIp, rows.read)});
    for (std::size_t i = 0; i < notIpCount; ++i) {
        if (input.notIpBy[i] > 0)
            section.lines.push_back({QualityWords::tr("… %1").arg(notIpWords(static_cast<NotIp>(i))),
                                     shownNumber(input.notIpBy[i])});
    }
}

void addRejects(QualitySection& section, const RunTotals& totals, std::size_t input)
{
    const auto& rejectedBy = totals.inputs[input].rejectedBy;
    for (std::size_t i = 0; i < rejectedBy.size(); ++i) {
        if (rejectedBy[i] > 0)
            section.lines.push_back(
                {QualityWords::tr("… for %1").arg(rejectReasonWords(static_cast<RejectReason>(i))),
                 shownNumber(rejectedBy[i]), true});
    }
    std::size_t shown = 0;
    for (const RejectedRow& row : totals.firstRejected) {
        if (row.input != input || ++shown > rejectsShown)
            continue;
        section.lines.push_back(
            {(row.unit == RowUnit::Packet ? QualityWords::tr("… packet %1") : QualityWords::tr("… line %1"))
                 .arg(shownNumber(row.line)),
             shownText(row.raw, 120), true});
    }
}

void addOrder(QualitySection& section, const PacketOrder& order)
{
    if (order.packets() == 0)
        return;
    section.lines.push_back({QualityWords::tr("First packet"), shownTime(order.earliest())});
    section.lines.push_back({QualityWords::tr("Last packet"), shownTime(order.latest())});
    section.lines.push_back(
        {QualityWords::tr("Time span"), shownDuration(static_cast<std::uint64_t>(order.latest()) -
                                                      static_cast<std::uint64_t>(order.earliest()))});
    section.lines.push_back({QualityWords::tr("Out of order"), share(order.outOfOrder(), order.packets()),
                             order.outOfOrder() > 0});
    if (order.outOfOrder() > 0)
        section.lines.push_back(
            {QualityWords::tr("Largest step back"), shownDuration(order.largestStepBack()), true});
    if (order.packets() > 1)
        section.lines.push_back({QualityWords::tr("Largest step forward"),
                                 QualityWords::tr("%1, at %2")
                                     .arg(shownDuration(order.largestGap()), shownTime(order.gapStart())),
                                 order.largestGap() >= longGap});
    section.lines.push_back({QualityWords::tr("Exact repeats of the packet before"),
                             share(order.repeated(), order.packets()), order.repeated() > 0});
}

} // namespace

bool QualitySection::doubtful() const
{
    return std::any_of(lines.begin(), lines.end(), [](const QualityLine& line) { return line.doubtful; });
}

std::vector<QualitySection> qualityOf(const Analysis& analysis)
{
    std::vector<QualitySection> sections;
    const RunTotals& totals = analysis.totals;
    for (std::size_t i = 0; i < totals.inputs.size() && i < analysis.inputs.size(); ++i) {
        QualitySection& section = sections.emplace_back();
        section.name = shownText(pathText(analysis.inputs[i].filename()));
        section.path = shownPath(analysis.inputs[i]);
        addRows(section, totals.inputs[i]);
        addRejects(section, totals, i);
        addOrder(section, totals.inputs[i].order);
    }
    return sections;
}

QString textOf(const std::vector<QualitySection>& sections)
{
    QString text;
    for (const QualitySection& section : sections) {
        if (!text.isEmpty())
            text += QLatin1Char('\n');
        text += section.path + QLatin1Char('\n');
        for (const QualityLine& line : section.lines)
            text += QStringLiteral("  %1: ").arg(line.what) + line.value + QLatin1Char('\n');
    }
    return text;
}

} // namespace packetloom
