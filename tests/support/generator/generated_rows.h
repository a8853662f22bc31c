// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/shapes.h"

#include <QtGlobal>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

// The rows that the generator makes, for its tests.
namespace packetloom::generator {

enum Column : std::size_t { Time, Source, Destination, SourcePort, DestinationPort, Flags };

/// The fields of a row, as they stand in it.
using Row = std::array<std::string_view, 10>;

template <class Number>
Number number(std::string_view text)
{
    Number value{};
    const auto end = text.data() + text.size();
    if (const auto [at, error] = std::from_chars(text.data(), end, value); error != std::errc{} || at != end)
        qFatal("no number: %.*s", static_cast<int>(text.size()), text.data());
    return value;
}

/// Generates and gives each row to `visit`.
template <class Visit>
GeneratorSummary eachRow(const GeneratorOptions& options, Visit visit)
{
    std::string text;
    const auto result = generate(options, [&text](std::string_view block) {
        text += block;
        return true;
    });
    if (!result.error.empty())
        qFatal("%s", result.error.c_str());
    for (std::size_t at = text.find('\n') + 1; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        Row row;
        for (auto& field : row) {
            const std::size_t stop = std::min(text.find(',', at), end);
            field = std::string_view(text).substr(at, stop - at);
            at = stop + 1;
        }
        visit(row);
    }
    return result.summary;
}

/// Both ends of a row, the same in both directions.
inline std::string flowKey(const Row& row)
{
    const std::string from = std::string(row[Source]) + ' ' + std::string(row[SourcePort]);
    const std::string to = std::string(row[Destination]) + ' ' + std::string(row[DestinationPort]);
    return from < to ? from + ' ' + to : to + ' ' + from;
}

inline GeneratorOptions shape(std::string_view name, std::uint64_t rows)
{
    auto options = shapeOptions(name).value();
    options.rows = rows;
    return options;
}

} // namespace packetloom::generator
