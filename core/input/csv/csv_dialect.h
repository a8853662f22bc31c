// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

namespace packetloom {

/// How the text of a table is split into fields. As it is at first: the reference's CSV (RFC 4180).
struct CsvDialect
{
    char delimiter = ','; ///< or a tab, a semicolon, a vertical bar
    char quote = '"';     ///< or an apostrophe
    bool header = true;   ///< the first row names the columns

    friend bool operator==(const CsvDialect&, const CsvDialect&) = default;
};

} // namespace packetloom
