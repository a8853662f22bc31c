// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/column_mapping.h"

#include <algorithm>
#include <charconv>

namespace packetloom {
namespace {

std::vector<std::string_view> split(std::string_view text, char between)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(between);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

Error mappingError(std::string_view entry)
{
    return {.code = Errc::ColumnMapping, .detail = std::string(entry), .file = {}, .stage = Stage::Prepare};
}

} // namespace

Result<ColumnMapping> ColumnMapping::parse(std::string_view text)
{
    ColumnMapping mapping;
    if (text.empty())
        return mapping;
    for (const auto entry : split(text, ',')) {
        const auto equals = entry.find('=');
        const auto role = entry.substr(0, equals);
        std::size_t column = 0;
        while (column < columnCount && columnName(static_cast<Column>(column)) != role)
            ++column;
        if (column == columnCount || equals == std::string_view::npos || equals + 1 == entry.size())
            return mappingError(entry);
        for (const auto name : split(entry.substr(equals + 1), '|'))
            mapping.names_[column].emplace_back(name);
    }
    return mapping;
}

Result<ColumnMapping::Fields> ColumnMapping::resolve(std::span<const std::string> header,
                                                     std::size_t fields) const
{
    Fields resolved;
    for (std::size_t i = 0; i < columnCount; ++i) {
        for (const auto& name : names_[i]) {
            const auto found = std::find(header.begin(), header.end(), name);
            std::size_t number = static_cast<std::size_t>(found - header.begin()) + 1;
            if (found == header.end()) {
                const char* const end = name.data() + name.size();
                const auto [stop, error] = std::from_chars(name.data(), end, number);
                if (error != std::errc() || stop != end || number < 1 || number > fields)
                    return mappingError(name);
            }
            resolved[i].push_back(number - 1);
        }
    }
    return resolved;
}

bool ColumnMapping::empty() const
{
    return std::ranges::all_of(names_, [](const auto& names) { return names.empty(); });
}

} // namespace packetloom
