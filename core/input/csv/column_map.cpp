// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/column_map.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::array<std::string_view, columnCount> names{
    "timestamp", "src_ip",  "dst_ip",  "src_port", "dst_port",
    "flags",     "seq_num", "ack_num", "length",   "protocol",
};
constexpr std::array required{Column::Timestamp, Column::SourceAddress, Column::DestinationAddress};
constexpr std::size_t mostColumnsShown = 20, longestNameShown = 40;

} // namespace

std::string_view columnName(Column column)
{
    return names[static_cast<std::size_t>(column)];
}

Result<ColumnMap> ColumnMap::fromHeader(std::span<const std::string_view> header)
{
    ColumnMap map;
    map.fieldCount_ = header.size();
    for (std::size_t i = 0; i < columnCount; ++i) {
        const auto found = std::find(header.begin(), header.end(), names[i]);
        map.index_[i] = found == header.end() ? absent : static_cast<std::size_t>(found - header.begin());
    }
    map.complete_ = std::find(map.index_.begin(), map.index_.end(), absent) == map.index_.end();
    HeaderColumns columns;
    for (const auto column : required) {
        if (!map.has(column))
            columns.missing.emplace_back(columnName(column));
    }
    if (columns.missing.empty())
        return map;
    columns.more = header.size() > mostColumnsShown;
    for (const auto name : header.first(std::min(header.size(), mostColumnsShown)))
        columns.found.emplace_back(name.substr(0, longestNameShown));
    return Error{.code = Errc::Header, .detail = {}, .file = {}, .facts = std::move(columns)};
}

ColumnMap ColumnMap::ofTranslated(const std::array<bool, columnCount>& present, std::size_t fields)
{
    ColumnMap map;
    map.fieldCount_ = fields;
    for (std::size_t i = 0; i < columnCount; ++i)
        map.index_[i] = present[i] ? i : absent;
    map.complete_ = std::find(present.begin(), present.end(), false) == present.end();
    return map;
}

} // namespace packetloom
