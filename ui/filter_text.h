// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <QVector>
#include <cstdint>
#include <optional>

namespace packetloom {

/// What people type into the filter fields.

/// One entry of an address list and where it stands in the text.
struct AddressEntry
{
    QString text;
    qsizetype position = 0;
    bool understood =
        false; ///< an address, a CIDR block or an id; else a text that addresses are compared with
};

/// Entries may be separated by commas, semicolons, blanks or line ends.
QVector<AddressEntry> addressEntries(const QString& text);
/// The list as --filter-ips takes it; empty when there is no entry.
QString addressList(const QString& text);

/// Microseconds since the epoch from "2009-11-03 13:23:35.000042" (UTC; the fraction, seconds and time may be
/// left out, "T" and a closing "Z" or "UTC" are fine) or from the microseconds themselves. Nothing when it is
/// neither.
std::optional<std::int64_t> parseTime(const QString& text);

} // namespace packetloom
