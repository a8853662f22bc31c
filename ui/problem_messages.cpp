// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/problem_messages.h"

#include "ui/messages.h"

#include <QCoreApplication>
#include <QStringList>

namespace packetloom {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Problems", text);
}

QString namesOf(const std::vector<Column>& columns)
{
    QStringList names;
    for (const auto column : columns)
        names << QString::fromLatin1(columnName(column).data(), qsizetype(columnName(column).size()));
    return names.join(QStringLiteral(", "));
}

QString looksLike(const InputProblem& problem)
{
    return problem.better == TimeUnit::Sniffed
               ? QString()
               : QLatin1Char(' ') + tr("They look like %1.").arg(unitWord(problem.better));
}

} // namespace

QString unitWord(TimeUnit unit)
{
    switch (unit) {
    case TimeUnit::Seconds:
        return tr("seconds");
    case TimeUnit::Milliseconds:
        return tr("milliseconds");
    case TimeUnit::Microseconds:
        return tr("microseconds");
    case TimeUnit::Nanoseconds:
        return tr("nanoseconds");
    case TimeUnit::Text:
        return tr("dates");
    case TimeUnit::Sniffed:
        break;
    }
    return tr("unknown");
}

QString problemMessage(const InputProblem& problem)
{
    const QString text = shownText(problem.text, 40);
    const QString rows = shownNumber(problem.rows), all = shownNumber(problem.of);
    switch (problem.code) {
    case ProblemCode::ColumnsUnknown:
        return tr("No column is known to be %1. Say which it is.").arg(namesOf(problem.columns));
    case ProblemCode::TimeColumn:
        return tr("The column %1 is taken for the timestamp: it is the only one with times.").arg(text);
    case ProblemCode::TimeRange:
        return tr("Times are taken for %1: %2 would be %3.")
                   .arg(unitWord(problem.unit), text, shownTime(problem.time)) +
               looksLike(problem);
    case ProblemCode::TimeUnreadable:
        return tr("Times like %1 cannot be read as %2.").arg(text, unitWord(problem.unit)) +
               looksLike(problem);
    case ProblemCode::TimeRelative:
        return tr("Times count from a start that the file does not tell; 1970 is taken for it.");
    case ProblemCode::TimeZone:
        return tr("Times like %1 say no time zone that is known; UTC is taken for it.").arg(text);
    case ProblemCode::TimeBackward:
        return tr("Time runs backward in %1 of the first %2 rows. Sort the file by time first.")
            .arg(rows, all);
    case ProblemCode::AllRejected:
        return tr("All of the first %1 rows would be rejected. Look at columns and delimiter.").arg(all);
    case ProblemCode::FlagsRange:
        return tr("Flags like %1 have more than the twelve bits of a TCP header. Is it the right column?")
            .arg(text);
    case ProblemCode::FlagsUnreadable:
        return tr("Flags like %1 cannot be read; they count as none.").arg(text);
    case ProblemCode::NoProtocol:
        return tr(
            "No column says the protocol, so no packet counts as TCP, and only TCP packets make flows.");
    case ProblemCode::NoPorts:
        return tr("%1 of the first %2 rows say neither protocol nor ports: they belong to no flow. Export "
                  "the "
                  "fields with tshark.")
            .arg(rows, all);
    case ProblemCode::OneSided:
        return tr("Of every pair of addresses only one side is there (%1 TCP packets looked at).").arg(all);
    case ProblemCode::NoMap:
        return tr("Addresses are ids such as %1, and there is no IP map.").arg(text);
    case ProblemCode::MapMatchesNone:
        return tr("The IP map knows none of the %1 ids looked at, such as %2. It is another capture's.")
            .arg(all, text);
    case ProblemCode::MapLacksSome:
        return tr("The IP map lacks %1 of the %2 ids looked at, such as %3.").arg(rows, all, text);
    case ProblemCode::SameFile:
        return tr("This is the same file as %1; its packets count twice.").arg(shownPath(problem.file));
    case ProblemCode::OtherUnit:
        break;
    }
    return tr("Times are %1, those of %2 %3.")
        .arg(unitWord(problem.unit), shownPath(problem.file), unitWord(problem.better));
}

} // namespace packetloom
