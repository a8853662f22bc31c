// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/quality_words.h"

#include "core/model/link_type.h"
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

constexpr std::size_t rejectsShown = 3;      // an input
constexpr std::size_t linkTypesShown = 8;    // an input
constexpr std::uint64_t manyFromSeen = 1000; // of so many packets one that was seen before is no accident
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

void addLinkTypes(QualitySection& section, const FrameTotals& frames)
{
    std::uint64_t others = 0;
    std::size_t shown = 0;
    for (const auto& [type, count] : frames.linkTypes()) {
        if (++shown > linkTypesShown) {
            others += count;
            continue;
        }
        const auto name = linkTypeName(type);
        section.lines.push_back(
            {QualityWords::tr("Frames of %1")
                 .arg(name.empty() ? QualityWords::tr("link type %1").arg(type)
                                   : QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()))),
             shownNumber(count)});
    }
    if (others > 0)
        section.lines.push_back({QualityWords::tr("Frames of other link types"), shownNumber(others)});
}

// "12 checked, 3 wrong, of which 2 look as a network card was to fill them in"
void addChecksums(QualitySection& section, const FrameCounts& counts)
{
    const auto add = [&](const QString& what, FrameMark checked, FrameMark wrong, FrameMark unset,
                         std::uint64_t without) {
        QString value = QualityWords::tr("%1 checked, %2 wrong")
                            .arg(shownNumber(counts[checked]), shownNumber(counts[wrong]));
        if (counts[unset] > 0)
            value += QualityWords::tr(", of which %1 look as the network card was to fill them in")
                         .arg(shownNumber(counts[unset]));
        if (without > 0)
            value += QualityWords::tr(", without one: %1").arg(shownNumber(without));
        section.lines.push_back({what, value, counts[wrong] > 0});
    };
    add(QualityWords::tr("Checksums of IPv4 headers"), FrameMark::Ipv4Checked, FrameMark::Ipv4Wrong,
        FrameMark::Ipv4Unset, 0);
    add(QualityWords::tr("Checksums of TCP"), FrameMark::TcpChecked, FrameMark::TcpWrong, FrameMark::TcpUnset,
        0);
    add(QualityWords::tr("Checksums of UDP"), FrameMark::UdpChecked, FrameMark::UdpWrong, FrameMark::UdpUnset,
        counts[FrameMark::UdpWithout]);
}

// Of packet captures alone. Cut frames are what a snap length is for; cut headers are missing in the flows.
void addFrames(QualitySection& section, const InputTotals& input)
{
    const FrameTotals& frames = input.frames;
    if (frames.linkTypes().empty())
        return;
    const FrameCounts& counts = frames.counts();
    const std::uint64_t read = frames.frames();
    addLinkTypes(section, frames);
    section.lines.push_back(
        {QualityWords::tr("Cut by the snap length"), share(counts[FrameMark::Cut], read)});
    if (counts[FrameMark::HeaderCut] > 0)
        section.lines.push_back({QualityWords::tr("… within the header behind IP"),
                                 share(counts[FrameMark::HeaderCut], read), true});
    for (const auto& [mark, what] :
         {std::pair(FrameMark::FirstFragment, QualityWords::tr("First fragments of IP")),
          std::pair(FrameMark::LaterFragment, QualityWords::tr("Later fragments of IP, without ports"))}) {
        if (counts[mark] > 0)
            section.lines.push_back({what, share(counts[mark], read)});
    }
    for (std::size_t i = 0; i < tunnelCount; ++i) {
        if (counts.tunnels[i] > 0)
            section.lines.push_back(
                {QualityWords::tr("In tunnels: %1").arg(tunnelWords(static_cast<Tunnel>(i))),
                 share(counts.tunnels[i], read)});
    }
    section.lines.push_back(
        {QualityWords::tr("Packets seen again within %1").arg(shownNumber(RepeatWindow::packets)),
         share(frames.seenAgain(), read), frames.seenAgain() > read / manyFromSeen});
    if (frames.checksumsVerified())
        addChecksums(section, counts);
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
        addFrames(section, totals.inputs[i]);
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
