// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/filter_text.h"

#include "core/filter/address_filter.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTimeZone>

namespace packetloom {

QVector<AddressEntry> addressEntries(const QString& text)
{
    static const QRegularExpression entry(QStringLiteral("[^\\s,;]+"));
    QVector<AddressEntry> entries;
    for (auto matches = entry.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        const bool understood = AddressFilter::isAddressBlockOrId(match.captured().toStdString());
        entries.append({match.captured(), match.capturedStart(), understood});
    }
    return entries;
}

QString addressList(const QString& text)
{
    QStringList list;
    for (const auto& entry : addressEntries(text))
        list << entry.text;
    return list.join(QLatin1Char(','));
}

std::optional<std::int64_t> parseTime(const QString& text)
{
    static const QRegularExpression microseconds(QStringLiteral("^-?\\d{1,19}$"));
    static const QRegularExpression moment(
        QStringLiteral("^(\\d{4})-(\\d{2})-(\\d{2})(?:[T ](\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,6}))?)?)?"
                       "\\s*(?:Z|UTC)?$"),
        QRegularExpression::CaseInsensitiveOption);
    const QString trimmed = text.trimmed();
    if (microseconds.match(trimmed).hasMatch()) {
        bool ok = false;
        const qint64 value = trimmed.toLongLong(&ok);
        return ok ? std::optional<std::int64_t>(value) : std::nullopt;
    }
    const auto match = moment.match(trimmed);
    if (!match.hasMatch())
        return std::nullopt;
    const auto number = [&](int group) { return match.captured(group).toInt(); };
    const QDate date(number(1), number(2), number(3));
    const QTime time(number(4), number(5), number(6));
    if (!date.isValid() || !time.isValid())
        return std::nullopt;
    const auto fraction = match.captured(7).leftJustified(6, QLatin1Char('0')).toLongLong();
    return QDateTime(date, time, Qt::UTC).toSecsSinceEpoch() * 1'000'000 + fraction;
}

} // namespace packetloom
